"""What may be left out is said once, for these tests and the whole-system ones."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))
from lib.skips import (  # noqa: E402, F401
    pytest_make_collect_report,
    pytest_runtest_makereport,
)
