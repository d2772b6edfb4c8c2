#pragma once

#include <cstdint>
#include <functional>

#include <boost/asio/any_io_executor.hpp>

#include "platform/db/database.hpp"

namespace mc
{

// How many rows there are, for a gauge, which is read on an I/O thread. Where a read is quick it is
// made at once. A database server may take its time and must hold up nobody: then the gauge is what
// was counted when it was last looked at, and has `on` count anew. `in` outlives what `on` runs.
std::function<std::int64_t()> counted(database& in, std::int64_t (*query)(snapshot&),
                                      boost::asio::any_io_executor on);

}  // namespace mc
