#include "platform/runtime/settings.hpp"

namespace mc
{
namespace
{

constexpr std::int64_t day_ms = 86'400'000;

constexpr setting table[] = {
    {"HOST", setting_kind::text, "", "Address to listen on; unset: every interface, IPv4 and IPv6"},
    {"PORT", setting_kind::whole_number, "", "Port of the one service this process runs", 1, 65535},
    {"PORT_OFFSET", setting_kind::whole_number, "0", "Added to every default port", 0, 60000},
    {"DATA_DIR", setting_kind::text, "./data", "Folder of databases, event log, secrets and mail"},
    {"PUBLIC_URL", setting_kind::url, "",
     "Where clients reach the product service, for demo pictures"},
    {"IO_THREADS", setting_kind::whole_number, "0", "Threads that serve HTTP; 0 is one per core", 0,
     256},

    {"DB_HOST", setting_kind::unavailable, "",
     "needs a MySQL engine, which this build does not have; unset it to use SQLite in DATA_DIR"},
    {"DB_USER", setting_kind::ignored, "", "Account at the database server"},
    {"DB_PASSWORD", setting_kind::ignored, "", "Password at the database server"},
    {"DB_NAME", setting_kind::ignored, "", "Name of the database"},
    {"DB_POOL_SIZE", setting_kind::ignored, "", "Connections to the database server"},
    {"KAFKA_BROKER", setting_kind::unavailable, "",
     "needs a Kafka client, which this build does not have; unset it to use the embedded log"},

    {"LOG_LEVEL", setting_kind::word, "info", "Least level that is logged", 0, 0,
     "debug,info,warn,warning,error"},
    {"LOG_FORMAT", setting_kind::word, "text", "text for people, json for machines", 0, 0,
     "text,json"},

    {"JWT_SECRET", setting_kind::secret, "",
     "Key of access tokens, at least 32 bytes; made in DATA_DIR when unset"},
    {"JWT_SECRET_PREVIOUS", setting_kind::secret, "", "Key that is still accepted while rotating"},
    {"INTERNAL_TOKEN_SECRET", setting_kind::secret, "",
     "Key of tokens between services, at least 32 bytes; made in DATA_DIR when unset"},
    {"AUTH_MODE", setting_kind::word, "local",
     "local verifies tokens here, remote asks the user service each time", 0, 0, "local,remote"},
    {"AUTH_TIMEOUT_MS", setting_kind::duration_ms, "3000", "Time for a session check (ms)", 1,
     day_ms},

    {"USER_SERVICE_URL", setting_kind::url, "", "The user service; default http://localhost:3001"},
    {"CART_SERVICE_URL", setting_kind::url, "", "The cart service; default http://localhost:3002"},
    {"ORDER_SERVICE_URL", setting_kind::url, "",
     "The order service; default http://localhost:3003"},
    {"PRODUCT_SERVICE_URL", setting_kind::url, "",
     "The product service; default http://localhost:3004"},

    {"RATE_LIMIT_WINDOW_MS", setting_kind::duration_ms, "60000", "Window of the limiter (ms)", 1,
     day_ms},
    {"RATE_LIMIT_MAX", setting_kind::whole_number, "120",
     "Requests per window, address and service", 1, 1'000'000'000},
    {"TRUSTED_PROXIES", setting_kind::address_list, "",
     "Addresses and CIDR ranges whose X-Forwarded-For is believed"},
    {"CORS_ALLOWED_ORIGINS", setting_kind::text, "*",
     "Origins, comma separated, that may send credentials; * is any without credentials"},
    {"MAX_CONNECTIONS", setting_kind::whole_number, "10000", "Open connections per service", 1,
     1'000'000},
    {"MAX_CONNECTIONS_PER_ADDRESS", setting_kind::whole_number, "1000",
     "Open connections per service and address", 1, 1'000'000},
    {"DRAIN_DELAY_MS", setting_kind::duration_ms, "0",
     "Time between answering /ready with 503 and closing the listeners (ms)", 0, 60'000},

    {"SMTP_HOST", setting_kind::text, "", "Mail server; unset: mails are files in DATA_DIR/mail"},
    {"SMTP_PORT", setting_kind::whole_number, "587", "Port of the mail server", 1, 65535},
    {"SMTP_USER", setting_kind::text, "", "Account at the mail server"},
    {"SMTP_PASSWORD", setting_kind::secret, "", "Password at the mail server"},
    {"SMTP_SECURITY", setting_kind::word, "starttls", "How the connection is secured", 0, 0,
     "none,starttls,tls"},
    {"EMAIL_FROM", setting_kind::text, "shop@localhost.localdomain", "Sender of mails"},
    {"EMAIL_FROM_NAME", setting_kind::text, "MicroCommerce", "Name of the sender"},
    {"BREVO_API_KEY", setting_kind::ignored, "", "Of the replaced system; mail goes by SMTP"},
    {"EMAIL_PASS", setting_kind::ignored, "", "Of the replaced system; mail goes by SMTP"},

    {"LOG_RETENTION_DAYS", setting_kind::whole_number, "0",
     "Days that events stay in the embedded log; 0 is for ever", 0, 36500},
    {"KAFKA_USER_EVENTS_TOPIC", setting_kind::text, "user-events",
     "Topic of the user service's events"},
    {"KAFKA_PRODUCT_EVENTS_TOPIC", setting_kind::text, "product-events",
     "Topic of the product service's events"},
    {"KAFKA_ORDER_EVENTS_TOPIC", setting_kind::text, "order-events",
     "Topic of the order service's events"},
    {"KAFKA_GROUP_ID", setting_kind::text, "", "Consumer group; default <service>-service-group"},
    {"FAIL_POINT", setting_kind::text, "",
     "For crash tests only: name:k ends the process at the k-th passing of that point"},
};

}  // namespace

std::span<setting const> platform_settings() { return table; }

}  // namespace mc
