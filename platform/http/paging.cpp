#include "platform/http/paging.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "platform/http/decode.hpp"

namespace mc::http
{

namespace
{

// Path and query of a target that may be in absolute-form: whose host it names is not for a client
// to say.
std::string_view without_host(std::string_view target) noexcept
{
    if (target.starts_with('/'))
        return target;
    std::size_t const authority = target.find("//");
    if (authority == std::string_view::npos)
        return "/";
    std::size_t const path = target.find_first_of("/?", authority + 2);
    return path == std::string_view::npos ? "/" : target.substr(path);
}

// As a query may hold it by RFC 3986 §3.4: what else a target may hold (see parse_target) is
// escaped.
std::string escaped(std::string_view piece)
{
    std::string made;
    for (char const c : piece)
        if (std::string_view("\"<>[]\\^`{|}").contains(c))
            made += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        else
            made += c;
    return made;
}

bool names_the_page(std::string_view piece)
{
    query_fields const fields = split_query(piece);
    return std::ranges::all_of(fields, [](auto const& field)
                               { return field.first == "page" || field.first == "pageSize"; });
}

// The target with its page and page size replaced; every other parameter stays as the client wrote
// it.
std::string target_of_page(std::string_view target, std::int64_t page, std::int64_t page_size)
{
    target = without_host(target);
    std::size_t const mark = target.find('?');
    std::string made(target.substr(0, mark));
    if (made.empty())
        made = "/";
    char joint = '?';
    std::string_view query =
        mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
    while (!query.empty())
    {
        std::size_t const end = query.find('&');
        std::string_view const piece = query.substr(0, end);
        query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
        if (names_the_page(piece))
            continue;
        made += joint;
        made += escaped(piece);
        joint = '&';
    }
    return fmt::format("{}{}page={}&pageSize={}", made, joint, page, page_size);
}

}  // namespace

page_window window_of(std::optional<page_number> page,
                      std::optional<page_length> page_size) noexcept
{
    if (!page && !page_size)
        return {};
    return {paging::asked, page ? page->value() : 1,
            page_size ? page_size->value() : page_size_default};
}

std::vector<header> list_headers(caller const& from, page_window window, std::int64_t total)
{
    std::int64_t const last = std::max<std::int64_t>(window.pages_of(total), 1);
    std::string links;
    auto const link = [&](std::int64_t page, std::string_view relation)
    {
        if (!links.empty())
            links += ", ";
        links += fmt::format("<{}>; rel=\"{}\"",
                             target_of_page(from.target, page, window.page_size), relation);
    };
    link(1, "first");
    if (window.page > 1)
        link(std::min(window.page - 1, last), "prev");
    if (window.page < last)
        link(window.page + 1, "next");
    link(last, "last");
    return {{"X-Total-Count", std::to_string(total)}, {"Link", std::move(links)}};
}

}  // namespace mc::http
