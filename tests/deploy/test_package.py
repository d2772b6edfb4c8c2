"""The Debian package: what is in it, that it installs, runs as its unit says, and keeps the data of
whoever removes it. It is made of the program that is there already; nothing is built.
"""

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from lib.server import BINARY, REPOSITORY, SERVICE_PORTS, free_offset
from lib.tools import run, tool

UNIT = REPOSITORY / "deploy/systemd/microcommerce.service"
SETTINGS = "/etc/microcommerce/microcommerce.env"
DATA = "/var/lib/microcommerce"

FILES = {
    "./etc/microcommerce/microcommerce.env": "-rw-r--r--",
    "./lib/systemd/system/microcommerce.service": "-rw-r--r--",
    "./usr/bin/microcommerce": "-rwxr-xr-x",
    "./usr/share/man/man1/microcommerce.1.gz": "-rw-r--r--",
}


def field(package: Path, name: str) -> str:
    return run("dpkg-deb", "--field", package, name).stdout.strip()


def test_the_package_holds_the_program_its_unit_and_its_settings(package: Path) -> None:
    rows = [line.split() for line in run("dpkg-deb", "--contents", package).stdout.splitlines()]
    found = {row[5]: row[0] for row in rows}
    assert FILES.items() <= found.items()
    assert all(row[1] == "root/root" for row in rows)
    outside = [name for name in found if re.match(r"\./usr/(local|include|lib/)|\./opt", name)]
    assert outside == [], "files of the build that no user needs"
    # Debian's own tools keep what the operator wrote there, and the package names what does so.
    assert run("dpkg-deb", "--info", package, "conffiles").stdout.split() == [SETTINGS]


def test_the_documents_of_the_package_lead_to_what_is_there(package: Path, tmp_path: Path) -> None:
    run("dpkg-deb", "--extract", package, tmp_path)
    root = tmp_path / "usr/share/doc/microcommerce"
    documents = list(root.rglob("*.md"))
    assert {"README.md", "docs/operations.md", "docs/mysql.md", "docs/kafka.md"} <= {
        str(path.relative_to(root)) for path in documents
    }
    links = 0
    for document in documents:
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text()):
            assert (document.parent / link).exists(), f"{document.name} leads to {link}"
            links += 1
    assert links > 30
    named = re.search(r"file://(\S+)", UNIT.read_text())
    assert named and (tmp_path / named[1].lstrip("/")).exists()


def test_every_library_of_the_program_is_a_dependency_of_the_package(package: Path) -> None:
    depends = {one.split()[0] for one in field(package, "Depends").split(", ")}
    direct = re.findall(r"\(NEEDED\).*\[(.+)\]", run("readelf", "-d", BINARY).stdout)
    places = dict(re.findall(r"^\s*(\S+) => (/\S+)", run("ldd", BINARY).stdout, re.MULTILINE))
    assert len(direct) > 10
    wanted = {Path(places[name]) for name in direct if not name.startswith("ld-linux")}
    for place in wanted:
        # Debian 12 knows some by the path before /lib and /usr/lib became one.
        ways = (place, f"/usr{place}", place.resolve())
        owner = run("dpkg", "-S", *ways, check=False).stdout.partition(":")[0]
        # libspdlog1.10-fmt9 is libspdlog1.10, built with our fmt.
        assert any(one.startswith(owner) for one in depends), f"{place} comes from {owner}"


def test_the_package_follows_debians_rules(package: Path) -> None:
    lintian = tool("lintian", "Debian's lintian")
    command = [lintian, "--fail-on", "error,warning"]
    if os.geteuid() == 0:
        command.append("--allow-root")
    run(*command, package)


def test_the_unit_is_understood_and_shuts_the_program_in(tmp_path: Path) -> None:
    analyze = tool("systemd-analyze", "Debian's systemd")
    # As it will stand, with a program that is there.
    text = UNIT.read_text().replace("/usr/bin/microcommerce", str(BINARY))
    unit = tmp_path / "microcommerce.service"
    unit.write_text(text)
    said = run(analyze, "verify", "--man=no", unit)
    assert "microcommerce" not in said.stderr, said.stderr
    # 0 is a unit that can do nothing, 10 one that can do anything; 14 is the 1.4 it has.
    run(analyze, "security", "--offline=yes", "--threshold=15", unit)


# What a machine would be after `dpkg -i`, as a layer over this one that goes with its namespace.
IN_A_COPY_OF_THIS_SYSTEM = """
set -e
umask 022
mount -t tmpfs tmpfs "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
mount --bind /proc "$1/root/proc"
mount --bind /dev "$1/root/dev"
cp "$2" "$1/root/root/package.deb"
cp "$3" "$1/root/root/life.sh"
printf '#!/bin/sh\\nexit 101\\n' > "$1/root/usr/sbin/policy-rc.d"
chmod +x "$1/root/usr/sbin/policy-rc.d"
exec chroot "$1/root" /bin/bash /root/life.sh
"""

LIFE = """
set -e
say() {{ printf '%s: %s\\n' "$1" "$2"; }}
dpkg -i /root/package.deb >/root/dpkg.log 2>&1 || {{ cat /root/dpkg.log; exit 1; }}
say folder "$(stat -c '%U %G %a' {data})"
say settings "$(stat -c '%U %G %a' {settings})"
say enabled "$(readlink /etc/systemd/system/multi-user.target.wants/microcommerce.service)"
echo '# mine' >> {settings}

cd {data}
export PORT_OFFSET={offset}
runuser -u microcommerce -- {start} >/root/serve.log 2>&1 &
for _ in $(seq 1200); do
    curl -sf -o /dev/null http://127.0.0.1:{order}/ready && break
    sleep 0.1
done
say answer "$(curl -s http://127.0.0.1:{product}/products)"
say admin "$(echo 'seven lamps at sea' | runuser -u microcommerce -- microcommerce create-admin \\
    --env-file {settings} --email owner@example.com --name Owner --password -)"
kill "$(cat {data}/lock)"
wait %1 || say stop "code $?"

dpkg -i /root/package.deb >/dev/null 2>&1
say upgraded "$(tail -n 1 {settings}), $(stat -c %a {settings})"
say removed "$(dpkg -r microcommerce 2>&1 >/dev/null)"
say purged "$(dpkg -P microcommerce 2>/dev/null | grep 'data stay')"
say left "$(ls /etc/microcommerce 2>/dev/null; ls {data}/order.db)"
"""


def test_installed_it_runs_upgraded_it_keeps_settings_purged_it_keeps_the_data(
    package: Path, tmp_path: Path
) -> None:
    if os.geteuid() != 0:
        pytest.skip("dpkg installs as root only")
    tool("curl", "Debian's curl")
    tool("adduser", "Debian's adduser")
    unshare = tool("unshare", "Debian's util-linux")
    layer = f'mount -t tmpfs t "{tmp_path}" && cd "{tmp_path}" && mkdir u w r && '
    layer += 'mount -t overlay o -o lowerdir=/,upperdir="$PWD/u",workdir="$PWD/w" r'
    if run(unshare, "-m", "sh", "-c", layer, check=False).returncode != 0:
        pytest.skip("this machine lays no overlay over its own files (unshare, mount)")

    start = re.search(r"^ExecStart=(.+)$", UNIT.read_text(), re.MULTILINE)
    assert start
    offset = free_offset()
    ports = {name: port + offset for name, port in SERVICE_PORTS.items()}
    script = tmp_path / "life.sh"
    script.write_text(
        LIFE.format(
            data=DATA, settings=SETTINGS, start=shlex.join(start[1].split()), offset=offset, **ports
        )
    )
    place = tmp_path / "system"
    place.mkdir()
    done = subprocess.run(
        [unshare, "-m", "sh", "-c", IN_A_COPY_OF_THIS_SYSTEM, "sh", place, package, script],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = dict(line.split(": ", 1) for line in done.stdout.splitlines() if ": " in line)
    assert said == {
        "folder": "microcommerce microcommerce 700",
        "settings": "root microcommerce 640",
        "enabled": "/lib/systemd/system/microcommerce.service",
        "answer": '{"count":0,"products":[]}',
        "admin": "owner@example.com (user 1) is an admin",
        "upgraded": "# mine, 640",
        "removed": "",
        "purged": f"microcommerce: the shop's data stay in {DATA}, with their account.",
        "left": f"{DATA}/order.db",
    }
