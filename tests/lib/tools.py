"""Other people's programs that a test needs: found, or the test is skipped and says which."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from lib.server import REPOSITORY

#: Beside PATH: where Debian keeps what only root uses, and where build/tools may hold more.
FOLDERS = os.pathsep.join(
    [str(REPOSITORY / "build/tools"), os.environ.get("PATH", ""), "/usr/sbin", "/sbin"]
)


def tool(name: str, where_from: str) -> str:
    """The path of a program; without it the test is skipped and says where it is to be had."""
    found = shutil.which(name, path=FOLDERS)
    if found is None:
        pytest.skip(f"{name} is not here ({where_from})")
    return found


def run(
    *command: str | Path, check: bool = True, timeout: float = 300, **arguments: object
) -> subprocess.CompletedProcess[str]:
    """What a program says; unless told otherwise, its failure is the test's."""
    done = subprocess.run(  # type: ignore[call-overload]
        [str(word) for word in command],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        **{"stdin": subprocess.DEVNULL, **arguments},
    )
    if check:
        assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done
