#pragma once

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "platform/db/batch_of.hpp"
#include "platform/db/many.hpp"
#include "platform/db/snapshot.hpp"

namespace mc
{

namespace db_detail
{

template <class Key, class Value>
struct keyed
{
    Key key;
    Value value;
};

}  // namespace db_detail

template <class Key, class Value>
struct stored<db_detail::keyed<Key, Value>>
{
    static constexpr int columns = stored<Key>::columns + stored<Value>::columns;
    static db_detail::keyed<Key, Value> read(engine::prepared const& row, int at)
    {
        return {stored<Key>::read(row, at), stored<Value>::read(row, at + stored<Key>::columns)};
    }
};

// The row of each key, or nothing, in the order of the keys, with a statement for many_at_once of
// them. `of_many` selects the key and then the columns of Value, one row a key at most:
//     constexpr statement of_many_sql{"stock.of_many", "SELECT product_id, units FROM stock "
//                                                      "WHERE product_id IN (" MC_16_MARKS ")"};
//     find_each<std::int64_t>(in, of_many_sql, ids)
template <class Value, class Key>
std::vector<std::optional<Value>> find_each(snapshot& in, statement const& of_many,
                                            std::vector<Key> const& keys)
{
    using row = db_detail::keyed<Key, Value>;
    std::vector<row> rows;
    rows.reserve(keys.size());
    in_portions(keys,
                [&](std::span<Key const> some)
                {
                    std::ranges::move(in.list<row>(of_many, filled(some, std::identity{})),
                                      std::back_inserter(rows));
                });
    std::ranges::sort(rows, {}, &row::key);

    std::vector<std::optional<Value>> found;
    found.reserve(keys.size());
    for (Key const& key : keys)
    {
        auto const at = std::ranges::lower_bound(rows, key, {}, &row::key);
        bool const is_there = at != rows.end() && at->key == key;
        found.push_back(is_there ? std::optional<Value>(at->value) : std::nullopt);
    }
    return found;
}

// The same for those who wait for a key's row each.
template <class Value, class Key>
std::vector<std::optional<Value>> find_each(snapshot& in, statement const& of_many,
                                            batch_of<Key> all)
{
    std::vector<Key> keys;
    keys.reserve(all.size());
    for (batch_item<Key> const& each : all)
        keys.push_back(each.wanted);
    return find_each<Value>(in, of_many, keys);
}

}  // namespace mc
