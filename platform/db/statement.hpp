#pragma once

#include <string>
#include <string_view>

namespace mc
{

// One SQL statement: `name` for logs and metrics ("order.change_status"), `sql` with `?` for every
// value. Each connection prepares it once and finds it again by the address of its text, so only
// literals will do; the consteval constructor lets nothing else compile, string-built SQL included.
struct statement
{
    consteval statement(std::string_view named, std::string_view text) : name(named), sql(text) {}

    std::string_view name;
    std::string_view sql;
};

// Bytes for a BLOB column; a std::string goes to TEXT.
struct blob
{
    std::string bytes;

    friend bool operator==(blob const&, blob const&) = default;
};

}  // namespace mc
