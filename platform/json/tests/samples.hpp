#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "platform/json/read.hpp"
#include "platform/json/types.hpp"
#include "platform/json/write.hpp"

// Structs the tests of this folder read and write; shaped like a shop's, but nobody's.
namespace mc::json_samples
{

struct thing;

enum class colour
{
    red,
    dark_green,
    default_
};
MC_DESCRIBE_ENUM(colour, red, dark_green, default_)

struct thing_name : text<1, 10>
{
    static constexpr std::string_view message = "Name is required";
};

struct line_request
{
    id_of<thing> product_id;
    std::optional<bounded<1, 999>> quantity;
};
MC_DESCRIBE(line_request, product_id, quantity)

struct named
{
    thing_name name;
    text<2, 5> code;
};
MC_DESCRIBE(named, name, code)

struct picture
{
    std::string url;
    json::flag01 is_primary;
};
MC_DESCRIBE(picture, url, is_primary)

struct picture_list : std::vector<picture>
{
    static constexpr std::string_view message = "At least one picture is needed";
    static constexpr std::size_t size_min = 1;
    static constexpr std::size_t size_max = 3;
};

struct album
{
    id_of<thing> id;
    picture_list images;
};
MC_DESCRIBE(album, id, images)

struct everything
{
    bool yes = false;
    std::int32_t small = 0;
    std::uint32_t small_positive = 0;
    std::int64_t large = 0;
    std::uint64_t large_positive = 0;
    std::string words;
    std::optional<std::string> maybe;
    json::omitted<std::int64_t> now_and_then;
    std::vector<std::int64_t> numbers;
    std::map<std::string, std::string> labels;
    colour paint = colour::red;
    timestamp created_at;
    currency paid_in;
    json::decimal price;
    json::raw payload;
};
MC_DESCRIBE(everything, yes, small, small_positive, large, large_positive, words, maybe,
            now_and_then, numbers, labels, paint, created_at, paid_in, price, payload)

struct struct_of_omitted
{
    json::omitted<std::int64_t> a;
    json::omitted<std::int64_t> b;
    json::omitted<std::int64_t> c;
};
MC_DESCRIBE(struct_of_omitted, a, b, c)

struct nothing
{};
MC_DESCRIBE_EMPTY(nothing)

struct embedded  // JSON within a text of JSON.
{
    line_request line;
};

struct letter
{
    embedded content;
    std::string sender;
};
MC_DESCRIBE(letter, content, sender)

template <class T>
struct one  // {"it": …} of any type.
{
    T it;
    BOOST_DESCRIBE_CLASS(one, (), (it), (), ())
};

// The violations of a refused text as "field rule: message", one a line; "" when it was accepted.
template <class T>
std::string violations_of(std::string_view text, json::read_options how = json::contract)
{
    result<T> const read = json::parse<T>(text, how);
    std::string all;
    if (!read)
        for (violation const& each : read.error().violations)
            all += (all.empty() ? "" : "\n") + each.field + " " + each.rule + ": " + each.message;
    return all;
}

template <class T>
std::string code_of(std::string_view text, json::read_options how = json::contract)
{
    result<T> const read = json::parse<T>(text, how);
    return read ? "ok" : std::string(read.error().code);
}

}  // namespace mc::json_samples

template <>
struct mc::json::codec<mc::json_samples::embedded>
{
    static void read(reader& from, json_samples::embedded& into)
    {
        std::optional<std::string_view> const text = from.string();
        if (!text)
            return;
        result<json_samples::line_request> inner = parse<json_samples::line_request>(*text);
        if (inner)
            into.line = *inner;
        else
            from.refuse("format", "must hold JSON");
    }
};
