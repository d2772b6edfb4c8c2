#include "platform/mail/mails.hpp"

#include <algorithm>
#include <stdexcept>

#include "platform/core/text.hpp"
#include "platform/mail/store.hpp"

namespace mc
{

namespace
{

constexpr statement add_sql{"mails.add", R"(
    INSERT INTO mails (to_address, subject, text, created_at, next_try_at) VALUES (?, ?, ?, ?, ?)
)"};

constexpr statement purge_sql{"mails.purge", R"(
    DELETE FROM mails WHERE id IN
        (SELECT id FROM
            (SELECT id FROM mails
              WHERE next_try_at IS NULL AND COALESCE(sent_at, given_up_at) < ? LIMIT ?) old_ones)
)"};

constexpr statement count_waiting_sql{"mails.count_waiting", R"(
    SELECT COUNT(*) FROM mails WHERE next_try_at IS NOT NULL
)"};

constexpr statement due_sql{"mails.due", R"(
    SELECT id, to_address, subject, text, created_at, attempts
      FROM mails WHERE next_try_at <= ? ORDER BY next_try_at, id LIMIT ?
)"};

constexpr statement next_due_sql{"mails.next_due", R"(
    SELECT MIN(next_try_at) FROM mails WHERE next_try_at IS NOT NULL
)"};

constexpr statement sent_sql{"mails.sent", R"(
    UPDATE mails SET text = '', attempts = attempts + 1, next_try_at = NULL, sent_at = ?
     WHERE id = ?
)"};

constexpr statement try_later_sql{"mails.try_later", R"(
    UPDATE mails SET attempts = attempts + 1, next_try_at = ? WHERE id = ?
)"};

constexpr statement give_up_sql{"mails.give_up", R"(
    UPDATE mails SET text = '', attempts = attempts + 1, next_try_at = NULL, given_up_at = ?
     WHERE id = ?
)"};

}  // namespace

bool mails::is_address(std::string_view text) noexcept
{
    if (text.size() > address_bytes_max || !is_valid_utf8(text))
        return false;
    for (char const c : text)
        if (static_cast<unsigned char>(c) <= ' ' || c == '\x7f' ||
            std::string_view("<>()[],;:\\\"").contains(c))
            return false;
    std::size_t const at = text.find('@');
    return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
           text.find('@', at + 1) == std::string_view::npos;
}

void mails::add(transaction& tx, mail const& out)
{
    if (!is_address(out.to))
        throw std::invalid_argument("mails::add: not one plain address");
    if (out.subject.size() > subject_bytes_max || !is_valid_utf8(out.subject) ||
        has_control_characters(out.subject, lines::one))
        throw std::invalid_argument(
            "mails::add: the subject must be one line within subject_bytes_max");
    if (out.text.size() > text_bytes_max || !is_valid_utf8(out.text) ||
        has_control_characters(out.text, lines::many))
        throw std::invalid_argument("mails::add: the text must be UTF-8 within text_bytes_max");
    timestamp const now = tx.now_from().now();
    tx.insert(add_sql, out.to, out.subject, out.text, now, now);
    tx.note_outbox();  // Wakes the sender, too.
}

result<std::int64_t> mails::purge(transaction& tx, timestamp before)
{
    return tx.execute(purge_sql, before, purge_rows_max);
}

std::int64_t mails::count_waiting(snapshot& from)
{
    return from.number(count_waiting_sql).value_or(0);
}

std::vector<mails::due_mail> mails::due(snapshot& from, timestamp now)
{
    return from.list<due_mail>(due_sql, now, due_max);
}

std::optional<timestamp> mails::next_due(snapshot& from)
{
    std::optional<std::int64_t> const at = from.number(next_due_sql);
    if (!at)
        return std::nullopt;
    return from_epoch_ms(*at);
}

result<> mails::mark_sent(transaction& tx, std::int64_t id)
{
    tx.execute(sent_sql, tx.now_from().now(), id);
    return result<>{};
}

result<> mails::try_later(transaction& tx, std::int64_t id, timestamp at)
{
    tx.execute(try_later_sql, at, id);
    return result<>{};
}

result<> mails::give_up(transaction& tx, std::int64_t id)
{
    tx.execute(give_up_sql, tx.now_from().now(), id);
    return result<>{};
}

}  // namespace mc
