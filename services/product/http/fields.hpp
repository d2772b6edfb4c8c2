#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contracts/ids.hpp"
#include "platform/core/bounded.hpp"
#include "platform/core/id.hpp"
#include "platform/core/text.hpp"
#include "platform/json/read.hpp"
#include "platform/json/schema_writer.hpp"
#include "platform/json/writer.hpp"
#include "services/product/domain/product.hpp"

// The fields of requests whose refusals the wire contract words, and those that are more than one
// type. `message` answers a value that is missing, blank or of another type; one that is over a
// limit is told the limit.
namespace mc::product_service
{

struct category_reference : id_of<category>
{
    static constexpr std::string_view message = "Valid categoryId is required";
};

struct product_name : text<1, 180>
{
    static constexpr std::string_view message = "Product name is required";
};

struct category_name : text<1, 120>
{
    static constexpr std::string_view message = "Category name is required";
};

struct product_price : json::decimal
{
    static constexpr std::string_view message = "Product price must be greater than 0";
};

struct stock_quantity : bounded<0, stock_max>
{
    static constexpr std::string_view message = "stockQuantity must be a non-negative integer";
};

// Trimmed text over any number of lines, at most description_bytes_max bytes.
struct description_text
{
    static constexpr std::string_view message = "Description must be a text of at most 65535 bytes";
    std::string value;
};

// The same, and nothing where it is no text at all: the contract takes anything else for none.
struct category_description
{
    std::optional<description_text> value;
};

// Three letters in any case; the domain knows which are currencies.
struct currency_code : text<3, 3>
{
    static constexpr std::string_view message = "Currency must be an ISO 4217 code, such as USD";
    std::string upper() const;
};

// A URL as text, or {"url" or "imageUrl", "isPrimary"?, "sortOrder"?}.
struct image_field
{
    static constexpr std::string_view message = "Each product image must be a valid http/https URL";
    wanted_image wanted;
};

struct image_fields : std::vector<image_field>
{
    static constexpr std::string_view message = "Product must include at least one image";
    static constexpr std::size_t size_min = 1;
    static constexpr std::size_t size_max = images_max;
};

std::vector<wanted_image> images_of(image_fields const& given);

}  // namespace mc::product_service

namespace mc::json
{

template <>
struct codec<product_service::product_name>
{
    static void read(reader& from, product_service::product_name& into);
};

template <>
struct codec<product_service::category_name>
{
    static void read(reader& from, product_service::category_name& into);
};

template <>
struct codec<product_service::product_price>
{
    static void read(reader& from, product_service::product_price& into);
};

template <>
struct codec<product_service::stock_quantity>
{
    static void read(reader& from, product_service::stock_quantity& into);
};

template <>
struct codec<product_service::image_fields>
{
    static void read(reader& from, product_service::image_fields& into);
};

template <>
struct codec<product_service::description_text>
{
    static void read(reader& from, product_service::description_text& into);
    static void write(writer& to, product_service::description_text const& value);
    static void schema(schema_writer& to);
};

template <>
struct codec<product_service::category_description>
{
    static constexpr bool may_be_missing = true;
    static void read(reader& from, product_service::category_description& into);
    static void write(writer& to, product_service::category_description const& value);
    static void schema(schema_writer& to);
};

template <>
struct codec<product_service::image_field>
{
    static void read(reader& from, product_service::image_field& into);
    static void write(writer& to, product_service::image_field const& value);
    static void schema(schema_writer& to);
};

}  // namespace mc::json
