#include "platform/runtime/settings.hpp"

namespace mc
{
namespace
{

constexpr std::int64_t day_ms = 86'400'000;

constexpr setting table[] = {
    {"HOST", setting_kind::listen_place, "",
     "Address to listen on; unset: every interface, IPv4 and IPv6"},
    {"PORT", setting_kind::whole_number, "", "Port of the one service this process runs", 1, 65535},
    {"PORT_OFFSET", setting_kind::whole_number, "0", "Added to every default port", 0, 60000},
    {"DATA_DIR", setting_kind::text, "./data", "Folder of databases, event log, secrets and mail"},
    {"IO_THREADS", setting_kind::whole_number, "0", "Threads that serve HTTP; 0 is one per core", 0,
     256},

    {"DB_HOST", setting_kind::text, "",
     "Server of MySQL, MariaDB, Galera or TiDB; unset: SQLite files in DATA_DIR"},
    {"DB_PORT", setting_kind::whole_number, "3306", "Port of the database server", 1, 65535},
    {"DB_USER", setting_kind::text, "", "Account at the database server"},
    {"DB_PASSWORD", setting_kind::secret, "", "Password at the database server"},
    {"DB_NAME", setting_kind::text, "",
     "Name of the database, which must exist; default microcommerce_<service>"},
    {"DB_POOL_SIZE", setting_kind::whole_number, "10",
     "Connections per service to the database server: half of them for writing, a quarter for "
     "look-ups",
     2, 1000},
    {"DB_TLS", setting_kind::word, "off",
     "Encryption to the database server: off, required, or verified, which checks its certificate",
     0, 0, "off,required,verified"},
    {"DB_TLS_CA", setting_kind::text, "",
     "PEM file with the authority of its certificate; unset: the system's"},
    {"KAFKA_BROKER", setting_kind::text, "",
     "Brokers of Apache Kafka, host:port, several comma separated; unset: log.db in DATA_DIR"},
    {"KAFKA_BROKERS", setting_kind::text, "", "KAFKA_BROKER by its other name"},
    {"KAFKA_TLS", setting_kind::word, "off",
     "Encryption to the brokers: off, required, or verified, which checks their certificates", 0, 0,
     "off,required,verified"},
    {"KAFKA_TLS_CA", setting_kind::text, "",
     "PEM file with the authority of their certificates; unset: the system's"},
    {"KAFKA_TLS_CERT", setting_kind::text, "", "PEM file with our own certificate for the brokers"},
    {"KAFKA_TLS_KEY", setting_kind::text, "", "PEM file with the key of KAFKA_TLS_CERT"},
    {"KAFKA_TLS_KEY_PASSWORD", setting_kind::secret, "", "What KAFKA_TLS_KEY is encrypted with"},
    {"KAFKA_SASL_USERNAME", setting_kind::text, "", "Account at the brokers; unset: none"},
    {"KAFKA_SASL_PASSWORD", setting_kind::secret, "", "Password at the brokers"},
    {"KAFKA_SASL_MECHANISM", setting_kind::word, "SCRAM-SHA-512",
     "How the password is shown: SCRAM-SHA-512, SCRAM-SHA-256 or PLAIN", 0, 0,
     "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512"},
    {"KAFKA_TOPIC_PARTITIONS", setting_kind::whole_number, "3",
     "Partitions of topics that are made here; raising it later is the brokers' business", 1,
     10'000},
    {"KAFKA_TOPIC_REPLICATION", setting_kind::whole_number, "0",
     "Copies of each of these partitions; 0 is as many as the brokers' default says", 0, 100},

    {"LOG_LEVEL", setting_kind::word, "info",
     "Least level that is logged: debug, info, warn (or warning) or error", 0, 0,
     "debug,info,warn,warning,error"},
    {"LOG_FORMAT", setting_kind::word, "text", "text for people, json for machines", 0, 0,
     "text,json"},

    {"JWT_SECRET", setting_kind::signing_key, "",
     "Key of access tokens, at least 32 bytes; unset: made in DATA_DIR, and refused with DB_HOST, "
     "KAFKA_BROKER or a *_SERVICE_URL"},
    {"JWT_SECRET_PREVIOUS", setting_kind::signing_key, "",
     "Key that is still accepted while rotating"},
    {"INTERNAL_TOKEN_SECRET", setting_kind::signing_key, "",
     "Key of tokens between services, at least 32 bytes; unset: made in DATA_DIR, and refused "
     "where a service runs in another process"},
    {"AUTH_MODE", setting_kind::word, "local",
     "local verifies tokens here, remote asks the service that keeps sessions each time", 0, 0,
     "local,remote"},
    {"AUTH_TIMEOUT_MS", setting_kind::duration_ms, "3000", "Time for a session check (ms)", 1,
     day_ms},

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
    {"SMTP_SECURITY", setting_kind::word, "starttls",
     "How the connection is secured: starttls, tls (from its first byte) or none", 0, 0,
     "none,starttls,tls"},
    {"EMAIL_FROM", setting_kind::text, "shop@localhost.localdomain", "Sender of mails"},
    {"EMAIL_FROM_NAME", setting_kind::text, "MicroCommerce", "Name of the sender"},
    {"BREVO_API_KEY", setting_kind::ignored, "", "Of the replaced system; mail goes by SMTP"},
    {"EMAIL_PASS", setting_kind::ignored, "", "Of the replaced system; mail goes by SMTP"},

    {"LOG_RETENTION_DAYS", setting_kind::whole_number, "0",
     "Days that events stay in the embedded log, or in topics of Kafka made here; 0 is for ever", 0,
     36500},
    {"KAFKA_GROUP_ID", setting_kind::text, "", "Consumer group; default <service>-service-group"},
    {"FAIL_POINT", setting_kind::text, "",
     "For crash tests only: name:k ends the process at the k-th passing of that point"},
};

}  // namespace

std::span<setting const> platform_settings() { return table; }

}  // namespace mc
