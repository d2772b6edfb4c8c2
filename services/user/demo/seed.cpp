#include "services/user/demo/seed.hpp"

#include <array>

#include "services/user/actions/sign_up.hpp"
#include "services/user/store/users.hpp"

namespace mc::user_service
{
namespace
{

struct demo_account
{
    std::string_view name;
    std::string_view email;
    mc::role role;
};

constexpr std::array accounts = {
    demo_account{"Ingrid Sommer", "admin@demo.example", role::admin},
    demo_account{"Tobias Brandt", "supplier@demo.example", role::supplier},
    demo_account{"Amara Okafor", "amara.okafor@demo.example", role::supplier},
    demo_account{"Rafael Monteiro", "rafael.monteiro@demo.example", role::supplier},
    demo_account{"Clara Whitfield", "customer@demo.example", role::user},
    demo_account{"Daniel Novak", "daniel.novak@demo.example", role::user},
    demo_account{"Yuki Tanabe", "yuki.tanabe@demo.example", role::user},
    demo_account{"Leila Haddad", "leila.haddad@demo.example", role::user},
    demo_account{"Zoë Lindqvist", "zoe.lindqvist@demo.example", role::user},
};

result<std::vector<demo_person>> seed(transaction& tx, std::string password_hash, timestamp now)
{
    bool const is_empty = users::is_empty(tx);
    std::vector<demo_person> people;
    for (demo_account const& each : accounts)
    {
        email_address const email = email_address::from(each.email).value();
        if (is_empty)
        {
            actions::new_account const wanted{
                .name = std::string(each.name), .email = email, .role = each.role};
            result<user> const made = actions::add_account(tx, wanted, password_hash, now);
            if (!made)
                return made.error();
        }
        if (std::optional<user> const found = users::find_by_email(tx, email.key()))
            people.push_back(
                {.id = found->id, .name = found->name, .email = found->email, .role = found->role});
    }
    return people;
}

}  // namespace

void seed_accounts(deps& use, demo_world& world)
{
    // One hash for all: they share the password anyway, and it costs 30 ms.
    bool const is_empty = use.db.read_now(users::is_empty);
    std::string const hash = is_empty ? use.passwords.hash_now(world.password) : std::string{};
    result<std::vector<demo_person>> people = use.db.write_now(seed, hash, use.clock.now());
    world.people = std::move(people.value());
}

}  // namespace mc::user_service
