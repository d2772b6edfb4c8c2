#include "platform/mail/mail_sender.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "platform/core/error.hpp"
#include "platform/core/fail_point.hpp"
#include "platform/core/text.hpp"
#include "platform/db/lease.hpp"
#include "platform/mail/delivery.hpp"
#include "platform/mail/message.hpp"
#include "platform/mail/store.hpp"
#include "platform/observe/log.hpp"

namespace mc
{

namespace
{

constexpr milliseconds outage_pause{1'000};
// Of several processes on one database one sends the mails. Longer than any conversation with a
// mail server, for meanwhile nobody renews it.
constexpr milliseconds lease_lasts{120'000};

// "20261122T192454610Z-12.eml"
std::string file_name_of(mails::due_mail const& out)
{
    std::string time = to_iso(out.created_at);
    std::erase_if(time, [](char c) { return c == '-' || c == ':' || c == '.'; });
    return fmt::format("{}-{}.eml", time, out.id);
}

}  // namespace

class mail_sender::worker
{
public:
    worker(database& from, clock const& now, mail_options options)
        : from_(from), now_(now), options_(std::move(options)), right_(from, "mails", lease_lasts)
    {
        if (!mails::is_address(options_.from))
            throw std::invalid_argument("EMAIL_FROM is not one plain address");
        if (!is_valid_utf8(options_.from_name) ||
            has_control_characters(options_.from_name, lines::one))
            throw std::invalid_argument("EMAIL_FROM_NAME must be one line of text");
        way_ = options_.smtp ? mail_delivery::by_smtp(*options_.smtp, stopping_)
                             : mail_delivery::into_folder(options_.folder);
        from_.on_commit([this] { wake(); });
    }

    ~worker() { stop(); }

    void start()
    {
        thread_ = std::thread([this] { run(); });
    }

    void stop()
    {
        {
            std::lock_guard const lock(mutex_);
            stopping_ = true;
        }
        changed_.notify_all();
        if (thread_.joinable())
            thread_.join();
    }

    void wake() noexcept
    {
        {
            std::lock_guard const lock(mutex_);
            woken_ = true;
        }
        changed_.notify_one();
    }

    std::int64_t sent() const noexcept { return sent_.load(std::memory_order_relaxed); }

private:
    enum class round
    {
        more,
        idle,
        away
    };

    void run()
    {
        while (!stopping_)
        {
            try
            {
                switch (send_due())
                {
                case round::more: break;
                case round::idle: wait(time_to_wait()); break;
                case round::away: rest(options_.away_pause); break;
                }
            }
            catch (outage const& away)
            {
                log_error("mail_paused", {{"database", from_.name()}, {"why", away.what()}});
                rest(outage_pause);
            }
            catch (std::exception const& bug)
            {
                log_error("mail_failed", {{"database", from_.name()}, {"why", bug.what()}});
                rest(outage_pause);
            }
        }
        right_.give_back();
    }

    round send_due()
    {
        std::vector<mails::due_mail> const due = from_.read_now(mails::due, now_.now());
        for (mails::due_mail const& out : due)
        {
            if (stopping_ || !right_.hold())
                return round::idle;
            mail_delivery::outcome const sent = deliver(out);
            if (stopping_ && sent.is != mail_delivery::outcome::what::sent)
                return round::idle;  // Cut short by us: not this mail's failure.
            settle(out, sent);
            if (sent.is == mail_delivery::outcome::what::away)
                return round::away;
        }
        return due.empty() ? round::idle : round::more;
    }

    mail_delivery::outcome deliver(mails::due_mail const& out)
    {
        std::string const file_name = file_name_of(out);
        std::string const id =
            fmt::format("{}-{}-{}@{}", from_.name(), out.id, epoch_ms(out.created_at),
                        options_.from.substr(options_.from.find('@') + 1));
        std::string const text = message::compose(
            {options_.from, options_.from_name, out.to, out.subject, out.text, id, out.created_at});
        fail_here("mail.before_send", from_.name());
        mail_delivery::outcome sent = way_->deliver({options_.from, out.to, file_name, text});
        fail_here("mail.after_send", from_.name());
        if (sent.is == mail_delivery::outcome::what::sent && !options_.smtp)
            log_info("mail_filed",
                     {{"mail_id", out.id}, {"file", (options_.folder / file_name).string()}});
        return sent;
    }

    void settle(mails::due_mail const& out, mail_delivery::outcome const& sent)
    {
        std::size_t const tries = static_cast<std::size_t>(out.attempts) + 1;
        if (sent.is == mail_delivery::outcome::what::sent)
        {
            from_.write_now(mails::mark_sent, out.id).value();
            sent_.fetch_add(1, std::memory_order_relaxed);
        }
        else if (tries < mail_pauses.size())
        {
            log_warning("mail_not_sent",
                        {{"mail_id", out.id}, {"try", tries}, {"why", sent.reason}});
            from_.write_now(mails::try_later, out.id, now_.now() + mail_pauses[tries]).value();
        }
        else
        {
            log_error("mail_given_up",
                      {{"mail_id", out.id}, {"tries", tries}, {"why", sent.reason}});
            from_.write_now(mails::give_up, out.id).value();
        }
    }

    milliseconds time_to_wait()
    {
        std::optional<timestamp> const due = from_.read_now(mails::next_due);
        if (!due)
            return options_.timer;
        return std::clamp(*due - now_.now(), milliseconds{0}, options_.timer);
    }

    void wait(milliseconds time)
    {
        std::unique_lock lock(mutex_);
        if (!woken_)
            way_->rest();
        changed_.wait_for(lock, time, [this] { return woken_ || stopping_; });
        woken_ = false;
    }

    // New mails do not cut this short.
    void rest(milliseconds time)
    {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, time, [this] { return stopping_.load(); });
    }

    database& from_;
    clock const& now_;
    mail_options options_;
    lease right_;
    std::atomic<bool> stopping_{false};
    std::unique_ptr<mail_delivery::way> way_;
    std::atomic<std::int64_t> sent_{0};
    std::mutex mutex_;
    std::condition_variable changed_;
    bool woken_ = false;
    std::thread thread_;
};

mail_sender::mail_sender(database& from, clock const& now, mail_options options)
    : worker_(std::make_unique<worker>(from, now, std::move(options)))
{}

mail_sender::~mail_sender() = default;

void mail_sender::start() { worker_->start(); }

void mail_sender::stop() { worker_->stop(); }

void mail_sender::wake() noexcept { worker_->wake(); }

std::int64_t mail_sender::sent() const noexcept { return worker_->sent(); }

}  // namespace mc
