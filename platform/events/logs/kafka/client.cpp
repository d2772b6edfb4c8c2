#include "platform/events/logs/kafka/client.hpp"

#include <array>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include "platform/core/error.hpp"
#include "platform/observe/log.hpp"

namespace mc::kafka
{

namespace
{

constexpr int warnings_and_worse = 4;  // A level of syslog.
// Longer than a group's rebalancing waits for a dead member (reader.cpp), of which each member's
// question hears nothing meanwhile.
constexpr milliseconds silence_max{10'000};

// A broker that is away makes each client complain once a second. The relay and the consumer say so
// once; this is for whoever looks closer.
void log_client(rd_kafka_t const*, int, char const* what, char const* sentence)
{
    log_debug("kafka_client",
              {{"what", std::string_view(what)}, {"says", std::string_view(sentence)}});
}

void set(rd_kafka_conf_t* settings, char const* name, std::string const& value)
{
    std::array<char, 512> why{};
    if (rd_kafka_conf_set(settings, name, value.c_str(), why.data(), why.size()) !=
        RD_KAFKA_CONF_OK)
        throw std::invalid_argument(fmt::format("Kafka: {}", why.data()));
}

void set_file(rd_kafka_conf_t* settings, char const* name, std::string const& file)
{
    if (file.empty())
        return;
    if (!std::ifstream(file))
        throw std::invalid_argument(fmt::format("Kafka: the file {} cannot be read", file));
    set(settings, name, file);
}

void set_security(rd_kafka_conf_t* settings, kafka_log_options const& options)
{
    bool const encrypts = options.tls.has_value();
    if (options.account)
    {
        set(settings, "security.protocol", encrypts ? "sasl_ssl" : "sasl_plaintext");
        set(settings, "sasl.mechanism", options.account->mechanism);
        set(settings, "sasl.username", options.account->user);
        set(settings, "sasl.password", std::string(options.account->password.reveal()));
    }
    else
        set(settings, "security.protocol", encrypts ? "ssl" : "plaintext");
    if (!encrypts)
        return;
    if (!options.tls->certificate_is_checked)
        set(settings, "enable.ssl.certificate.verification", "false");
    set_file(settings, "ssl.ca.location", options.tls->authorities_file);
    set_file(settings, "ssl.certificate.location", options.tls->certificate_file);
    set_file(settings, "ssl.key.location", options.tls->key_file);
    if (!options.tls->key_password.empty())
        set(settings, "ssl.key.password", std::string(options.tls->key_password.reveal()));
}

}  // namespace

void release::operator()(rd_kafka_s* handle) const noexcept { rd_kafka_destroy(handle); }
void release::operator()(rd_kafka_conf_s* settings) const noexcept
{
    rd_kafka_conf_destroy(settings);
}
void release::operator()(rd_kafka_queue_s* queue) const noexcept { rd_kafka_queue_destroy(queue); }
void release::operator()(rd_kafka_topic_partition_list_s* list) const noexcept
{
    rd_kafka_topic_partition_list_destroy(list);
}

conf make_conf(kafka_log_options const& options, extra_settings more)
{
    conf made(rd_kafka_conf_new());
    set(made.get(), "bootstrap.servers", options.brokers);
    set(made.get(), "client.id", client_name);
    set_security(made.get(), options);
    set(made.get(), "log_level", std::to_string(warnings_and_worse));
    set(made.get(), "log.connection.close", "false");
    rd_kafka_conf_set_log_cb(made.get(), log_client);
    // Small requests, each waited for.
    set(made.get(), "socket.nagle.disable", "true");
    set(made.get(), "socket.keepalive.enable", "true");
    // A broker that is gone without a word is given up after this long, not after a minute.
    set(made.get(), "socket.timeout.ms", std::to_string(silence_max.count()));
    // Soon back when the brokers are.
    set(made.get(), "reconnect.backoff.max.ms", "1000");
    set(made.get(), "socket.connection.setup.timeout.ms",
        std::to_string(options.answer_time_max.count()));
    for (auto const& [name, value] : more)
        set(made.get(), name, value);
    return made;
}

client make_client(role as, conf settings)
{
    std::array<char, 512> why{};
    client made(rd_kafka_new(as == role::sends ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER,
                             settings.get(), why.data(), why.size()));
    if (!made)
        throw std::invalid_argument(fmt::format("Kafka: {}", why.data()));
    static_cast<void>(settings.release());  // The client's own now.
    return made;
}

std::string sentence_of(int code)
{
    return rd_kafka_err2str(static_cast<rd_kafka_resp_err_t>(code));
}

void throw_away(kafka_log_options const& options, std::string_view why)
{
    throw outage(fmt::format("Kafka at {} is away: {}", options.brokers, why));
}

}  // namespace mc::kafka
