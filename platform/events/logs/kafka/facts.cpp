#include "platform/events/logs/kafka/facts.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <memory>
#include <mutex>

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include "platform/core/error.hpp"
#include "platform/events/logs/kafka/client.hpp"
#include "platform/events/logs/kafka/topics.hpp"

namespace mc
{
namespace
{

using kafka::client;
using kafka::throw_away;

// How often it is looked whether a connection was refused, while an answer is waited for.
constexpr milliseconds look_again_after{250};
// A refusal may be of one broker among several.
constexpr milliseconds refused_time_max{1'500};

using event = std::unique_ptr<rd_kafka_event_t, decltype(&rd_kafka_event_destroy)>;
using resource =
    std::unique_ptr<rd_kafka_ConfigResource_t, decltype(&rd_kafka_ConfigResource_destroy)>;
using admin_options =
    std::unique_ptr<rd_kafka_AdminOptions_t, decltype(&rd_kafka_AdminOptions_destroy)>;
using metadata = std::unique_ptr<rd_kafka_metadata_t const, decltype(&rd_kafka_metadata_destroy)>;

// A client for questions, and what it complained of last.
class questions
{
public:
    explicit questions(kafka_log_options const& options)
        : options_(options),
          begun_(std::chrono::steady_clock::now()),
          client_(connect(options, this))
    {}

    rd_kafka_s* handle() const noexcept { return client_.get(); }
    kafka_log_options const& options() const noexcept { return options_; }

    milliseconds left() const
    {
        auto const used =
            std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begun_);
        return std::max(options_.answer_time_max - used, milliseconds{1});
    }
    milliseconds used() const { return options_.answer_time_max - left(); }
    int left_ms() const { return static_cast<int>(left().count()); }

    // What the client says of its connections, as far as it has said it.
    std::string complaint()
    {
        rd_kafka_poll(client_.get(), 0);
        std::lock_guard const lock(mutex_);
        return complaint_;
    }
    [[noreturn]] void give_up(std::string_view otherwise)
    {
        std::string const said = complaint();
        throw_away(options_, said.empty() ? otherwise : std::string_view(said));
    }

private:
    static client connect(kafka_log_options const& options, questions* self)
    {
        kafka::conf settings = kafka::make_conf(options, {});
        rd_kafka_conf_set_opaque(settings.get(), self);
        rd_kafka_conf_set_error_cb(settings.get(), on_error);
        return kafka::make_client(kafka::role::sends, std::move(settings));
    }

    // "All brokers are down" says less than what came before it.
    static void on_error(rd_kafka_t*, int code, char const* sentence, void* self)
    {
        questions& of = *static_cast<questions*>(self);
        std::lock_guard const lock(of.mutex_);
        if (of.complaint_.empty() || code != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
            of.complaint_ = sentence;
    }

    kafka_log_options const& options_;
    std::mutex mutex_;
    std::string complaint_;
    steady_time const begun_;
    client client_;
};

// Brokers that refuse connections are not waited for to the end.
metadata ask_metadata(questions& ask)
{
    rd_kafka_resp_err_t failed = RD_KAFKA_RESP_ERR_NO_ERROR;
    do
    {
        rd_kafka_metadata_t const* told = nullptr;
        milliseconds const wait = std::min(look_again_after, ask.left());
        failed = rd_kafka_metadata(ask.handle(), 1, nullptr, &told, static_cast<int>(wait.count()));
        if (failed == RD_KAFKA_RESP_ERR_NO_ERROR)
            return {told, rd_kafka_metadata_destroy};
        if (!ask.complaint().empty() && ask.used() > refused_time_max)
            break;
    }
    while (ask.left() > milliseconds{1});
    ask.give_up(rd_kafka_err2str(failed));
}

kafka_topic_facts shape_of(rd_kafka_metadata_topic_t const& topic)
{
    kafka_topic_facts found{.name = topic.topic, .ranges = {}};
    for (int at = 0; at < topic.partition_cnt; ++at)
    {
        rd_kafka_metadata_partition_t const& part = topic.partitions[at];
        found.replicas_least =
            at == 0 ? part.replica_cnt : std::min(found.replicas_least, part.replica_cnt);
        found.in_sync_least = at == 0 ? part.isr_cnt : std::min(found.in_sync_least, part.isr_cnt);
        found.without_leader += part.leader < 0 ? 1 : 0;
    }
    return found;
}

std::optional<std::int64_t> number_of(std::string_view text)
{
    std::int64_t value = 0;
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

void take_settings(kafka_topic_facts& into, rd_kafka_ConfigResource_t const& from)
{
    std::size_t count = 0;
    rd_kafka_ConfigEntry_t const** const entries = rd_kafka_ConfigResource_configs(&from, &count);
    for (std::size_t at = 0; at < count; ++at)
    {
        char const* const value = rd_kafka_ConfigEntry_value(entries[at]);
        if (value == nullptr)
            continue;
        std::string_view const name = rd_kafka_ConfigEntry_name(entries[at]);
        if (name == "min.insync.replicas")
            into.min_in_sync = number_of(value);
        else if (name == "max.message.bytes")
            into.message_bytes_max = number_of(value);
        else if (name == "retention.ms")
            into.retention_ms = number_of(value);
        else if (name == "cleanup.policy")
            into.cleanup_policy = value;
    }
}

// Where the account may not ask, nothing is known; the shop needs none of it to run.
void ask_settings(questions& ask, std::vector<kafka_topic_facts>& topics)
{
    std::vector<resource> named;
    std::vector<rd_kafka_ConfigResource_t*> wanted;
    for (kafka_topic_facts const& each : topics)
    {
        named.emplace_back(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, each.name.c_str()),
                           rd_kafka_ConfigResource_destroy);
        wanted.push_back(named.back().get());
    }
    if (wanted.empty())
        return;
    admin_options const limits(
        rd_kafka_AdminOptions_new(ask.handle(), RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS),
        rd_kafka_AdminOptions_destroy);
    std::array<char, 512> why{};
    rd_kafka_AdminOptions_set_request_timeout(limits.get(), ask.left_ms(), why.data(), why.size());
    kafka::queue const answers(rd_kafka_queue_new(ask.handle()));
    rd_kafka_DescribeConfigs(ask.handle(), wanted.data(), wanted.size(), limits.get(),
                             answers.get());
    event const answer(rd_kafka_queue_poll(answers.get(), ask.left_ms()), rd_kafka_event_destroy);
    if (!answer || rd_kafka_event_error(answer.get()) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    std::size_t count = 0;
    rd_kafka_ConfigResource_t const** const told = rd_kafka_DescribeConfigs_result_resources(
        rd_kafka_event_DescribeConfigs_result(answer.get()), &count);
    for (std::size_t at = 0; at < count; ++at)
        for (kafka_topic_facts& each : topics)
            if (each.name == rd_kafka_ConfigResource_name(told[at]))
                take_settings(each, *told[at]);
}

kafka_group_facts ask_group(questions& ask, std::string const& name)
{
    kafka_group_facts found{.name = name};
    rd_kafka_group_list const* told = nullptr;
    if (rd_kafka_list_groups(ask.handle(), name.c_str(), &told, ask.left_ms()) !=
        RD_KAFKA_RESP_ERR_NO_ERROR)
        return found;
    for (int at = 0; at < told->group_cnt; ++at)
        for (int member = 0; member < told->groups[at].member_cnt; ++member)
        {
            ++found.members;
            std::string_view const who = told->groups[at].members[member].client_id;
            found.strangers += who == kafka::client_name ? 0 : 1;
        }
    rd_kafka_group_list_destroy(told);
    return found;
}

}  // namespace

kafka_facts look_at_kafka(kafka_log_options const& options, kafka_interest const& in)
{
    questions ask(options);
    metadata const told = ask_metadata(ask);
    kafka_facts found{.brokers = told->broker_cnt, .topics = {}, .groups = {}};
    for (std::string const& name : in.topics)
        for (int at = 0; at < told->topic_cnt; ++at)
            if (told->topics[at].err == RD_KAFKA_RESP_ERR_NO_ERROR &&
                name == told->topics[at].topic)
                found.topics.push_back(shape_of(told->topics[at]));
    ask_settings(ask, found.topics);
    for (kafka_topic_facts& each : found.topics)
    {
        auto const topic = std::find_if(told->topics, told->topics + told->topic_cnt,
                                        [&](rd_kafka_metadata_topic_t const& one)
                                        { return each.name == one.topic; });
        if (each.without_leader == 0)
            each.ranges = kafka::topics::ranges(ask.handle(), options, each.name,
                                                topic->partition_cnt, ask.left());
    }
    for (std::string const& name : in.topics)
        if (std::ranges::find(found.topics, name, &kafka_topic_facts::name) == found.topics.end())
            found.topics.push_back({.name = name, .ranges = {}});
    for (std::string const& name : in.groups)
        found.groups.push_back(ask_group(ask, name));
    return found;
}

}  // namespace mc
