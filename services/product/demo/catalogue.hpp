#pragma once

#include <cstdint>
#include <span>
#include <string_view>

// The demonstration shop's goods: a table, nothing else.
namespace mc::product_service::demo
{

struct demo_category
{
    std::string_view name;
    std::string_view description;
    // SVG shapes in a box of 200 × 200, drawn in the colour that `currentColor` is.
    std::string_view drawing;
};

struct demo_item
{
    std::size_t category;  // Index into categories().
    std::size_t supplier;  // Which of the suppliers sells it.
    std::string_view name;
    std::string_view price;  // USD
    std::int64_t stock;
    std::string_view description;
};

std::span<demo_category const> categories();
std::span<demo_item const> items();

}  // namespace mc::product_service::demo
