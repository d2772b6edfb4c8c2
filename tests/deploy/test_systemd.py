"""The package under systemd as process 1, in a copy of this system: started at boot, shut in,
started again after a crash, stopped, upgraded, removed.
"""

import os
import subprocess
from pathlib import Path

import pytest

from lib.server import REPOSITORY, STOP_SECONDS_MAX
from lib.tools import tool

BOOT_SECONDS_MAX = 300

# $1: an empty folder, $2: the package, $3: what to do once it runs, $4: systemd-nspawn.
BOOT = """
set -e
umask 022
mount -t tmpfs tmpfs "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
cp "$2" "$1/root/root/package.deb"
cp "$3" "$1/root/root/life.sh"
rm -f "$1/root/usr/sbin/policy-rc.d" "$1/root"/etc/systemd/system/*.wants/*
: > "$1/root/etc/machine-id"
mount --bind /proc "$1/root/proc"
chroot "$1/root" dpkg -i /root/package.deb
umount "$1/root/proc"
printf '[Service]\\nType=oneshot\\nExecStart=/bin/bash /root/life.sh\\n' \\
    > "$1/root/etc/systemd/system/life.service"
ln -s /etc/systemd/system/life.service "$1/root/etc/systemd/system/multi-user.target.wants/"
ln -sf /lib/systemd/system/multi-user.target "$1/root/etc/systemd/system/default.target"
SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 timeout {seconds} "$4" --register=no --keep-unit \\
    --private-network --link-journal=no --boot --quiet --directory "$1/root" \\
    >"$1/boot.log" 2>&1 || true
cat "$1/root/root/said" || tail -n 3 "$1/boot.log" >&2
"""

LIFE = """
exec >/root/said 2>/root/trouble
say() { printf '%s: %s\\n' "$1" "$2"; }
of() { systemctl show --property "$1" --value microcommerce; }
until_ready()
{
    for _ in $(seq 600); do
        curl -sf -o /dev/null http://127.0.0.1:3003/ready && return
        sleep 0.1
    done
}
until_told()
{
    for _ in $(seq 600); do
        journalctl --unit microcommerce --output cat | grep -q "$1" && echo yes && return
        sleep 0.1
    done
}
state=/var/lib/microcommerce
settings=/etc/microcommerce/microcommerce.env

until_ready
say boot "$(systemctl is-active microcommerce), $(systemctl is-enabled microcommerce)"
process=$(of MainPID)
say user "$(stat -c %U /proc/$process)"
say limits "$(sed -nE 's/^(CapEff|CapBnd|NoNewPrivs|Seccomp):\\s+/\\1 /p' /proc/$process/status |
    paste -sd,)"
say folder "$(stat -c '%U %a' $state)"
say others "$(nsenter -t $process -m touch /etc/mine /var/lib/mine 2>&1 | grep -c Read-only)"
as_user() { runuser -u microcommerce -- "$@" --env-file $settings; }
say admin "$(echo 'seven lamps at sea' |
    as_user microcommerce create-admin --email a@example.com --name A --password -)"

kill -9 $process
for _ in $(seq 600); do
    [[ $(of NRestarts) == 1 ]] && break
    sleep 0.1
done
until_ready
say crash "$(systemctl is-active microcommerce), $(of NRestarts) restart"
systemctl stop microcommerce
say stop "$(of Result) $(of ExecMainStatus)"

echo RATE_LIMT_MAX=7 >>$settings
systemctl restart microcommerce
say misspelt "$(until_told RATE_LIMT_MAX)"
sed -i '$d' $settings
systemctl reset-failed microcommerce
systemctl restart microcommerce
until_ready

before=$(of MainPID)
dpkg -i /root/package.deb
until_ready
say upgrade "$(systemctl is-active microcommerce), $([[ $(of MainPID) != "$before" ]] && echo new)"
say account "$(curl -s http://127.0.0.1:3001/auth/login -H 'Content-Type: application/json' \\
    -d '{"email":"a@example.com","password":"seven lamps at sea"}' | grep -c token)"
dpkg -r microcommerce
say remove "$(systemctl is-active microcommerce), $(ls $state/user.db)"
systemctl poweroff
"""


@pytest.mark.slow
def test_systemd_starts_it_at_boot_shuts_it_in_and_brings_it_back(
    package: Path, tmp_path: Path
) -> None:
    if os.geteuid() != 0:
        pytest.skip("systemd-nspawn needs root")
    nspawn = tool("systemd-nspawn", "Debian's systemd-container, or tests/deploy/tools")
    unshare = tool("unshare", "Debian's util-linux")
    life = tmp_path / "life.sh"
    life.write_text(LIFE)
    place = tmp_path / "system"
    place.mkdir()
    script = BOOT.replace("{seconds}", str(BOOT_SECONDS_MAX))
    done = subprocess.run(
        [unshare, "-m", "sh", "-c", script, "sh", place, package, life, nspawn],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=BOOT_SECONDS_MAX + 60,
        check=False,
    )
    said = dict(line.split(": ", 1) for line in done.stdout.splitlines() if ": " in line)
    if "boot" not in said:
        pytest.skip(f"systemd does not boot in a namespace here: {done.stderr[-300:]}")
    nothing = "0" * 16
    assert said == {
        "boot": "active, enabled",
        "user": "microcommerce",
        "limits": f"CapEff {nothing},CapBnd {nothing},NoNewPrivs 1,Seccomp 2",
        "folder": "microcommerce 700",
        "others": "2",
        "admin": "a@example.com (user 1) is an admin",
        "crash": "active, 1 restart",
        "stop": "success 0",
        "misspelt": "yes",
        "upgrade": "active, new",
        "account": "1",
        "remove": "inactive, /var/lib/microcommerce/user.db",
    }


def test_the_unit_gives_the_program_the_time_it_takes_to_stop() -> None:
    text = (REPOSITORY / "deploy/systemd/microcommerce.service").read_text()
    seconds = int(text.split("TimeoutStopSec=")[1].split()[0])
    drain_seconds_max = 60  # DRAIN_DELAY_MS at its most.
    assert seconds > drain_seconds_max + STOP_SECONDS_MAX
