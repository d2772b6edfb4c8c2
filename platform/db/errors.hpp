#pragma once

#include <stdexcept>
#include <string>

namespace mc
{

// What a database throws. An `outage` (platform/core) says that it is away, full, locked or too
// slow: 503. The two below say that a row was refused. Anything else is std::logic_error: a
// statement that does not fit its tables.

// A row broke a constraint (FOREIGN KEY, CHECK, NOT NULL, a STRICT column's type). Says which
// statement and constraint.
class constraint_violation : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

// A row broke a UNIQUE or PRIMARY KEY. An action that expects it uses transaction::try_insert
// instead.
class unique_violation : public constraint_violation
{
public:
    using constraint_violation::constraint_violation;
};

// How an action of many gives up: it is undone, and each is run alone (see
// database::write_batched).
class batch_undone : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

// Why a database cannot be brought up to date; the sentence says what is wrong and what to do.
// Nothing was changed.
class migration_refused : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

}  // namespace mc
