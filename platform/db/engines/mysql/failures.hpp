#pragma once

#include <string>
#include <string_view>

namespace mc::mysql
{

// What an error number of the server or of libmariadb means to us.
enum class failure
{
    unique,      // A UNIQUE or PRIMARY KEY; the statement alone was undone.
    constraint,  // FOREIGN KEY, NOT NULL, CHECK, a value that does not fit its column.
    contended,   // Another transaction was in the way: run it again.
    lost,        // The connection is gone, or must be given up for a server that can serve.
    too_long,    // A time limit of ours ended the statement.
    away,        // The server is there and cannot: full, too many connections, no access.
    ours         // A statement that does not fit its tables.
};

failure failure_of(unsigned code) noexcept;

// Whether a change of the schema failed because what it makes, or takes away, is so already.
bool is_done_already(unsigned code) noexcept;

// Throws what it is: constraint_violation, std::logic_error, or `outage`.
[[noreturn]] void throw_failure(failure what, std::string const& sentence);

}  // namespace mc::mysql
