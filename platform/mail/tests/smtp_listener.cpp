#include "platform/mail/tests/smtp_listener.hpp"

#include <array>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace mc::mail_test
{

namespace
{

void send_line(int to, std::string const& line)
{
    std::string const text = line + "\r\n";
    static_cast<void>(::send(to, text.data(), text.size(), MSG_NOSIGNAL));
}

}  // namespace

smtp_listener::smtp_listener() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    sockaddr* const any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket_, any, size) != 0 || ::listen(socket_, 8) != 0 ||
        ::getsockname(socket_, any, &size) != 0)
        throw std::runtime_error("no socket for a mail server");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
}

smtp_listener::~smtp_listener()
{
    stopping_ = true;
    thread_.join();
    ::close(socket_);
}

std::vector<smtp_listener::delivered> smtp_listener::mails() const
{
    std::lock_guard const lock(mutex_);
    return mails_;
}

std::vector<std::string> smtp_listener::commands() const
{
    std::lock_guard const lock(mutex_);
    return commands_;
}

void smtp_listener::run()
{
    while (!stopping_)
    {
        pollfd ready{socket_, POLLIN, 0};
        if (::poll(&ready, 1, 10) != 1)
            continue;
        int const with = ::accept(socket_, nullptr, nullptr);
        if (with < 0)
            continue;
        ++conversations_;
        talk(with);
        ::close(with);
    }
}

bool smtp_listener::read_line(int from, std::string& line)
{
    line.clear();
    char one = 0;
    while (!stopping_)
    {
        pollfd ready{from, POLLIN, 0};
        if (::poll(&ready, 1, 10) != 1)
            continue;
        if (::recv(from, &one, 1, 0) != 1)
            return false;
        line += one;
        if (line.ends_with("\r\n"))
        {
            line.resize(line.size() - 2);
            return true;
        }
    }
    return false;
}

std::string smtp_listener::answer(std::string const& command, delivered& mail)
{
    if (command.starts_with("EHLO"))
        return "250-test\r\n250 AUTH PLAIN";
    if (command.starts_with("AUTH PLAIN"))
        return "235 2.7.0 welcome";
    if (command.starts_with("MAIL FROM:"))
        mail.from = command.substr(10);
    if (command.starts_with("RCPT TO:") && refuses_recipients)
        return "550 5.1.1 no such person";
    if (command.starts_with("RCPT TO:"))
        mail.to = command.substr(8);
    if (command == "DATA")
        return "354 go on";
    if (command == "QUIT")
        return "221 bye";
    return "250 ok";
}

void smtp_listener::talk(int with)
{
    if (!says_nothing)
        send_line(with, "220 test ready");
    delivered mail;
    std::string line;
    while (read_line(with, line))
    {
        std::string const reply = answer(line, mail);
        {
            std::lock_guard const lock(mutex_);
            commands_.push_back(line);
        }
        send_line(with, reply);
        if (line != "DATA")
            continue;
        mail.data.clear();
        while (read_line(with, line) && line != ".")
            mail.data.append(line).append("\r\n");
        {
            std::lock_guard const lock(mutex_);
            mails_.push_back(mail);
        }
        send_line(with, "250 2.0.0 taken");
    }
}

}  // namespace mc::mail_test
