#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/http/router.hpp"

namespace mc::http
{

// Between the slashes: "/a/{b}" → "a", "{b}"; "/" → nothing.
std::vector<std::string_view> segments_of(std::string_view path);

// The templates of a router, by segment. A fixed segment wins over a parameter in the same place,
// and where the fixed way leads to no row of the method, the parameter's is tried.
class route_tree
{
public:
    route_tree();
    ~route_tree();

    // False: there is a row with this method and shape already.
    bool add(route const& row);
    found_route find(method verb, std::string_view path) const;

private:
    struct node;
    struct search;

    static bool find_below(node const& from, std::string_view rest, std::size_t depth, search& at);

    std::unique_ptr<node> root_;
};

}  // namespace mc::http
