#include "platform/testing/json_text.hpp"

#include <stdexcept>

#include <simdjson.h>

namespace mc::testing
{
namespace
{

simdjson::dom::object parsed(simdjson::dom::parser& with, std::string_view object)
{
    simdjson::dom::object found;
    if (with.parse(object.data(), object.size(), true).get(found) != simdjson::SUCCESS)
        throw std::runtime_error("no JSON object: " + std::string(object));
    return found;
}

}  // namespace

std::string raw_member(std::string_view object, std::string_view name)
{
    simdjson::dom::parser with;
    simdjson::dom::element member;
    if (parsed(with, object).at_key(name).get(member) != simdjson::SUCCESS)
        throw std::runtime_error("no member " + std::string(name) + " in " + std::string(object));
    return simdjson::minify(member);
}

std::string text_member(std::string_view object, std::string_view name)
{
    simdjson::dom::parser with;
    std::string_view text;
    if (parsed(with, object).at_key(name).get_string().get(text) != simdjson::SUCCESS)
        return {};
    return std::string(text);
}

std::string member_names(std::string_view object)
{
    simdjson::dom::parser with;
    std::string names;
    for (simdjson::dom::key_value_pair const member : parsed(with, object))
        names += (names.empty() ? "" : ",") + std::string(member.key);
    return names;
}

}  // namespace mc::testing
