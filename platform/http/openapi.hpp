#pragma once

#include <string>

namespace mc::http
{

class router;

// The OpenAPI 3.1 document of a router's table, indented by two blanks, ending with a line feed,
// the same bytes for the same table. Only the JSON schemas are walked here, so it is not for the
// path of a request.
std::string openapi_of(router const& of, std::string_view version);

}  // namespace mc::http
