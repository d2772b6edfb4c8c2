#include "services/product/http/fields.hpp"

#include <limits>

#include <fmt/format.h>

#include "platform/json/write.hpp"

namespace mc::product_service
{
namespace
{

struct image_object
{
    json::lenient<std::string> url;
    json::lenient<std::string> image_url;
    json::lenient<bool> is_primary;
    std::optional<bounded<-2'147'483'648, 2'147'483'647>> sort_order;
};
MC_DESCRIBE(image_object, url, image_url, is_primary, sort_order)

}  // namespace

std::string currency_code::upper() const { return ascii_upper_case(value()); }

std::vector<wanted_image> images_of(image_fields const& given)
{
    std::vector<wanted_image> images;
    for (image_field const& each : given)
        images.push_back(each.wanted);
    return images;
}

}  // namespace mc::product_service

namespace mc::json
{

using namespace product_service;

namespace
{

// Refuses the current field with this sentence instead of its type's.
void say(reader& from, std::string_view rule, std::string_view sentence)
{
    std::string_view const usual = from.exchange_message(sentence);
    from.refuse(rule, sentence);
    from.exchange_message(usual);
}

template <class Name>
void read_name(reader& from, Name& into, std::string_view what)
{
    std::optional<std::string_view> const raw = from.string();
    if (!raw)
        return;
    std::string_view const body = trimmed(*raw);
    if (code_points(body) > Name::max_length)
        return say(from, "max_length",
                   fmt::format("{} must be at most {} characters", what, Name::max_length));
    if (has_control_characters(body, lines::one))
        return say(from, "characters", fmt::format("{} must not contain control characters", what));
    auto const made = Name::from(body);
    if (!made)
        return from.refuse("min_length", "must not be blank");
    static_cast<typename decltype(made)::value_type&>(into) = *made;
}

}  // namespace

void codec<product_name>::read(reader& from, product_name& into)
{
    read_name(from, into, "Product name");
}

void codec<category_name>::read(reader& from, category_name& into)
{
    read_name(from, into, "Category name");
}

// How many decimals and how much there may be depends on the currency; this does not.
void codec<product_price>::read(reader& from, product_price& into)
{
    std::optional<std::string> digits = from.decimal_digits();
    if (!digits)
        return;
    if (!is_positive(*digits))
        return from.refuse("min", "must be greater than 0");
    into.digits = std::move(*digits);
}

void codec<stock_quantity>::read(reader& from, stock_quantity& into)
{
    std::optional<std::int64_t> const number =
        from.integer(0, std::numeric_limits<std::int64_t>::max());
    if (!number)
        return;
    auto const made = stock_quantity::from(*number);
    if (!made)
        return say(from, "max", fmt::format("stockQuantity must be at most {}", stock_max));
    static_cast<bounded<0, stock_max>&>(into) = *made;
}

void codec<image_fields>::read(reader& from, image_fields& into)
{
    into.clear();
    from.items(image_fields::size_min, std::numeric_limits<std::size_t>::max(), &into,
               [](reader& element, void* images)
               { element.read(static_cast<image_fields*>(images)->emplace_back()); });
    if (into.size() > images_max)
        say(from, "max_items", fmt::format("A product can have at most {} images", images_max));
}

void codec<description_text>::read(reader& from, description_text& into)
{
    std::optional<std::string_view> const raw = from.string();
    if (!raw)
        return;
    std::string_view const body = trimmed(*raw);
    if (body.size() > description_bytes_max)
        return from.refuse("max_length", "must be a text of at most 65535 bytes");
    if (has_control_characters(body, lines::many))
        return say(from, "characters", "Description must not contain control characters");
    into.value = body;
}

void codec<description_text>::write(writer& to, description_text const& value)
{
    to.text(value.value);
}

void codec<description_text>::schema(schema_writer& to)
{
    to.raw(R"({"type":"string","maxLength":65535})");
}

void codec<category_description>::read(reader& from, category_description& into)
{
    if (from.what() == kind::string)
        from.read(into.value.emplace());
}

void codec<category_description>::write(writer& to, category_description const& value)
{
    to.value(value.value);
}

void codec<category_description>::schema(schema_writer& to) { codec<description_text>::schema(to); }

void codec<image_field>::read(reader& from, image_field& into)
{
    image_object given;
    if (from.what() == kind::object)
        from.read(given);
    else if (std::optional<std::string_view> const url = from.string())
        given.url.emplace(*url);
    else
        return;

    bool const has_url = given.url && !trimmed(*given.url).empty();
    std::string const url(trimmed(has_url ? *given.url : given.image_url.value_or("")));
    if (!is_image_url(url))
        return from.refuse("format", "must be a valid http/https URL");
    into.wanted.url = url;
    into.wanted.is_primary = given.is_primary.value_or(false);
    if (given.sort_order)
        into.wanted.sort_order = given.sort_order->value();
}

void codec<image_field>::write(writer& to, image_field const& value)
{
    image_object shown;
    shown.url.emplace(value.wanted.url);
    shown.is_primary.emplace(value.wanted.is_primary);
    if (value.wanted.sort_order)
        shown.sort_order = bounded<-2'147'483'648, 2'147'483'647>::from(*value.wanted.sort_order);
    to.value(shown);
}

void codec<image_field>::schema(schema_writer& to)
{
    to.raw(R"({"anyOf":[{"type":"string","format":"uri"},{"type":"object","properties":)"
           R"({"url":{"type":"string","format":"uri"},"imageUrl":{"type":"string","format":"uri"},)"
           R"("isPrimary":{"type":"boolean"},"sortOrder":{"type":"integer"}}}]})");
}

}  // namespace mc::json
