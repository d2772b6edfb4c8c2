"""tools/tidy.py: every rule has a sample that trips it, and one in the better form that passes."""

from pathlib import Path
from textwrap import dedent

import pytest
import tidy
from tidy_rules import calls, form, layers, tree
from tidy_rules.source import Source, Tree

LONG_BODY = "    work();\n"

# (rule, path, what trips it, what passes)
SAMPLES = [
    (form.columns, "platform/a.cpp", "int a;" + " " * 95, "int a;  // " + "ü" * 89),
    (form.file_length, "platform/a.cpp", "int a;\n" * 301, "int a;\n" * 300),
    (form.file_length, "services/x/tests/a.cpp", "int a;\n" * 501, "int a;\n" * 500),
    (form.file_length, "tools/a.py", "a = 1\n" * 301, "a = 1\n" * 300),
    (
        form.function_length,
        "platform/a.cpp",
        "void f()\n{\n" + LONG_BODY * 68 + "}\n",
        "void f()\n{\n" + LONG_BODY * 67 + "}\n",
    ),
    (
        form.function_length,
        "tools/a.py",
        "def f():\n" + LONG_BODY * 70,
        "def f():\n" + LONG_BODY * 69,
    ),
    (form.white_space, "platform/a.cpp", "int a; \n", "int a;\n"),
    (form.white_space, "platform/a.cpp", "\tint a;\n", "    int a;\n"),
    (form.white_space, "platform/a.cpp", "int a;", "int a;\n"),
    (
        form.unfinished,
        "docs/a.md",
        "// TO" + "DO: the rest",
        "// The rest is not needed: nobody asks for it.",
    ),
    (form.unfinished, "platform/a.cpp", "// X" + "XX: hm", "// Without XTS and X" + "XX.\n"),
    (form.pragma_once, "platform/a.hpp", "#ifndef A\n", "// About a.\n#pragma once\n"),
    (
        layers.layers,
        "services/order/domain/order.cpp",
        '#include "platform/db/transaction.hpp"',
        '#include "platform/core/money.hpp"',
    ),
    (
        layers.layers,
        "services/order/domain/order.cpp",
        '#include "contracts/order_events.hpp"',
        '#include "contracts/ids.hpp"',
    ),
    (
        layers.layers,
        "services/order/domain/order.cpp",
        '#include "services/order/store/orders.hpp"',
        '#include "services/order/domain/order.hpp"',
    ),
    (
        layers.layers,
        "services/order/actions/cancel.cpp",
        '#include "platform/http/request.hpp"',
        '#include "services/order/store/orders.hpp"',
    ),
    (
        layers.layers,
        "services/order/http/routes.cpp",
        '#include "services/cart/domain/cart.hpp"',
        '#include "contracts/cart_contents.hpp"',
    ),
    (
        layers.layers,
        "platform/http/server.cpp",
        '#include "contracts/ids.hpp"',
        '#include "platform/core/id.hpp"',
    ),
    (
        layers.layers,
        "platform/http/server.cpp",
        '#include "services/order/service.hpp"',
        "#include <vector>",
    ),
    (
        layers.layers,
        "contracts/ids.hpp",
        '#include "services/order/domain/order.hpp"',
        '#include "platform/core/id.hpp"',
    ),
    (
        layers.libraries,
        "services/order/http/handlers.cpp",
        "#include <spdlog/spdlog.h>",
        '#include "platform/observe/log.hpp"',
    ),
    (
        layers.libraries,
        "platform/db/database.cpp",
        "#include <mysql.h>",
        '#include "platform/db/engines/mysql/mysql_engine.hpp"',
    ),
    (
        layers.libraries,
        "platform/events/relay.cpp",
        "#include <librdkafka/rdkafka.h>",
        '#include "platform/events/event_log.hpp"',
    ),
    (
        layers.sql_in_store,
        "services/order/actions/cancel.cpp",
        'constexpr auto sql = "DELETE FROM orders WHERE id = ?";',
        '// DELETE FROM orders\nto.remove("DELETE");',
    ),
    (
        layers.sql_in_store,
        "services/order/http/handlers.cpp",
        'auto s = R"(\n  SELECT id FROM orders)";',
        'auto s = "Select one from the list";',
    ),
    (
        layers.sql_is_literal,
        "services/order/store/orders.cpp",
        'fmt::format("SELECT id FROM {}", table)',
        'statement{"order.all", "SELECT id FROM orders"}',
    ),
    (
        layers.sql_is_literal,
        "platform/db/rows.cpp",
        'auto sql = "DELETE FROM t WHERE id = " + id;',
        'auto sql = "DELETE FROM t WHERE id = ?";',
    ),
    (
        layers.environment,
        "platform/http/server.cpp",
        'getenv("PORT")',
        'settings.number("PORT")  // not getenv',
    ),
    (
        calls.banned,
        "platform/a.cpp",
        "int a = std::stoi(text);",
        "int a = parse(text);  // stoi(text)",
    ),
    (calls.banned, "platform/a.cpp", "long a = strtol(p, &e, 10);", "std::from_chars(p, e, a);"),
    (calls.banned, "platform/a.cpp", 'snprintf(b, n, "%d", 1);', 'fmt::format("{}", 1);'),
    (calls.banned, "platform/a.cpp", 'std::format("{}", 1);', 'fmt::format("{}", 1);'),
    (calls.banned, "services/a/a.cpp", "std::mt19937_64 r;", "random_bytes(16);"),
    (
        calls.banned,
        "platform/a.cpp",
        'std::system("ls");',
        "boost::system::error_code none; system_error(none);",
    ),
    (calls.banned, "platform/a.cpp", "std::gmtime(&t);", "rfc3339(t);"),
    (calls.banned, "services/a/a.cpp", "system_clock::now()", "use.clock.now()"),
    (
        calls.banned,
        "services/a/tests/a.cpp",
        "std::this_thread::sleep_for(1ms);",
        "shop.wait_for(event);",
    ),
    (calls.banned, "platform/a.cpp", "t.detach();", "co_spawn(io, f(), asio::detached);"),
    (calls.banned, "services/a/a.cpp", 'std::cout << "x";', 'log::info("x");'),
    (calls.banned, "platform/a.cpp", "out << std::endl;", "out << '\\n';"),
    (calls.banned, "platform/a.cpp", "f(NULL);", "f(nullptr);"),
    (
        calls.using_namespace,
        "platform/a.hpp",
        "using namespace std;\n",
        "using std::string_view;\nnamespace asio = boost::asio;\n",
    ),
    (
        calls.using_namespace,
        "platform/a.cpp",
        "using namespace boost;\n",
        "using namespace std::chrono_literals;\n",
    ),
    (
        calls.floating_point,
        "services/order/domain/total.hpp",
        "double total;",
        "money total;  // no double",
    ),
    (
        calls.bool_parameters,
        "services/order/store/orders.hpp",
        "void find(int id, bool deleted = false);",
        "bool find(int id, include_deleted which);",
    ),
    (
        calls.default_result,
        "services/a/a.cpp",
        "result<order> find(int id)\n{\n    return {};\n}\n",
        "result<order> find(int id)\n{\n    return gone();\n}\n",
    ),
    (
        calls.default_result,
        "services/a/a.cpp",
        "result<std::map<int, order>> all::find(int id)\n{\n    return {};\n}\n",
        "result<> check(int id)\n{\n    return {};\n}\n",
    ),
    (
        calls.default_result,
        "services/a/a.cpp",
        "void f()\n{\n    g([](int) -> result<int> { return {}; });\n}\n",
        "result<int> f()\n{\n    return g([]() -> std::string { return {}; });\n}\n",
    ),
    (
        calls.lambda_coroutines,
        "platform/a.cpp",
        "spawn([this](int a) -> awaitable<void> { run(a); });",
        "spawn([](int a) -> awaitable<void> { run(a); });",
    ),
    (
        calls.lambda_coroutines,
        "platform/a.cpp",
        "auto f = [&] { co_await run(); };",
        "auto f = [&] { return run([] -> task { co_return; }); };",
    ),
    (
        calls.one_co_await,
        "platform/a.cpp",
        "int a = f(co_await b(), co_await c());",
        "int a = co_await b();\nint d = co_await c();",
    ),
    (
        calls.enum_default,
        "platform/a.cpp",
        "switch (s)\n{\ncase state::open: return 1;\ndefault: return 2;\n}",
        "switch (s)\n{\ncase state::open: return 1;\ncase state::shut: return 2;\n}",
    ),
    (
        calls.enum_default,
        "platform/a.cpp",
        "switch (s)\n{\ncase open: return 1;\ndefault: return 2;\n}",
        "switch (c)\n{\ncase 'a': return 1;\ncase SQLITE_BUSY: return 3;\ndefault: return 2;\n}",
    ),
]


def found(rule, path: str, text: str) -> list:
    return list(rule(Source(path, text)))


@pytest.mark.parametrize(("rule", "path", "bad", "good"), SAMPLES)
def test_a_rule_trips_on_what_it_is_about_and_not_on_the_better_form(rule, path, bad, good) -> None:
    assert len(found(rule, path, bad)) == 1
    assert found(rule, path, good) == []


def test_every_file_rule_and_every_banned_call_has_a_sample() -> None:
    assert {rule for rule, *_ in SAMPLES} == set(tidy.FILE_RULES) | set(tidy.CPP_RULES)
    tripping = [bad for rule, _, bad, _ in SAMPLES if rule is calls.banned]
    for pattern, _, advice in calls._BANNED:
        assert any(pattern.search(bad) for bad in tripping), advice


# (rule, files that trip it, files that pass); a path that ends in / is an empty folder.
GOLDEN = '#pragma once\nevent_type type{"ORDER_PAID", 1, "order-events"};\n'
TREES = [
    (tree.empty_folders, {"services/order/clients/": ""}, {"services/order/clients/cart.cpp": ""}),
    (
        tree.readmes,
        {"platform/db/a.cpp": ""},
        {"platform/db/a.cpp": "", "platform/db/README.md": "# db\n"},
    ),
    (tree.readmes, {"platform/db/README.md": "x" * 6001}, {"platform/db/README.md": "x" * 6000}),
    (
        tree.include_paths,
        {"platform/a.cpp": '#include "../b.hpp"\n'},
        {"platform/a.cpp": "#include <b.hpp>\n"},
    ),
    (
        tree.heavy_headers,
        {
            "platform/json/a.hpp": "#include <simdjson.h>\n",
            "platform/json/b.hpp": '#include "platform/json/a.hpp"\n',
            "services/order/c.cpp": '#include "platform/json/b.hpp"\n',
        },
        {
            "platform/json/a.hpp": "#include <simdjson.h>\n",
            "platform/json/b.cpp": '#include "platform/json/a.hpp"\n',
        },
    ),
    (
        tree.dead_headers,
        {"platform/a.hpp": ""},
        {"platform/a.hpp": "", "b.cpp": '#include "platform/a.hpp"\n'},
    ),
    (
        tree.golden_events,
        {"contracts/paid.hpp": GOLDEN},
        {"contracts/paid.hpp": GOLDEN, "contracts/golden/order_paid.json": "{}"},
    ),
]


def made(root: Path, files: dict[str, str]) -> Tree:
    for path, text in files.items():
        target = root / path
        if path.endswith("/"):
            target.mkdir(parents=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
    return Tree(root)


@pytest.mark.parametrize(("rule", "bad", "good"), TREES)
def test_a_tree_rule_trips_and_passes(rule, bad, good, tmp_path: Path) -> None:
    assert len(list(rule(made(tmp_path / "bad", bad)))) == 1
    assert list(rule(made(tmp_path / "good", good))) == []


def test_every_tree_rule_has_a_sample() -> None:
    assert {rule for rule, *_ in TREES} == set(tidy.TREE_RULES)


def test_findings_name_file_line_and_rule_and_fail_the_run(tmp_path: Path, capsys) -> None:
    made(tmp_path, {"bench/a.cpp": "int a;\nint* b = NULL;\n"})
    assert tidy.main([str(tmp_path)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("bench/a.cpp:2: NULL: ")
    assert said[0].endswith("[banned]")
    assert said[-1] == "tidy: 1 files, 1 findings"


def test_a_clean_tree_passes_and_built_or_generated_files_are_not_read(
    tmp_path: Path, capsys
) -> None:
    made(
        tmp_path,
        {
            "bench/a.cpp": "int a;\n",
            "build/dev/b.cpp": "int b = std::stoi(c);\n",
            "openapi/order.json": "x" * 200 + "\n",
        },
    )
    assert tidy.main([str(tmp_path)]) == 0
    assert capsys.readouterr().out == "tidy: 2 files, no findings\n"


def test_cpp_is_read_without_its_comments_and_literals() -> None:
    source = Source(
        "a.cpp", 'f("x//y", R"sql(SELECT "a")sql", \'"\', 1\'000); // "no"\n/* "nor\n" */ g();'
    )
    assert [one.text for one in source.literals] == ["x//y", 'SELECT "a"']
    assert "no" not in source.code
    assert source.code.count("\n") == source.text.count("\n") and len(source.code) == len(
        source.text
    )
    assert source.line_at(source.code.index("g()")) == 3


def test_functions_are_found_behind_classes_initialisers_and_macros() -> None:
    source = Source(
        "a.cpp",
        dedent("""
        MC_DESCRIBE(order, id)

        struct alignas(64) slot : base
        {
            slot(int a) noexcept : a_{a}, b_(2) {}
            template <class T>
            requires std::integral<T>
            T get() const
            {
                return T{1};
            }
            std::vector<int> list{1, 2};
        };
        constexpr std::array table{1, 2, 3};
        result<order> find(id_of<order> id)
        {
            if (id) { return x; }
            return y;
        }
        TEST_CASE("a, (b) {c}")
        {
            CHECK(true);
        }
    """),
    )
    heads = [one.head.splitlines()[-1].strip() for one in source.functions]
    assert heads == [
        "slot(int a) noexcept : a_{a}, b_(2)",
        "T get() const",
        "result<order> find(id_of<order> id)",
        'TEST_CASE("          ")',
    ]
