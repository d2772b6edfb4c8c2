#include "platform/core/error.hpp"

#include <stdexcept>
#include <utility>

namespace mc
{

outage::outage(std::string what) : what_(std::move(what)) {}

void throw_exception_from_error(error const& failed, boost::source_location const& where)
{
    throw std::logic_error("value() of a failed result: " + failed.message + " at " +
                           where.file_name() + ":" + std::to_string(where.line()));
}

}  // namespace mc
