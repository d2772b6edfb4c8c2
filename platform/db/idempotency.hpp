#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "platform/core/result.hpp"
#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"

// The header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a client that heard no
// answer sends the same request with the same key again and gets the first answer, byte for byte.
// The key is stored in the transaction of its effect together with the answer; a refusal or failure
// stores nothing.
namespace mc
{

inline constexpr std::size_t idempotency_key_max = 255;  // Bytes of printable ASCII.
// From the first answer on.
inline constexpr milliseconds idempotency_kept_for = std::chrono::hours(24);

struct idempotency
{
    std::int64_t user_id = 0;
    std::string route;  // Method and pattern: "POST /orders/me". With the user it scopes the key.
    std::optional<std::string> key;  // Absent: nothing is looked up and nothing is stored.
    std::string fingerprint;         // fingerprint_of the request.
};

enum class replayed
{
    no,
    yes
};

// What HTTP sends.
struct answer
{
    int status;
    std::string body;
    replayed is_replayed = replayed::no;
};

// SHA-256 in hex of the decoded request written out again, so that blanks and unknown members make
// no difference.
std::string fingerprint_of(std::string_view request);

// The stored answer to the same request; nothing when the key is absent or new. Refuses with
// `key_reused` when the key came with another fingerprint, with `invalid` when it is empty, longer
// than idempotency_key_max or not printable ASCII. Ask it before any remote read.
result<std::optional<answer>> earlier_answer(snapshot& reading, idempotency const& wanted);

// Stores the answer under the key; false when the key is there already. A no-op (true) without a
// key.
bool remember_answer(transaction& tx, idempotency const& wanted, answer const& given);

// An answer and whom it was given.
struct given_answer
{
    idempotency const& wanted;
    answer const& given;
};
// The same for many, with few statements. False when a key is there already, is given twice or is
// no key: then some of the others may be stored, and who asked undoes everything (batch_undone).
bool remember_answers(transaction& tx, std::vector<given_answer> const& all);

// Deletes at most `rows_max` keys that are older than idempotency_kept_for; returns how many. For
// the retention job.
result<std::int64_t> forget_old_keys(transaction& tx, timestamp now, std::int64_t rows_max);

namespace db_detail
{

error key_taken_meanwhile();

result<> check_key(idempotency const& wanted);  // Refuses with `invalid`.

// What a request whose action had no effect is answered: the stored answer when its key has one by
// now, else `why`.
result<answer> answer_of_another(snapshot& reading, idempotency const& wanted, error why);

template <auto Action, auto Encode>
struct once_for;

template <class R, class... P, result<R> (*Action)(transaction&, P...), auto Encode>
struct once_for<Action, Encode>
{
    static result<answer> run(transaction& tx, idempotency const& wanted, P... args)
    {
        if (!wanted.key)
            return attempt(tx, wanted, std::forward<P>(args)...);
        if (result<> const fit = check_key(wanted); !fit)
            return fit.error();
        // What does not succeed may be so because the same request did, a moment ago.
        savepoint step(tx);
        try
        {
            result<answer> made = attempt(tx, wanted, std::forward<P>(args)...);
            if (made)
            {
                step.keep();
                return made;
            }
            step.undo();
            return answer_of_another(tx, wanted, made.error());
        }
        catch (unique_violation const&)
        {
            step.undo();
            result<std::optional<answer>> earlier = earlier_answer(tx, wanted);
            if (!earlier)
                return earlier.error();
            if (!*earlier)
                throw;
            return std::move(**earlier);
        }
    }

    static result<answer> attempt(transaction& tx, idempotency const& wanted, P... args)
    {
        result<R> made = Action(tx, std::forward<P>(args)...);
        if (!made)
            return made.error();
        answer given{201, encoded(made)};
        if (!remember_answer(tx, wanted, given))
            return key_taken_meanwhile();
        return given;
    }

    static std::string encoded(result<R> const& made)
    {
        if constexpr (std::is_void_v<R>)
            return Encode();
        else
            return Encode(*made);
    }
};

}  // namespace db_detail

// An action that is done once per key and answers 201 with Encode's bytes:
//     co_await use.db.write(once<actions::place_order, encode_order>, key, who, wanted, now)
// Ask earlier_answer before it: in here a key is only looked for when the action fails, or when the
// row of the key, which is the guard, turns out to be there. So the loser of a race replays the
// winner's bytes. Action is `result<R> (transaction&, P...)`; with a key it runs inside a
// savepoint, so it takes none itself. Encode is a function or captureless object that takes an R
// const& (nothing when R is void) and gives a std::string.
template <auto Action, auto Encode>
inline constexpr auto once = &db_detail::once_for<Action, Encode>::run;

}  // namespace mc
