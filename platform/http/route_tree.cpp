#include "platform/http/route_tree.hpp"

#include <algorithm>

namespace mc::http
{

struct route_tree::node
{
    // Few enough that a scan beats a hash: a table has a dozen words at a level.
    std::vector<std::pair<std::string, std::unique_ptr<node>>> fixed;
    std::unique_ptr<node> parameter;
    std::array<route const*, method_count> rows = {};

    node const* child(std::string_view word) const noexcept
    {
        for (std::pair<std::string, std::unique_ptr<node>> const& each : fixed)
            if (each.first == word)
                return each.second.get();
        return nullptr;
    }

    node& child_for(std::string_view segment)
    {
        if (segment.starts_with('{'))
        {
            if (!parameter)
                parameter = std::make_unique<node>();
            return *parameter;
        }
        for (std::pair<std::string, std::unique_ptr<node>>& each : fixed)
            if (each.first == segment)
                return *each.second;
        return *fixed.emplace_back(segment, std::make_unique<node>()).second;
    }
};

struct route_tree::search
{
    method verb;
    found_route& found;
    std::array<bool, method_count> seen = {};  // Methods of the rows the path has.
};

std::vector<std::string_view> segments_of(std::string_view path)
{
    std::vector<std::string_view> segments;
    while (path.size() > 1)
    {
        path.remove_prefix(1);
        std::size_t const end = std::min(path.find('/'), path.size());
        segments.push_back(path.substr(0, end));
        path.remove_prefix(end);
    }
    return segments;
}

route_tree::route_tree() : root_(std::make_unique<node>()) {}

route_tree::~route_tree() = default;

bool route_tree::add(route const& row)
{
    node* at = root_.get();
    for (std::string_view const segment : segments_of(row.path()))
        at = &at->child_for(segment);
    route const*& place = at->rows[static_cast<std::size_t>(row.verb())];
    if (place != nullptr)
        return false;
    place = &row;
    return true;
}

// `rest` begins with a slash, or is empty at the end of the path.
bool route_tree::find_below(node const& from, std::string_view rest, std::size_t depth, search& at)
{
    if (rest.size() <= 1)
    {
        for (std::size_t i = 0; i < method_count; ++i)
            at.seen[i] = at.seen[i] || from.rows[i] != nullptr;
        at.found.row = from.rows[static_cast<std::size_t>(at.verb)];
        return at.found.row != nullptr;
    }
    rest.remove_prefix(1);
    std::size_t const end = std::min(rest.find('/'), rest.size());
    std::string_view const segment = rest.substr(0, end);
    node const* const fixed = from.child(segment);
    if (fixed != nullptr && find_below(*fixed, rest.substr(end), depth, at))
        return true;
    if (from.parameter == nullptr || depth == path_parameters_max)
        return false;
    at.found.segments[depth] = segment;
    return find_below(*from.parameter, rest.substr(end), depth + 1, at);
}

found_route route_tree::find(method verb, std::string_view path) const
{
    found_route found;
    search at{verb == method::head ? method::get : verb, found};
    if (find_below(*root_, path, 0, at))
        return found;
    for (std::size_t i = 0; i < method_count; ++i)
    {
        if (!at.seen[i])
            continue;
        method const allowed = static_cast<method>(i);
        found.allowed += found.allowed.empty() ? "" : ", ";
        found.allowed += name_of(allowed);
        if (allowed == method::get)
            found.allowed += ", HEAD";
    }
    return found;
}

}  // namespace mc::http
