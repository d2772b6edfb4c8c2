#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include <netinet/in.h>

namespace mc::bench
{

// What to ask of whom, read from a text file of one word a line (README.md shows one):
//
//   target NAME ADDRESS:PORT             an IPv4 address; every client holds one connection to each
//   target list NAME cycle|random FILE          values for ${NAME}, one a line, taken in turn or by
//   chance request NAME WEIGHT STATUS TARGET METHOD PATH header NAME: VALUE                   of
//   the request above body TEXT                            of the request above; Content-Type
//   becomes application/json
//
// Paths, header values and bodies may hold ${NAME} of a list above, and ${unique}, a number no
// other request of any run has. Empty lines and lines that start with # are skipped.
class plan
{
public:
    struct target
    {
        std::string name;
        sockaddr_in address;
        std::string host;  // The Host header.
    };

    struct request
    {
        std::string name;
        unsigned weight;
        int status;  // The only one that is not an error.
        std::size_t target;
    };

    // Throws std::runtime_error that names the line when the file cannot be read or makes no sense.
    // `lists_from` is the folder that relative list files are in.
    plan(std::istream& text, std::filesystem::path const& lists_from);

    static plan read_from(std::filesystem::path const& file);

    std::vector<target> const& targets() const noexcept { return targets_; }
    std::vector<request> const& requests() const noexcept { return requests_; }

    // The next request by weight, by a fixed pseudo-random sequence: two runs ask the same.
    std::size_t choose() noexcept;

    // Replaces `into` by the bytes of the request, its lists' next values filled in.
    void write(std::size_t request, std::string& into);

private:
    enum class order
    {
        cycle,
        random,
        unique,
    };

    struct list
    {
        std::string name;
        order by;
        std::vector<std::string> values;
        std::size_t next = 0;
    };

    // Text, and after it the value of a list; `text_only` says there is none.
    struct piece
    {
        std::string text;
        std::size_t list;
    };

    struct draft
    {
        std::string start_line;
        std::string headers;
        std::string body;
    };

    static constexpr std::size_t text_only = static_cast<std::size_t>(-1);

    void read_line(std::string_view line, std::filesystem::path const& lists_from);
    void read_target(std::istream& words);
    void read_list(std::istream& words, std::filesystem::path const& lists_from);
    void read_request(std::istream& words);
    draft& latest_draft();
    void finish();
    std::vector<piece> split(std::string_view text) const;
    std::string const& value_of(list& from);
    void append(std::vector<piece> const& pieces, std::string& into);
    std::uint64_t random() noexcept;

    std::vector<target> targets_;
    std::vector<list> lists_;
    std::vector<request> requests_;
    std::vector<draft> drafts_;
    // Per request, up to the blank line, which `write` adds.
    std::vector<std::vector<piece>> heads_;
    std::vector<std::vector<piece>> bodies_;  // Per request; empty: no body.
    std::vector<unsigned> weights_up_to_;     // Running sums.
    std::uint64_t random_state_ = 0x9e3779b97f4a7c15;
    std::uint64_t unique_ = 0;
    std::string unique_text_;
    std::string body_text_;
};

}  // namespace mc::bench
