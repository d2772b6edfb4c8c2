#pragma once

#include <string_view>

// What a body and the answer to it look like, for the OpenAPI document. The tests hold each against
// the schema beside it.
namespace mc::inventory_service::examples
{

inline constexpr std::string_view item = R"({
    "productId":7,"totalQuantity":40,"reservedQuantity":2,"availableQuantity":38,
    "createdAt":"2026-11-22T19:27:40.021Z","updatedAt":"2026-11-22T19:31:02.514Z","version":3})";

inline constexpr std::string_view managed_item = R"({
    "productId":7,"totalQuantity":40,"reservedQuantity":2,"availableQuantity":38,
    "createdAt":"2026-11-22T19:27:40.021Z","updatedAt":"2026-11-22T19:31:02.514Z","version":3,
    "name":"Mug","ownerUserId":5,"lowStockThreshold":10,"effectiveLowStockThreshold":10,
    "isLow":false})";

inline constexpr std::string_view stock = R"({
    "count":1,
    "items":[{"productId":7,"totalQuantity":40,"reservedQuantity":2,"availableQuantity":38,
              "createdAt":"2026-11-22T19:27:40.021Z","updatedAt":"2026-11-22T19:31:02.514Z",
              "version":3,"name":"Mug","ownerUserId":5,"lowStockThreshold":null,
              "effectiveLowStockThreshold":5,"isLow":false}],
    "page":1,"pageSize":20,"total":1,"totalPages":1})";

inline constexpr std::string_view stock_to_set = R"({"totalQuantity":40})";

inline constexpr std::string_view adjustment =
    R"({"delta":-2,"reason":"damaged","note":"Broken on the way"})";

inline constexpr std::string_view adjusted = R"({
    "item":{"productId":7,"totalQuantity":38,"reservedQuantity":2,"availableQuantity":36,
            "createdAt":"2026-11-22T19:27:40.021Z","updatedAt":"2026-11-22T20:02:11.300Z",
            "version":4},
    "movement":{"id":19,"productId":7,"delta":-2,"totalAfter":38,"cause":"adjusted",
                "reason":"damaged","orderId":null,"actor":{"userId":5,"role":"supplier"},
                "note":"Broken on the way","createdAt":"2026-11-22T20:02:11.300Z"}})";

inline constexpr std::string_view movements = R"({
    "count":1,
    "movements":[{"id":18,"productId":7,"delta":-2,"totalAfter":40,"cause":"shipped",
                  "reason":null,"orderId":2,"actor":null,"note":null,
                  "createdAt":"2026-11-22T19:31:02.514Z"}]})";

inline constexpr std::string_view settings = R"({"lowStockThreshold":10})";

inline constexpr std::string_view reservations = R"({
    "count":1,
    "reservations":[{"id":11,"orderId":2,"productId":7,"quantity":2,"status":"active",
                     "expiresAt":"2026-11-22T19:42:40.021Z","releaseReason":null,
                     "createdAt":"2026-11-22T19:27:40.021Z",
                     "updatedAt":"2026-11-22T19:27:40.021Z"}]})";

inline constexpr std::string_view reservations_of_order = R"({
    "orderId":2,"count":1,
    "reservations":[{"id":11,"orderId":2,"productId":7,"quantity":2,"status":"released",
                     "expiresAt":null,"releaseReason":"expired",
                     "createdAt":"2026-11-22T19:27:40.021Z",
                     "updatedAt":"2026-11-22T19:42:41.007Z"}]})";

inline constexpr std::string_view lines_to_hold =
    R"({"lines":[{"productId":7,"quantity":2}],"holdSeconds":60})";

inline constexpr std::string_view hold = R"({
    "placementId":"019aa4e0-6f1c-7c35-9d2a-3c5b8c1f7e42","state":"held",
    "heldUntil":"2026-11-22T19:28:40.021Z"})";

}  // namespace mc::inventory_service::examples
