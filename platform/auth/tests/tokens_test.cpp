#include <ctime>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "platform/auth/tokens.hpp"
#include "platform/auth/tests/forging.hpp"

using namespace mc;
using namespace mc::auth_testing;

namespace
{

token_claims sample_claims()
{
    return {.id = id_of<user>{14},
            .role = role::supplier,
            .epoch = 3,
            .pwdv = "3.9f8a",
            .issued = now,
            .expires = now + token_lifetime,
            .jti = "a1b2"};
}

// The sentence with which a token is refused at `now`, or "accepted".
std::string answer_to(std::string_view token)
{
    result<token_claims> const claims = token_keys(key()).verify(token, now);
    if (claims)
        return "accepted";
    CHECK(claims.error().kind == error_kind::unauthenticated);
    return claims.error().message;
}

std::string payload_text(std::string_view token)
{
    return from_base64url(jwt::split(token)->payload).value_or("?");
}

struct row
{
    std::string token;
    std::string_view sentence;
    std::string_view why;
};

void check_all(std::vector<row> const& rows)
{
    for (row const& each : rows)
    {
        CAPTURE(each.why);
        CHECK(answer_to(each.token) == each.sentence);
    }
}

}  // namespace

TEST_CASE("token_keys: a token is exactly the contract's header and claims, ours behind")
{
    std::string const token = token_keys(key()).sign(sample_claims());
    CHECK(token.starts_with("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."));
    CHECK(payload_text(token) ==
          R"({"id":14,"role":"supplier","pwdv":"3.9f8a","iat":1795375494,"exp":1795461894,)"
          R"("iss":"microcommerce","aud":"microcommerce","jti":"a1b2"})");
}

TEST_CASE("token_keys: what was signed is read back, times in whole seconds")
{
    token_keys const keys(key());
    result<token_claims> const claims = keys.verify(keys.sign(sample_claims()), now);
    REQUIRE(claims);
    CHECK(claims->id == id_of<user>{14});
    CHECK(claims->role == role::supplier);
    CHECK(claims->epoch == 3);
    CHECK(claims->pwdv == "3.9f8a");
    CHECK(claims->issued == from_epoch_ms(now_s * 1000));
    CHECK(claims->expires == from_epoch_ms((now_s + 86'400) * 1000));
    CHECK(claims->jti == "a1b2");
}

TEST_CASE("token_keys: a token that another implementation signed is accepted")
{
    // Made with Python's hmac and base64 from forging.hpp's key, header and payload.
    CHECK(answer_to("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
                    "eyJpZCI6MTQsInJvbGUiOiJ1c2VyIiwicHdkdiI6IjMuOWY4YSIsImlhdCI6MTc5NTM3NT"
                    "AwMCwiZXhwIjoxNzk1NDYxNDAwLCJpc3MiOiJtaWNyb2NvbW1lcmNlIiwiYXVkIjoibWlj"
                    "cm9jb21tZXJjZSIsImp0aSI6ImExIn0."
                    "skci5PRz7QDNlIDQF-Y6Lb804rICjNE-PVFNMW2an84") == "accepted");
}

TEST_CASE("token_keys: what is no token of ours gets the contract's sentences")
{
    token_keys const keys(key());
    std::string const good = keys.sign(sample_claims());
    jwt::parts const parts = *jwt::split(good);
    std::string const head(parts.header);
    std::string const body(parts.payload);
    std::string const tag(parts.signature);
    std::string const none = base64url(R"({"alg":"none","typ":"JWT"})");

    check_all({
        {"", "jwt malformed", "nothing"},
        {"garbage", "jwt malformed", "no dots"},
        {"a.b", "jwt malformed", "two parts"},
        {good + ".x", "jwt malformed", "four parts"},
        {std::string(token_bytes_max + 1, 'a'), "jwt malformed", "too long"},
        {good + std::string(token_bytes_max, 'A'), "jwt malformed", "a good one made too long"},
        {"..", "invalid token", "three empty parts"},
        {"a.b.c", "invalid token", "three parts of nothing"},
        {"!!!." + body + "." + tag, "invalid token", "header is not base64url"},
        {head + "=." + body + "." + tag, "invalid token", "padded header"},
        {head + "." + body + "." + tag + "=", "invalid token", "padded signature"},
        {head + "." + body + "." + tag + "%", "invalid token", "signature is not base64url"},
        {head + "." + body + "." + tag + "A", "invalid signature", "a 33rd byte"},
        {head + "." + body + "." + tag + "AA", "invalid token", "no whole byte more"},
        {head + "." + body + "." + tag + "AAAA", "invalid signature", "three trailing bytes"},
        {head + "." + body + "." + tag.substr(0, 42), "invalid token", "signature cut"},
        {head + "." + body + "." + tag.substr(0, 40), "invalid signature",
         "signature cut by whole groups"},
        {base64url("not json") + "." + body + "." + tag, "invalid token", "header is no JSON"},
        {base64url("[]") + "." + body + "." + tag, "invalid algorithm", "header is an array"},
        {head + "." + body + ".", "jwt signature is required", "no signature"},
        {none + "." + body + ".", "jwt signature is required", "alg none"},
        {none + "." + body + "." + tag, "invalid algorithm", "alg none, signed"},
        {token_keys(other_key()).sign(sample_claims()), "invalid signature", "another secret"},
        {head + "." + base64url(payload_with("14", "15")) + "." + tag, "invalid signature",
         "another payload"},
    });
}

TEST_CASE("token_keys: another spelling of the same signature or payload is refused")
{
    std::string const good = token_keys(key()).sign(sample_claims());
    // 32 bytes end in a group of three characters, of which the last holds two bits too many.
    std::string twisted = good;
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    twisted.back() = alphabet[alphabet.find(twisted.back()) | 1U];
    REQUIRE(twisted != good);
    CHECK(answer_to(twisted) == "invalid token");

    jwt::parts const parts = *jwt::split(good);
    CHECK(answer_to(signed_text(std::string(parts.header) + "." + std::string(parts.payload) +
                                "=")) == "invalid token");
    CHECK(answer_to(signed_text(std::string(parts.header) + "." + base64url("{}") + " ")) ==
          "invalid token");
}

TEST_CASE("token_keys: a good signature under any header but ours is refused")
{
    auto const under = [](std::string_view header) { return forge(header, good_payload); };
    check_all({
        {under(R"({"alg":"HS256","typ":"JWT"})"), "accepted", "ours"},
        {under(R"({"typ":"JWT","alg":"HS256"})"), "accepted", "ours in another order"},
        {under(R"({"alg":"HS384","typ":"JWT"})"), "invalid algorithm", "HS384"},
        {under(R"({"alg":"HS512","typ":"JWT"})"), "invalid algorithm", "HS512"},
        {under(R"({"alg":"RS256","typ":"JWT"})"), "invalid algorithm", "RS256, the key confusion"},
        {under(R"({"alg":"none","typ":"JWT"})"), "invalid algorithm", "none"},
        {under(R"({"alg":"hs256","typ":"JWT"})"), "invalid algorithm", "lower case"},
        {under(R"({"alg":["HS256"],"typ":"JWT"})"), "invalid algorithm", "alg is an array"},
        {under(R"({"alg":null,"typ":"JWT"})"), "invalid algorithm", "alg is null"},
        {under(R"({"typ":"JWT"})"), "invalid algorithm", "no alg"},
        {under(R"({"alg":"HS256"})"), "invalid token", "no typ"},
        {under(R"({"alg":"HS256","typ":"internal+jwt"})"), "invalid token",
         "an internal token's typ"},
        {under(R"({"alg":"HS256","typ":"jwt"})"), "invalid token", "typ in lower case"},
        {under(R"({"alg":"HS256","typ":"JWT","kid":"1"})"), "invalid token", "kid"},
        {under(R"({"alg":"HS256","typ":"JWT","jku":"https://evil.example/k"})"), "invalid token",
         "jku"},
        {under(R"({"alg":"HS256","typ":"JWT","jwk":{"kty":"oct","k":"AA"}})"), "invalid token",
         "jwk"},
        {under(R"({"alg":"HS256","typ":"JWT","x5u":"https://evil.example/c"})"), "invalid token",
         "x5u"},
        {under(R"({"alg":"HS256","typ":"JWT","crit":["exp"]})"), "invalid token", "crit"},
        {under(R"({"alg":"HS256","typ":"JWT","b64":false})"), "invalid token", "b64"},
        {under(R"({"alg":"HS256","alg":"HS256","typ":"JWT"})"), "invalid token", "alg twice"},
        {under(R"({"alg":"none","alg":"HS256","typ":"JWT"})"), "invalid token", "two algorithms"},
        {under(R"({"alg":"HS256","typ":"JWT"} x)"), "invalid token", "something behind it"},
    });
}

TEST_CASE("token_keys: claims, one wrong at a time")
{
    auto const where = [](std::string_view was, std::string_view is)
    { return with_payload(payload_with(was, is)); };
    check_all({
        {with_payload(good_payload), "accepted", "the good one"},
        {where(R"("jti":"a1")", R"("jti":"a1","extra":[1,{"a":2}])"), "accepted",
         "a claim we do not know"},
        {with_payload("not json"), "invalid token", "payload is no JSON"},
        {with_payload("\"text\""), "invalid token", "payload is a string"},
        {with_payload("[1]"), "invalid exp value", "payload is an array"},
        {with_payload(""), "invalid token", "payload is empty"},
        {with_payload(std::string(good_payload) + "x"), "invalid token", "something behind it"},
        {where(R"("id":14)", R"("id":1,"id":14)"), "invalid token", "id twice"},
        {where(R"("role":"user")", R"("role":"admin","role":"user")"), "invalid token",
         "role twice"},
        {where(R"("jti":"a1")", R"("x":{"a":1,"a":2})"), "invalid token", "a member twice, inside"},
        {where("a1\"", "\\ud800\""), "invalid token", "a lone surrogate"},
        {where(R"("id":14)", R"("id":null)"), "Unauthorized", "id null"},
        {where(R"("id":14)", R"("id":"14")"), "Unauthorized", "id a string"},
        {where(R"("id":14)", R"("id":"14abc")"), "Unauthorized",
         "id a string that a database would cut"},
        {where(R"("id":14)", R"("id":0)"), "Unauthorized", "id zero"},
        {where(R"("id":14)", R"("id":-14)"), "Unauthorized", "id negative"},
        {where(R"("id":14)", R"("id":14.5)"), "Unauthorized", "id broken"},
        {where(R"("id":14)", R"("id":{"a":1})"), "Unauthorized", "id an object"},
        {where(R"("id":14,)", ""), "Unauthorized", "no id"},
        {where(R"("role":"user")", R"("role":"root")"), "invalid token", "a role nobody has"},
        {where(R"("role":"user")", R"("role":7)"), "invalid token", "role a number"},
        {where(R"("pwdv":"3.9f8a",)", ""), "Session expired, please login again", "no pwdv"},
        {where(R"("3.9f8a")", "7"), "Session expired, please login again", "pwdv a number"},
        {where("3.9f8a", "0f3d9b7c55aa"), "Session expired, please login again",
         "pwdv of the system before"},
        {where(R"("exp":1795461400,)", ""), "invalid exp value", "no exp"},
        {where("1795461400", R"("1795461400")"), "invalid exp value", "exp a string"},
        {where("1795461400", "1e400"), "invalid exp value", "exp beyond any number"},
        {where("1795461400", "1.7954614e9"), "invalid exp value", "exp with an exponent"},
        {where("1795461400", "-1"), "invalid exp value", "exp negative"},
        {where("1795461400", "99999999999999"), "invalid exp value", "exp after the year 9999"},
        {where("1795461400", "null"), "invalid exp value", "exp null"},
        {where(R"("iat":1795375000,)", ""), "invalid token", "no iat"},
        {where("1795375000", "-5"), "invalid token", "iat negative"},
        {where(R"("jti")", R"("nbf":"soon","jti")"), "invalid token", "nbf a string"},
        {where(R"("iss":"microcommerce",)", ""), "invalid token", "no iss"},
        {where(R"("iss":"microcommerce")", R"("iss":"other")"), "invalid token", "another iss"},
        {where(R"("aud":"microcommerce",)", ""), "invalid token", "no aud"},
        {where(R"("aud":"microcommerce")", R"("aud":"cart")"), "invalid token", "another aud"},
        {where(R"("aud":"microcommerce")", R"("aud":["microcommerce","x"])"), "invalid token",
         "aud a list"},
    });
}

TEST_CASE(
    "token_keys: times are compared to the second, iat and nbf with 30 s of skew, exp with none")
{
    auto const exp = [](std::int64_t at)
    { return answer_to(with_payload(payload_with("1795461400", std::to_string(at)))); };
    CHECK(exp(now_s + 1) == "accepted");
    CHECK(exp(now_s) == "jwt expired");
    CHECK(exp(0) == "jwt expired");

    auto const iat = [](std::int64_t at)
    { return answer_to(with_payload(payload_with("1795375000", std::to_string(at)))); };
    CHECK(iat(now_s + 30) == "accepted");
    CHECK(iat(now_s + 31) == "jwt not active");
    CHECK(iat(std::numeric_limits<std::int64_t>::max()) == "jwt not active");

    auto const nbf = [](std::int64_t at)
    {
        return answer_to(
            with_payload(payload_with(R"("jti")", "\"nbf\":" + std::to_string(at) + ",\"jti\"")));
    };
    CHECK(nbf(now_s + 30) == "accepted");
    CHECK(nbf(now_s + 31) == "jwt not active");
    CHECK(nbf(0) == "accepted");
}

TEST_CASE("token_keys: while a key is changed both are accepted, and only the new one signs")
{
    std::string const old_token = token_keys(other_key()).sign(sample_claims());
    token_keys const rotating(key(), other_key());
    CHECK(rotating.verify(old_token, now));
    std::string const new_token = rotating.sign(sample_claims());
    CHECK(token_keys(key()).verify(new_token, now));
    CHECK_FALSE(token_keys(other_key()).verify(new_token, now));
    CHECK(answer_to(old_token) == "invalid signature");
}

TEST_CASE("token_keys: a token that held before is looked at anew: its time, its keys, its text")
{
    token_keys const keys(key());
    std::string const token = keys.sign(sample_claims());
    REQUIRE(keys.verify(token, now));
    REQUIRE(keys.verify(token, now));
    CHECK(keys.verify(token, now)->pwdv == "3.9f8a");

    CHECK(keys.verify(token, now + token_lifetime - seconds{1}));
    result<token_claims> const late = keys.verify(token, now + token_lifetime);
    REQUIRE_FALSE(late);
    CHECK(late.error().message == "jwt expired");
    result<token_claims> const early = keys.verify(token, now - token_skew_max - seconds{1});
    REQUIRE_FALSE(early);
    CHECK(early.error().message == "jwt not active");

    CHECK_FALSE(token_keys(other_key()).verify(token, now));
    std::string changed = token;
    changed[changed.size() - 2] = changed[changed.size() - 2] == 'A' ? 'B' : 'A';
    CHECK_FALSE(keys.verify(changed, now));
    CHECK_FALSE(keys.verify(token + "A", now));
}

TEST_CASE("token_keys: more tokens than are remembered are all told apart")
{
    token_keys const keys(key());
    std::vector<std::string> tokens;
    for (std::int64_t id = 1; id <= 3'000; ++id)
    {
        token_claims claims = sample_claims();
        claims.id = id_of<user>{id};
        tokens.push_back(keys.sign(claims));
    }
    for (int round = 0; round < 2; ++round)
        for (std::size_t at = 0; at < tokens.size(); ++at)
            REQUIRE(keys.verify(tokens[at], now)->id.value == static_cast<std::int64_t>(at) + 1);
}

TEST_CASE("new_token_claims: a day long, with an id of its own")
{
    token_claims const first = new_token_claims({id_of<user>{5}, role::admin}, "7.abcd", now);
    token_claims const second = new_token_claims({id_of<user>{5}, role::admin}, "7.abcd", now);
    CHECK(first.epoch == 7);
    CHECK(first.expires - first.issued == seconds{86'400});
    CHECK(first.jti.size() == 32);
    CHECK(first.jti != second.jti);
}

TEST_CASE("pwdv: <epoch>.<random>, in one spelling")
{
    CHECK(epoch_of(new_pwdv(0)) == 0);
    CHECK(epoch_of(new_pwdv(41)) == 41);
    CHECK(new_pwdv(41) != new_pwdv(41));
    CHECK(epoch_of("999999999999999999.x") == 999'999'999'999'999'999);
    for (std::string_view const wrong :
         {"", ".", "1", "1.", ".x", "01.x", "-1.x", "+1.x", " 1.x", "1 .x", "1.x y", "1.x.y",
          "0x1.x", "1000000000000000000.x", "1.é"})
    {
        CAPTURE(wrong);
        CHECK_FALSE(epoch_of(wrong));
    }
    CHECK(epoch_of("1." + std::string(64, 'x')) == 1);
    CHECK_FALSE(epoch_of("1." + std::string(65, 'x')));
}

TEST_CASE("token_keys: what a verification costs (printed, not judged)")
{
    token_keys const keys(key());
    std::string const token = keys.sign(sample_claims());
    auto const cpu_ns = []
    {
        timespec at{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
        return at.tv_sec * 1'000'000'000 + at.tv_nsec;
    };
    constexpr int runs = 20'000;
    int accepted = 0;
    std::int64_t const begin = cpu_ns();
    for (int i = 0; i < runs; ++i)
        accepted += keys.verify(token, now).has_value() ? 1 : 0;
    std::int64_t const took = cpu_ns() - begin;
    CHECK(accepted == runs);
    MESSAGE("one verification of ", token.size(), " bytes: ", took / runs, " ns of CPU");
}
