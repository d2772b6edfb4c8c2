#include "platform/testing/left_out.hpp"

#include <cstdlib>
#include <stdexcept>

#include <fmt/format.h>

namespace mc::testing
{

void left_out(std::string_view what)
{
    char const* const required = std::getenv("MC_TEST_REQUIRE");
    if (required != nullptr && *required != '\0')
        throw std::runtime_error(
            fmt::format("MC_TEST_REQUIRE is set, and this would be skipped: {}", what));
    fmt::print("skipped: {}\n", what);
}

}  // namespace mc::testing
