#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/request.hpp"

// What stands between the router and a typed handler; only bind.hpp and the router need it.
namespace mc::json
{
class schema_set;
struct member_schema;
}  // namespace mc::json

namespace mc::http
{

class route;

inline constexpr std::size_t path_parameters_max = 8;

// One request on its way through one route.
struct exchange
{
    request const& in;
    route const& row;
    std::optional<actor> who = {};
    std::array<std::string, path_parameters_max> path_values =
        {};                                          // Percent-decoded, in the template's order.
    std::optional<std::int64_t> first_path_id = {};  // What access::owner compares.
};

// A handler behind one type.
class endpoint
{
public:
    virtual ~endpoint() = default;
    // Decodes, calls, encodes. Throws what the handler throws.
    virtual awaitable<response> run(exchange& at) const = 0;
};

enum class takes_actor
{
    no,
    maybe,
    yes
};

// What the types of a handler say about it: checked when its route is made, and written into the
// OpenAPI document.
struct handler_facts
{
    using schema_function = std::string (*)(json::schema_set&);
    using members_function = std::vector<json::member_schema> (*)(json::schema_set&);

    std::string name =
        {};  // "cancel_order"; empty when bind was given a pointer instead of a name.
    takes_actor actor = takes_actor::no;
    bool takes_idempotency = false;
    bool has_path = false;
    std::vector<std::string> path_members = {};  // camelCase, in the struct's order.
    members_function path_schema = nullptr;
    members_function query_schema = nullptr;
    schema_function body_schema = nullptr;
    schema_function answer_schema = nullptr;  // Null: no body, or one the types do not tell.
    int answer_status = 200;
};

// What bind returns: a handler with its dependencies, ready for a row of the table.
struct bound
{
    std::unique_ptr<endpoint> calls;
    handler_facts facts;
};

}  // namespace mc::http
