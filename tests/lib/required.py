"""What may be left out. With MC_TEST_REQUIRE in the environment (.ci/run) a test is left out for
the reasons below only; for any other one, a server or a tool that is not here, it fails.
"""

import os
import sys

REQUIRED = bool(os.environ.get("MC_TEST_REQUIRE"))
#: How the reasons begin that say nothing is missing which ./dev setup could bring.
ALLOWED = (
    # A row of a table that the test does not ask about.
    "what PUT leaves out, or null, may stay as it is",
    # Minutes of waiting, for releases: MC_TEST_SIZE=release.
    "a code lives for a minute at least",
    # On MySQL: the same is asked on SQLite.
    "looks into files, and these databases are at a server",
    # What the kernel or a container around the machine forbids.
    "systemd does not boot in a namespace here",
    "this machine lays no overlay over its own files",
)


def refusal(why: str) -> str | None:
    """What is wrong with leaving something out because of `why`; nothing when it may be."""
    reason = why.removeprefix("Skipped: ")
    if not REQUIRED or reason.startswith(ALLOWED):
        return None
    return f"MC_TEST_REQUIRE is set, and this would be skipped: {reason}"


def exit_if_required(why: str) -> None:
    """For programs that run others with a server."""
    if said := refusal(why):
        sys.exit(said)
