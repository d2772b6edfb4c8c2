#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contracts/ids.hpp"
#include "platform/core/id.hpp"
#include "platform/core/money.hpp"
#include "platform/core/result.hpp"
#include "platform/core/time.hpp"

namespace mc
{

struct category
{
    id_of<category> id;
    std::string name;
    std::string slug;
    std::optional<std::string> description;
    bool is_active = true;
    id_of<user> created_by;
    timestamp created_at;
    timestamp updated_at;
    std::int64_t version = 1;
};

struct product_image
{
    id_of<product_image> id;  // 0 until it is stored.
    std::string url;
    bool is_primary = false;
    std::int64_t sort_order = 0;
    timestamp created_at;
    timestamp updated_at;
};

struct product
{
    id_of<product> id;
    id_of<category> category_id;
    std::string category_name;
    std::string name;
    std::string slug;
    std::optional<std::string> description;
    money price;
    // How many can be bought. What its supplier says, until inventory tells; from then on what
    // inventory told last.
    std::int64_t stock_quantity = 0;
    std::optional<std::int64_t> stock_version;  // Inventory's; empty: it has told nothing yet.
    bool is_active = true;
    id_of<user> created_by;
    std::string created_by_role;
    timestamp created_at;
    timestamp updated_at;
    std::int64_t version = 1;
    std::vector<product_image> images;  // Primary first, then by sort order, then by id.
};

namespace product_service
{

inline constexpr std::size_t category_slug_max = 140;
inline constexpr std::size_t product_slug_max = 220;
inline constexpr std::size_t images_max = 20;
inline constexpr std::size_t image_url_max = 1000;  // Code points.
inline constexpr std::size_t description_bytes_max = 65'535;
inline constexpr std::int64_t stock_max = 4'294'967'295;

// An image as a supplier names it.
struct wanted_image
{
    std::string url;
    bool is_primary = false;
    std::optional<std::int64_t> sort_order;
};

// The images as they are kept: the first that is marked primary is it, else the first; without a
// sort order the place in the list is it.
std::vector<product_image> arranged(std::vector<wanted_image> const& wanted, timestamp now);

// Whether they show the same, whatever their ids and times.
bool same_images(std::vector<product_image> const& left, std::vector<product_image> const& right);

// http(s) with a host and, if any, a port that exists, without user, blanks or control characters,
// at most image_url_max code points.
bool is_image_url(std::string_view url);

// Whether an amount written in plain digits is more than nothing.
bool is_positive(std::string_view digits) noexcept;

// 9999999999.99 in most currencies, 9999999999 in those without decimals, 999999999.999 in those
// with three: what orders can be paid in.
money highest_price(currency in);

// Amount and currency as they were written: a positive price within the highest, with no more
// decimals than the currency has.
result<money> price_of(std::string_view digits, std::string_view currency_code);

// "mug", then "mug-2", "mug-3" …: different names may give one slug. Cut so that the number fits.
std::string numbered_slug(std::string_view slug, std::int64_t number, std::size_t max);

// The picture a cart shows.
std::string const& primary_image_url(product const& of);

}  // namespace product_service
}  // namespace mc
