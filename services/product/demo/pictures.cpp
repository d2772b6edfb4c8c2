#include "services/product/demo/pictures.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "services/product/demo/catalogue.hpp"
#include "services/product/domain/errors.hpp"
#include "services/product/domain/product.hpp"

namespace mc::product_service
{
namespace
{

constexpr int hues = 360;
constexpr int hue_step = 47;  // Neighbours in the table look different.

std::string escaped(std::string_view text)
{
    std::string safe;
    for (char const c : text)
        safe += c == '&'   ? std::string("&amp;")
                : c == '<' ? std::string("&lt;")
                           : std::string(1, c);
    return safe;
}

std::string drawn(demo::demo_item const& item, std::size_t place)
{
    int const hue = static_cast<int>(place) * hue_step % hues;
    return fmt::format(
        R"svg(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" )svg"
        R"svg(role="img" aria-label="{0}">)svg"
        R"svg(<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1">)svg"
        R"svg(<stop offset="0" stop-color="hsl({1},45%,92%)"/>)svg"
        R"svg(<stop offset="1" stop-color="hsl({2},40%,78%)"/></linearGradient></defs>)svg"
        R"svg(<rect width="400" height="400" fill="url(#g)"/>)svg"
        R"svg(<g transform="translate(80 60) scale(1.2)" fill="currentColor" )svg"
        R"svg(color="hsl({1},35%,32%)">{3}</g>)svg"
        R"svg(<text x="200" y="352" text-anchor="middle" )svg"
        R"svg(font-family="Georgia,serif" font-size="24" fill="hsl({1},35%,22%)">{0})svg"
        R"svg(</text></svg>)svg",
        escaped(item.name), hue, (hue + 40) % hues, demo::categories()[item.category].drawing);
}

}  // namespace

awaitable<result<http::raw_reply>> get_picture(deps&, http::path<picture_path> at)
{
    std::span<demo::demo_item const> const all = demo::items();
    auto const named = std::ranges::find_if(
        all, [&](demo::demo_item const& item)
        { return slug_of(item.name, product_slug_max) + ".svg" == at.name.value(); });
    if (named == all.end())
        co_return picture_not_found();
    co_return http::raw_reply{.status = 200,
                              .content_type = "image/svg+xml",
                              .bytes = drawn(*named, static_cast<std::size_t>(named - all.begin())),
                              .headers = {}};
}

}  // namespace mc::product_service
