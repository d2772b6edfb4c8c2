#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "platform/auth/hmac.hpp"
#include "platform/core/encoding.hpp"

using namespace mc;

namespace
{

std::string tag_of(std::string key, std::string_view text)
{
    hmac_tag const tag = hmac_key(secret{std::move(key)}).sign(text);
    return hex({tag.data(), tag.size()});
}

}  // namespace

TEST_CASE("hmac_key: the test vectors of RFC 4231")
{
    CHECK(tag_of(std::string(20, '\x0b'), "Hi There") ==
          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    CHECK(tag_of("Jefe", "what do ya want for nothing?") ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(tag_of(std::string(131, '\xaa'),
                 "Test Using Larger Than Block-Size Key - Hash Key First") ==
          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("hmac_key: a tag matches its text and key, whole, and nothing else")
{
    hmac_key const key(secret{"one key"});
    hmac_tag const tag = key.sign("text");
    std::string_view const bytes(tag.data(), tag.size());
    CHECK(key.matches("text", bytes));
    CHECK_FALSE(key.matches("Text", bytes));
    CHECK_FALSE(key.matches("text", bytes.substr(1)));
    CHECK_FALSE(key.matches("text", ""));
    CHECK_FALSE(hmac_key(secret{"another"}).matches("text", bytes));
}

TEST_CASE("hmac_key: more keys than a thread keeps contexts for, on several threads, stay apart")
{
    std::vector<std::unique_ptr<hmac_key>> keys;
    std::vector<hmac_tag> tags;
    for (int i = 0; i < 20; ++i)
    {
        keys.push_back(std::make_unique<hmac_key>(secret{"key " + std::to_string(i)}));
        tags.push_back(keys.back()->sign("text"));
    }
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 3; ++thread)
        threads.emplace_back(
            [&]
            {
                for (std::size_t i = 0; i < 200; ++i)
                    if (keys[i % 20]->sign("text") != tags[i % 20])
                        ++wrong;
            });
    for (std::thread& each : threads)
        each.join();
    CHECK(wrong == 0);
    CHECK(tags[0] != tags[1]);
}
