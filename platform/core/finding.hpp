#pragma once

#include <string>

namespace mc
{

// What an examination says of one thing, in a sentence. What is wrong comes with what to do.
struct finding
{
    std::string found;
    std::string mend = {};  // Empty: all is well.

    bool is_wrong() const noexcept { return !mend.empty(); }
};

}  // namespace mc
