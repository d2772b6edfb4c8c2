#include "services/product/domain/product.hpp"

#include <algorithm>
#include <tuple>

#include "platform/core/text.hpp"
#include "services/product/domain/errors.hpp"

namespace mc::product_service
{
namespace
{

bool is_plain_url_byte(char c)
{
    auto const byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte != 0x7f && c != '"' && c != '<' && c != '>' && c != '\\' &&
           c != '^' && c != '`' && c != '{' && c != '|' && c != '}';
}

bool shown_before(product_image const& left, product_image const& right)
{
    if (left.is_primary != right.is_primary)
        return left.is_primary;
    return left.sort_order < right.sort_order;
}

bool is_port(std::string_view digits)
{
    std::int64_t port = 0;
    for (char const c : digits)
    {
        if (c < '0' || c > '9')
            return false;
        port = port * 10 + (c - '0');
        if (port > 65'535)
            return false;
    }
    return port > 0 || digits.empty();
}

// `host`, `host:port` or `[IPv6 address]:port`; without user information.
bool is_authority(std::string_view authority)
{
    std::size_t const bracket = authority.starts_with('[') ? authority.find(']') : 0;
    if (bracket == std::string_view::npos)
        return false;
    std::size_t const colon = authority.find(':', bracket);
    std::string_view const host = authority.substr(0, colon);
    if (bracket > 0)
    {
        std::string_view const address = host.substr(1, host.size() - 2);
        if (host.size() != bracket + 1 || address.find(':') == std::string_view::npos ||
            address.find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos)
            return false;
    }
    else if (host.find_first_of("@[]") != std::string_view::npos)
        return false;
    return !host.empty() &&
           (colon == std::string_view::npos || is_port(authority.substr(colon + 1)));
}

// The part of a URL between "://" and the first '/', '?' or '#'.
std::string_view authority_of(std::string_view url)
{
    std::string_view const rest = url.substr(url.find("://") + 3);
    return rest.substr(0, rest.find_first_of("/?#"));
}

}  // namespace

std::vector<product_image> arranged(std::vector<wanted_image> const& wanted, timestamp now)
{
    auto const marked = std::ranges::find(wanted, true, &wanted_image::is_primary);
    auto const primary = marked == wanted.end() ? 0 : marked - wanted.begin();

    std::vector<product_image> images;
    for (std::ptrdiff_t place = 0; place < std::ssize(wanted); ++place)
    {
        wanted_image const& each = wanted[static_cast<std::size_t>(place)];
        product_image const image{.id = {},
                                  .url = each.url,
                                  .is_primary = place == primary,
                                  .sort_order = each.sort_order.value_or(place),
                                  .created_at = now,
                                  .updated_at = now};
        images.insert(std::ranges::upper_bound(images, image, shown_before), image);
    }
    return images;
}

bool same_images(std::vector<product_image> const& left, std::vector<product_image> const& right)
{
    auto const facts = [](product_image const& image)
    { return std::tie(image.url, image.is_primary, image.sort_order); };
    return std::ranges::equal(left, right, {}, facts, facts);
}

bool is_image_url(std::string_view url)
{
    std::string const start = lower_case(url.substr(0, 8));
    if (!start.starts_with("http://") && !start.starts_with("https://"))
        return false;
    if (!is_valid_utf8(url) || code_points(url) > image_url_max ||
        !std::ranges::all_of(url, is_plain_url_byte))
        return false;
    return is_authority(authority_of(url));
}

bool is_positive(std::string_view digits) noexcept
{
    return !digits.starts_with('-') && digits.find_first_not_of("0.") != std::string_view::npos;
}

money highest_price(currency in)
{
    // In yen the contract's limit has no room for decimals; elsewhere it is a count of minor units.
    constexpr std::int64_t without_decimals = 9'999'999'999;
    return {in.exponent() == 0 ? without_decimals : money_minor_max, in};
}

result<money> price_of(std::string_view digits, std::string_view currency_code)
{
    std::optional<currency> const priced_in = currency::from(currency_code);
    if (!priced_in)
        return unknown_currency();
    if (!is_positive(digits))
        return price_not_positive();
    std::size_t const point = digits.find('.');
    std::string_view whole = digits.substr(0, point);
    whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size()));
    if (whole.size() > 10)
        return price_too_large(highest_price(*priced_in));
    std::optional<std::int64_t> const minor = parse_decimal(digits, *priced_in);
    if (!minor)
        return price_too_precise(priced_in->code(), priced_in->exponent());
    if (*minor > highest_price(*priced_in).minor())
        return price_too_large(highest_price(*priced_in));
    return money(*minor, *priced_in);
}

std::string numbered_slug(std::string_view slug, std::int64_t number, std::size_t max)
{
    if (number <= 1)
        return std::string(slug);
    std::string const end = "-" + std::to_string(number);
    return slug_of(slug, max - end.size()) + end;
}

std::string const& primary_image_url(product const& of)
{
    static std::string const none;
    return of.images.empty() ? none : of.images.front().url;
}

}  // namespace mc::product_service
