#include "services/user/store/server_keys.hpp"

#include "platform/core/random.hpp"
#include "services/user/domain/errors.hpp"

namespace mc::user_service::server_keys
{
namespace
{

constexpr statement find_sql{"server_keys.find", R"(
    SELECT bytes FROM server_keys WHERE name = ?
)"};

constexpr statement add_sql{"server_keys.add", R"(
    INSERT INTO server_keys (name, bytes, created_at) VALUES (?, ?, ?)
)"};

}  // namespace

result<secret> get_or_make(transaction& tx, std::string const& name, timestamp now)
{
    if (std::optional<blob> found = tx.find<blob>(find_sql, name))
        return secret(std::move(found->bytes));
    std::string bytes(key_bytes, '\0');
    random_bytes({reinterpret_cast<unsigned char*>(bytes.data()), bytes.size()});
    if (!tx.try_insert(add_sql, name, blob{bytes}, now))
        return changed_meanwhile();
    return secret(std::move(bytes));
}

}  // namespace mc::user_service::server_keys
