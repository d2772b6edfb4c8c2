#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/assert/source_location.hpp>

namespace mc
{

// What went wrong, in words no transport owns. HTTP turns it into a status in one function; the
// consumer loop turns it into retry or dead letter in another.
enum class error_kind
{
    invalid,
    unauthenticated,
    forbidden,
    not_found,
    conflict,
    precondition_failed,
    key_reused,
    lost_race,
    throttled,
    bad_gateway,
    unavailable
};

// One field that was refused. `field` is the path as the client wrote it ("images[2].url"), `rule`
// a stable word ("required", "min", "unknown_field" …), `message` a sentence for people.
struct violation
{
    std::string field;
    std::string rule;
    std::string message;
};

// A failure the caller is meant to see. Outages and bugs are exceptions (see `outage`), never this.
struct error
{
    error_kind kind;
    // Stable, e.g. "order.wrong_status"; clients may switch on it. A literal.
    std::string_view code;
    std::string message;                     // For people. The contract's wording where it has one.
    std::vector<violation> violations = {};  // Only for `invalid`: one per field.
    int retry_after_seconds = 0;             // Only for `throttled`.
};

// A dependency of ours is away: own database, log, another service. Answered as 503, logged in
// full.
class outage : public std::exception
{
public:
    explicit outage(std::string what);
    char const* what() const noexcept override { return what_.c_str(); }

private:
    std::string what_;
};

// What boost::system::result calls for value() on an error: a bug of ours, hence an exception.
[[noreturn]] void throw_exception_from_error(error const& failed,
                                             boost::source_location const& where);

}  // namespace mc
