#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mc::mysql
{

// A change of a schema, as MySQL and MariaDB take it, in statements that TiDB takes too. Each
// change of an ALTER TABLE has one of its own, since TiDB does not know the columns that the same
// statement adds when it makes a key of them (1072). AUTO_ID_CACHE = 1 stands where numbers are
// given: else each server of a TiDB cluster takes them from a range of its own, and what comes
// later may have the lower number. Sources: docs.pingcap.com/tidb, "ALTER TABLE" and
// "AUTO_INCREMENT". For statements as migrations have them: words in capitals, names without
// blanks.
std::vector<std::string> for_tidb(std::string_view change);

}  // namespace mc::mysql
