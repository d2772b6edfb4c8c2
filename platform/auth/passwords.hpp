#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "platform/core/awaitable.hpp"
#include "platform/core/error.hpp"
#include "platform/core/result.hpp"

namespace mc
{

// The contract counts as JavaScript does.
inline constexpr std::size_t password_utf16_units_min = 8;
inline constexpr std::size_t password_code_points_max = 128;
inline constexpr int password_retry_after_seconds = 1;

// In the bundled list of the most used passwords, whatever the case.
bool is_common_password(std::string_view password);

// The first rule a new password breaks, as a violation of `field`: rule "min" `Password must be at
// least 8 characters`, "max" `Password must be at most 128 characters`, "common" `Password is too
// common, please choose another one`. Nothing: it may be used. Every byte counts, nothing is
// trimmed, cut or normalised.
std::optional<violation> password_violation(std::string_view password,
                                            std::string_view field = "password");

// Argon2id (RFC 9106) at OWASP's first choice: 19 MiB, two passes, one lane.
struct password_cost
{
    std::size_t memory_bytes = 19 * 1024 * 1024;
    unsigned passes = 2;
};

struct password_check
{
    bool matches = false;
    // It matches, but was stored with bcrypt or another cost: store it anew.
    bool needs_rehash = false;
};

struct password_pool_options
{
    std::size_t threads = 0;  // 0: half of the cores, at least one. Never more than cores.
    // Waiting jobs; one more is refused. About 2 s of work on one thread.
    std::size_t queue_max = 64;
    password_cost cost = {};  // Tests take the least libsodium allows: {8 * 1024, 1}.
};

// Hashes and verifies passwords on a few threads of its own at low priority (nice 10), because each
// one costs some 30 ms and 19 MiB: a flood of logins waits here and is refused here, while the
// catalogue goes on answering. Memory is bounded by threads × 19 MiB. When the queue is full both
// answer `throttled` ("auth.busy", with password_retry_after_seconds). Passwords are overwritten in
// memory once used. Both resume the caller on its own executor with its own this_call().
class password_pool
{
public:
    explicit password_pool(password_pool_options options = {});
    // Finishes what was begun, drops what waits (their callers get an `outage`), joins.
    ~password_pool();
    password_pool(password_pool const&) = delete;
    password_pool& operator=(password_pool const&) = delete;

    // As stored: the PHC string "$argon2id$v=19$m=19456,t=2,p=1$<salt>$<tag>".
    awaitable<result<std::string>> hash(std::string password);

    // `stored` is ours or bcrypt's ($2a$, $2b$, $2y$, cost at most 14; of imported users). Anything
    // else never matches.
    awaitable<result<password_check>> verify(std::string password, std::string stored);

    // What nobody's password matches and costs the same to find out: verify against it when the
    // account is unknown.
    std::string const& dummy_hash() const noexcept;

    // The same work on the calling thread, for commands and tests.
    std::string hash_now(std::string_view password) const;
    password_check verify_now(std::string_view password, std::string const& stored) const;

    // As the destructor does; later calls throw `outage`. May be repeated. Call it while the
    // callers' executors still run.
    void close();
    std::size_t waiting() const noexcept;  // For the gauge.

private:
    struct state;
    std::shared_ptr<state> state_;  // Callers that were resumed late keep it.
};

}  // namespace mc
