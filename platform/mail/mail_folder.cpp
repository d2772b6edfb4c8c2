#include "platform/mail/mail_folder.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include <sys/stat.h>

#include "platform/mail/delivery.hpp"
#include "platform/mail/message.hpp"

namespace mc
{

namespace
{

constexpr std::string_view suffix = ".eml";

class folder_way final : public mail_delivery::way
{
public:
    explicit folder_way(std::filesystem::path folder) : folder_(std::move(folder)) {}

    mail_delivery::outcome deliver(mail_delivery::letter const& out) override
    {
        std::error_code failed;
        std::filesystem::create_directories(folder_, failed);
        std::filesystem::permissions(folder_, std::filesystem::perms::owner_all, failed);
        // First under another name, so that whoever lists the folder sees whole mails only.
        std::filesystem::path const part = folder_ / (std::string(out.file_name) + ".part");
        {
            std::ofstream file(part, std::ios::binary | std::ios::trunc);
            ::chmod(part.c_str(), S_IRUSR | S_IWUSR);
            file << out.message;
            file.flush();
            if (!file)
                return {mail_delivery::outcome::what::away, "the mail folder cannot be written"};
        }
        std::filesystem::rename(part, folder_ / out.file_name, failed);
        if (failed)
            return {mail_delivery::outcome::what::away, failed.message()};
        return {};
    }

private:
    std::filesystem::path folder_;
};

bool is_file_name(std::string_view name)
{
    return name.ends_with(suffix) && name.size() > suffix.size() && !name.starts_with('.') &&
           name.find_first_of("/\\") == std::string_view::npos &&
           name.find('\0') == std::string_view::npos;
}

// The value of a header, continuation lines joined; empty when it is not there.
std::string header(std::string_view head, std::string_view name)
{
    std::string found;
    bool inside = false;
    while (!head.empty())
    {
        std::size_t const end = std::min(head.find('\n'), head.size());
        std::string_view line = head.substr(0, end);
        head.remove_prefix(std::min(end + 1, head.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (inside && line.starts_with(' '))
        {
            found.append(line);
            continue;
        }
        if (inside)
            break;
        if (line.starts_with(name) && line.substr(name.size()).starts_with(": "))
        {
            found = line.substr(name.size() + 2);
            inside = true;
        }
    }
    return message::decode_header(found);
}

filed_mail read(std::filesystem::path const& file)
{
    std::ifstream from(file, std::ios::binary);
    std::string const all{std::istreambuf_iterator<char>(from), {}};
    std::size_t const end = std::min(all.find("\r\n\r\n"), all.size());
    std::string_view const head = std::string_view(all).substr(0, end);
    std::string_view const body = std::string_view(all).substr(std::min(end + 4, all.size()));
    return {file.filename().string(), header(head, "Date"),
            header(head, "From"),     header(head, "To"),
            header(head, "Subject"),  message::decode_quoted_printable(body)};
}

}  // namespace

std::unique_ptr<mail_delivery::way> mail_delivery::into_folder(std::filesystem::path folder)
{
    return std::make_unique<folder_way>(std::move(folder));
}

std::vector<filed_mail> mail_folder::list(std::filesystem::path const& folder, std::size_t max)
{
    std::vector<std::filesystem::path> files;
    std::error_code failed;
    for (std::filesystem::directory_iterator at(folder, failed), end; !failed && at != end;
         at.increment(failed))
        if (is_file_name(at->path().filename().string()))
            files.push_back(at->path());
    // A name begins with its time and ends with its number; shorter numbers are smaller.
    std::ranges::sort(files, std::greater{}, [](std::filesystem::path const& file)
                      { return std::pair(file.string().size(), file.string()); });
    std::vector<filed_mail> mails;
    for (std::size_t i = 0; i < std::min(max, files.size()); ++i)
        mails.push_back(read(files[i]));
    return mails;
}

std::optional<filed_mail> mail_folder::find(std::filesystem::path const& folder,
                                            std::string_view name)
{
    if (!is_file_name(name) || !std::filesystem::is_regular_file(folder / name))
        return std::nullopt;
    return read(folder / name);
}

}  // namespace mc
