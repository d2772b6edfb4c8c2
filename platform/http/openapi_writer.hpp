#pragma once

#include <string>
#include <string_view>

#include "platform/http/answer_head.hpp"
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

    std::string operation_of(route const& row);
    std::string parameters_of(route const& row);
    std::string responses_of(route const& row);

    json::schema_set schemas_;
};

}  // namespace mc::http
