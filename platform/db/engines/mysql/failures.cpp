#include "platform/db/engines/mysql/failures.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "platform/core/error.hpp"
#include "platform/db/errors.hpp"

namespace mc::mysql
{

namespace
{

struct meaning
{
    unsigned code;
    failure what;
};

// Numbers of MySQL 8 and MariaDB 10.11 (mysqld_error.h), of TiDB from 8000 on, and of the client
// library from 2000 on. By number, because no header has them all.
constexpr meaning meanings[] = {
    {1022, failure::unique},      // ER_DUP_KEY
    {1062, failure::unique},      // ER_DUP_ENTRY
    {1169, failure::unique},      // ER_DUP_UNIQUE
    {1586, failure::unique},      // ER_DUP_ENTRY_WITH_KEY_NAME
    {1048, failure::constraint},  // ER_BAD_NULL_ERROR
    {1216, failure::constraint},  // ER_NO_REFERENCED_ROW
    {1217, failure::constraint},  // ER_ROW_IS_REFERENCED
    {1264, failure::constraint},  // ER_WARN_DATA_OUT_OF_RANGE
    {1265, failure::constraint},  // WARN_DATA_TRUNCATED
    {1364, failure::constraint},  // ER_NO_DEFAULT_FOR_FIELD
    {1366, failure::constraint},  // ER_TRUNCATED_WRONG_VALUE_FOR_FIELD
    {1406, failure::constraint},  // ER_DATA_TOO_LONG
    {1451, failure::constraint},  // ER_ROW_IS_REFERENCED_2
    {1452, failure::constraint},  // ER_NO_REFERENCED_ROW_2
    {1690, failure::constraint},  // ER_DATA_OUT_OF_RANGE
    {3819, failure::constraint},  // ER_CHECK_CONSTRAINT_VIOLATED (MySQL)
    {4025, failure::constraint},  // ER_CONSTRAINT_FAILED (MariaDB)
    {1020, failure::contended},   // ER_CHECKREAD
    {1205, failure::contended},   // ER_LOCK_WAIT_TIMEOUT
    {1213, failure::contended},   // ER_LOCK_DEADLOCK, and Galera's failed certification
    {1615, failure::contended},   // ER_NEED_REPREPARE
    {8002, failure::contended},   // TiDB: a locked row's write conflict
    {8022, failure::contended},   // TiDB: the transaction may be retried
    {8028, failure::contended},   // TiDB: the schema changed meanwhile
    {8229, failure::contended},   // TiDB: the transaction's locks may have expired
    {9007, failure::contended},   // TiDB: write conflict
    {1047, failure::lost},        // ER_UNKNOWN_COM_ERROR: a Galera node outside its cluster
    {1053, failure::lost},        // ER_SERVER_SHUTDOWN
    {1152, failure::lost},        // ER_ABORTING_CONNECTION
    {1158, failure::lost},        // ER_NET_READ_ERROR
    {1159, failure::lost},        // ER_NET_READ_INTERRUPTED
    {1160, failure::lost},        // ER_NET_ERROR_ON_WRITE
    {1161, failure::lost},        // ER_NET_WRITE_INTERRUPTED
    {1243, failure::lost},        // ER_UNKNOWN_STMT_HANDLER: a proxy goes on with another server
    {1290, failure::lost},        // ER_OPTION_PREVENTS_STATEMENT: a primary that became read-only
    {1836, failure::lost},        // ER_READ_ONLY_MODE
    {1927, failure::lost},        // ER_CONNECTION_KILLED
    {2006, failure::lost},        // CR_SERVER_GONE_ERROR
    {2013, failure::lost},        // CR_SERVER_LOST
    {2014, failure::lost},        // CR_COMMANDS_OUT_OF_SYNC
    {2055, failure::lost},        // CR_SERVER_LOST_EXTENDED
    {4031, failure::lost},        // ER_CLIENT_INTERACTION_TIMEOUT
    {1317, failure::too_long},    // ER_QUERY_INTERRUPTED
    {1969, failure::too_long},    // ER_STATEMENT_TIMEOUT (MariaDB)
    {3024, failure::too_long},    // ER_QUERY_TIMEOUT (MySQL)
    {1021, failure::away},        // ER_DISK_FULL
    {1030, failure::away},        // ER_GET_ERRNO
    {1037, failure::away},        // ER_OUTOFMEMORY
    {1038, failure::away},        // ER_OUT_OF_SORTMEMORY
    {1040, failure::away},        // ER_CON_COUNT_ERROR
    {1041, failure::away},        // ER_OUT_OF_RESOURCES
    {1044, failure::away},        // ER_DBACCESS_DENIED_ERROR
    {1045, failure::away},        // ER_ACCESS_DENIED_ERROR
    {1049, failure::away},        // ER_BAD_DB_ERROR
    {1105, failure::away},        // ER_UNKNOWN_ERROR: TiDB, of what goes wrong within its cluster
    {1114, failure::away},        // ER_RECORD_FILE_FULL
    {1129, failure::away},        // ER_HOST_IS_BLOCKED
    {1130, failure::away},        // ER_HOST_NOT_PRIVILEGED
    {1142, failure::away},        // ER_TABLEACCESS_DENIED_ERROR
    {1180, failure::away},        // ER_ERROR_DURING_COMMIT
    {1203, failure::away},        // ER_TOO_MANY_USER_CONNECTIONS
    {1206, failure::away},        // ER_LOCK_TABLE_FULL
    {1226, failure::away},        // ER_USER_LIMIT_REACHED
    {1461, failure::away},        // ER_MAX_PREPARED_STMT_COUNT_REACHED
    {8027, failure::away},        // TiDB: one of its servers lost the others
    {9001, failure::away},        // TiDB: no answer from PD
    {9002, failure::away},        // TiDB: no answer from TiKV
    {9003, failure::away},        // TiDB: TiKV is busy
    {9004, failure::away},        // TiDB: a lock could not be resolved in time
    {9005, failure::away},        // TiDB: a region is away
    {9008, failure::away},        // TiDB: too many requests to one TiKV
    {9010, failure::away},        // TiDB: TiKV refused a stale command
    {9011, failure::away},        // TiDB: TiKV just got another leader
};

}  // namespace

failure failure_of(unsigned code) noexcept
{
    auto const known = std::ranges::find(meanings, code, &meaning::code);
    if (known != std::end(meanings))
        return known->what;
    bool const is_of_the_library = code >= 2000 && code < 3000;
    return is_of_the_library ? failure::away : failure::ours;
}

bool is_done_already(unsigned code) noexcept
{
    switch (code)
    {
    case 1050:  // ER_TABLE_EXISTS_ERROR
    case 1051:  // ER_BAD_TABLE_ERROR: a table to drop is gone
    case 1060:  // ER_DUP_FIELDNAME
    case 1061:  // ER_DUP_KEYNAME
    case 1062:  // ER_DUP_ENTRY: a row to insert is there
    case 1091:  // ER_CANT_DROP_FIELD_OR_KEY
    case 1826:  // ER_FK_DUP_NAME
        return true;
    default: return false;
    }
}

void throw_failure(failure what, std::string const& sentence)
{
    switch (what)
    {
    case failure::unique:     throw unique_violation(sentence);
    case failure::constraint: throw constraint_violation(sentence);
    case failure::ours:       throw std::logic_error(sentence);
    case failure::contended:
    case failure::lost:
    case failure::too_long:
    case failure::away:       throw outage(sentence);
    }
    throw outage(sentence);
}

}  // namespace mc::mysql
