#include <doctest/doctest.h>

#include <array>

#include "platform/auth/actor.hpp"
#include "services/user/domain/email_address.hpp"
#include "services/user/domain/letters.hpp"
#include "services/user/domain/reset_code.hpp"
#include "services/user/domain/throttle.hpp"
#include "services/user/domain/user.hpp"

namespace mc::user_service
{
namespace
{

constexpr timestamp noon = from_epoch_ms(1'767'268'800'000);

user alice()
{
    user made;
    made.id = id_of<user>(7);
    made.name = "Alice";
    made.email = "alice@example.com";
    made.role = role::user;
    made.status = account_status::active;
    made.pwdv = "1.aa";
    made.updated_at = noon;
    return made;
}

}  // namespace

TEST_CASE("letters: a name is shown as far as it is harmless")
{
    std::string const forty(40, 'x');
    struct row
    {
        std::string name;
        std::string shown;
    };
    row const rows[] = {
        {"Alice", "Alice"},
        {"Zoë 张", "Zoë 张"},
        {"J. R. Hartley", "J. R. Hartley"},
        {"J.R. Hartley", "J.R. Hartley"},
        {"O'Neill-Smith, Jr.", "O'Neill-Smith, Jr."},
        {forty, forty},
        {forty + "x", std::string(39, 'x') + "…"},
        {"Maria de los Angeles Fernandez Gutierrez y Ruiz", "Maria de los Angeles Fernandez…"},
        {"You won! See https://evil.example/x", "customer"},
        {"ftp://x", "customer"},
        {"WWW.evil", "customer"},
        {"evil.example/win", "customer"},
        {"go to evil.co", "customer"},
        {"привет.рф", "customer"},
        {"mail me@evil.example", "customer"},
        {"two\nlines", "customer"},
        {"Bob\u2028Your code is 1", "customer"},
        {"Bob\u202Egnp.exe", "customer"},
    };
    for (row const& each : rows)
    {
        CAPTURE(each.name);
        CHECK(harmless(each.name) == each.shown);
        CHECK(code_points(harmless(each.name)) <= name_shown_max);
        CHECK(reset_code_letter(each.name, "123456", std::chrono::minutes(10)).text ==
              "Hello " + each.shown + ", your OTP is 123456. It expires in 10 minutes.");
        CHECK(password_changed_letter(each.name).text.starts_with("Hello " + each.shown + ", the"));
        CHECK(email_changed_letter(each.name).text.starts_with("Hello " + each.shown + ", the"));
    }
}

TEST_CASE("email_address: what mail can be sent to is taken, trimmed and in lower case")
{
    struct row
    {
        std::string_view typed;
        std::string_view kept;
    };
    std::array const rows{
        row{"alice@example.com", "alice@example.com"},
        row{"  Alice@Example.COM\t", "alice@example.com"},
        row{"a.b+tag_1'x/y=z@sub.example.co.uk", "a.b+tag_1'x/y=z@sub.example.co.uk"},
        row{"admin@localhost", "admin@localhost"},
        row{"1@2.3", "1@2.3"},
        row{"a-b@x-y.example", "a-b@x-y.example"},
        row{"Zoë@Müller.example", "zoë@müller.example"},
        row{"почта@пример.example", "почта@пример.example"},
    };
    for (row const& each : rows)
    {
        CAPTURE(each.typed);
        std::optional<email_address> const made = email_address::from(each.typed);
        REQUIRE(made);
        CHECK(made->value() == each.kept);
    }
}

TEST_CASE("email_address: what no mail can be sent to is refused")
{
    for (std::string_view const typed : {"",
                                         " ",
                                         "alice",
                                         "@",
                                         "@example.com",
                                         "alice@",
                                         "a@b@example.com",
                                         "al ice@example.com",
                                         "alice@exam ple.com",
                                         "alice@example.com\r\nBcc: x@example.com",
                                         "alice@example.com\n.",
                                         "Alice <alice@example.com>",
                                         "a@example.com,b@example.com",
                                         "a;b@example.com",
                                         ".a@example.com",
                                         "a.@example.com",
                                         "a..b@example.com",
                                         "a@.example.com",
                                         "a@example..com",
                                         "a@example.com.",
                                         "a@-example.com",
                                         "a@example-.com",
                                         "a@[127.0.0.1]",
                                         "\"a b\"@example.com",
                                         "a(b)@example.com",
                                         "a\\b@example.com",
                                         "a:b@example.com",
                                         "a@exa_mple.com",
                                         "a\u00A0b@example.com",
                                         "a@exam\u2003ple.com",
                                         "a\x7F@example.com",
                                         "\xFF@example.com"})
    {
        CAPTURE(typed);
        CHECK_FALSE(email_address::from(typed));
    }
}

TEST_CASE("email_address: what cannot be seen in it is refused")
{
    for (char const* const typed :
         {"ali\u00ADce@example.com", "alice@exam\u200Bple.com", "alice\u200D@example.com",
          "\u2060alice@example.com", "alice@example.com\u202E"})
        CHECK_FALSE(email_address::from(typed));
}

TEST_CASE("email_address: its limits hold on both sides")
{
    std::string const label(63, 'd');
    std::string const domain = label + "." + label + "." + std::string(59, 'e') + ".com";
    std::string const local(64, 'l');
    CHECK((local + "@" + domain).size() == 256);
    CHECK_FALSE(email_address::from(local + "@" + domain));
    CHECK(email_address::from(local + "@" + domain.substr(1)));  // 255
    CHECK(email_address::from(std::string(64, 'l') + "@example.com"));
    CHECK_FALSE(email_address::from(std::string(65, 'l') + "@example.com"));
    CHECK(email_address::from("a@" + std::string(63, 'd') + ".com"));
    CHECK_FALSE(email_address::from("a@" + std::string(64, 'd') + ".com"));
}

TEST_CASE("email_key_of: two spellings of one address have one key")
{
    CHECK(email_key_of(" ALICE@example.com ") == email_key_of("alice@EXAMPLE.com"));
    CHECK(email_key_of("ÉVA@example.com") == email_key_of("e\u0301va@example.com"));
    CHECK(email_key_of("alice@example.com") != email_key_of("alicf@example.com"));
    CHECK(email_address::from(" Éva@Example.com")->key() == email_key_of("éva@example.com"));
    // What looks like another address is that one.
    CHECK(email_key_of("alice@ｅｘａｍｐｌｅ.com") == email_key_of("alice@example.com"));
    CHECK(email_key_of("alice@example。com") == email_key_of("alice@example.com"));
    CHECK(email_key_of("ａｌｉｃｅ@example．com") == email_key_of("alice@example.com"));
    CHECK(email_key_of("alice@example｡com") == email_key_of("alice@example.com"));
    // One character that stands for eighteen: the key stays within the column.
    std::string sentences;
    while (sentences.size() < email_bytes_max)
        sentences += "\uFDFA";
    CHECK(code_points(email_key_of(sentences)) <= email_bytes_max);
}

TEST_CASE("wait_after: nothing up to four failures, then doubling up to a quarter of an hour")
{
    for (std::int64_t failures = 0; failures <= free_failures; ++failures)
        CHECK(wait_after(failures) == seconds{0});
    CHECK(wait_after(5) == seconds{2});
    CHECK(wait_after(6) == seconds{4});
    CHECK(wait_after(7) == seconds{8});
    CHECK(wait_after(13) == seconds{512});
    CHECK(wait_after(14) == seconds{900});
    CHECK(wait_after(99) == seconds{900});
    CHECK(wait_after(100) == std::chrono::hours(24));
    CHECK(wait_after(100'000) == std::chrono::hours(24));
}

TEST_CASE("attempt_after: counts before anybody looks, and not while it is closed")
{
    std::optional<failure_count> count;
    for (std::int64_t number = 1; number <= 5; ++number)
    {
        result<failure_count> const next = attempt_after(count, noon);
        REQUIRE(next);
        CHECK(next->failures == number);
        count = *next;
    }
    result<failure_count> const refused = attempt_after(count, noon + milliseconds{1'999});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == error_kind::throttled);
    CHECK(refused.error().retry_after_seconds == 1);
    CHECK(attempt_after(count, noon).error().retry_after_seconds == 2);

    result<failure_count> const sixth = attempt_after(count, noon + seconds{2});
    REQUIRE(sixth);
    CHECK(sixth->failures == 6);
    CHECK(sixth->open_at == noon + seconds{6});
}

TEST_CASE("attempt_after: a hundred in a row take most of a day, and a quiet week forgets them")
{
    std::optional<failure_count> count;
    timestamp now = noon;
    for (std::int64_t number = 1; number <= consecutive_failures_max; ++number)
    {
        if (count)
            now = std::max(now, count->open_at);
        count = attempt_after(count, now).value();
    }
    CHECK(count->failures == consecutive_failures_max);
    CHECK(now - noon > std::chrono::hours(21));
    CHECK(count->open_at == now + std::chrono::hours(24));
    CHECK(attempt_after(count, count->open_at).value().failures == consecutive_failures_max + 1);
    CHECK(attempt_after(count, now + failures_kept_for - milliseconds{1}).value().failures ==
          consecutive_failures_max + 1);
    CHECK(attempt_after(count, now + failures_kept_for).value().failures == 1);
}

TEST_CASE("judged: only whoever knows the code learns that it was used or has lapsed")
{
    reset_code code;
    code.code_mac = "right";
    code.expires_at = noon + std::chrono::minutes(10);
    CHECK(judged(code, "right", noon) == code_verdict::right);
    CHECK(judged(code, "wrong", noon) == code_verdict::wrong);
    CHECK(judged(code, "", noon) == code_verdict::wrong);
    CHECK(judged(code, "right", code.expires_at - milliseconds{1}) == code_verdict::right);
    CHECK(judged(code, "right", code.expires_at) == code_verdict::expired);
    CHECK(judged(code, "wrong", code.expires_at) == code_verdict::wrong);
    code.used_at = noon;
    CHECK(judged(code, "right", noon) == code_verdict::used);
    CHECK(judged(code, "right", code.expires_at) == code_verdict::used);
    CHECK(judged(code, "wrong", noon) == code_verdict::wrong);
}

TEST_CASE("edited: changes only what differs, and names it")
{
    account_change const nothing = edited(alice(), {}, noon + seconds{1});
    CHECK(nothing.is_nothing());
    CHECK(nothing.after.version == 1);
    CHECK(nothing.after.updated_at == noon);

    account_edit same;
    same.name = "Alice";
    same.email = "alice@example.com";
    same.role = role::user;
    same.status = account_status::active;
    CHECK(edited(alice(), same, noon).is_nothing());

    account_edit all;
    all.name = "Bob";
    all.email = "bob@example.com";
    all.role = role::supplier;
    all.status = account_status::blocked;
    account_change const changed = edited(alice(), all, noon + seconds{1});
    CHECK(changed.changed ==
          std::vector<std::string_view>{"name", "email", "role", "accountStatus"});
    CHECK(changed.after.name == "Bob");
    CHECK(changed.after.email == "bob@example.com");
    CHECK(changed.after.role == role::supplier);
    CHECK(changed.after.status == account_status::blocked);
    CHECK(changed.after.version == 2);
    CHECK(changed.after.updated_at == noon + seconds{1});
    CHECK(changed.before.name == "Alice");
}

TEST_CASE("ending_sessions: one epoch and one version more than the change without it")
{
    account_edit wanted;
    wanted.name = "Bob";
    account_change const change = ending_sessions(edited(alice(), wanted, noon),
                                                  revoke_reason::logout, "2.bb", noon + seconds{1});
    CHECK(change.after.session_epoch == 2);
    CHECK(change.after.pwdv == "2.bb");
    CHECK(change.after.revoked_for == revoke_reason::logout);
    CHECK(change.ended == revoke_reason::logout);
    CHECK(change.after.version == 3);
    CHECK(change.before.session_epoch == 1);
}

TEST_CASE("deleted: nothing personal stays")
{
    user const gone = deleted(alice(), "2.bb", noon + seconds{1});
    CHECK(gone.id == alice().id);
    CHECK(gone.name.empty());
    CHECK(gone.email.empty());
    CHECK(gone.session_epoch == 2);
    CHECK(gone.pwdv == "2.bb");
    CHECK(gone.version == 2);
    CHECK(gone.deleted_at == noon + seconds{1});
}

TEST_CASE("letters: the code's mail is the contract's word by word")
{
    letter const mailed = reset_code_letter("Zoë", "769769", std::chrono::minutes(10));
    CHECK(mailed.subject == "Your password reset OTP");
    CHECK(mailed.text == "Hello Zoë, your OTP is 769769. It expires in 10 minutes.");
    CHECK(reset_code_letter("A", "1", std::chrono::minutes(1)).text.ends_with("in 1 minute."));
}

}  // namespace mc::user_service
