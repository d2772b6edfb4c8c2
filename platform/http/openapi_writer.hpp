#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/answer_head.hpp"
#include "platform/http/openapi_parts.hpp"
#include "platform/http/router.hpp"
#include "platform/json/schema_writer.hpp"

namespace mc::http
{

// Puts one document together; the schemas its operations mention become its components.
class openapi_writer
{
public:
    std::string document(router const& of, std::string_view version);

private:
    struct list
    {
        std::string text;
        void add(std::string_view item);
    };

    // What one status of a route says.
    struct told
    {
        std::string meaning;    // What the row says of it; empty: the sentences speak.
        std::string sentences;  // Of the refusals.
        told_codes codes = {};
        std::vector<std::string> schemas = {};  // Of bodies that say more than an error.
        enum class by
        {
            platform,  // The same words wherever it comes.
            route
        } said = by::platform;
        bool is_error = false;  // Some of it has the body of an error.

        void add(std::string_view code, std::string_view sentence);
    };
    using told_answers = std::map<int, told>;

    std::string operation_of(route const& row);
    std::string parameters_of(route const& row);
    bool is_paged(route const& row);

    std::string responses_of(route const& row);
    std::vector<std::string_view> headers_of_success(route const& row);
    std::string success_of(route const& row);
    std::string refusal_of(int status, told const& of, route const& row);
    void tell_row(route const& row, told_answers& all);
    std::string shared(int status, std::string response);

    json::schema_set schemas_;
    std::map<std::string, std::string> responses_;  // Components, by name.
};

}  // namespace mc::http
