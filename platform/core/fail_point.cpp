#include "platform/core/fail_point.hpp"

#include <charconv>
#include <string>

#include <unistd.h>

namespace mc::fail_points
{

namespace
{

std::string armed_place;
std::string armed_scope;
std::atomic<int> hits_left{0};

bool is_name(std::string_view word)
{
    std::string_view const allowed = "abcdefghijklmnopqrstuvwxyz0123456789_.-";
    return !word.empty() && word.find_first_not_of(allowed) == std::string_view::npos;
}

error bad_specification(std::string_view specification)
{
    return error{error_kind::invalid, "fail_point.invalid",
                 "A fail point is written <place>[@<scope>][:<k-th hit>], not \"" +
                     std::string(specification) + "\""};
}

}  // namespace

result<> arm(std::string_view specification)
{
    std::string_view rest = specification;
    int hits = 1;
    if (std::size_t const colon = rest.find(':'); colon != std::string_view::npos)
    {
        std::string_view const digits = rest.substr(colon + 1);
        char const* const end = digits.data() + digits.size();
        std::from_chars_result const read = std::from_chars(digits.data(), end, hits);
        if (read.ec != std::errc{} || read.ptr != end || hits < 1)
            return bad_specification(specification);
        rest = rest.substr(0, colon);
    }
    std::string_view scope;
    if (std::size_t const at = rest.find('@'); at != std::string_view::npos)
    {
        scope = rest.substr(at + 1);
        rest = rest.substr(0, at);
        if (!is_name(scope))
            return bad_specification(specification);
    }
    if (!is_name(rest))
        return bad_specification(specification);

    armed_place = rest;
    armed_scope = scope;
    hits_left = hits;
    armed.store(true);
    return result<>{};
}

void hit(std::string_view place, std::string_view scope) noexcept
{
    if (place != armed_place || (!armed_scope.empty() && scope != armed_scope))
        return;
    if (hits_left.fetch_sub(1) == 1)
        ::_exit(exit_code);
}

}  // namespace mc::fail_points
