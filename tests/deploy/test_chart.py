"""The Helm chart: rendered in both layouts, held against the schemas of Kubernetes, and its
settings against the program. There is no cluster here that would take it.
"""

import re
import sys
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
import yaml

from lib.server import REPOSITORY, SERVICE_PORTS, SERVICES, run_binary
from lib.tools import run, tool

CHART = REPOSITORY / "deploy/helm/microcommerce"
#: The oldest the chart says it runs on, and a new one.
KUBERNETES = ("1.25.1", "1.34.0")
SEPARATE = {
    "layout": "separate",
    "database": {"host": "db.example.com"},
    "kafka": {"brokers": "kafka.example.com:9092"},
    "mail": {"host": "mail.example.com"},
    "secrets": {
        "tokens": "shop-tokens",
        "database": "shop-database",
        "kafka": "shop-kafka",
        "smtp": "shop-smtp",
        "certificates": "shop-certificates",
    },
    "ingress": {"enabled": True, "className": "nginx", "tlsSecret": "shop-tls"},
    "networkPolicy": {"enabled": True, "from": [{"namespaceSelector": {}}]},
    "monitoring": {"enabled": True, "labels": {"release": "prometheus"}},
}
WORKLOADS = ("Deployment", "StatefulSet")


def helm(folder: Path, values: dict[str, Any], check: bool = True) -> Any:
    file = folder / "values.yaml"
    file.write_text(yaml.safe_dump(values))
    program = tool("helm", "tests/deploy/tools")
    options = ["--kube-version", KUBERNETES[-1], "-f", file]
    return run(program, "template", "shop", CHART, *options, check=check)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """layout → its objects."""
    folder = tmp_path_factory.mktemp("chart")
    made = {}
    for layout, values in (("single", {}), ("separate", SEPARATE)):
        text = helm(folder, values).stdout
        made[layout] = [one for one in yaml.safe_load_all(text) if one]
    return made


def of_kind(objects: list[dict[str, Any]], *kinds: str) -> dict[str, dict[str, Any]]:
    return {one["metadata"]["name"]: one for one in objects if one["kind"] in kinds}


def pods(objects: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        name: one["spec"]["template"]["spec"] for name, one in of_kind(objects, *WORKLOADS).items()
    }


def test_the_chart_is_well_formed() -> None:
    program = tool("helm", "tests/deploy/tools")
    run(program, "lint", "--strict", CHART)


@pytest.mark.parametrize("version", KUBERNETES)
@pytest.mark.parametrize("layout", ["single", "separate"])
def test_every_object_fits_the_schemas_of_kubernetes(
    rendered: dict[str, list[dict[str, Any]]], layout: str, version: str
) -> None:
    sys.path.append(str(REPOSITORY / "build/tools/python"))
    try:
        validate = pytest.importorskip(
            "kubernetes_validate", reason="kubernetes-validate is not here (tests/deploy/tools)"
        )
    finally:
        sys.path.pop()
    known = [one for one in rendered[layout] if "monitoring.coreos.com" not in one["apiVersion"]]
    assert len(known) > 5
    for one in known:
        validate.validate(one, version, strict=True)
    wrong = {**known[0], "kindness": 1}
    with pytest.raises(validate.ValidationError):
        validate.validate(wrong, version, strict=True)


def test_the_single_layout_is_one_pod_with_a_volume_and_nothing_else_to_install(
    rendered: dict[str, list[dict[str, Any]]],
) -> None:
    objects = rendered["single"]
    (only,) = of_kind(objects, *WORKLOADS).values()
    assert (only["kind"], only["spec"]["replicas"]) == ("StatefulSet", 1)
    assert only["spec"]["volumeClaimTemplates"][0]["metadata"]["name"] == "data"
    assert not of_kind(objects, "PodDisruptionBudget", "HorizontalPodAutoscaler", "Secret")
    assert len(of_kind(objects, "Service")) == len(SERVICES)


def test_the_separate_layout_scales_each_service_and_survives_a_drained_node(
    rendered: dict[str, list[dict[str, Any]]],
) -> None:
    objects = rendered["separate"]
    names = {f"shop-microcommerce-{service}" for service in SERVICES}
    for kind in ("Deployment", "Service", "HorizontalPodAutoscaler", "PodDisruptionBudget"):
        assert set(of_kind(objects, kind)) == names, kind
    for name, scaler in of_kind(objects, "HorizontalPodAutoscaler").items():
        assert scaler["spec"]["scaleTargetRef"]["name"] == name
        assert scaler["spec"]["minReplicas"] >= 2
        deployment = of_kind(objects, "Deployment")[name]["spec"]
        assert "replicas" not in deployment, "the scaler's number would be undone by each upgrade"
        assert deployment["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
        labels = deployment["template"]["metadata"]["labels"]
        for other in ("PodDisruptionBudget", "Service"):
            selector = of_kind(objects, other)[name]["spec"]["selector"]
            wanted = selector.get("matchLabels", selector)
            assert wanted.items() <= labels.items(), f"{other} {name} finds no pod"


@pytest.mark.parametrize("layout", ["single", "separate"])
def test_no_pod_is_roots_writes_its_image_or_goes_unwatched(
    rendered: dict[str, list[dict[str, Any]]], layout: str
) -> None:
    for name, pod in pods(rendered[layout]).items():
        assert pod["securityContext"]["runAsNonRoot"], name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False
        (container,) = pod["containers"]
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        ports = {one["name"]: one["containerPort"] for one in container["ports"]}
        assert ports.items() <= SERVICE_PORTS.items()
        probes = {"startup": "/health", "liveness": "/health", "readiness": "/ready"}
        for probe, path in probes.items():
            asked = container[f"{probe}Probe"]["httpGet"]
            assert asked["path"] == path and asked["port"] in ports
        assert container["resources"]["requests"] and container["resources"]["limits"]["memory"]
        # Draining, and what is in flight, has to fit into the time Kubernetes gives.
        settings = {one["name"]: one.get("value") for one in container["env"]}
        assert int(settings["DRAIN_DELAY_MS"]) / 1000 + 5 < pod["terminationGracePeriodSeconds"]


@pytest.mark.parametrize("layout", ["single", "separate"])
def test_the_program_knows_every_setting_and_none_that_is_secret_stands_in_the_chart(
    rendered: dict[str, list[dict[str, Any]]], layout: str, tmp_path: Path
) -> None:
    for name, pod in pods(rendered[layout]).items():
        (container,) = pod["containers"]
        lines = []
        for one in container["env"]:
            by_reference = "valueFrom" in one
            is_secret = re.search("SECRET|PASSWORD|_USERNAME|SMTP_USER", one["name"]) is not None
            assert by_reference == is_secret, one["name"]
            if by_reference:
                assert one["valueFrom"]["secretKeyRef"]["key"] == one["name"]
            lines.append(f"{one['name']}={one.get('value', token_hex(24))}\n")
        file = tmp_path / f"{name}.env"
        file.write_text("".join(lines))
        done = run_binary("config", "--env-file", str(file), env={}, cwd=tmp_path)
        assert done.returncode == 0, f"{name}: {done.stderr}"
        urls = dict(re.findall(r"(\w+)_SERVICE_URL=http://(\S+)\n", file.read_text()))
        if layout == "separate":
            at = {f"shop-microcommerce-{one}:{port}" for one, port in SERVICE_PORTS.items()}
            assert set(urls.values()) == at


def test_the_secrets_that_pods_ask_for_are_those_that_the_document_makes(
    rendered: dict[str, list[dict[str, Any]]],
) -> None:
    text = (REPOSITORY / "docs/deploy.md").read_text()
    made: dict[str, set[str]] = {}
    for command in re.findall(r"kubectl create secret generic ((?:\\\n|.)+)", text):
        name, _, literals = command.partition(" ")
        made[name] = set(re.findall(r"--from-literal=(\w+)=", literals))
    asked: dict[str, set[str]] = {}
    for pod in pods(rendered["separate"]).values():
        for one in pod["containers"][0]["env"]:
            reference = one.get("valueFrom", {}).get("secretKeyRef")
            if reference and not reference.get("optional"):
                asked.setdefault(reference["name"], set()).add(reference["key"])
    assert set(made) == {"shop-tokens", "shop-database"}
    for name, keys in made.items():
        assert asked[name] == keys, name


def test_the_ingress_shows_what_customers_need_and_nothing_internal(
    rendered: dict[str, list[dict[str, Any]]],
) -> None:
    (ingress,) = of_kind(rendered["separate"], "Ingress").values()
    (rule,) = ingress["spec"]["rules"]
    shown = {
        one["path"]: one["backend"]["service"]["port"]["number"] for one in rule["http"]["paths"]
    }
    assert shown == {
        "/auth": 3001,
        "/users": 3001,
        "/carts": 3002,
        "/orders": 3003,
        "/products": 3004,
        "/categories": 3004,
        "/inventory": 3005,
    }


def test_the_operator_gets_the_same_alerts_as_compose(
    rendered: dict[str, list[dict[str, Any]]],
) -> None:
    (made,) = of_kind(rendered["separate"], "PrometheusRule").values()
    ours = yaml.safe_load((REPOSITORY / "deploy/prometheus/alerts.yaml").read_text())
    assert made["spec"] == ours
    (watch,) = of_kind(rendered["separate"], "ServiceMonitor").values()
    wanted = watch["spec"]["selector"]["matchLabels"]
    for service in of_kind(rendered["separate"], "Service").values():
        assert wanted.items() <= service["metadata"]["labels"].items()
        assert service["metadata"]["labels"][watch["spec"]["jobLabel"]] == "microcommerce"


@pytest.mark.parametrize(
    ("what", "values", "why"),
    [
        ("no database", {"layout": "separate"}, "database.host"),
        (
            "no broker",
            {"layout": "separate", "database": {"host": "db"}},
            "kafka.brokers",
        ),
        (
            "no keys that pods share",
            {"layout": "separate", "database": {"host": "db"}, "kafka": {"brokers": "k:9092"}},
            "secrets.tokens",
        ),
        ("a pod's own keys, accounts at a server", {"database": {"host": "db"}}, "secrets.tokens"),
        ("a pod's own keys, events in Kafka", {"kafka": {"brokers": "k:9092"}}, "secrets.tokens"),
        (
            "no passwords",
            {"database": {"host": "db"}, "secrets": {"tokens": "shop-tokens"}},
            "secrets.database",
        ),
        ("a layout that is none", {"layout": "both"}, "layout"),
        ("a password in the values", {"settings": {"DB_PASSWORD": "x"}}, "DB_PASSWORD"),
        ("a misspelt key", {"kafka": {"broker": "k"}}, "broker"),
    ],
)
def test_values_that_cannot_work_are_refused_before_a_cluster_sees_them(
    tmp_path: Path, what: str, values: dict[str, Any], why: str
) -> None:
    done = helm(tmp_path, values, check=False)
    assert done.returncode != 0, what
    assert why in done.stderr, done.stderr
