#include "platform/runtime/service.hpp"

#include <fmt/format.h>

namespace mc
{

result<std::string> service::command(std::string_view verb, std::span<std::string const>)
{
    return error{error_kind::invalid, "command.unknown",
                 fmt::format("This service has no command {}", verb)};
}

}  // namespace mc
