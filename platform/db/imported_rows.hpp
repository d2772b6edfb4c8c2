#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "platform/db/transaction.hpp"

// Which rows of a database were brought in from another system, and in which state: what lets an
// import run again. A mark is written in the transaction of its row, so that whoever is killed
// between two of them goes on where it ended.
namespace mc::imported_rows
{

struct mark
{
    std::int64_t id = 0;
    std::string fingerprint;   // Of the row in the other system, as it was then.
    std::int64_t version = 0;  // Of the row here, as it was then: another now, and it has changed.
};

// A short name for the state of a row there: equal for equal texts, 32 hex digits.
std::string fingerprint_of(std::string_view state);

// The marks of one kind ("user", "order") with first <= id <= last, by id.
std::map<std::int64_t, mark> between(snapshot& in, std::string_view kind, std::int64_t first,
                                     std::int64_t last);
// Whether anything of this kind was ever brought in.
bool any(snapshot& in, std::string_view kind);

// Written anew, or in place of the one before.
void note(transaction& tx, std::string_view kind, mark const& what);

}  // namespace mc::imported_rows
