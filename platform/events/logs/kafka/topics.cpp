#include "platform/events/logs/kafka/topics.hpp"

#include <algorithm>
#include <array>
#include <thread>

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include "platform/core/error.hpp"
#include "platform/events/logs/kafka/limits.hpp"
#include "platform/observe/log.hpp"

namespace mc::kafka::topics
{

namespace
{

constexpr std::int64_t day_ms = 86'400'000;
constexpr milliseconds look_again_after{10};

using new_topic = std::unique_ptr<rd_kafka_NewTopic_t, decltype(&rd_kafka_NewTopic_destroy)>;
using event = std::unique_ptr<rd_kafka_event_t, decltype(&rd_kafka_event_destroy)>;
using admin_options =
    std::unique_ptr<rd_kafka_AdminOptions_t, decltype(&rd_kafka_AdminOptions_destroy)>;

int in_ms(milliseconds wait) { return static_cast<int>(wait.count()); }

// Projections are rebuilt from the log, so nothing goes from it unless somebody says so.
new_topic described(kafka_log_options const& options, std::string const& name)
{
    std::array<char, 512> why{};
    int const copies = options.replication == 0 ? -1 : options.replication;
    new_topic made(
        rd_kafka_NewTopic_new(name.c_str(), options.partitions, copies, why.data(), why.size()),
        rd_kafka_NewTopic_destroy);
    if (!made)
        throw_away(options, fmt::format("topic {} cannot be made: {}", name, why.data()));
    std::string const retention =
        options.retention_days == 0 ? "-1" : std::to_string(options.retention_days * day_ms);
    rd_kafka_NewTopic_set_config(made.get(), "retention.ms", retention.c_str());
    rd_kafka_NewTopic_set_config(made.get(), "cleanup.policy", "delete");
    rd_kafka_NewTopic_set_config(made.get(), "max.message.bytes",
                                 std::to_string(record_bytes_max).c_str());
    return made;
}

void check(kafka_log_options const& options, rd_kafka_topic_result_t const& answer)
{
    rd_kafka_resp_err_t const code = rd_kafka_topic_result_error(&answer);
    char const* const name = rd_kafka_topic_result_name(&answer);
    if (code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
        return;
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    {
        char const* const why = rd_kafka_topic_result_error_string(&answer);
        throw_away(options, fmt::format("topic {} cannot be made: {}", name,
                                        why != nullptr ? why : rd_kafka_err2str(code)));
    }
    log_info("topic_made", {{"topic", std::string_view(name)}, {"partitions", options.partitions}});
}

partition_list all_partitions(counts const& topics, std::int64_t wanted)
{
    partition_list made(rd_kafka_topic_partition_list_new(0));
    for (auto const& [topic, partitions] : topics)
        for (int partition = 0; partition < partitions; ++partition)
            rd_kafka_topic_partition_list_add(made.get(), topic.c_str(), partition)->offset =
                wanted;
    return made;
}

// Of a partition that was just made, or whose broker has just gone.
bool is_moving(rd_kafka_resp_err_t code)
{
    return code == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION ||
           code == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE;
}

rd_kafka_resp_err_t ask_offsets(rd_kafka_s* by, rd_kafka_topic_partition_list_t& of,
                                milliseconds wait)
{
    rd_kafka_resp_err_t code = rd_kafka_offsets_for_times(by, &of, in_ms(wait));
    for (int i = 0; i < of.cnt && code == RD_KAFKA_RESP_ERR_NO_ERROR; ++i)
        code = of.elems[i].err;
    return code;
}

// Asks for the offsets "at the time" of the first (RD_KAFKA_OFFSET_BEGINNING) or of the next record
// (RD_KAFKA_OFFSET_END), one request per broker instead of two per partition. Nothing when the
// topic is gone.
partition_list find_offsets(rd_kafka_s* by, kafka_log_options const& options,
                            std::string const& topic, int partitions, std::int64_t wanted,
                            milliseconds wait)
{
    steady_time const until = std::chrono::steady_clock::now() + wait;
    partition_list of = all_partitions({{topic, partitions}}, wanted);
    rd_kafka_resp_err_t code = ask_offsets(by, *of, wait);
    while (is_moving(code) && std::chrono::steady_clock::now() < until)
    {
        std::this_thread::sleep_for(look_again_after);
        of = all_partitions({{topic, partitions}}, wanted);
        code = ask_offsets(by, *of, wait);
    }
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return of;
    if (code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
        code == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC || code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION)
        return nullptr;
    throw_away(options, rd_kafka_err2str(code));
}

// A topic is made before all brokers know it, and clients look again only after a second.
counts wait_until_known(rd_kafka_s* by, kafka_log_options const& options,
                        std::span<std::string const> names, milliseconds wait)
{
    steady_time const until = std::chrono::steady_clock::now() + wait;
    while (true)
    {
        counts known = list(by, options, wait);
        auto const is_known = [&](std::string const& name) { return known.contains(name); };
        if (std::ranges::all_of(names, is_known) || std::chrono::steady_clock::now() > until)
            return known;
        std::this_thread::sleep_for(look_again_after);
    }
}

// Until each partition's leader answers. One that is not ready yet refuses the first record of a
// producer and may take the second, which a producer believes to say that it has both.
void wait_until_ready(rd_kafka_s* by, kafka_log_options const& options,
                      std::span<std::string const> names, milliseconds wait)
{
    counts const known = wait_until_known(by, options, names, wait);
    for (std::string const& name : names)
        if (auto const made = known.find(name); made != known.end())
            static_cast<void>(ranges(by, options, name, made->second, wait));
}

}  // namespace

counts list(rd_kafka_s* by, kafka_log_options const& options, milliseconds wait)
{
    rd_kafka_metadata_t const* told = nullptr;
    if (rd_kafka_resp_err_t const failed = rd_kafka_metadata(by, 1, nullptr, &told, in_ms(wait)))
        throw_away(options, rd_kafka_err2str(failed));
    counts found;
    for (int i = 0; i < told->topic_cnt; ++i)
        if (told->topics[i].err == RD_KAFKA_RESP_ERR_NO_ERROR)
            found.emplace(told->topics[i].topic, told->topics[i].partition_cnt);
    rd_kafka_metadata_destroy(told);
    return found;
}

void make(rd_kafka_s* by, kafka_log_options const& options, std::span<std::string const> names,
          milliseconds wait)
{
    std::vector<new_topic> made;
    std::vector<rd_kafka_NewTopic_t*> wanted;
    for (std::string const& name : names)
    {
        made.push_back(described(options, name));
        wanted.push_back(made.back().get());
    }
    admin_options const limits(rd_kafka_AdminOptions_new(by, RD_KAFKA_ADMIN_OP_CREATETOPICS),
                               rd_kafka_AdminOptions_destroy);
    std::array<char, 512> why{};
    rd_kafka_AdminOptions_set_request_timeout(limits.get(), in_ms(wait), why.data(), why.size());
    // The leader answers when the topics can be written to, not only written down.
    rd_kafka_AdminOptions_set_operation_timeout(limits.get(), in_ms(wait), why.data(), why.size());

    queue const answers(rd_kafka_queue_new(by));
    rd_kafka_CreateTopics(by, wanted.data(), wanted.size(), limits.get(), answers.get());
    event const answer(rd_kafka_queue_poll(answers.get(), in_ms(wait) + 1000),
                       rd_kafka_event_destroy);
    if (!answer)
        throw_away(options, "no answer to making topics");
    if (rd_kafka_event_error(answer.get()) != RD_KAFKA_RESP_ERR_NO_ERROR)
        throw_away(options, rd_kafka_event_error_string(answer.get()));
    std::size_t count = 0;
    rd_kafka_topic_result_t const** const each = rd_kafka_CreateTopics_result_topics(
        rd_kafka_event_CreateTopics_result(answer.get()), &count);
    for (std::size_t i = 0; i < count; ++i)
        check(options, *each[i]);
    wait_until_ready(by, options, names, wait);
}

std::vector<partition_range> ranges(rd_kafka_s* by, kafka_log_options const& options,
                                    std::string const& topic, int partitions, milliseconds wait)
{
    std::vector<partition_range> found;
    partition_list const first =
        find_offsets(by, options, topic, partitions, RD_KAFKA_OFFSET_BEGINNING, wait);
    partition_list const end =
        find_offsets(by, options, topic, partitions, RD_KAFKA_OFFSET_END, wait);
    if (!first || !end)
        return found;
    for (int partition = 0; partition < partitions; ++partition)
        found.push_back({partition, first->elems[partition].offset, end->elems[partition].offset});
    return found;
}

std::optional<std::map<std::string, std::vector<partition_range>>> ranges_of(rd_kafka_s* by,
                                                                             counts const& topics,
                                                                             milliseconds wait)
{
    partition_list const first = all_partitions(topics, RD_KAFKA_OFFSET_BEGINNING);
    partition_list const end = all_partitions(topics, RD_KAFKA_OFFSET_END);
    if (ask_offsets(by, *first, wait) != RD_KAFKA_RESP_ERR_NO_ERROR ||
        ask_offsets(by, *end, wait) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return std::nullopt;
    std::map<std::string, std::vector<partition_range>> found;
    for (auto const& [topic, partitions] : topics)
        for (int partition = 0; partition < partitions; ++partition)
        {
            auto const offset = [&](partition_list const& in)
            {
                return rd_kafka_topic_partition_list_find(in.get(), topic.c_str(), partition)
                    ->offset;
            };
            found[topic].push_back({partition, offset(first), offset(end)});
        }
    return found;
}

}  // namespace mc::kafka::topics
