#pragma once

#include <string_view>

// What a body and the answer to it look like, for the OpenAPI document. The tests hold each against
// the schema beside it.
namespace mc::user_service::examples
{

inline constexpr std::string_view address_to_add = R"({
    "name":"Alice Miller","line1":"12 Harbour Road","city":"Cork","country":"IE","label":"Home",
    "postalCode":"T12 X70A","isDefault":true})";

inline constexpr std::string_view address = R"({
    "id":4,"label":"Home","name":"Alice Miller","line1":"12 Harbour Road","line2":null,
    "city":"Cork","region":null,"postalCode":"T12 X70A","country":"IE","phone":null,
    "isDefault":true,"createdAt":"2026-11-22T19:27:40.021Z",
    "updatedAt":"2026-11-22T19:27:40.021Z"})";

inline constexpr std::string_view addresses = R"({
    "count":1,"addresses":[{
    "id":4,"label":"Home","name":"Alice Miller","line1":"12 Harbour Road","line2":null,
    "city":"Cork","region":null,"postalCode":"T12 X70A","country":"IE","phone":null,
    "isDefault":true,"createdAt":"2026-11-22T19:27:40.021Z",
    "updatedAt":"2026-11-22T19:27:40.021Z"}]})";

}  // namespace mc::user_service::examples
