#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "platform/testing/service_fixture.hpp"
#include "services/user/service.hpp"

namespace mc::user_service
{

inline constexpr std::string_view good_password = "Correct-Horse-7f3a";
inline constexpr std::string_view other_password = "Another-Mule-9c1b";

// Somebody with an account, and what they may say.
struct person
{
    std::int64_t id = 0;
    std::string email;
    std::string token;
};

struct sent_mail
{
    std::string to;
    std::string subject;
    std::string text;
};
MC_DESCRIBE(sent_mail, to, subject, text)

// The user service alone, with the requests its tests send most.
struct user_fixture : testing::service_fixture
{
    using speaker = testing::service_fixture::speaker;
    using test_reply = testing::test_reply;

    explicit user_fixture(std::map<std::string, std::string> settings = {})
        : testing::service_fixture(info(), std::move(settings))
    {}

    // An account that has not logged in.
    person sign_up(std::string_view email, std::string_view name = "Alice",
                   std::string_view password = good_password)
    {
        test_reply const made = nobody().post("/auth/signup", account_body(name, email, password));
        return {.id = made.number("id"), .email = std::string(email), .token = {}};
    }

    person user(std::string_view email, std::string_view name = "Alice")
    {
        person made = sign_up(email, name);
        made.token = token_of(email);
        return made;
    }

    // Made by the operator's command.
    person admin()
    {
        std::vector<std::string> const arguments{"ada@example.com", std::string(good_password),
                                                 "Ada"};
        (void)runs().command("create-admin", arguments).value();
        person made{.id = 0, .email = "ada@example.com", .token = token_of("ada@example.com")};
        std::string const session = as(made).get("/auth/session").body;
        made.id = std::stoll(session.substr(session.find("\"id\":") + 5));
        return made;
    }

    test_reply log_in(std::string_view email, std::string_view password = good_password)
    {
        return nobody().from(address).post(
            "/auth/login", fmt::format(R"({{"email":"{}","password":"{}"}})", email, password));
    }

    std::string token_of(std::string_view email, std::string_view password = good_password)
    {
        std::string const token = log_in(email, password).member("token");
        return token.substr(1, token.size() - 2);
    }

    using testing::service_fixture::as;
    speaker as(person const& who) { return with_token(who.token); }

    static std::string account_body(std::string_view name, std::string_view email,
                                    std::string_view password = good_password)
    {
        return fmt::format(R"({{"name":"{}","email":"{}","password":"{}"}})", name, email,
                           password);
    }

    std::vector<sent_mail> mails() { return db().read_now(all_mails); }

    // The code of the mail that was written last; empty when that mail holds none.
    std::string newest_code()
    {
        std::vector<sent_mail> const all = mails();
        std::size_t const at = all.empty() ? std::string::npos : all.back().text.find("OTP is ");
        return at == std::string::npos ? std::string{} : all.back().text.substr(at + 7, 6);
    }

    test_reply forgot(std::string_view email)
    {
        return nobody().from(address).post("/auth/forgot-password",
                                           fmt::format(R"({{"email":"{}"}})", email));
    }

    test_reply reset(std::string_view email, std::string_view code,
                     std::string_view password = other_password)
    {
        return nobody().from(address).post(
            "/auth/reset-password/otp",
            fmt::format(R"({{"email":"{}","otp":"{}","newPassword":"{}"}})", email, code,
                        password));
    }

    // Where log_in, forgot and reset come from.
    std::string address = "203.0.113.9";

private:
    static std::vector<sent_mail> all_mails(snapshot& in)
    {
        static constexpr statement sql{"test.mails",
                                       "SELECT to_address, subject, text FROM mails ORDER BY id"};
        return in.list<sent_mail>(sql);
    }
};

// Calls `act(0)` … `act(count - 1)` on as many threads at the same time.
template <class Act>
void at_once(int count, Act act)
{
    std::vector<std::jthread> threads;
    threads.reserve(static_cast<std::size_t>(count));
    for (int n = 0; n < count; ++n)
        threads.emplace_back([&act, n] { act(n); });
}

// The statuses of as many requests sent at the same time.
template <class Send>
std::vector<int> statuses_of(int count, Send send)
{
    std::vector<int> statuses(static_cast<std::size_t>(count));
    at_once(count, [&](int n) { statuses[static_cast<std::size_t>(n)] = send(n).status; });
    return statuses;
}

}  // namespace mc::user_service
