#include "platform/events/logs/kafka/reader.hpp"

#include <chrono>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include "platform/core/error.hpp"
#include "platform/events/logs/kafka/records.hpp"
#include "platform/observe/log.hpp"

namespace mc::kafka
{

namespace
{

constexpr std::size_t held_records_max = 4096;
constexpr std::size_t held_bytes_max = 8 * 1024 * 1024;
// While records keep coming, from one poll() that had some to the next, unless there are as many
// as are wanted: each partition's part comes by itself, and taking them in together is one
// transaction. What comes after a rest does not wait.
constexpr milliseconds pause_between_batches{10};
constexpr milliseconds close_time_max{1000};
constexpr milliseconds seek_time_max{5000};

client connect(kafka_log_options const& options, std::string const& group, void* self,
               void (*on_rebalance)(rd_kafka_s*, rd_kafka_resp_err_t,
                                    rd_kafka_topic_partition_list_s*, void*))
{
    conf settings = make_conf(
        options, {{"group.id", group},
                  {"auto.offset.reset", "earliest"},
                  {"enable.auto.commit", "true"},  // Only of what tell_brokers() has stored.
                  {"auto.commit.interval.ms", "1000"},
                  {"enable.auto.offset.store", "false"},
                  // How long a dead copy's partitions rest, also for the same one started again:
                  // the least that brokers allow if nobody told them otherwise.
                  {"session.timeout.ms", "6000"},
                  // A member hears by its heartbeat that others came or went, and until every one
                  // has heard it nobody reads: a session that ends must be known within a second.
                  {"heartbeat.interval.ms", "300"},
                  {"fetch.error.backoff.ms", "100"},
                  // A partition that is missing in the request under way waits for the next one.
                  {"fetch.wait.max.ms", "100"},
                  // A backlog comes in pieces of this. The client pauses a second when it has this
                  // much or 100,000 records, so less would slow down draining.
                  {"queued.max.messages.kbytes", "16384"}});
    rd_kafka_conf_set_opaque(settings.get(), self);
    rd_kafka_conf_set_rebalance_cb(settings.get(), on_rebalance);
    client made = make_client(role::reads, std::move(settings));
    rd_kafka_poll_set_consumer(made.get());
    return made;
}

}  // namespace

reader::reader(kafka_log_options const& options, std::string group,
               std::vector<std::string> const& topics, stored_offsets stored, closing& log)
    : options_(options),
      group_(std::move(group)),
      stored_(std::move(stored)),
      log_(log),
      client_(connect(options_, group_, this,
                      [](rd_kafka_s*, rd_kafka_resp_err_t code,
                         rd_kafka_topic_partition_list_s* partitions, void* self)
                      { static_cast<reader*>(self)->on_rebalance(code, partitions); })),
      queue_(rd_kafka_queue_get_consumer(client_.get()))
{
    log_.add(*this);
    if (topics.empty())
        return;  // Nothing will ever come; interrupt() works all the same.
    partition_list const wanted(rd_kafka_topic_partition_list_new(static_cast<int>(topics.size())));
    for (std::string const& topic : topics)
        rd_kafka_topic_partition_list_add(wanted.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
    if (rd_kafka_resp_err_t const failed = rd_kafka_subscribe(client_.get(), wanted.get()))
    {
        log_.remove(*this);
        throw_away(options_, rd_kafka_err2str(failed));
    }
}

// Leaving tells the other copies at once; when the brokers are away they will find out by
// themselves.
reader::~reader()
{
    log_.remove(*this);
    rd_kafka_error_t* const refused = rd_kafka_consumer_close_queue(client_.get(), queue_.get());
    if (refused != nullptr)
        rd_kafka_error_destroy(refused);
    steady_time const until = log_.leaves_until(close_time_max);
    while (rd_kafka_consumer_closed(client_.get()) == 0 && std::chrono::steady_clock::now() < until)
        if (rd_kafka_message_t* const unread =
                rd_kafka_consumer_poll(client_.get(), static_cast<int>(close_step.count())))
            rd_kafka_message_destroy(unread);
    queue_.reset();
    if (rd_kafka_consumer_closed(client_.get()) != 0)
        return;
    // A client that has told a broker where it stands waits for the answer until that is given up
    // (socket.timeout.ms), even when it is to end. A process that ends takes it along instead.
    rd_kafka_s* const unheard = client_.release();
    if (!log_.hurries())
        rd_kafka_destroy_flags(unheard, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

std::vector<log_record> reader::poll(milliseconds wait, std::size_t max)
{
    tell_brokers();
    steady_time const until = std::chrono::steady_clock::now() + wait;
    while (true)
    {
        if (log_.is_closed())
            throw outage("the event log is closed");
        if (interrupted_.exchange(false))
            return {};
        if (given_)
            go_on_where_stored();
        hold_what_has_come();
        if (has_enough(max))
            break;
        if (given_)
            continue;
        steady_time const wake_at = held_.empty() ? until : handed_at_ + pause_between_batches;
        milliseconds const left =
            std::chrono::ceil<milliseconds>(wake_at - std::chrono::steady_clock::now());
        if (left.count() > 0)
            wait_for_one(left);
        else if (held_.empty())
            return {};
    }
    std::vector<log_record> taken = held_.take(max);
    for (log_record const& each : taken)
        handed_[{each.topic, each.partition}] = each.offset + 1;
    handed_at_ = std::chrono::steady_clock::now();
    return taken;
}

bool reader::has_enough(std::size_t max) const
{
    return !held_.empty() && (held_.count() >= max || std::chrono::steady_clock::now() >=
                                                          handed_at_ + pause_between_batches);
}

void reader::hold_what_has_come()
{
    std::size_t before = 0;
    do
    {
        before = held_.count();
        wait_for_one(milliseconds{0});
    }
    while (held_.count() != before && held_.count() < held_records_max &&
           held_.bytes() < held_bytes_max);
}

// Partitions come and go in here, too (on_rebalance).
void reader::wait_for_one(milliseconds wait)
{
    rd_kafka_message_t* const message =
        rd_kafka_consumer_poll(client_.get(), static_cast<int>(wait.count()));
    if (message == nullptr)
        return;
    std::unique_ptr<rd_kafka_message_t, decltype(&rd_kafka_message_destroy)> const mine(
        message, rd_kafka_message_destroy);
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
        hold(*message);
    else
        complain(*message);
}

void reader::hold(rd_kafka_message_t const& message)
{
    log_record record = record_of(message);
    look_for_gap(record);
    held_.add(std::move(record));
}

// What must be told of where the log begins, once per partition that was given to us.
void reader::look_for_gap(log_record const& record)
{
    auto const asked = asked_.find({record.topic, record.partition});
    if (asked == asked_.end())
        return;
    // Somebody made the topic anew. What is read again, the inbox recognises.
    if (record.offset < asked->second)
        log_error("log_is_shorter_than_known", {{"group", group_},
                                                {"topic", record.topic},
                                                {"partition", record.partition},
                                                {"known", asked->second},
                                                {"first", record.offset}});
    if (record.offset > asked->second)
        log_warning("log_begins_after_known", {{"group", group_},
                                               {"topic", record.topic},
                                               {"partition", record.partition},
                                               {"known", asked->second},
                                               {"first", record.offset}});
    asked_.erase(asked);
}

void reader::complain(rd_kafka_message_t const& message) const
{
    log_warning("kafka_reader",
                {{"group", group_}, {"says", std::string_view(rd_kafka_message_errstr(&message))}});
    if (message.err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
        message.err == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED ||
        message.err == RD_KAFKA_RESP_ERR__AUTHENTICATION || message.err == RD_KAFKA_RESP_ERR__FATAL)
        throw_away(options_, rd_kafka_message_errstr(&message));
}

// Called by the client within wait_for_one(). The database is asked later, because it may be away
// and this may not throw; until then the client waits.
void reader::on_rebalance(int code, rd_kafka_topic_partition_list_s const* partitions)
{
    held_.clear();
    asked_.clear();
    handed_.clear();
    given_.reset();
    if (reads_ != nullptr)
        *reads_ = false;
    if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS)
        given_.reset(rd_kafka_topic_partition_list_copy(partitions));
    else
        rd_kafka_assign(client_.get(), nullptr);
    rd_kafka_yield(client_.get());
}

void reader::go_on_where_stored()
{
    std::map<place, std::int64_t> asked;
    for (rd_kafka_topic_partition_t& each :
         std::span(given_->elems, static_cast<std::size_t>(given_->cnt)))
    {
        std::optional<std::int64_t> const next = stored_(each.topic, each.partition);
        each.offset = next.value_or(RD_KAFKA_OFFSET_BEGINNING);
        if (next)
            asked.emplace(place(each.topic, each.partition), *next);
    }
    if (rd_kafka_resp_err_t const failed = rd_kafka_assign(client_.get(), given_.get()))
        throw_away(options_, rd_kafka_err2str(failed));
    given_.reset();
    handed_ = asked;
    asked_ = std::move(asked);
    tell_brokers();
    if (reads_ != nullptr)
        *reads_ = true;
}

void reader::tell_brokers()
{
    if (handed_.empty())
        return;
    partition_list const list(rd_kafka_topic_partition_list_new(static_cast<int>(handed_.size())));
    for (auto const& [where, next] : handed_)
        rd_kafka_topic_partition_list_add(list.get(), where.first.c_str(), where.second)->offset =
            next;
    // Of a partition that was lost meanwhile this says so; nobody depends on it.
    rd_kafka_offsets_store(client_.get(), list.get());
    handed_.clear();
}

void reader::rewind(std::string_view topic, int partition, std::int64_t offset)
{
    held_.drop(topic, partition);
    handed_.erase({std::string(topic), partition});
    partition_list const list(rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_list_add(list.get(), std::string(topic).c_str(), partition)->offset =
        offset;
    rd_kafka_error_t* const failed = rd_kafka_seek_partitions(
        client_.get(), list.get(), static_cast<int>(seek_time_max.count()));
    if (failed == nullptr && list->elems[0].err == RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    std::string const why =
        failed != nullptr ? rd_kafka_error_string(failed) : rd_kafka_err2str(list->elems[0].err);
    rd_kafka_error_destroy(failed);
    throw_away(options_, why);
}

void reader::interrupt() noexcept
{
    interrupted_ = true;
    rd_kafka_queue_yield(queue_.get());
}

}  // namespace mc::kafka
