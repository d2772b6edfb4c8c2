#include "platform/events/logs/kafka/sender.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include "platform/core/error.hpp"
#include "platform/events/event.hpp"
#include "platform/events/logs/kafka/limits.hpp"
#include "platform/observe/log.hpp"

namespace mc::kafka
{

namespace
{

// A cluster of which no broker can be reached is away; but a single broker that restarts, or an
// idle connection that is made anew, need not be noticed.
constexpr milliseconds cut_off_time_max{1000};

client connect(kafka_log_options const& options, void* self,
               void (*on_delivery)(rd_kafka_s*, rd_kafka_message_s const*, void*),
               void (*on_error)(rd_kafka_s*, int, char const*, void*))
{
    conf settings = make_conf(
        options, {{"enable.idempotence", "true"},
                  {"acks", "all"},
                  {"partitioner", "murmur2_random"},  // partition_of, over the topic's partitions.
                  {"message.timeout.ms", "0"},        // Giving up is send()'s business.
                  {"linger.ms", "0.2"},
                  // Node services read this log: kafkajs knows gzip only.
                  {"compression.type", "none"},
                  {"message.max.bytes", std::to_string(record_bytes_max)},
                  {"topic.metadata.propagation.max.ms", "5000"}});
    rd_kafka_conf_set_opaque(settings.get(), self);
    rd_kafka_conf_set_dr_msg_cb(settings.get(), on_delivery);
    rd_kafka_conf_set_error_cb(settings.get(), on_error);
    return make_client(role::sends, std::move(settings));
}

rd_kafka_headers_t* headers_of(std::string_view text)
{
    header_list const listed = list_headers(text);
    rd_kafka_headers_t* const made = rd_kafka_headers_new(listed.size());
    for (auto const& [name, value] : listed)
        rd_kafka_header_add(made, name.data(), static_cast<ssize_t>(name.size()), value.data(),
                            static_cast<ssize_t>(value.size()));
    return made;
}

// False when its queue is full or it has failed for good; throws std::runtime_error when it will
// never take this record.
bool produce(rd_kafka_t* by, outgoing_record const& record, void* opaque)
{
    // The client takes pointers to const things without saying so; it copies them.
    auto const bytes = [](std::string const& text)
    { return const_cast<void*>(static_cast<void const*>(text.data())); };
    rd_kafka_headers_t* const headers = headers_of(record.headers);
    std::array<rd_kafka_vu_t, 6> words{};
    words[0].vtype = RD_KAFKA_VTYPE_TOPIC;
    words[0].u.cstr = record.topic.c_str();
    words[1].vtype = RD_KAFKA_VTYPE_KEY;
    words[1].u.mem = {bytes(record.key), record.key.size()};
    words[2].vtype = RD_KAFKA_VTYPE_VALUE;
    words[2].u.mem = {bytes(record.value), record.value.size()};
    words[3].vtype = RD_KAFKA_VTYPE_HEADERS;
    words[3].u.headers = headers;
    words[4].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
    words[4].u.i = RD_KAFKA_MSG_F_COPY;
    words[5].vtype = RD_KAFKA_VTYPE_OPAQUE;
    words[5].u.ptr = opaque;
    rd_kafka_error_t* const refused = rd_kafka_produceva(by, words.data(), words.size());
    if (refused == nullptr)
        return true;
    rd_kafka_headers_destroy(headers);  // Taken over only with the record.
    rd_kafka_resp_err_t const code = rd_kafka_error_code(refused);
    rd_kafka_error_destroy(refused);
    if (code == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE)
        throw std::runtime_error(fmt::format("a record of {} bytes for {}; Kafka is given {}",
                                             record.value.size(), record.topic, record_bytes_max));
    return false;
}

}  // namespace

struct sender::batch_on_its_way
{
    std::atomic<std::size_t> left{1};  // One more than the records, until all are handed over.
    std::string refused;               // Why a record was not stored; the first one's.
};

sender::sender(kafka_log_options const& options)
    : options_(options),
      time_max_(options.send_time_max),
      client_(connect(options, this, on_delivery, on_error)),
      events_(rd_kafka_queue_get_main(client_.get())),
      serves_([this] { serve(); })
{}

sender::~sender()
{
    ending_ = true;
    rd_kafka_queue_yield(events_.get());
    serves_.join();
    events_.reset();
    rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT |
                                      RD_KAFKA_PURGE_F_NON_BLOCKING);
    client_.reset();
}

// Sleeps in the client's queue until there is something: acknowledgements and complaints.
void sender::serve()
{
    while (!ending_)
        rd_kafka_poll(client_.get(), -1);
}

void sender::on_delivery(rd_kafka_s*, rd_kafka_message_s const* sent, void* self)
{
    sender& mine = *static_cast<sender*>(self);
    batch_on_its_way& batch = *static_cast<batch_on_its_way*>(sent->_private);
    std::string const refused = mine.why_not_stored(*sent);
    if (!refused.empty())
    {
        std::lock_guard const lock(mine.mutex_);
        if (batch.refused.empty())
            batch.refused = refused;
    }
    if (batch.left.fetch_sub(1) != 1)
        return;
    {
        std::lock_guard const lock(mine.mutex_);
        mine.cut_off_since_.reset();
    }
    mine.changed_.notify_all();
}

// A record counts as stored when it stands behind everything acknowledged before. The client also
// reports success, without an offset, for a record that was refused while a later one was stored:
// it takes for granted that a broker stores nothing behind a gap, which a broker that has not heard
// of the producer before does.
std::string sender::why_not_stored(rd_kafka_message_s const& sent)
{
    if (sent.err != RD_KAFKA_RESP_ERR_NO_ERROR)
        return rd_kafka_err2str(sent.err);
    char const* const topic = rd_kafka_topic_name(sent.rkt);
    auto const [last, is_first] = acknowledged_.try_emplace({topic, sent.partition}, sent.offset);
    if (sent.offset >= 0 && (is_first || sent.offset > last->second))
    {
        last->second = sent.offset;
        return {};
    }
    log_warning("kafka_record_not_stored", {{"topic", std::string_view(topic)},
                                            {"partition", sent.partition},
                                            {"offset", sent.offset},
                                            {"last", last->second}});
    return "a record was passed over";
}

void sender::on_error(rd_kafka_s* client, int code, char const* why, void* self)
{
    sender& mine = *static_cast<sender*>(self);
    {
        std::lock_guard const lock(mine.mutex_);
        if (code == RD_KAFKA_RESP_ERR__FATAL)
        {
            std::array<char, 512> cause{};
            rd_kafka_fatal_error(client, cause.data(), cause.size());
            mine.fatal_why_ = cause.data();
            mine.spent_ = true;
        }
        else if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
        {
            if (!mine.cut_off_since_)
                mine.cut_off_since_ = std::chrono::steady_clock::now();
        }
        else
            mine.cut_off_why_ = why;
    }
    mine.changed_.notify_all();
}

std::optional<std::string> sender::cut_off() const
{
    std::lock_guard const lock(mutex_);
    if (!cut_off_since_)
        return std::nullopt;
    return cut_off_why_.empty() ? "no broker can be reached" : cut_off_why_;
}

void sender::answered()
{
    std::lock_guard const lock(mutex_);
    cut_off_since_.reset();
}

void sender::hurry(milliseconds wait)
{
    {
        std::lock_guard const lock(mutex_);
        time_max_ = std::min(time_max_, wait);
    }
    changed_.notify_all();
}

void sender::send(std::span<outgoing_record const> batch)
{
    auto const mine = std::make_shared<batch_on_its_way>();
    try
    {
        enqueue(batch, *mine);
        wait_for(*mine);
    }
    catch (...)
    {
        spent_.store(true, std::memory_order_release);
        std::lock_guard const lock(mutex_);
        abandoned_.push_back(mine);
        throw;
    }
}

// Stops at the first record that is refused, so that none of its key overtakes it.
void sender::enqueue(std::span<outgoing_record const> batch, batch_on_its_way& into)
{
    for (outgoing_record const& record : batch)
    {
        into.left.fetch_add(1);
        if (!produce(client_.get(), record, &into))
            throw_away(options_, "its client takes no more records");
    }
}

steady_time sender::give_up_at(steady_time begun) const
{
    steady_time const at = begun + time_max_;
    if (!cut_off_since_)
        return at;
    return std::min(at, std::max(begun, *cut_off_since_) + cut_off_time_max);
}

void sender::wait_for(batch_on_its_way& batch)
{
    batch.left.fetch_sub(1);
    steady_time const begun = std::chrono::steady_clock::now();
    std::unique_lock lock(mutex_);
    while (batch.left.load() != 0)
    {
        if (!fatal_why_.empty())
            throw_away(options_, fatal_why_);
        steady_time const until = give_up_at(begun);
        if (std::chrono::steady_clock::now() >= until)
            throw_away(options_, cut_off_since_ && !cut_off_why_.empty()
                                     ? cut_off_why_
                                     : "no acknowledgement came in time");
        changed_.wait_until(lock, until);
    }
    if (!batch.refused.empty())
        throw_away(options_, batch.refused);
}

}  // namespace mc::kafka
