"""Ports for servers that may be killed and started again on the same one."""

import fcntl
import os
import random
import socket
import tempfile
from pathlib import Path

#: Below what the kernel gives to outgoing connections: a client that tries again and again to reach
#: a killed server would sooner or later take the server's own port, or even connect to itself.
RANGE = range(8_000, 32_000)
_given: set[int] = set()
#: Who holds the lock on byte N of this file has port N, until it ends: runs beside this one take
#: others, also while nobody listens there yet or any more.
_claims = (Path(tempfile.gettempdir()) / f"microcommerce-tests-ports-{os.geteuid()}").open("ab")


def claim(*ports: int) -> bool:
    """Whether nobody listens on these ports of 127.0.0.1 and no other run has one; then they are
    this run's.
    """
    locked: list[int] = []
    try:
        for port in ports:
            if port in _given:
                raise OSError(f"{port} is given")
            fcntl.lockf(_claims, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
            locked.append(port)
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
    except OSError:
        for port in locked:
            fcntl.lockf(_claims, fcntl.LOCK_UN, 1, port)
        return False
    _given.update(ports)
    return True


def free_port() -> int:
    """A port of 127.0.0.1 that is this run's from now on."""
    for port in random.sample(RANGE, 200):
        if claim(port):
            return port
    raise AssertionError("no free port found")
