#include <doctest/doctest.h>

#include "contracts/inventory_events.hpp"
#include "contracts/order_events.hpp"
#include "contracts/product_events.hpp"
#include "contracts/tests/golden.hpp"
#include "contracts/user_events.hpp"
#include "platform/core/text.hpp"
#include "platform/events/subscriptions.hpp"

namespace mc::contracts
{
namespace
{

constexpr std::string_view inventory_service = "inventory-service";
constexpr std::string_view order_service = "order-service";
constexpr std::string_view product_service = "product-service";
constexpr std::string_view user_service = "user-service";

// Written it is the golden file, and the golden file read and written again is itself. Its name,
// home and key are what the catalogue of events says.
template <event_struct E>
void check_golden(E const& told, std::string_view producer, std::string_view topic,
                  std::string_view key, std::optional<std::int64_t> version)
{
    std::string const bytes = golden(lower_case(E::type.name));
    CHECK(sent(told, producer) == bytes);

    result<envelope> const head = read_envelope(bytes);
    REQUIRE(head);
    CHECK(head->event_type == E::type.name);
    CHECK(head->event_version == 1);
    CHECK(head->occurred_at == golden_time);
    CHECK(head->producer == producer);
    result<E> const data = read_event_data<E>(bytes);
    REQUIRE(data);
    CHECK(sent(*data, producer) == bytes);

    CHECK(E::type.topic == topic);
    CHECK(event_key(told.key()) == key);
    CHECK(aggregate_version_of(told) == version);
}

order_created created_order()
{
    return {.order_id = id_of<order>(1),
            .user_id = id_of<user>(1),
            .status = "pending",
            .currency = "USD",
            .total_amount = {"20.1"},
            .total_minor = 2010,
            .items = {{.order_item_id = id_of<order_item>(1),
                       .cart_item_id = id_of<cart_item>(11),
                       .product_id = id_of<product>(7),
                       .product_name = "Mug 7",
                       .quantity = 2,
                       .unit_price = {"10"},
                       .line_total = {"20"}},
                      {.order_item_id = id_of<order_item>(2),
                       .cart_item_id = id_of<cart_item>(12),
                       .product_id = id_of<product>(8),
                       .product_name = "Mug 8",
                       .quantity = 1,
                       .unit_price = {"0.1"},
                       .line_total = {"0.1"}}},
            .expires_at = golden_time + std::chrono::minutes(15),
            .placement_id = "227a44d0-a382-5b6b-8eaf-346d4c71b176",
            .version = 1};
}

product_created created_product()
{
    return {.id = id_of<product>(1),
            .category_id = id_of<category>(1),
            .category_name = "Kitchen",
            .name = "Café Mug",
            .slug = "cafe-mug",
            .description = "Holds 350 ml.\nGlazed inside.",
            .price = {"14.5"},
            .price_minor = 1450,
            .currency = "USD",
            .initial_stock = 120,
            .is_active = true,
            .owner_user_id = id_of<user>(30),
            .owner_role = "supplier",
            .images = {"https://shop.example/front.png", "https://shop.example/back.png"},
            .primary_image_url = "https://shop.example/front.png",
            .version = 1};
}

product_updated updated_product()
{
    return {.id = id_of<product>(1),
            .category_id = id_of<category>(1),
            .category_name = "Kitchen",
            .name = "Café Cup",
            .slug = "cafe-cup",
            .description = std::nullopt,
            .price = {"12"},
            .price_minor = 1200,
            .currency = "USD",
            .is_active = true,
            .owner_user_id = id_of<user>(30),
            .owner_role = "supplier",
            .images = {"https://shop.example/back.png"},
            .primary_image_url = "https://shop.example/back.png",
            .version = 2,
            .changed = {"name", "description", "price", "images"}};
}

std::vector<stock_line> two_lines()
{
    return {{.product_id = id_of<product>(7), .quantity = 2},
            {.product_id = id_of<product>(8), .quantity = 1}};
}

}  // namespace

TEST_CASE("inventory-events: those of an order are their golden files, and read back")
{
    check_golden(stock_reserved{.order_id = id_of<order>(1), .lines = two_lines(), .version = 1},
                 inventory_service, "inventory-events", "1", 1);
    check_golden(
        stock_rejected{
            .order_id = id_of<order>(1),
            .shortages = {{.product_id = id_of<product>(7), .requested = 2, .available = 1}}},
        inventory_service, "inventory-events", "1", std::nullopt);
    check_golden(
        stock_released{
            .order_id = id_of<order>(1), .lines = two_lines(), .reason = "customer", .version = 2},
        inventory_service, "inventory-events", "1", 2);
    check_golden(
        stock_confirmed{
            .order_id = id_of<order>(1), .lines = two_lines(), .reason = "shipped", .version = 2},
        inventory_service, "inventory-events", "1", 2);
}

TEST_CASE("inventory-events: those of a product are their golden files, and read back")
{
    check_golden(stock_level_changed{.product_id = id_of<product>(7),
                                     .total_quantity = 10,
                                     .reserved_quantity = 2,
                                     .available_quantity = 8,
                                     .cause = "held",
                                     .version = 2},
                 inventory_service, "inventory-events", "7", 2);
    check_golden(stock_adjusted{.product_id = id_of<product>(7),
                                .delta = -2,
                                .total_quantity = 8,
                                .reason = "damaged",
                                .note = "Dropped.",
                                .actor = {.user_id = id_of<user>(30), .role = "supplier"},
                                .version = 2},
                 inventory_service, "inventory-events", "7", 2);
    check_golden(stock_low{.product_id = id_of<product>(7),
                           .owner_user_id = id_of<user>(30),
                           .available_quantity = 5,
                           .threshold = 5,
                           .version = 2},
                 inventory_service, "inventory-events", "7", 2);
    check_golden(stock_out{.product_id = id_of<product>(7),
                           .owner_user_id = id_of<user>(30),
                           .available_quantity = 0,
                           .threshold = 5,
                           .version = 2},
                 inventory_service, "inventory-events", "7", 2);
}

TEST_CASE("order-events: each is its golden file, byte for byte, and reads back")
{
    check_golden(created_order(), order_service, "order-events", "1", 1);
    check_golden(order_paid{.order_id = id_of<order>(1),
                            .user_id = id_of<user>(1),
                            .payment_id = std::nullopt,
                            .provider = std::nullopt,
                            .amount = {"20.1"},
                            .amount_minor = 2010,
                            .currency = "USD",
                            .paid_at = golden_time,
                            .version = 2},
                 order_service, "order-events", "1", 2);
    check_golden(order_shipped{.order_id = id_of<order>(1),
                               .user_id = id_of<user>(1),
                               .at = golden_time,
                               .version = 3},
                 order_service, "order-events", "1", 3);
    check_golden(order_delivered{.order_id = id_of<order>(1),
                                 .user_id = id_of<user>(1),
                                 .at = golden_time,
                                 .version = 4},
                 order_service, "order-events", "1", 4);
    check_golden(order_cancelled{.order_id = id_of<order>(1),
                                 .user_id = id_of<user>(1),
                                 .previous_status = "pending",
                                 .reason = "customer",
                                 .paid_payment_id = std::nullopt,
                                 .version = 2},
                 order_service, "order-events", "1", 2);
}

TEST_CASE("product-events: each is its golden file, byte for byte, and reads back")
{
    check_golden(created_product(), product_service, "product-events", "1", 1);
    check_golden(updated_product(), product_service, "product-events", "1", 2);
    check_golden(product_deleted{.id = id_of<product>(1), .version = 2}, product_service,
                 "product-events", "1", 2);
}

TEST_CASE("product-events: those of a category have a key of their own")
{
    check_golden(category_created{.id = id_of<category>(1),
                                  .name = "Kitchen",
                                  .slug = "kitchen",
                                  .description = "For cooking.",
                                  .is_active = true,
                                  .version = 1},
                 product_service, "product-events", "category:1", 1);
    check_golden(category_updated{.id = id_of<category>(1),
                                  .name = "厨房",
                                  .slug = "厨房",
                                  .description = std::nullopt,
                                  .is_active = true,
                                  .version = 2},
                 product_service, "product-events", "category:1", 2);
    check_golden(category_deleted{.id = id_of<category>(1),
                                  .name = "Kitchen",
                                  .slug = "kitchen",
                                  .description = "For cooking.",
                                  .is_active = false,
                                  .version = 2},
                 product_service, "product-events", "category:1", 2);
}

TEST_CASE("user-events: each is its golden file, byte for byte, and reads back")
{
    check_golden(user_created{.id = id_of<user>(2),
                              .name = "Zoë 张",
                              .email = "zoe@example.com",
                              .role = "user",
                              .account_status = "active"},
                 user_service, "user-events", "2", 1);
    check_golden(user_updated{.id = id_of<user>(2),
                              .name = "Zoë",
                              .email = "zoe@example.com",
                              .role = "supplier",
                              .account_status = "blocked",
                              .version = 2,
                              .changed = {"name", "role", "accountStatus"}},
                 user_service, "user-events", "2", 2);
    check_golden(
        user_deleted{
            .id = id_of<user>(2), .version = 4, .session_epoch = 3, .deleted_at = golden_time},
        user_service, "user-events", "2", 4);
    check_golden(
        user_sessions_revoked{
            .id = id_of<user>(2), .version = 3, .session_epoch = 2, .reason = "blocked"},
        user_service, "user-events", "2", 3);
}

TEST_CASE("ORDER_CREATED: what is not known yet is null, and null reads back as nothing")
{
    order_created told = created_order();
    told.items.pop_back();
    told.items[0].cart_item_id.reset();
    told.expires_at.reset();
    told.placement_id.reset();
    std::string const bytes = sent(told, order_service);
    CHECK(bytes.find(R"("orderItemId":1,"cartItemId":null,"productId":7)") != std::string::npos);
    result<order_created> const data = read_event_data<order_created>(bytes);
    REQUIRE(data);
    CHECK(!data->items.at(0).cart_item_id);
    CHECK(!data->expires_at);
    CHECK(!data->placement_id);

    told.expires_at = golden_time;
    told.placement_id = "a-placement";
    result<order_created> const full = read_event_data<order_created>(sent(told, order_service));
    REQUIRE(full);
    CHECK(full->expires_at == golden_time);
    CHECK(full->placement_id == "a-placement");
}

TEST_CASE("events: members that a later version adds are passed over, one that is gone is not")
{
    std::string later = golden("product_deleted");
    later.replace(later.find(R"("version":2)"), 11, R"("version":2,"deletedBy":{"id":7})");
    CHECK(read_event_data<product_deleted>(later));

    std::string less = golden("product_deleted");
    less.replace(less.find(R"(,"version":2)"), 12, "");
    result<product_deleted> const refused = read_event_data<product_deleted>(less);
    REQUIRE(!refused);
    CHECK(refused.error().message.find("version") != std::string::npos);
}

}  // namespace mc::contracts
