"""A Galera cluster of a run's own: three MariaDB servers, each with all data, on 127.0.0.1.

    PYTHONPATH=tests python3 -m lib.galera COMMAND…  runs COMMAND with one, whose nodes are named in
                                                     MC_TEST_MYSQL and MC_TEST_MYSQL_SECOND
"""

import getpass
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from lib import mariadb
from lib.mariadb import MariaDb
from lib.parallel import at_once
from lib.ports import free_port
from lib.required import exit_if_required
from lib.waiting import wait_until

PROVIDER = Path("/usr/lib/galera/libgalera_smm.so")
NODES = 3
JOIN_SECONDS_MAX = 600.0


def missing() -> str | None:
    """Why there can be no cluster here; nothing when there can."""
    if why := mariadb.missing():
        return why
    if not PROVIDER.exists() or shutil.which("rsync") is None:
        return "galera-4 or rsync is not installed (./dev setup)"
    return None


class Node(MariaDb):
    """One of them. Killed and started again it fetches what it missed."""

    def __init__(self, folder: Path, account: str) -> None:
        super().__init__(folder)
        self.account = account
        self.replication, self.catching_up, self.copying = (free_port() for _ in range(3))
        self.others = ""
        self.has_run = False
        self.begins_cluster = False
        if account != getpass.getuser():
            shutil.chown(folder, account, account)

    def start(self) -> "Node":
        data = self.folder / "data"
        if self.begins_cluster and not self.has_run:
            self._install()
            self._run(*self._options(), "--wsrep-new-cluster")
        elif self.has_run:
            self._run(*self._options(), f"--wsrep-start-position={self._position()}")
        else:
            data.mkdir()
            shutil.chown(data, self.account, self.account)
            self._run(*self._options())
        self._wait_until_it_answers()
        self.has_run = True
        return self

    def _options(self) -> list[str]:
        provider = (
            f"base_port={self.replication};gmcast.listen_addr=tcp://127.0.0.1:{self.replication};"
            f"ist.recv_addr=127.0.0.1:{self.catching_up};gcache.size=64M"
        )
        return [
            *super()._options(),
            "--innodb-log-file-size=48M",
            "--binlog-format=ROW",
            "--innodb-autoinc-lock-mode=2",
            "--wsrep-on=ON",
            f"--wsrep-provider={PROVIDER}",
            f"--wsrep-cluster-address=gcomm://{self.others}",
            f"--wsrep-node-address=127.0.0.1:{self.replication}",
            f"--wsrep-provider-options={provider}",
            "--wsrep-sst-method=rsync",
            f"--wsrep-sst-receive-address=127.0.0.1:{self.copying}",
        ]

    def _position(self) -> str:
        """How far a node that was killed had come, as Debian's unit file asks for it: so it is sent
        what it missed, not everything.
        """
        said = self.folder / "recovery.log"
        subprocess.run(
            [mariadb.program("mariadbd"), "--no-defaults", *self._options(), "--wsrep-recover"]
            + [f"--log-error={said}"],
            check=True,
            capture_output=True,
        )
        found = [line for line in said.read_text().splitlines() if "Recovered position:" in line]
        return found[-1].rsplit("Recovered position:", 1)[1].strip()

    def status(self, name: str) -> str:
        return self.query(f"SHOW GLOBAL STATUS LIKE '{name}'")[0][1]

    @property
    def cluster_size(self) -> int:
        return int(self.status("wsrep_cluster_size"))

    @property
    def conflicts(self) -> int:
        """Transactions that met one of another node, so far."""
        names = ("wsrep_local_cert_failures", "wsrep_local_bf_aborts")
        return sum(int(self.status(name)) for name in names)


class Galera:
    """All three. `nodes[0]` is the one that began."""

    def __init__(self) -> None:
        # Copying a node's data fails as root, and mysql cannot enter pytest's own folders.
        account = "mysql" if os.geteuid() == 0 else getpass.getuser()
        self.folder = Path(tempfile.mkdtemp(prefix="microcommerce-galera-"))
        self.folder.chmod(0o755)
        self.nodes = [Node(self.folder / f"node{n}", account) for n in range(1, NODES + 1)]
        self.nodes[0].begins_cluster = True
        for node in self.nodes:
            node.others = ",".join(f"127.0.0.1:{each.replication}" for each in self.nodes)

    def start(self) -> "Galera":
        self.nodes[0].start()
        for node in self.nodes[1:]:
            node.start()
        self.wait_until_whole()
        return self

    def wait_until_whole(self) -> None:
        def is_whole(node: Node) -> bool:
            return node.cluster_size == NODES and node.status("wsrep_ready") == "ON"

        for node in self.nodes:
            wait_until(lambda n=node: is_whole(n), "the cluster is whole", JOIN_SECONDS_MAX, 0.1)

    def stop(self) -> None:
        at_once(NODES, lambda n: self.nodes[n].stop())
        shutil.rmtree(self.folder, ignore_errors=True)


def main(command: list[str]) -> int:
    if why := missing():
        exit_if_required(f"two nodes of a cluster; Galera: {why}")
        print(f"skipped: {' '.join(command)}; Galera: {why}")
        return 0
    cluster = Galera()
    try:
        cluster.start()
        one, other = (
            f"{node.user}:{node.password}@{node.host}:{node.port}" for node in cluster.nodes[:2]
        )
        environment = {**os.environ, "MC_TEST_MYSQL": one, "MC_TEST_MYSQL_SECOND": other}
        return subprocess.run(command, env=environment, check=False).returncode
    finally:
        cluster.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
