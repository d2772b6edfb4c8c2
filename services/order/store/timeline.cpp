#include "services/order/store/timeline.hpp"

#include "platform/json/describe.hpp"

namespace mc::order_service::timeline
{
namespace
{

constexpr statement note_sql{"order_timeline.note", R"(
    INSERT INTO order_timeline (order_id, step, reason, at) VALUES (?, ?, ?, ?)
)"};

constexpr statement of_order_sql{"order_timeline.of_order", R"(
    SELECT step, reason, at FROM order_timeline WHERE order_id = ? ORDER BY id
)"};

struct entry_row
{
    timeline_step step;
    std::optional<std::string> reason;
    timestamp at;
};
MC_DESCRIBE(entry_row, step, reason, at)

}  // namespace

void note(transaction& tx, id_of<order> of, timeline_entry const& what)
{
    (void)tx.try_insert(note_sql, of, what.step, what.reason, what.at);
}

std::vector<timeline_entry> of_order(snapshot& in, id_of<order> of)
{
    std::vector<timeline_entry> noted;
    for (entry_row& row : in.list<entry_row>(of_order_sql, of))
        noted.push_back({row.step, std::move(row.reason), row.at});
    return noted;
}

}  // namespace mc::order_service::timeline
