#include "services/product/http/fields.hpp"

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

std::string currency_code::upper() const
{
    std::string code = value();
    for (char& c : code)
        if (c >= 'a' && c <= 'z')
            c = static_cast<char>(c - 'a' + 'A');
    return code;
}

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

void codec<description_text>::read(reader& from, description_text& into)
{
    std::optional<std::string_view> const raw = from.string();
    if (!raw)
        return;
    std::string_view const body = trimmed(*raw);
    if (body.size() > description_bytes_max || has_control_characters(body, lines::many))
        return from.refuse("max", "must be a text of at most 65535 bytes");
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
