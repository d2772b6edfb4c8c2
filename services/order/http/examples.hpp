#pragma once

#include <string_view>

// What a body and the answer to it look like, for the OpenAPI document. The tests hold each against
// the schema beside it.
namespace mc::order_service::examples
{

inline constexpr std::string_view product_to_order = R"({"productId":7,"quantity":2})";

inline constexpr std::string_view order = R"({
    "id":2,"userId":32,"status":"pending","currency":"USD","itemsCount":1,"totalAmount":39.98,
    "cancelledAt":null,"createdAt":"2026-11-22T19:27:40.021Z",
    "updatedAt":"2026-11-22T19:27:40.021Z",
    "items":[{"id":3,"productId":7,"productName":"Mug",
              "productImageUrl":"https://shop.example/mug.jpg","quantity":2,"unitPrice":19.99,
              "lineTotal":39.98,"createdAt":"2026-11-22T19:27:40.021Z",
              "updatedAt":"2026-11-22T19:27:40.021Z"}],
    "expiresAt":"2026-11-22T19:42:40.021Z","cancelReason":null,
    "shippingAddress":null})";

inline constexpr std::string_view checkout = R"({"addressId":4})";

inline constexpr std::string_view shipped_order = R"({
    "id":2,"userId":32,"status":"pending","currency":"USD","itemsCount":1,"totalAmount":39.98,
    "cancelledAt":null,"createdAt":"2026-11-22T19:27:40.021Z",
    "updatedAt":"2026-11-22T19:27:40.021Z",
    "items":[{"id":3,"productId":7,"productName":"Mug",
              "productImageUrl":"https://shop.example/mug.jpg","quantity":2,"unitPrice":19.99,
              "lineTotal":39.98,"createdAt":"2026-11-22T19:27:40.021Z",
              "updatedAt":"2026-11-22T19:27:40.021Z"}],
    "expiresAt":"2026-11-22T19:42:40.021Z","cancelReason":null,
    "shippingAddress":{"id":4,"name":"Alice Miller","line1":"12 Harbour Road","line2":null,
                       "city":"Cork","region":null,"postalCode":"T12 X70A","country":"IE",
                       "phone":null}})";

}  // namespace mc::order_service::examples
