#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What the answers of all routes have in common, as texts of an OpenAPI document.
namespace mc::http
{

class route;

using told_codes = std::vector<std::pair<std::string, std::string>>;  // Each with its sentence.

// The schema of an error's body, and what refers to it.
std::string_view error_schema() noexcept;
std::string_view error_reference() noexcept;

// The response of what the edge refuses on any route.
std::string other_refusals();

// The headers that answers mention, as components.
std::string header_components();
// The names of those that every answer of a route has; null: of no route.
std::vector<std::string_view> headers_of_all(route const* row);
// ,"headers":{…}
std::string names_of(std::vector<std::string_view> headers);
// ,"x-codes":{…}, or nothing when there are none.
std::string codes_text(told_codes const& codes);
// ,"content":{…}; the example may be empty.
std::string json_content(std::string_view schema, std::string_view example = {});

// A text as JSON.
std::string quoted(std::string_view text);
// JSON without its blanks; std::logic_error with the row's name when it is none.
std::string compacted(std::string_view json, route const& row);
// Adds a sentence behind a semicolon, unless it is there.
void join(std::string& sentences, std::string_view one);

}  // namespace mc::http
