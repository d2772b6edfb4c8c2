#include "services/user/http/messages.hpp"

#include "platform/json/schema.hpp"
#include "platform/json/write.hpp"

namespace mc::user_service
{

user_view view_of(user const& shown)
{
    return {.id = shown.id,
            .name = shown.name,
            .email = shown.email,
            .role = shown.role,
            .account_status = shown.status};
}

seen_user_view view_for(actor const& who, user const& shown)
{
    seen_user_view view{
        .id = shown.id, .name = shown.name, .email = {}, .role = shown.role, .account_status = {}};
    if (who.may_act_for(shown.id))
    {
        view.email = shown.email;
        view.account_status = shown.status;
    }
    return view;
}

user_list_view view_of(users::user_list const& shown, http::page_window window)
{
    std::vector<user_view> rows;
    rows.reserve(shown.rows.size());
    for (user const& each : shown.rows)
        rows.push_back(view_of(each));
    if (window.was == http::paging::not_asked)
        return {std::move(rows)};
    return {user_page_view{.count = static_cast<std::int64_t>(rows.size()),
                           .users = std::move(rows),
                           .page = window.page,
                           .page_size = window.page_size,
                           .total = shown.total,
                           .total_pages = window.pages_of(shown.total)}};
}

}  // namespace mc::user_service

namespace mc::json
{

void codec<user_service::user_list_view>::write(writer& to,
                                                user_service::user_list_view const& value)
{
    std::visit([&](auto const& shape) { to.value(shape); }, value.shape);
}

void codec<user_service::user_list_view>::schema(schema_writer& to)
{
    to.raw(R"({"oneOf":[)" + schema_of<std::vector<user_service::user_view>>(to.in()) + "," +
           schema_of<user_service::user_page_view>(to.in()) + "]}");
}

}  // namespace mc::json
