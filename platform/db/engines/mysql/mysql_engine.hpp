#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "platform/core/secret.hpp"
#include "platform/core/time.hpp"
#include "platform/db/engines/engine.hpp"

namespace mc
{

// How the connection is secured.
enum class mysql_tls
{
    off,
    required,  // Encrypted; whoever answers is believed.
    verified   // Encrypted, and the server's certificate names `host` and leads to `tls_ca`.
};

struct mysql_options
{
    std::string host;
    std::uint16_t port = 3306;
    std::string user;
    secret password = {};
    std::string schema;  // The database at the server; it must exist.
    std::string name;    // Of the database here, for messages.
    // Connections, half of them for writing and a quarter for look-ups; at least 3 are made.
    int pool_size = 10;
    mysql_tls tls = mysql_tls::off;
    std::string tls_ca = {};  // A PEM file; empty: the system's authorities.

    // Of every session. Another than UTC only where another system's DATETIME columns are read.
    std::string time_zone = "+00:00";

    milliseconds connect_time_max{3'000};
    // One answer of the server, and one request on its way to it. In whole seconds.
    milliseconds answer_time_max{10'000};
    // One row lock. Then the transaction is undone and run again. In whole seconds.
    milliseconds lock_wait_max{2'000};
    // One statement of a reader.
    milliseconds read_time_max{5'000};
};

// MySQL 8, MariaDB 10.11, Galera, TiDB. Each connection has one thread, keeps its statements
// prepared, and is made anew when it was lost. Writers run READ COMMITTED, readers from one
// snapshot. No statement begins a transaction: autocommit is off, so the first one does, and a
// transaction costs one round trip per statement and one for the COMMIT of what changed something.
std::unique_ptr<engine::source> make_mysql_engine(mysql_options options);

}  // namespace mc
