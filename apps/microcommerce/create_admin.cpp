#include <iostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/microcommerce/commands.hpp"

namespace mc::app
{
namespace
{

struct admin_options
{
    std::string email;
    std::string password;
    std::string name;
};

}  // namespace

void add_create_admin(CLI::App& to, common_options const& from)
{
    auto const asked = std::make_shared<admin_options>();
    CLI::App* const command = to.add_subcommand(
        "create-admin", "Make an account with role admin, or make one of an account that is there");
    command->add_option("--email", asked->email, "Its e-mail address")->required();
    command
        ->add_option("--password", asked->password,
                     "Its password, 8 to 128 characters; - reads it from standard input")
        ->required();
    command->add_option("--name", asked->name, "Its name")->required();
    command->callback(
        [asked, &from]
        {
            if (asked->password == "-")
                std::getline(std::cin, asked->password);
            fmt::print("{}",
                       ask(from,
                           {"user", "create-admin", {asked->email, asked->password, asked->name}},
                           new_shop::made));
        });
}

}  // namespace mc::app
