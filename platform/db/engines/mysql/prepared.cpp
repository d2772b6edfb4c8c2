#include <mysql.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "platform/core/error.hpp"
#include "platform/db/engines/mysql/handles.hpp"

namespace mc::mysql
{

namespace
{

constexpr std::size_t text_bytes_usual = 256;  // Room for a text column; it grows with its texts.
constexpr unsigned binary_charset = 63;        // Of BLOB columns and numbers.

engine::cell::type kind_of(MYSQL_FIELD const& field) noexcept
{
    switch (field.type)
    {
    case MYSQL_TYPE_TINY:
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_LONGLONG:
    case MYSQL_TYPE_YEAR:     return engine::cell::type::integer;
    case MYSQL_TYPE_FLOAT:
    case MYSQL_TYPE_DOUBLE:   return engine::cell::type::real;
    case MYSQL_TYPE_DECIMAL:
    case MYSQL_TYPE_NEWDECIMAL:  // SUM of integers is one without decimals.
        return field.decimals == 0 ? engine::cell::type::integer : engine::cell::type::real;
    case MYSQL_TYPE_NULL: return engine::cell::type::null;
    default:
        return field.charsetnr == binary_charset ? engine::cell::type::blob
                                                 : engine::cell::type::text;
    }
}

}  // namespace

struct prepared::buffers
{
    struct value
    {
        engine::cell::type kind = engine::cell::type::null;
        long long integer = 0;
        double real = 0;
        std::vector<char> bytes;
        unsigned long length = 0;
        my_bool is_null = 0;
        my_bool is_cut = 0;
    };

    std::vector<engine::cell> arguments;
    std::vector<unsigned long> lengths;
    std::vector<MYSQL_BIND> given;
    std::vector<value> row;
    std::vector<MYSQL_BIND> taken;
    unsigned parameters = 0;
    bool has_room = false;  // `taken` is bound to the statement.
};

prepared::prepared(connection& of, statement const& wanted)
    : of_(&of), name_(wanted.name), sql_(wanted.sql), data_(std::make_unique<buffers>())
{}

prepared::~prepared() { forget(); }

void prepared::forget() noexcept
{
    if (handle_ != nullptr)
        mysql_stmt_close(handle_);
    handle_ = nullptr;
    executed_ = false;
}

unsigned prepared::failure()
{
    words_ = fmt::format("{} (code {})", mysql_stmt_error(handle_), mysql_stmt_errno(handle_));
    return mysql_stmt_errno(handle_);
}

unsigned prepared::prepare_once()
{
    if (handle_ != nullptr)
        return 0;
    handle_ = mysql_stmt_init(of_->now().handle());
    if (handle_ == nullptr)
        throw std::bad_alloc();
    if (mysql_stmt_prepare(handle_, sql_.data(), sql_.size()) != 0)
    {
        unsigned const code = failure();
        forget();
        return code;
    }
    columns_ = static_cast<int>(mysql_stmt_field_count(handle_));
    data_->parameters = static_cast<unsigned>(mysql_stmt_param_count(handle_));
    data_->has_room = false;
    return 0;
}

void prepared::start(std::span<engine::cell const> arguments)
{
    of_->expect_transaction();
    of_->expect_time();
    if (handle_ == nullptr)
        of_->exchange(*this, &prepared::prepare_once);
    if (arguments.size() != data_->parameters)
        throw std::logic_error(fmt::format("statement {}: {} values given for {} question marks",
                                           name_, arguments.size(), data_->parameters));
    data_->arguments.assign(arguments.begin(), arguments.end());
    data_->lengths.assign(arguments.size(), 0);
    data_->given.assign(arguments.size(), MYSQL_BIND{});
    for (std::size_t at = 0; at < arguments.size(); ++at)
    {
        engine::cell& value = data_->arguments[at];
        MYSQL_BIND& bind = data_->given[at];
        using enum engine::cell::type;
        switch (value.kind)
        {
        case null: bind.buffer_type = MYSQL_TYPE_NULL; break;
        case integer:
            bind.buffer_type = MYSQL_TYPE_LONGLONG;
            bind.buffer = &value.integer;
            break;
        case real:
            bind.buffer_type = MYSQL_TYPE_DOUBLE;
            bind.buffer = &value.real;
            break;
        case text:
        case blob:
            bind.buffer_type = value.kind == text ? MYSQL_TYPE_STRING : MYSQL_TYPE_BLOB;
            // The library reads it and calls it `void*`, as C does.
            bind.buffer = const_cast<char*>(value.bytes.empty() ? "" : value.bytes.data());
            bind.buffer_length = value.bytes.size();
            data_->lengths[at] = value.bytes.size();
            bind.length = &data_->lengths[at];
            break;
        }
    }
}

unsigned prepared::execute()
{
    if (unsigned const code = prepare_once(); code != 0)
        return code;
    if (!data_->given.empty() && mysql_stmt_bind_param(handle_, data_->given.data()) != 0)
        return failure();
    if (mysql_stmt_execute(handle_) != 0)
        return failure();
    if (columns_ > 0)
    {
        if (!data_->has_room)
            make_room();
        // All rows at once: nothing is left to ask for, and lists have their limits.
        return mysql_stmt_store_result(handle_) == 0 ? 0 : failure();
    }
    rows_matched_ = static_cast<std::int64_t>(mysql_stmt_affected_rows(handle_));
    inserted_id_ = static_cast<std::int64_t>(mysql_stmt_insert_id(handle_));
    return 0;
}

// What the columns are is known for certain once the statement has run.
void prepared::make_room()
{
    struct free_result
    {
        void operator()(MYSQL_RES* of) const { mysql_free_result(of); }
    };
    std::unique_ptr<MYSQL_RES, free_result> const about(mysql_stmt_result_metadata(handle_));
    if (!about)
        throw std::bad_alloc();
    std::span<MYSQL_FIELD const> const fields(mysql_fetch_fields(about.get()),
                                              static_cast<std::size_t>(columns_));
    data_->row.assign(fields.size(), {});
    data_->taken.assign(fields.size(), MYSQL_BIND{});
    for (std::size_t at = 0; at < fields.size(); ++at)
    {
        buffers::value& value = data_->row[at];
        MYSQL_BIND& bind = data_->taken[at];
        bind.length = &value.length;
        bind.is_null = &value.is_null;
        bind.error = &value.is_cut;
        value.kind = kind_of(fields[at]);
        using enum engine::cell::type;
        switch (value.kind)
        {
        case null: bind.buffer_type = MYSQL_TYPE_NULL; break;
        case integer:
            bind.buffer_type = MYSQL_TYPE_LONGLONG;
            bind.buffer = &value.integer;
            break;
        case real:
            bind.buffer_type = MYSQL_TYPE_DOUBLE;
            bind.buffer = &value.real;
            break;
        case text:
        case blob:
            value.bytes.resize(text_bytes_usual);
            bind.buffer_type = value.kind == text ? MYSQL_TYPE_STRING : MYSQL_TYPE_BLOB;
            bind.buffer = value.bytes.data();
            bind.buffer_length = value.bytes.size();
            break;
        }
    }
    mysql_stmt_bind_result(handle_, data_->taken.data());
    data_->has_room = true;
}

engine::step prepared::next()
{
    if (!executed_)
    {
        if (!of_->exchange(*this, &prepared::execute))
            return engine::step::refused_unique;
        executed_ = true;
    }
    return columns_ > 0 ? fetch() : engine::step::done;
}

engine::step prepared::fetch()
{
    int const fetched = mysql_stmt_fetch(handle_);
    if (fetched == MYSQL_NO_DATA)
        return engine::step::done;
    if (fetched == 0)
        return engine::step::row;
    if (fetched != MYSQL_DATA_TRUNCATED)
    {
        failure();
        throw outage(fmt::format("database {}, {}: {}", of_->database(), name_, words_));
    }

    bool has_grown = false;
    for (std::size_t at = 0; at < data_->row.size(); ++at)
    {
        buffers::value& value = data_->row[at];
        MYSQL_BIND& bind = data_->taken[at];
        if (value.is_cut == 0)
            continue;
        if (value.kind != engine::cell::type::text && value.kind != engine::cell::type::blob)
            throw std::logic_error(
                fmt::format("statement {}, column {}: a number out of range", name_, at + 1));
        value.bytes.resize(std::max<std::size_t>(value.length, 2 * value.bytes.size()));
        bind.buffer = value.bytes.data();
        bind.buffer_length = value.bytes.size();
        mysql_stmt_fetch_column(handle_, &bind, static_cast<unsigned>(at), 0);
        has_grown = true;
    }
    if (has_grown)  // For the rows that follow.
        mysql_stmt_bind_result(handle_, data_->taken.data());
    return engine::step::row;
}

engine::cell prepared::column(int at) const
{
    buffers::value const& value = data_->row[static_cast<std::size_t>(at)];
    if (value.is_null != 0)
        return {};
    using enum engine::cell::type;
    switch (value.kind)
    {
    case null:    return {};
    case integer: return engine::cell::of(value.integer);
    case real:    return engine::cell::of_real(value.real);
    case text:    return engine::cell::of_text({value.bytes.data(), value.length});
    case blob:    return engine::cell::of_blob({value.bytes.data(), value.length});
    }
    return {};
}

void prepared::reset() noexcept
{
    if (executed_ && handle_ != nullptr && columns_ > 0)
        mysql_stmt_free_result(handle_);
    executed_ = false;
}

}  // namespace mc::mysql
