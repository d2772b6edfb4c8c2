#!/bin/sh
# Run once by MariaDB's image, when its volume is empty: a database for each service, and an account
# that can reach this one only. Times are numbers and texts utf8mb4_bin, so no service depends on
# the server's defaults.
set -eu

for service in user cart order product inventory; do
    name=microcommerce_$service
    password=$(printenv "$(echo "$service" | tr '[:lower:]' '[:upper:]')_DB_PASSWORD")
    case $password in
    *[!0-9A-Za-z_.~-]* | '')
        echo "the password of $name has to be of letters, digits and -._~" >&2
        exit 1
        ;;
    esac
    MYSQL_PWD=${MARIADB_ROOT_PASSWORD:-} mariadb --user=root --batch <<SQL
        CREATE DATABASE IF NOT EXISTS $name CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
        CREATE USER IF NOT EXISTS '$name'@'%' IDENTIFIED BY '$password';
        GRANT ALL PRIVILEGES ON $name.* TO '$name'@'%';
SQL
done
