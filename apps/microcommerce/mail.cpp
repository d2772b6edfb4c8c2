#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/microcommerce/commands.hpp"
#include "platform/core/text.hpp"
#include "platform/mail/mail_folder.hpp"

namespace mc::app
{
namespace
{

constexpr std::size_t mails_shown_max = 1000;

struct show_options
{
    std::string to;
    bool newest = false;
};

std::vector<filed_mail> mails_of(common_options const& from)
{
    std::unique_ptr<config> const settings = load_config(from, all_services());
    require_shop(data_dir_of(*settings));
    return mail_folder::list(data_dir_of(*settings) / "mail", mails_shown_max);
}

void list(common_options const& from)
{
    for (filed_mail const& each : mails_of(from))
        fmt::print("{}  {}  {}\n", each.name, each.to, each.subject);
}

void print(filed_mail const& shown)
{
    fmt::print("Date: {}\nFrom: {}\nTo: {}\nSubject: {}\n\n{}\n", shown.date, shown.from, shown.to,
               shown.subject, shown.text);
}

void show(common_options const& from, show_options const& asked)
{
    int found = 0;
    for (filed_mail const& each : mails_of(from))
    {
        if (lower_case(each.to).find(lower_case(asked.to)) == std::string::npos)
            continue;
        if (++found > 1)
            fmt::print("\n");
        print(each);
        if (asked.newest)
            return;
    }
    if (found == 0)
        throw failed(fmt::format("there is no mail to {}", asked.to));
}

}  // namespace

void add_mail(CLI::App& to, common_options const& from)
{
    CLI::App* const command = to.add_subcommand(
        "mail", "Read the mails that were written to files because no SMTP_HOST is set");
    command->require_subcommand(1);
    command->add_subcommand("list", "Newest first")->callback([&from] { list(from); });

    auto const asked = std::make_shared<show_options>();
    CLI::App* const shows = command->add_subcommand("show", "Print mails, newest first");
    shows->add_option("--to", asked->to, "Whose mails: an address or a part of it")->required();
    shows->add_flag("--newest", asked->newest, "Only the newest");
    shows->callback([asked, &from] { show(from, *asked); });
}

}  // namespace mc::app
