#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contracts/imports.hpp"
#include "services/product/domain/product.hpp"
#include "services/product/imports/old_catalogue.hpp"

namespace mc::product_service::imports
{

inline constexpr std::size_t category_name_max = 120;  // Code points: the contract's columns.
inline constexpr std::size_t product_name_max = 180;

// Why a row cannot be brought in.
inline constexpr mc::imports::reason name_missing{"name_missing", "it has no name"};
inline constexpr mc::imports::reason name_duplicate{
    "name_duplicate", "another product has its name, blanks and case aside"};
inline constexpr mc::imports::reason category_duplicate{"category_duplicate",
                                                        "another category has its slug"};
inline constexpr mc::imports::reason category_still_used{
    "category_still_used", "it was switched off there, and here products are still in it"};
inline constexpr mc::imports::reason category_unknown{"category_unknown",
                                                      "its category is not here"};
inline constexpr mc::imports::reason price_unreadable{"price_unreadable",
                                                      "its price is no plain decimal number"};
inline constexpr mc::imports::reason price_not_positive{"price_not_positive",
                                                        "its price is not above zero"};
inline constexpr mc::imports::reason price_too_precise{
    "price_too_precise", "its price has more decimals than its currency"};
inline constexpr mc::imports::reason price_too_large{"price_too_large",
                                                     "its price is above the highest there is"};
inline constexpr mc::imports::reason currency_unknown{"currency_unknown",
                                                      "its currency is no ISO 4217 code"};
inline constexpr mc::imports::reason owner_missing{"owner_missing", "it does not say who made it"};

// What is mended.
inline constexpr mc::imports::reason name_too_long{
    "name_too_long", "its name was cut to 180 characters, a category's to 120"};
inline constexpr mc::imports::reason name_cleaned{"name_cleaned",
                                                  "control characters in its name became blanks"};
inline constexpr mc::imports::reason slug_unusable{
    "slug_unusable", "its slug is none of ours or is taken; a new one was made of its name"};
inline constexpr mc::imports::reason description_too_long{
    "description_too_long", "its description was left out, being over 65,535 bytes"};
inline constexpr mc::imports::reason stock_out_of_range{
    "stock_out_of_range", "its stock is no number from 0 to 4294967295; it has none"};
inline constexpr mc::imports::reason stock_kept{
    "stock_kept",
    "its stock stays what the inventory service says; only what comes anew brings one"};
inline constexpr mc::imports::reason category_inactive{
    "category_inactive", "its category is not active, so nobody could see it; it is switched off"};
inline constexpr mc::imports::reason image_unusable{
    "image_unusable", "an image was left out, being no http(s) URL of at most 1000 characters"};
inline constexpr mc::imports::reason images_too_many{"images_too_many",
                                                     "images after the 20th were left out"};
inline constexpr mc::imports::reason owner_role_unknown{
    "owner_role_unknown",
    "it was made neither by an admin nor a supplier; it counts as an admin's"};

struct judged_category
{
    std::optional<mc::imports::reason> skip;
    std::vector<mc::imports::reason> mended = {};
    category made = {};  // Version 1.
};
judged_category judge(old_category const& old, timestamp now);

struct judged_product
{
    std::optional<mc::imports::reason> skip;
    std::vector<mc::imports::reason> mended = {};
    product made = {};  // Version 1; images as they are shown, with their numbers there.
};
judged_product judge(old_product_with_images const& old, timestamp now);

// What of the old row counts when it is compared with itself later.
std::string state_of(old_category const& old);
std::string state_of(old_product_with_images const& old);

}  // namespace mc::product_service::imports
