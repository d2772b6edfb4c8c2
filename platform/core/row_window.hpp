#pragma once

#include <cstdint>

namespace mc
{

// Which rows of an ordered list: `LIMIT limit OFFSET offset`.
struct row_window
{
    std::int64_t limit;
    std::int64_t offset;
};

}  // namespace mc
