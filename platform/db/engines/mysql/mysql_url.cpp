#include "platform/db/engines/mysql/mysql_url.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace mc
{
namespace
{

error unusable(std::string_view why)
{
    return {error_kind::invalid, "mysql_url.unusable",
            "is no address like mysql://user:password@host:3306/schema: " + std::string(why)};
}

result<> take_parameter(mysql_options& into, std::string const& name, std::string const& value)
{
    if (name == "tls_ca" && !value.empty())
        into.tls_ca = value;
    else if (name == "tls" && value == "off")
        into.tls = mysql_tls::off;
    else if (name == "tls" && value == "required")
        into.tls = mysql_tls::required;
    else if (name == "tls" && value == "verified")
        into.tls = mysql_tls::verified;
    else
        return unusable("after ? stand tls=off, tls=required, tls=verified and tls_ca=FILE");
    return result<>{};
}

}  // namespace

result<mysql_options> mysql_url(std::string_view address)
{
    boost::system::result<boost::urls::url_view> const parsed =
        boost::urls::parse_uri({address.data(), address.size()});
    if (!parsed)
        return unusable("what is no letter or digit may have to be escaped, as %40 for @");
    boost::urls::url_view const& url = *parsed;
    if (url.scheme() != "mysql" && url.scheme() != "mariadb")
        return unusable("it begins with mysql://");
    mysql_options made;
    made.host = std::string(url.host_address());
    made.user = std::string(url.user());
    if (made.host.empty())
        return unusable("it names no host");
    if (made.user.empty())
        return unusable("it names no user");
    if (url.has_port() && url.port_number() == 0)
        return unusable("a port is a number from 1 to 65535");
    if (url.has_port())
        made.port = url.port_number();
    if (url.segments().size() != 1 || url.segments().front().empty())
        return unusable("after the host stands / and the name of one schema");
    made.schema = url.segments().front();
    made.password = secret(std::string(url.password()));
    for (auto const& each : url.params())
        if (result<> const taken =
                take_parameter(made, std::string(each.key), std::string(each.value));
            !taken)
            return taken.error();
    return made;
}

}  // namespace mc
