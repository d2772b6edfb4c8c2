#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include "bench/plan.hpp"

using mc::bench::plan;

namespace
{

// A folder with the list files of one test, removed after it.
class folder
{
public:
    folder()
    {
        std::string made = (std::filesystem::temp_directory_path() / "bench-plan-XXXXXX").string();
        path_ = ::mkdtemp(made.data());
    }
    folder(folder const&) = delete;
    ~folder() { std::filesystem::remove_all(path_); }

    void file(std::string const& name, std::string const& text) const
    {
        std::ofstream(path_ / name) << text;
    }

    plan read(std::string const& text) const
    {
        std::istringstream stream(text);
        return plan(stream, path_);
    }

private:
    std::filesystem::path path_;
};

std::string refusal(folder const& in, std::string const& text)
{
    try
    {
        in.read(text);
        return "";
    }
    catch (std::runtime_error const& refused)
    {
        return refused.what();
    }
}

}  // namespace

TEST_CASE("plan: requests are written byte for byte, lists taken in turn")
{
    folder in;
    in.file("tokens", "aaa\nbbb\n");
    in.file("ids", "7\n");
    plan asks = in.read("# add to cart\n\n"
                        "target cart 127.0.0.1:3002\n"
                        "list token cycle tokens\n"
                        "list id random ids\n"
                        "request add 1 201 cart POST /carts/${id}/items\n"
                        "header Authorization: Bearer ${token}\n"
                        "body {\"productId\":${id}}\n");
    std::string bytes;
    for (std::string const token : {"aaa", "bbb", "aaa"})
    {
        asks.write(0, bytes);
        CHECK(bytes == fmt::format("POST /carts/7/items HTTP/1.1\r\nHost: 127.0.0.1:3002\r\n"
                                   "Authorization: Bearer {}\r\nContent-Type: application/json\r\n"
                                   "Content-Length: 15\r\n\r\n{{\"productId\":7}}",
                                   token));
    }
}

TEST_CASE("plan: a request without a body ends with the blank line")
{
    plan asks = folder().read("target a 127.0.0.1:80\nrequest r 1 200 a GET /health\n");
    std::string bytes;
    asks.write(0, bytes);
    CHECK(bytes == "GET /health HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n");
}

TEST_CASE("plan: requests are chosen by their weights")
{
    plan asks = folder().read("target a 127.0.0.1:80\n"
                              "request often 80 200 a GET /\n"
                              "request seldom 15 200 a GET /\n"
                              "request rarely 5 200 a GET /\n");
    std::vector<int> chosen(3);
    for (int i = 0; i < 100'000; ++i)
        ++chosen[asks.choose()];
    CHECK(chosen[0] == doctest::Approx(80'000).epsilon(0.02));
    CHECK(chosen[1] == doctest::Approx(15'000).epsilon(0.05));
    CHECK(chosen[2] == doctest::Approx(5'000).epsilon(0.1));
}

TEST_CASE("plan: ${unique} never repeats, ${list} by chance reaches every value")
{
    folder in;
    in.file("ids", "1\n2\n3\n");
    std::string const text = "target a 127.0.0.1:80\nlist id random ids\n"
                             "request r 1 200 a GET /${id}/${unique}\n";
    std::set<std::string> all;
    std::set<std::string> ids;
    for (int run = 0; run < 2; ++run)
    {
        plan asks = in.read(text);
        std::string bytes;
        for (int i = 0; i < 100; ++i)
        {
            asks.write(0, bytes);
            all.insert(bytes.substr(6));
            ids.insert(bytes.substr(0, 6));
        }
    }
    CHECK(all.size() == 200);
    CHECK(ids.size() == 3);
}

TEST_CASE("plan: nonsense is refused with its line")
{
    folder in;
    in.file("empty", "");
    std::string const target = "target a 127.0.0.1:80\n";
    CHECK(refusal(in, "") == "the plan has no request");
    CHECK(refusal(in, "fetch /\n") == "line 1: unknown word \"fetch\"");
    CHECK(refusal(in, "target a localhost:80\n") ==
          "line 1: a target is ADDRESS:PORT with an IPv4 address");
    CHECK(refusal(in, "target a 127.0.0.1:0\n") ==
          "line 1: the port must be a number from 1 to 65535");
    CHECK(refusal(in, target + "request r 1 200 b GET /\n") == "line 2: unknown target \"b\"");
    CHECK(refusal(in, target + "request r 0 200 a GET /\n") ==
          "line 2: the weight must be a number from 1 to 1000000");
    CHECK(refusal(in, target + "request r 1 200 a GET\n") == "line 2: the path is missing");
    CHECK(refusal(in, target + "request r 1 200 a GET /${id}\n") == "line 2: unknown list \"id\"");
    CHECK(refusal(in, target + "request r 1 200 a GET /${id\n") == "line 2: a ${ is not closed");
    CHECK(refusal(in, "list id cycle empty\n").starts_with("line 1: no values in "));
    CHECK(refusal(in, "header A: b\n") == "line 1: a header or body needs a request above it");
}
