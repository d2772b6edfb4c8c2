#include "services/user/store/addresses.hpp"

#include "services/user/store/rows.hpp"

namespace mc::user_service::addresses
{
namespace
{

constexpr statement of_user_sql{"addresses.of_user", R"(
    SELECT id, user_id, label, name, line1, line2, city, region, postal_code, country, phone,
           chosen_at, created_at, updated_at
      FROM addresses WHERE user_id = ?
     ORDER BY id
)"};

constexpr statement add_sql{"addresses.add", R"(
    INSERT INTO addresses (user_id, label, name, line1, line2, city, region, postal_code, country,
                           phone, chosen_at, created_at, updated_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
)"};

constexpr statement import_sql{"addresses.import", R"(
    INSERT INTO addresses (id, user_id, label, name, line1, line2, city, region, postal_code,
                           country, phone, chosen_at, created_at, updated_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
)"};

constexpr statement replace_sql{"addresses.replace", R"(
    UPDATE addresses
       SET label = ?, name = ?, line1 = ?, line2 = ?, city = ?, region = ?, postal_code = ?,
           country = ?, phone = ?, chosen_at = ?, updated_at = ?
     WHERE id = ? AND user_id = ?
)"};

constexpr statement remove_sql{"addresses.remove", R"(
    DELETE FROM addresses WHERE id = ? AND user_id = ?
)"};

constexpr statement remove_all_sql{"addresses.remove_all", R"(
    DELETE FROM addresses WHERE user_id = ?
)"};

}  // namespace

std::vector<address> of_user(snapshot& in, id_of<user> owner)
{
    return default_first(in.list<address>(of_user_sql, owner));
}

address add(transaction& tx, address made)
{
    made.id =
        id_of<address>(tx.insert(add_sql, made.user_id, made.label, made.name, made.line1,
                                 made.line2, made.city, made.region, made.postal_code, made.country,
                                 made.phone, made.chosen_at, made.created_at, made.updated_at));
    return made;
}

bool add_under_its_number(transaction& tx, address const& made)
{
    return tx.try_insert(import_sql, made).has_value();
}

bool replace(transaction& tx, address const& to)
{
    return tx.execute(replace_sql, to.label, to.name, to.line1, to.line2, to.city, to.region,
                      to.postal_code, to.country, to.phone, to.chosen_at, to.updated_at, to.id,
                      to.user_id) == 1;
}

bool remove(transaction& tx, id_of<user> owner, id_of<address> id)
{
    return tx.execute(remove_sql, id, owner) == 1;
}

void remove_all(transaction& tx, id_of<user> owner) { (void)tx.execute(remove_all_sql, owner); }

}  // namespace mc::user_service::addresses
