"""The figures as Markdown, ready for the README."""

ORDERS_PER_SECOND_AIM = 10_000
ORDERS_P99_MS_AIM = 15


def milliseconds(micros):
    value = micros / 1000
    return f"{value:.2f}" if value < 10 else f"{value:.0f}" if value >= 100 else f"{value:.1f}"


def verdict(measured, aim):
    return f"≤ {aim:g}" + ("" if measured <= aim else " **missed**")


def machine_line(results):
    machine = results["machine"]
    line = f"{machine['cores']} cores, {machine['cpu']}, Linux {machine['kernel']}"
    if results.get("disk"):
        append, over = results["disk"]["append"], results["disk"]["overwrite"]
        line += (
            f"; fdatasync of 4 KiB on {machine['file_system']}: append {append['p50_us']} µs, "
            f"overwrite {over['p50_us']} µs (p99 {append['p99_us']} and {over['p99_us']})"
        )
    return line + f"; load average {machine['load_average']:.1f} at the start."


def nginx_line(results):
    nginx = results.get("nginx")
    if not nginx:
        return "nginx was not measured (apt-get install nginx-light), so there are no multiples."
    return (
        f"nginx, one worker, static answer, in the same run (median of {nginx['runs']}): "
        f"{nginx['rps']:,.0f} requests/s, **{nginx['cpu_us']:.1f} µs** CPU per request."
    )


def rows_table(results):
    nginx = results.get("nginx")
    lines = [
        "| 64 connections | requests/s | p50 ms | p99 ms | p99.9 ms | errors | CPU µs/request "
        "| × nginx | aim | RSS MiB |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for row in results["rows"]:
        title = row["title"]
        if row["rate"]:
            title += f" at {row['rate']:,.0f}/s, open loop"
        multiple, aim = "–", "–"
        if nginx:
            times = row["cpu_us"] / nginx["cpu_us"]
            multiple = f"{times:.1f}"
            if row["aim"]:
                aim = verdict(round(times, 1), row["aim"])
        latencies = " | ".join(milliseconds(row[key]) for key in ("p50_us", "p99_us", "p999_us"))
        lines.append(
            f"| {title} | {row['rps']:,.0f} | {latencies} | {row['errors']} "
            f"| {row['cpu_us']:,.1f} | {multiple} | {aim} | {row['rss_mib']:.0f} |"
        )
    return lines


def order_lines(results):
    for row in results["rows"]:
        if row["key"] != "order":
            continue
        p99 = row["p99_us"] / 1000
        met = row["rps"] >= ORDERS_PER_SECOND_AIM and p99 <= ORDERS_P99_MS_AIM
        aim = f"≥ {ORDERS_PER_SECOND_AIM:,}/s, p99 ≤ {ORDERS_P99_MS_AIM} ms"
        yield ("durable orders, 64 connections", f"{row['rps']:,.0f}/s, p99 {p99:.1f} ms",
               aim if met else aim + " **missed**")
        backlog = row["backlog_seconds"]
        yield ("their events all applied after the last answer",
               "not within the time waited" if backlog is None else f"{backlog:.1f} s", "")


def start_lines(starts):
    names = {"new": "a new data folder", "existing": "the data of this run"}
    for kind, name in names.items():
        yield (f"first 200 of all services after start, {name}",
               f"{starts[f'start_{kind}_ms']:.0f} ms", "")
    for kind, name in names.items():
        rest = starts[f"idle_{kind}"]
        yield (f"memory at rest, all services, {name}",
               f"{rest['rss_mib']:.1f} MiB, {rest['cpu_percent']:.1f} % of a core", "")


def figures_table(results):
    lines = list(order_lines(results))
    if results.get("starts"):
        lines += start_lines(results["starts"])
    if results.get("size"):
        lines.append(("binary, stripped", f"{results['size'] / 2**20:.1f} MiB", ""))
    if results.get("storm"):
        storm = results["storm"]
        lines.append((
            f"p99 of `GET /products/:id` at {storm['rate']:,}/s while 64 clients log in "
            f"({storm['logins']['rps']:.0f}/s)",
            f"{milliseconds(storm['stormy']['p99_us'])} ms, alone "
            f"{milliseconds(storm['calm']['p99_us'])} ms (× {storm['p99_ratio']:.1f})", ""))
    names = {"idle": "at rest", "busy": "under the mix"}
    for kind, name in names.items():
        if kind in (results.get("events") or {}):
            took = results["events"][kind]
            lines.append((f"an account blocked in user is refused by cart (by event), {name}",
                          f"p50 {took['p50_ms']:.1f} ms, max {took['max_ms']:.1f} ms", ""))
    if results.get("sqlite"):
        raw = results["sqlite"]
        alone, grouped = raw["group_of_1_per_second"], raw["group_of_64_per_second"]
        lines.append(("raw SQLite, 3 rows a transaction, durable, alone / in groups of 64",
                      f"{alone:,} / {grouped:,} per second", ""))
    if not lines:
        return []
    head = ["| | measured | aim |", "|---|---|---|"]
    return head + [f"| {name} | {value} | {aim} |" for name, value, aim in lines]


def errors_of(results):
    """Everything that was not answered as it must, for people; empty when all is well."""
    errors = list(results["failed"])
    for row in results["rows"]:
        if row["errors"]:
            errors.append(f"{row['key']}: {row['errors']} errors, first: {row['first_unexpected']}")
    storm = results.get("storm") or {}
    for part in ("calm", "stormy", "logins"):
        if storm and storm[part]["errors"]:
            errors.append(f"storm ({part}): {storm[part]['first_unexpected']}")
    if (results.get("events") or {}).get("errors"):
        errors.append(f"events: {results['events']['errors']} errors or events never seen")
    return errors


def markdown(results):
    parts = [[machine_line(results), "", nginx_line(results)]]
    if results["rows"]:
        parts.append(rows_table(results))
    parts.append(figures_table(results))
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"
