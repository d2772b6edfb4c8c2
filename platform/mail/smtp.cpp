#include <cstring>
#include <mutex>
#include <stdexcept>
#include <utility>

#include <curl/curl.h>
#include <fmt/format.h>

#include "platform/mail/delivery.hpp"

namespace mc::mail_delivery
{

namespace
{

struct curl_deleter
{
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

// What is left to send.
std::size_t read_message(char* into, std::size_t size, std::size_t count, void* from)
{
    std::string_view& left = *static_cast<std::string_view*>(from);
    std::size_t const bytes = std::min(size * count, left.size());
    std::memcpy(into, left.data(), bytes);
    left.remove_prefix(bytes);
    return bytes;
}

int is_stopping(void* flag, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
{
    return static_cast<std::atomic<bool> const*>(flag)->load() ? 1 : 0;
}

// Whether the next mail would fail in the same way.
bool is_away(CURLcode code)
{
    switch (code)
    {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_USE_SSL_FAILED:
    case CURLE_LOGIN_DENIED:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_ABORTED_BY_CALLBACK:      return true;
    default:                             return false;  // A third-party enum of a hundred.
    }
}

// The connection broke. Before a word was heard on it that says nothing of the mail: so do load
// balancers with nobody behind them.
bool has_broken(CURLcode code)
{
    return code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR || code == CURLE_GOT_NOTHING;
}

class smtp_way final : public way
{
public:
    smtp_way(smtp_options options, std::atomic<bool> const& stopping)
        : options_(std::move(options)), stopping_(stopping)
    {
        static std::once_flag started;
        std::call_once(started, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    }

    outcome deliver(letter const& out) override
    {
        if (!handle_)
            open();
        std::string const from = fmt::format("<{}>", out.from);
        std::unique_ptr<curl_slist, curl_deleter> const to(
            curl_slist_append(nullptr, fmt::format("<{}>", out.to).c_str()));
        std::string_view left = out.message;
        set(CURLOPT_MAIL_FROM, from.c_str());
        set(CURLOPT_MAIL_RCPT, to.get());
        set(CURLOPT_READDATA, static_cast<void*>(&left));
        CURLcode const code = curl_easy_perform(handle_.get());
        if (code == CURLE_OK)
            return {};
        long reply = 0;
        curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &reply);
        handle_.reset();  // A conversation that broke off is not taken up again.
        bool const nobody_spoke = reply == 0 && has_broken(code);
        return {is_away(code) || nobody_spoke ? outcome::what::away : outcome::what::refused,
                fmt::format("{} (SMTP reply {})", curl_easy_strerror(code), reply)};
    }

    void rest() override { handle_.reset(); }

private:
    template <class Value>
    void set(CURLoption option, Value value)
    {
        if (curl_easy_setopt(handle_.get(), option, value) != CURLE_OK)
            throw std::logic_error(
                fmt::format("libcurl does not take option {}", static_cast<int>(option)));
    }

    void open()
    {
        handle_.reset(curl_easy_init());
        if (!handle_)
            throw std::bad_alloc();
        bool const tls = options_.security == smtp_security::tls;
        std::string const url =
            fmt::format("{}://{}:{}", tls ? "smtps" : "smtp", options_.host, options_.port);
        set(CURLOPT_URL, url.c_str());
        set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        set(CURLOPT_PROXY, "");
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_UPLOAD, 1L);
        if (options_.security == smtp_security::starttls)
            set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
        if (!options_.user.empty())
        {
            set(CURLOPT_SASL_IR, 1L);  // RFC 4954 §4: one round trip less.
            set(CURLOPT_USERNAME, options_.user.c_str());
            set(CURLOPT_PASSWORD, std::string(options_.password.reveal()).c_str());
        }
        set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_time_max.count()));
        set(CURLOPT_TIMEOUT_MS, static_cast<long>(options_.send_time_max.count()));
        set(CURLOPT_READFUNCTION, &read_message);
        set(CURLOPT_NOPROGRESS, 0L);
        set(CURLOPT_XFERINFOFUNCTION, &is_stopping);
        set(CURLOPT_XFERINFODATA,
            const_cast<void*>(static_cast<void const*>(&stopping_)));  // libcurl's signature.
    }

    smtp_options options_;
    std::atomic<bool> const& stopping_;
    std::unique_ptr<CURL, curl_deleter> handle_;
};

}  // namespace

std::unique_ptr<way> by_smtp(smtp_options options, std::atomic<bool> const& stopping)
{
    return std::make_unique<smtp_way>(std::move(options), stopping);
}

}  // namespace mc::mail_delivery
