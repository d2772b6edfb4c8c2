#include "platform/testing/mysql_place.hpp"

#include <charconv>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "platform/core/random.hpp"

namespace mc::testing
{

namespace
{

void run_once(mysql_options const& at, std::string const& sql)
{
    std::unique_ptr<engine::source> const server = make_mysql_engine(at);
    server->connect(engine::purpose::migrate)->run_script(sql);
}

std::optional<mysql_options> named_by(char const* variable)
{
    char const* const said = std::getenv(variable);
    if (said == nullptr || *said == '\0')
        return std::nullopt;
    std::string_view const text = said;
    std::size_t const at = text.rfind('@');
    std::size_t const port = text.rfind(':');
    std::size_t const password = text.find(':');
    mysql_options server{.host = "", .user = "", .schema = "", .name = "tests"};
    if (at == std::string_view::npos || password >= at || port < at ||
        std::from_chars(text.data() + port + 1, text.data() + text.size(), server.port).ptr !=
            text.data() + text.size())
        throw std::runtime_error(fmt::format("{} is user:password@host:port", variable));
    server.user = text.substr(0, password);
    server.password = secret(std::string(text.substr(password + 1, at - password - 1)));
    server.host = text.substr(at + 1, port - at - 1);
    return server;
}

}  // namespace

std::optional<mysql_options> mysql_server() { return named_by("MC_TEST_MYSQL"); }

std::optional<mysql_options> second_mysql_server() { return named_by("MC_TEST_MYSQL_SECOND"); }

mysql_place::mysql_place() : options_(mysql_server().value())
{
    std::string const schema = "mc_test_" + random_hex(8);
    run_once(options_,
             fmt::format("CREATE DATABASE {} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", schema));
    options_.schema = schema;
}

mysql_place::~mysql_place()
{
    try
    {
        std::string const schema = std::exchange(options_.schema, "");
        run_once(options_, "DROP DATABASE " + schema);
    }
    catch (std::exception const& away)
    {
        fmt::print(stderr, "{}\n", away.what());
    }
}

database_place::database_place()
{
    char const* const engine = std::getenv("MC_TEST_ENGINE");
    if (engine != nullptr && std::string_view(engine) == "mysql")
        at_server_.emplace();
}

std::unique_ptr<database> database_place::open(database_options options) const
{
    if (!at_server_)
        return database::open(std::move(options));
    mysql_options at = at_server_->options();
    at.name = options.name;
    at.pool_size = 4;
    return database::open_on(make_mysql_engine(std::move(at)), std::move(options));
}

}  // namespace mc::testing
