"""The C++ load generator, as Python sees it: plans go in, figures come out."""

import json
import subprocess

from processes import BenchError


class Generator:
    def __init__(self, binary, scratch):
        self.binary = binary
        self.scratch = scratch
        self.plans = 0

    def write_list(self, name, values):
        (self.scratch / name).write_text("".join(f"{value}\n" for value in values))

    def write_plan(self, text):
        self.plans += 1
        path = self.scratch / f"plan-{self.plans}"
        path.write_text(text)
        return path

    def start(self, plan, seconds, clients=64, warm_up=0.5, rate=0, requests=0):
        """Starts a run of the plan (its text) and returns the process, for `finish`."""
        command = [self.binary, "http", self.write_plan(plan), "--clients", clients]
        command += ["--seconds", seconds, "--warm-up", warm_up]
        if rate:
            command += ["--rate", f"{rate:.1f}"]
        if requests:
            command += ["--requests", requests]
        return subprocess.Popen(
            [str(part) for part in command],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )

    def finish(self, process):
        try:
            output, complaint = process.communicate()
        except BaseException:
            process.kill()
            process.wait()
            raise
        if process.returncode != 0:
            raise BenchError(complaint.strip() or f"bench_load exited with {process.returncode}")
        return json.loads(output)

    def run(self, plan, seconds, **options):
        return self.finish(self.start(plan, seconds, **options))

    def measure(self, what, seconds):
        """`disk` or `sqlite`, in the scratch folder."""
        command = [str(self.binary), what, str(self.scratch), "--seconds", str(seconds)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise BenchError(done.stderr.strip())
        return json.loads(done.stdout)
