"""Hooks for pytest: what lib.required does not allow to be left out is a failure."""

from collections.abc import Generator

import pytest

from lib.required import refusal


def _reason(longrepr: object) -> str:
    return longrepr[2] if isinstance(longrepr, tuple) else str(longrepr)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        if said := refusal(_reason(report.longrepr)):
            report.outcome, report.longrepr = "failed", said
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped and (said := refusal(_reason(report.longrepr))):
        report.outcome, report.longrepr = "failed", said
    return report
