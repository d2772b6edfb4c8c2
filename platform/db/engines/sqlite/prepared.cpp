#include <stdexcept>

#include <fmt/format.h>
#include <sqlite3.h>

#include "platform/core/error.hpp"
#include "platform/db/engines/sqlite/handles.hpp"
#include "platform/db/errors.hpp"

namespace mc::sqlite
{

namespace
{

bool is_unique(int code) noexcept
{
    return code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
           code == SQLITE_CONSTRAINT_ROWID;
}

}  // namespace

void throw_failure(sqlite3* on, int code, std::string_view database, std::string_view doing)
{
    char const* const words = on != nullptr ? sqlite3_errmsg(on) : sqlite3_errstr(code);
    std::string const sentence =
        fmt::format("database {}, {}: {} (SQLite code {})", database, doing, words, code);
    if (is_unique(code))
        throw unique_violation(sentence);
    switch (code & 0xff)
    {
    case SQLITE_CONSTRAINT: throw constraint_violation(sentence);
    case SQLITE_INTERRUPT:
        throw outage(fmt::format("database {}, {}: took too long", database, doing));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
    case SQLITE_ABORT:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:   throw outage(sentence);
    default:              throw std::logic_error(sentence);
    }
}

prepared::prepared(connection& of, statement const& wanted) : of_(&of), name_(wanted.name)
{
    char const* rest = nullptr;
    int const code =
        sqlite3_prepare_v3(of.handle(), wanted.sql.data(), static_cast<int>(wanted.sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &handle_, &rest);
    if (code != SQLITE_OK)
        throw_failure(of.handle(), code, of.database(), name_);
    std::string_view const left(
        rest, static_cast<std::size_t>(wanted.sql.data() + wanted.sql.size() - rest));
    if (handle_ == nullptr || left.find_first_not_of(" \t\r\n;") != std::string_view::npos)
    {
        sqlite3_finalize(handle_);
        throw std::logic_error(fmt::format("statement {}: it must be one SQL statement", name_));
    }
    columns_ = sqlite3_column_count(handle_);
    parameters_ = sqlite3_bind_parameter_count(handle_);
}

prepared::~prepared() { sqlite3_finalize(handle_); }

void prepared::start(std::span<engine::cell const> arguments)
{
    of_->expect_transaction();
    of_->expect_time();
    if (static_cast<int>(arguments.size()) != parameters_)
        throw std::logic_error(fmt::format("statement {}: {} values given for {} question marks",
                                           name_, arguments.size(), parameters_));
    int at = 0;
    for (engine::cell const& value : arguments)
        bind(++at, value);
}

// SQLite does not copy: text and blobs stay the caller's until the run ends, and the next run binds
// every one anew.
void prepared::bind(int at, engine::cell const& value)
{
    using enum engine::cell::type;
    int code = SQLITE_OK;
    // A view without bytes may have no address, which SQLite would take for NULL.
    char const* const bytes = value.bytes.data() != nullptr ? value.bytes.data() : "";
    switch (value.kind)
    {
    case null:    code = sqlite3_bind_null(handle_, at); break;
    case integer: code = sqlite3_bind_int64(handle_, at, value.integer); break;
    case real:    code = sqlite3_bind_double(handle_, at, value.real); break;
    case text:
        code =
            sqlite3_bind_text64(handle_, at, bytes, value.bytes.size(), SQLITE_STATIC, SQLITE_UTF8);
        break;
    case blob:
        code = sqlite3_bind_blob64(handle_, at, bytes, value.bytes.size(), SQLITE_STATIC);
        break;
    }
    if (code != SQLITE_OK)
        throw_failure(of_->handle(), code, of_->database(), name_);
}

engine::step prepared::next()
{
    int const code = sqlite3_step(handle_);
    if (code == SQLITE_ROW)
        return engine::step::row;
    if (code == SQLITE_DONE)
    {
        rows_matched_ = sqlite3_changes64(of_->handle());
        inserted_id_ = sqlite3_last_insert_rowid(of_->handle());
        return engine::step::done;
    }
    if (is_unique(code))
    {
        why_ = sqlite3_errmsg(of_->handle());
        return engine::step::refused_unique;
    }
    throw_failure(of_->handle(), code, of_->database(), name_);
}

// Through the value and not the sqlite3_column_ family, each of whose functions checks the
// connection anew: three of them for one text. SQLite calls such a value unprotected, which is only
// about other threads on the same connection, and a connection of ours has one thread at a time.
engine::cell prepared::column(int at) const
{
    sqlite3_value* const value = sqlite3_column_value(handle_, at);
    auto const bytes = [&](void const* from) -> std::string_view
    {
        std::size_t const size = static_cast<std::size_t>(sqlite3_value_bytes(value));
        return size == 0 ? std::string_view{}
                         : std::string_view{static_cast<char const*>(from), size};
    };
    switch (sqlite3_value_type(value))
    {
    case SQLITE_INTEGER: return engine::cell::of(sqlite3_value_int64(value));
    case SQLITE_TEXT:    return engine::cell::of_text(bytes(sqlite3_value_text(value)));
    case SQLITE_BLOB:    return engine::cell::of_blob(bytes(sqlite3_value_blob(value)));
    case SQLITE_FLOAT:   return engine::cell::of_real(sqlite3_value_double(value));
    default:             return {};
    }
}

void prepared::reset() noexcept { sqlite3_reset(handle_); }

void prepared::run_to_end()
{
    int const code = sqlite3_step(handle_);
    sqlite3_reset(handle_);
    if (code != SQLITE_DONE)
        throw_failure(of_->handle(), code, of_->database(), name_);
}

}  // namespace mc::sqlite
