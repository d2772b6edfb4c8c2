"""Prometheus: the rules fire when they should, and ask for series that the program really has."""

import re
from pathlib import Path

import yaml

from lib.server import REPOSITORY, SERVICE_PORTS, Server
from lib.shop import Shop
from lib.tools import run, tool
from lib.waiting import wait_until

FOLDER = REPOSITORY / "deploy/prometheus"
PROMTOOL = "Debian's prometheus, or tests/deploy/tools"
#: Of node_exporter and kubelet, not of ours.
OTHERS = re.compile(r"^(up$|node_filesystem_|kubelet_volume_stats_)")
FUNCTIONS = {"sum", "by", "rate", "increase", "delta", "changes", "histogram_quantile", "and", "on"}


def rules() -> list[dict]:
    groups = yaml.safe_load((FOLDER / "alerts.yaml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def test_every_alert_fires_when_it_should_and_none_in_a_good_hour() -> None:
    promtool = tool("promtool", PROMTOOL)
    run(promtool, "check", "config", FOLDER / "prometheus.yaml")
    run(promtool, "test", "rules", FOLDER / "alerts_test.yaml")


def test_no_alert_is_without_a_test_that_shows_it_firing() -> None:
    tests = yaml.safe_load((FOLDER / "alerts_test.yaml").read_text())["tests"]
    fired = {
        case["alertname"]
        for test in tests
        for case in test["alert_rule_test"]
        if case.get("exp_alerts")
    }
    assert {rule["alert"] for rule in rules()} == fired


def test_alerts_ask_for_series_and_labels_that_the_program_has(shop: Shop, server: Server) -> None:
    shop.user("Measured").buy(shop.product())
    asked = [
        (rule["alert"], name, braces)
        for rule in rules()
        for name, braces in re.findall(
            r"\b([a-z]+(?:_[a-z]+)+)\b(?!\s*\()(\{[^}]*\})?", rule["expr"]
        )
        if not OTHERS.match(name) and name not in FUNCTIONS
    ]
    # Some are there as soon as there is something to measure.
    wait_until(lambda: {name for _, name, _ in asked} <= set(labels_of(server)), "every series")
    known = labels_of(server)
    for alert, name, braces in asked:
        # job and instance are Prometheus' own.
        wanted = set(re.findall(r"(\w+)\s*[=!]~?", braces)) - {"job", "instance"}
        assert wanted <= known[name], f"{alert}: {name} has no {wanted}"


def labels_of(server: Server) -> dict[str, set[str]]:
    """The series of all services, each with the names of its labels."""
    text = "".join(
        server.transport.send(
            service, "GET", "/metrics", headers=[("Accept", "text/plain;version=0.0.4")]
        ).text
        for service in SERVICE_PORTS
    )
    found: dict[str, set[str]] = {}
    for name, labels in re.findall(r"^([a-z_]+)(?:\{(.*)\})? ", text, re.MULTILINE):
        found.setdefault(name, set()).update(re.findall(r'(\w+)="', labels))
    return found


def test_prometheus_gets_its_text_from_every_service(server: Server) -> None:
    jobs = yaml.safe_load((FOLDER / "prometheus.yaml").read_text())["scrape_configs"]
    targets = [one for job in jobs for group in job["static_configs"] for one in group["targets"]]
    assert {one.split(":")[0]: int(one.split(":")[1]) for one in targets} == SERVICE_PORTS
    # What Prometheus 2 sends.
    accept = "application/openmetrics-text;version=1.0.0;q=0.75,text/plain;version=0.0.4;q=0.5"
    for service in SERVICE_PORTS:
        reply = server.transport.send(
            service, "GET", jobs[0]["metrics_path"], headers=[("Accept", accept + ",*/*;q=0.1")]
        )
        assert reply.status == 200
        assert reply.headers["content-type"].startswith("text/plain; version=0.0.4")


def test_every_alert_is_explained(tmp_path: Path) -> None:
    page = (REPOSITORY / "docs/deploy.md").read_text()
    missing = [rule["alert"] for rule in rules() if f"`{rule['alert']}`" not in page]
    assert missing == [], "docs/deploy.md says what to do"
