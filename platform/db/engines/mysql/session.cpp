#include <mysql.h>

#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "platform/core/error.hpp"
#include "platform/db/engines/mysql/handles.hpp"

namespace mc::mysql
{

namespace
{

constexpr unsigned unknown_variable = 1193;  // ER_UNKNOWN_SYSTEM_VARIABLE
constexpr unsigned unknown_schema = 1049;    // ER_BAD_DB_ERROR
// A migration waits for its tables' users, and may rewrite them.
constexpr unsigned migration_answer_s = 3'600;
constexpr int migration_lock_wait_s = 60;

unsigned whole_seconds(milliseconds time)
{
    return static_cast<unsigned>(
        std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(time).count()));
}

void set_number(MYSQL* on, mysql_option which, unsigned value)
{
    mysql_optionsv(on, which, static_cast<void const*>(&value));
}

void set_flag(MYSQL* on, mysql_option which, bool flag)
{
    my_bool const value = flag ? 1 : 0;
    mysql_optionsv(on, which, static_cast<void const*>(&value));
}

void secure(MYSQL* on, mysql_options const& options)
{
    bool const verified = options.tls == mysql_tls::verified;
    // Never a password in plain text, whatever the server asks for.
    mysql_optionsv(on, MARIADB_OPT_RESTRICTED_AUTH,
                   static_cast<void const*>("mysql_native_password,caching_sha2_password,"
                                            "sha256_password,client_ed25519"));
    set_flag(on, MYSQL_OPT_SSL_ENFORCE, options.tls != mysql_tls::off);
    set_flag(on, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, verified);
    if (verified && !options.tls_ca.empty())
        mysql_optionsv(on, MYSQL_OPT_SSL_CA, static_cast<void const*>(options.tls_ca.c_str()));
}

enum class product
{
    mysql,
    mariadb,
    tidb
};

// From the greeting, so it costs no question.
product product_of(MYSQL* on)
{
    std::string_view const version = mysql_get_server_info(on);
    if (version.find("TiDB") != std::string_view::npos)
        return product::tidb;
    return mariadb_connection(on) != 0 ? product::mariadb : product::mysql;
}

// Everything a session is to have, as one SET: one round trip. MariaDB calls two of them
// differently.
std::string settings_of(mysql_options const& options, engine::purpose what_for, product of)
{
    std::string set = fmt::format("SET SESSION autocommit = {}, time_zone = '{}', ",
                                  what_for == engine::purpose::look_up ? 1 : 0, options.time_zone);
    set += "collation_connection = utf8mb4_bin, "
           "sql_mode = 'STRICT_ALL_TABLES,ANSI_QUOTES,NO_ENGINE_SUBSTITUTION,"
           "ERROR_FOR_DIVISION_BY_ZERO,NO_ZERO_DATE,NO_ZERO_IN_DATE'";
    std::string_view const prefix = of == product::mariadb ? "tx" : "transaction";
    std::string_view const isolation =
        what_for == engine::purpose::read ? "REPEATABLE-READ" : "READ-COMMITTED";
    set += fmt::format(", {}_isolation = '{}'", prefix, isolation);
    set += fmt::format(", innodb_lock_wait_timeout = {}", whole_seconds(options.lock_wait_max));
    switch (what_for)
    {
    case engine::purpose::write: break;
    case engine::purpose::read:
    case engine::purpose::look_up:
        if (of != product::tidb)  // TiDB knows the word and refuses it.
            set += fmt::format(", {}_read_only = 1", prefix);
        if (of == product::mariadb)
            set +=
                fmt::format(", max_statement_time = {}.{:03}", options.read_time_max.count() / 1000,
                            options.read_time_max.count() % 1000);
        else
            set += fmt::format(", max_execution_time = {}", options.read_time_max.count());
        break;
    case engine::purpose::migrate:
        set += fmt::format(", lock_wait_timeout = {}", migration_lock_wait_s);
        break;
    }
    return set;
}

}  // namespace

session::session(mysql_options const& options, engine::purpose what_for, server_facts& learned)
    : handle_(mysql_init(nullptr))
{
    if (handle_ == nullptr)
        throw std::bad_alloc();
    try
    {
        unsigned const answer_s = what_for == engine::purpose::migrate
                                      ? migration_answer_s
                                      : whole_seconds(options.answer_time_max);
        set_number(handle_, MYSQL_OPT_READ_TIMEOUT, answer_s);
        connect(options);
        set_up(options, what_for, learned);
    }
    catch (...)
    {
        mysql_close(handle_);
        throw;
    }
}

session::~session() { mysql_close(handle_); }

void session::connect(mysql_options const& options)
{
    set_number(handle_, MYSQL_OPT_CONNECT_TIMEOUT, whole_seconds(options.connect_time_max));
    set_number(handle_, MYSQL_OPT_WRITE_TIMEOUT, whole_seconds(options.answer_time_max));
    set_number(handle_, MYSQL_OPT_LOCAL_INFILE, 0);  // No server may ask for files of ours.
    set_number(handle_, MYSQL_OPT_PROTOCOL, MYSQL_PROTOCOL_TCP);
    set_flag(handle_, MYSQL_OPT_RECONNECT, false);
    mysql_optionsv(handle_, MYSQL_SET_CHARSET_NAME, static_cast<void const*>("utf8mb4"));
    secure(handle_, options);

    std::string const password(options.password.reveal());
    if (mysql_real_connect(handle_, options.host.c_str(), options.user.c_str(), password.c_str(),
                           options.schema.empty() ? nullptr : options.schema.c_str(), options.port,
                           nullptr, CLIENT_FOUND_ROWS) != nullptr)
        return expect_tls(options);
    std::string sentence =
        fmt::format("database {} at {}:{}: {}", options.name, options.host, options.port, words());
    if (mysql_errno(handle_) == unknown_schema)
        sentence += fmt::format("; make it with CREATE DATABASE `{}` CHARACTER SET utf8mb4 "
                                "COLLATE utf8mb4_bin",
                                options.schema);
    throw outage(sentence);
}

// The library goes on without TLS when the server has none, whatever it was told.
void session::expect_tls(mysql_options const& options) const
{
    if (options.tls != mysql_tls::off && mysql_get_ssl_cipher(handle_) == nullptr)
        throw outage(
            fmt::format("database {} at {}:{}: the server does not speak TLS, which DB_TLS "
                        "wants",
                        options.name, options.host, options.port));
}

// A Galera node may be a moment behind what was committed at another one: wsrep_sync_wait = 1 lets
// a read wait for it.
void session::set_up(mysql_options const& options, engine::purpose what_for, server_facts& learned)
{
    std::string const settings = settings_of(options, what_for, product_of(handle_));
    unsigned code = 0;
    if (learned.knows_sync_wait)
    {
        code = run(settings + ", wsrep_sync_wait = 1");
        if (code == unknown_variable)
            learned.knows_sync_wait = false;
    }
    if (!learned.knows_sync_wait)
        code = run(settings);
    if (code != 0)
        throw outage(fmt::format("database {} at {}:{}: a session cannot be set up: {}",
                                 options.name, options.host, options.port, words()));
}

unsigned session::failure() const { return mysql_errno(handle_); }

std::string session::words() const
{
    return fmt::format("{} (code {})", mysql_error(handle_), mysql_errno(handle_));
}

bool session::is_tidb() const { return product_of(handle_) == product::tidb; }

unsigned session::run(std::string_view sql)
{
    if (unsigned const code = settle(); code != 0)
        return code;
    return mysql_real_query(handle_, sql.data(), sql.size()) == 0 ? 0 : failure();
}

unsigned session::send(std::string_view sql)
{
    if (unsigned const code = settle(); code != 0)
        return code;
    if (mysql_send_query(handle_, sql.data(), sql.size()) != 0)
        return failure();
    answer_due_ = true;
    return 0;
}

unsigned session::settle()
{
    if (!answer_due_)
        return 0;
    answer_due_ = false;
    return mysql_read_query_result(handle_) == 0 ? 0 : failure();
}

}  // namespace mc::mysql
