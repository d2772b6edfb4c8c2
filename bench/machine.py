"""The machine's own limits: nginx with a static answer, fdatasync, raw SQLite commits."""

import os
import platform
import shutil
import statistics
import time
import urllib.request

from processes import BenchError, Child, children_of, cpu_seconds, free_port

NGINX_CONF = """\
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    keepalive_timeout 3600;
    keepalive_requests 1000000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        default_type application/json;
        location / {{ return 200 '{{"status":"ok"}}'; }}
    }}
}}
"""


class Nginx:
    """One worker that answers everything with the same fifteen bytes: what a request costs this
    machine when nothing is done for it. Measured several times in a run, for the machine's speed
    moves."""

    def __init__(self, scratch):
        self.binary = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
        self.runs = []
        self.child = None
        if not self.binary:
            return
        folder = scratch / "nginx"
        folder.mkdir()
        self.port = free_port()
        conf = folder / "nginx.conf"
        conf.write_text(NGINX_CONF.format(folder=folder, port=self.port))
        self.child = Child(
            [self.binary, "-p", str(folder), "-e", str(folder / "nginx.log"), "-c", str(conf)],
            folder / "output",
        )
        try:
            self._wait()
        except BaseException:
            self.child.stop()
            raise

    def _wait(self):
        for _ in range(200):
            self.child.check_alive()
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=1) as answer:
                    answer.read()
                self.worker = children_of(self.child.pid)[0]
                return
            except OSError:
                time.sleep(0.01)
        raise BenchError("nginx does not answer")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.child:
            self.child.stop()

    def measure(self, generator, seconds):
        if not self.child:
            return
        plan = f"target nginx 127.0.0.1:{self.port}\nrequest static 1 200 nginx GET /health\n"
        before = cpu_seconds(self.worker)
        report = generator.run(plan, seconds, warm_up=0.2)
        if report["errors"]:
            raise BenchError(f"nginx: {report['first_unexpected']}")
        cpu = cpu_seconds(self.worker) - before
        self.runs.append({
            "rps": report["rps"],
            "cpu_us": cpu / report["asked"] * 1e6,
            "p50_us": report["p50_us"],
            "p99_us": report["p99_us"],
            "generator_cpu_us": report["own_cpu_seconds"] / report["asked"] * 1e6,
        })

    def median(self):
        """The median of each figure, or None when nginx is not installed or not measured."""
        if not self.runs:
            return None
        return {key: statistics.median(run[key] for run in self.runs) for key in self.runs[0]}


def describe():
    model = platform.machine()
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        for line in info:
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    return {
        "cores": len(os.sched_getaffinity(0)),
        "cpu": model,
        "kernel": platform.release(),
        "load_average": os.getloadavg()[0],
    }


def file_system(folder):
    """The type of the file system `folder` is on."""
    best, kind = "", "unknown"
    with open("/proc/mounts", encoding="utf-8") as mounts:
        for line in mounts:
            _, point, this_kind = line.split()[:3]
            inside = os.path.commonpath([point, os.path.realpath(folder)]) == point
            if inside and len(point) >= len(best):
                best, kind = point, this_kind
    return kind
