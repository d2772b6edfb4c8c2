#include "platform/runtime/keys.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

#include <fmt/format.h>

#include "platform/auth/tokens.hpp"
#include "platform/core/random.hpp"
#include "platform/core/text.hpp"

namespace mc
{
namespace
{

constexpr std::size_t made_key_bytes = 48;

// What gives a key, and where it is kept when nothing does.
struct key_kind
{
    std::string_view setting;
    std::string_view file;
};
constexpr key_kind key_kinds[] = {{"JWT_SECRET", "jwt"}, {"INTERNAL_TOKEN_SECRET", "internal"}};

error unusable(std::filesystem::path const& file, std::string_view why)
{
    return {error_kind::invalid, "config.secret_file", fmt::format("{}: {}", file.string(), why)};
}

// Made under another name and moved into place, so that a crash leaves no half of a secret.
result<> write_secret(std::filesystem::path const& file, std::string const& text)
{
    std::filesystem::path const draft = file.string() + ".new";
    int const out =
        ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (out < 0)
        return unusable(file, std::strerror(errno));
    ssize_t const written = ::write(out, text.data(), text.size());
    bool const durable = written == static_cast<ssize_t>(text.size()) && ::fsync(out) == 0;
    ::close(out);
    if (!durable || ::rename(draft.c_str(), file.c_str()) != 0)
        return unusable(file, "cannot be written");
    return result<>{};
}

result<secret> read_secret(std::filesystem::path const& file)
{
    std::ifstream in(file);
    std::string text;
    if (!in || !std::getline(in, text) || trimmed(text).empty())
        return unusable(file, "cannot be read or is empty");
    return secret(std::string(trimmed(text)));
}

// With one key for both, whoever may sign the one kind of token could sign the other.
std::optional<std::string> fault_of_pair(secret const& tokens,
                                         std::optional<secret> const& previous,
                                         secret const& internal)
{
    if (tokens.reveal() != internal.reveal() &&
        (!previous || previous->reveal() != internal.reveal()))
        return std::nullopt;
    return "INTERNAL_TOKEN_SECRET must be another key than JWT_SECRET and JWT_SECRET_PREVIOUS; "
           "make one with `openssl rand -base64 48`";
}

result<secret> given_or_kept(config const& settings, key_kind const& of,
                             std::filesystem::path const& data_dir)
{
    std::optional<secret> given = settings.hidden(of.setting);
    if (given)
        return std::move(*given);
    result<secret> kept = kept_secret(data_dir, of.file, made_key_bytes);
    if (!kept)
        return kept;
    // Ours never is, but somebody may have written their own into the file.
    std::filesystem::path const file = data_dir / "secrets" / of.file;
    if (std::optional<std::string> const weak = weakness_of_key(*kept, file.string()))
        return error{error_kind::invalid, "config.weak_secret", *weak};
    return kept;
}

}  // namespace

result<secret> kept_secret(std::filesystem::path const& data_dir, std::string_view name,
                           std::size_t random_bytes_count)
{
    std::filesystem::path const folder = data_dir / "secrets";
    std::filesystem::path const file = folder / name;
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed)
        return unusable(folder, failed.message());
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failed);

    if (!std::filesystem::exists(file, failed))
    {
        result<> const written = write_secret(file, random_hex(random_bytes_count));
        if (!written)
            return written.error();
    }
    return read_secret(file);
}

result<signing_keys> load_signing_keys(config const& settings,
                                       std::filesystem::path const& data_dir)
{
    result<secret> tokens = given_or_kept(settings, key_kinds[0], data_dir);
    if (!tokens)
        return tokens.error();
    result<secret> internal = given_or_kept(settings, key_kinds[1], data_dir);
    if (!internal)
        return internal.error();
    std::optional<secret> previous = settings.hidden("JWT_SECRET_PREVIOUS");
    if (std::optional<std::string> const same = fault_of_pair(*tokens, previous, *internal))
        return error{error_kind::invalid, "config.same_secret", *same};
    return signing_keys{std::move(*tokens), std::move(previous), std::move(*internal)};
}

std::optional<std::string> fault_of_kept_keys(config const& settings,
                                              std::filesystem::path const& data_dir)
{
    for (key_kind const& each : key_kinds)
    {
        std::filesystem::path const file = data_dir / "secrets" / each.file;
        if (settings.given(each.setting))
            continue;
        std::error_code failed;
        if (!std::filesystem::exists(file, failed))
            return fmt::format("{} is missing", file.string());
        result<secret> const kept = read_secret(file);
        if (!kept)
            return kept.error().message;
        if (std::optional<std::string> weak = weakness_of_key(*kept, file.string()))
            return weak;
    }
    return std::nullopt;
}

std::optional<std::string> fault_of_both_keys(config const& settings,
                                              std::filesystem::path const& data_dir)
{
    std::vector<secret> found;
    for (key_kind const& each : key_kinds)
    {
        std::optional<secret> given = settings.hidden(each.setting);
        result<secret> key = given ? result<secret>(std::move(*given))
                                   : read_secret(data_dir / "secrets" / each.file);
        if (!key)
            return std::nullopt;
        found.push_back(std::move(*key));
    }
    return fault_of_pair(found[0], settings.hidden("JWT_SECRET_PREVIOUS"), found[1]);
}

}  // namespace mc
