"""The figures as Markdown, ready for the README."""

# Aims by where the shop stands: on SQLite and the embedded log, on MariaDB, on Kafka.
ORDERS_PER_SECOND_AIM = {"sqlite": 10_000, "mysql": 1_500}
ORDERS_P99_MS_AIM = {"sqlite": 15, "mysql": None}
EVENT_MS_AIM = {"embedded": (3, 10), "kafka": (10, 40)}  # p50 and p99.
DRAINED_PER_SECOND_AIM = 20_000


def milliseconds(micros):
    value = micros / 1000
    return f"{value:.2f}" if value < 10 else f"{value:.0f}" if value >= 100 else f"{value:.1f}"


def verdict(measured, aim):
    return f"≤ {aim:g}" + ("" if measured <= aim else " **missed**")


def at_least(measured, aim):
    return f"≥ {aim:,}/s" + ("" if measured >= aim else " **missed**")


def place_line(results):
    return f"The shop stands on {results['place']}." if results.get("place") else None


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
    # Servers beside the shop's own processes, each with a column of what a request costs there.
    beside = list(results["rows"][0]["cpu_us_of"])
    names = "".join(f"| {name} µs " for name in beside)
    lines = [
        "| 64 connections | requests/s | p50 ms | p99 ms | p99.9 ms | errors | CPU µs/request "
        f"| × nginx | aim {names}| RSS MiB |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|" + "--:|" * (len(beside) + 1),
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
            f"| {row['cpu_us']:,.1f} | {multiple} | {aim} "
            + "".join(f"| {row['cpu_us_of'][name]:,.0f} " for name in beside)
            + f"| {row['rss_mib']:.0f} |"
        )
    return lines


def order_lines(results):
    engine = results["engine"]
    for row in results["rows"]:
        if row["key"] != "order":
            continue
        p99 = row["p99_us"] / 1000
        least, longest = ORDERS_PER_SECOND_AIM[engine], ORDERS_P99_MS_AIM[engine]
        met = row["rps"] >= least and (longest is None or p99 <= longest)
        aim = f"≥ {least:,}/s" + (f", p99 ≤ {longest} ms" if longest else "")
        yield ("durable orders, 64 connections", f"{row['rps']:,.0f}/s, p99 {p99:.1f} ms",
               aim if met else aim + " **missed**")
        backlog = row["backlog_seconds"]
        yield ("their events all applied after the last answer",
               "not within the time waited" if backlog is None else f"{backlog:.1f} s", "")


def sale_lines(results):
    sale = results.get("sale")
    if not sale:
        return
    sold, refused = sale["sold"], sale["refused"]
    yield (f"a sale of {sale['units']:,} units of one product, 64 connections: until all are sold",
           f"{sold['seconds']:.2f} s, {sold['rps']:,.0f} orders/s, "
           f"p50 {milliseconds(sold['p50_us'])} ms, p99 {milliseconds(sold['p99_us'])} ms",
           "each once")
    yield ("as many orders again, all refused",
           f"{refused['rps']:,.0f}/s, p99 {milliseconds(refused['p99_us'])} ms", "")


def latency_lines(results):
    latency = results.get("latency")
    if not latency:
        return
    p50_max, p99_max = EVENT_MS_AIM[results["log"]]
    where = "another process" if latency["across"] else "the same process"
    for kind, name in (("idle", "at rest"), ("busy", "under an easy mix")):
        took = latency[kind]
        aim = ""
        if kind == "idle":
            met = took["p50_ms"] <= p50_max and took["p99_ms"] <= p99_max
            aim = f"p50 ≤ {p50_max}, p99 ≤ {p99_max} ms" + ("" if met else " **missed**")
        yield (f"a change in user is taken in by cart, {where}, {name} ({took['events']} events)",
               f"p50 {took['p50_ms']} ms, p99 {took['p99_ms']} ms, max {took['max_ms']} ms", aim)


def drain_lines(results):
    if drain := results.get("drain"):
        beside = "".join(f", {name} {cpu:.0f}" for name, cpu in drain["cpu_us_of"].items())
        yield (f"a backlog of {drain['events']:,} ORDER_CREATED, outbox → log → cart",
               f"{drain['per_second']:,.0f}/s in {drain['seconds']:.1f} s",
               at_least(drain["per_second"], DRAINED_PER_SECOND_AIM))
        yield ("the same until inventory has reserved them all",
               f"{drain['inventory_per_second']:,.0f}/s in {drain['inventory_seconds']:.1f} s; "
               f"CPU µs an event, of both: {drain['cpu_us']:.0f}{beside}", "")
    if first := results.get("first-adds"):
        yield (f"{first['adds']} first adds to a cart, 8 at once to each",
               f"{first['errors']} failed, p50 {first['p50_ms']:.1f} ms, max "
               f"{first['max_ms']:.0f} ms", "none fails")


def start_lines(starts):
    names = {"new": "a new data folder", "existing": "the data of this run"}
    names = {kind: name for kind, name in names.items() if f"idle_{kind}" in starts}
    for kind, name in names.items():
        yield (f"first 200 of all services after start, {name}",
               f"{starts[f'start_{kind}_ms']:.0f} ms", "")
    for kind, name in names.items():
        rest = starts[f"idle_{kind}"]
        yield (f"memory at rest, all services, {name}",
               f"{rest['rss_mib']:.1f} MiB, {rest['cpu_percent']:.1f} % of a core", "")


def figures_table(results):
    lines = [*order_lines(results), *sale_lines(results), *latency_lines(results),
             *drain_lines(results)]
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
    if sale := results.get("sale"):
        for part in ("sold", "refused"):
            if sale[part]["errors"]:
                errors.append(f"sale ({part}): {sale[part]['errors']} errors, first: "
                              f"{sale[part]['first_unexpected']}")
        if sale["off_by"]:
            errors.append(f"sale: {sale['off_by']} units were sold twice, or lost")
    if (results.get("events") or {}).get("errors"):
        errors.append(f"events: {results['events']['errors']} errors or events never seen")
    if (results.get("latency") or {}).get("errors"):
        errors.append(f"latency: {results['latency']['errors']} errors of the mix beside it")
    if (results.get("first-adds") or {}).get("errors"):
        errors.append(f"first-adds: {results['first-adds']['errors']} were refused")
    if (results.get("drain") or {}).get("errors"):
        errors.append(f"drain: {results['drain']['errors']} events took effect twice, or never")
    return errors


def markdown(results):
    head = [machine_line(results), place_line(results), nginx_line(results)]
    parts = [[line] for line in head if line]
    if results["rows"]:
        parts.append(rows_table(results))
    parts.append(figures_table(results))
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"
