#include "contracts/user_events.hpp"

#include "platform/json/read.hpp"

namespace mc::json
{
namespace
{

// USER_CREATED in any spelling.
struct foreign_user
{
    lenient<id_of<user>> id;
    lenient<id_of<user>> user_id;
    lenient<std::string> name;
    lenient<std::string> email;
    lenient<std::string> role;
    lenient<std::string> account_status;
};
MC_DESCRIBE(foreign_user, id, user_id, name, email, role, account_status)

}  // namespace

void codec<contracts::user_created>::read(reader& from, contracts::user_created& into)
{
    foreign_user told;
    from.read(told);
    if (!told.id && !told.user_id)
        return from.refuse("required", "must name the user by a positive `id`");
    into = {.id = told.id ? *told.id : *told.user_id,
            .name = told.name.value_or(""),
            .email = told.email.value_or(""),
            .role = told.role.value_or(""),
            .account_status = told.account_status.value_or("")};
}

}  // namespace mc::json
