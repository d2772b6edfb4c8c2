#pragma once

#include <string_view>

// What a body and the answer to it look like, for the OpenAPI document. The tests hold each against
// the schema beside it.
namespace mc::cart_service::examples
{

inline constexpr std::string_view item_to_add = R"({"productId":7,"quantity":2})";

inline constexpr std::string_view quantity_to_set = R"({"quantity":2})";

inline constexpr std::string_view cart = R"({
    "id":88,"userId":32,"status":"active","currency":"USD",
    "createdAt":"2026-11-22T19:27:40.021Z","updatedAt":"2026-11-22T19:31:02.514Z",
    "itemsCount":1,"totalAmount":39.98,
    "items":[{"id":140,"productId":7,"productName":"Mug",
              "productImageUrl":"https://shop.example/mug.jpg","quantity":2,"unitPrice":"19.99",
              "createdAt":"2026-11-22T19:31:02.514Z","updatedAt":"2026-11-22T19:31:02.514Z",
              "priceChanged":false}]})";

}  // namespace mc::cart_service::examples
