#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Versions of rows as entity tags (RFC 9110 §8.8.3, §13.1.1): ETag: "v7", If-Match: "v7".
namespace mc::http
{

// "v7", quotes included. Of something that shows more than its row: "v7-1f", so that
// If-None-Match tells that, too, while If-Match asks for the row alone.
std::string version_tag(std::int64_t version);
std::string version_tag(std::int64_t version, std::string_view what_else_is_shown);

// The versions that If-Match names; one must be the row's. Nothing when there is no such header or
// it says `*` and nothing else: any will do. A tag that is none of ours names no version, nor does
// a
// `*` among tags. (A header that is there and empty never gets here: 400.)
std::optional<std::vector<std::int64_t>> versions_named(std::string_view if_match);

}  // namespace mc::http
