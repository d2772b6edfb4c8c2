-- When the account was made, by the user service's clock: a token issued before was somebody
-- else's (docs/adr/0011-numbers-of-lost-accounts.md). NULL: not told yet.
ALTER TABLE accounts ADD COLUMN created_at INTEGER;
UPDATE accounts SET created_at = occurred_at WHERE version = 1 AND occurred_at > 0;
