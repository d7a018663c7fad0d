"""What the project promises about people's data, landed text and files outside a drop.

How a drop is read at all, and what is said of its mistakes, is in
test_landing_reader.py; that a release is what its manifest says, in test_verify.py.
"""

import ast
import csv
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.contract import landing_contract
from orchestration.dbt_runner import ensure_manifest
from orchestration.errors import LandingError
from orchestration.landing import land_directory, quoted
from orchestration.publish import RESTRICTED_FILE, open_to_readers
from orchestration.settings import PROJECT, build_paths, settings_from
from orchestration.steps import start_build

CONTRACT = landing_contract()
SAMPLE = PROJECT / "seeds" / "landing"

# People's data ------------------------------------------------------------------------

# What names a person, or something that only one person has.
IDENTIFIER = re.compile(
    r"(x_replaces_)?"
    r"(person|member|subscriber|claim|encounter|immunization|lab_result|observation)_id"
)
PERSONAL_COLUMN = re.compile(
    r"person|member_id|subscriber|birth|death|\bdob\b|claim_id|encounter_id|first_name"
    r"|last_name|address|phone|zip"
)
# Landed tables with rows about people, and in them the columns that name one.
PERSONAL = {
    table.name: [c.name for c in table.columns if IDENTIFIER.fullmatch(c.name)]
    for table in CONTRACT.values()
    if any(c.name == "person_id" for c in table.columns)
}
WORD = re.compile(rb"[A-Za-z0-9][A-Za-z0-9_-]{4,}")
# Not the first or last days of a month: those are periods, and somebody's birthday too.
DAY = re.compile(rb"\b(?:19|20)\d\d-\d\d-(?:0[2-9]|1\d|2[0-7])\b")


def landed_values(*columns: str) -> set[bytes]:
    """The sample's values of columns, in whichever table about people has them."""
    found = set()
    for table, identifiers in PERSONAL.items():
        with (SAMPLE / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for name in columns or identifiers:
                    if row.get(name):
                        found.add(row[name].encode())
    return found


def text_of(path: Path) -> Iterator[bytes]:
    """Everything that a file holds: its bytes, and what an engine reads from it.

    A database packs text, so its bytes alone do not show it.
    """
    yield path.read_bytes()
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            for schema, table in connection.execute(
                "select schema_name, table_name from duckdb_tables()"
            ).fetchall():
                rows = connection.execute(f'from "{schema}"."{table}"').fetchall()
                yield "\n".join(str(value) for row in rows for value in row).encode()
            for (comment,) in connection.execute(
                "select comment from duckdb_columns() union all "
                "select comment from duckdb_tables()"
            ).fetchall():
                yield str(comment).encode()
    elif path.suffix == ".parquet":
        rows = duckdb.sql(f"from '{path}'").fetchall()
        yield "\n".join(str(value) for row in rows for value in row).encode()


def named_in(path: Path, values: set[bytes], pattern: re.Pattern[bytes]) -> set[bytes]:
    """The values that occur in a file as a word of their own."""
    return {
        word
        for text in text_of(path)
        for word in pattern.findall(text)
        if word in values
    }


def public_files(release: Path) -> list[Path]:
    return [
        path
        for path in sorted(release.rglob("*"))
        if path.is_file() and path.name != RESTRICTED_FILE
    ]


@pytest.fixture(scope="module")
def identifiers() -> set[bytes]:
    return landed_values()


@pytest.mark.slow
def test_the_search_for_people_finds_them_where_they_are(refreshed, identifiers):
    path = refreshed.current() / RESTRICTED_FILE
    assert len(named_in(path, identifiers, WORD)) > 1_000


@pytest.mark.slow
def test_no_public_file_names_a_person_or_a_claim(refreshed, identifiers):
    files = public_files(refreshed.current())
    assert {"blueprint.duckdb", "manifest.json", "hsas.parquet"} < {
        path.name for path in files
    }
    named = {path.name: named_in(path, identifiers, WORD) for path in files}
    assert {name: words for name, words in named.items() if words} == {}


def days_of_the_office(release: Path) -> set[bytes]:
    """Days of the calendar, and of lists, agreements and reports: of no person."""
    days = set()
    with duckdb.connect(str(release / "blueprint.duckdb"), read_only=True) as public:
        for table in (
            "attribution_reconciliation",
            "attribution_calendar",
            "program_calendar",
            "whi_obligations",
            "cht_invoices",
            "cht_payments_by_entity",
        ):
            for row in public.execute(
                f"select distinct columns('.*_date') from marts.{table}"
            ).fetchall():
                days |= {str(day).encode() for day in row if day}
        for row in public.execute("select calendar_day from marts.days").fetchall():
            days |= {str(row[0]).encode()}
        for table in (
            "practice_recognition_timeline",
            "practice_recognition_episodes",
            "practice_recognition_events",
        ):
            for row in public.execute(
                "select distinct columns('.*_(date|from|until|month)') "
                f"from marts.{table}"
            ).fetchall():
                days |= {str(day).encode() for day in row if day}
    return days


@pytest.mark.slow
def test_no_public_file_holds_somebodys_birth_date(refreshed):
    births = landed_values("birth_date")
    assert len(births) > 1_000
    # Of the release itself, and possibly the day on which somebody was born.
    manifest = refreshed.manifest()
    births -= {str(manifest[name]).encode() for name in ("as_of", "paid_through")}
    births.discard(str(manifest["attribution_cutoff"]).encode())
    births -= days_of_the_office(refreshed.current())
    assert len(births) > 1_000
    held = {
        path.name: named_in(path, births, DAY)
        for path in public_files(refreshed.current())
    }
    assert {name: days for name, days in held.items() if days} == {}


@pytest.mark.slow
def test_no_public_table_has_a_column_about_one_person(refreshed):
    columns = set()
    path = refreshed.current() / "blueprint.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        columns |= {
            f"{table}.{column}"
            for table, column in connection.execute(
                "select table_name, column_name from duckdb_columns() "
                "where not internal"
            ).fetchall()
        }
    for file in refreshed.current().rglob("*.parquet"):
        described = duckdb.sql(f"describe from '{file}'").fetchall()
        columns |= {f"{file.stem}.{row[0]}" for row in described}
    assert len(columns) > 50
    assert [name for name in sorted(columns) if PERSONAL_COLUMN.search(name)] == []
    known = {c for names in PERSONAL.values() for c in names}
    assert [name for name in columns if name.partition(".")[2] in known] == []


@pytest.mark.slow
def test_everybody_reads_a_release_except_its_restricted_file(refreshed):
    release = refreshed.current()
    modes = {
        path.relative_to(release.parent).as_posix(): stat.S_IMODE(path.stat().st_mode)
        for path in (release, *release.rglob("*"))
    }
    assert modes.pop(f"{release.name}/{RESTRICTED_FILE}") == 0o600
    assert {oct(mode) for name, mode in modes.items() if "." in Path(name).name} == {
        oct(0o644)
    }
    assert {
        oct(mode) for name, mode in modes.items() if "." not in Path(name).name
    } == {oct(0o755)}


def test_others_may_read_the_restricted_file_at_no_moment(tmp_path, monkeypatch):
    release = tmp_path / "release"
    (release / "parquet").mkdir(parents=True)
    for name in (RESTRICTED_FILE, "blueprint.duckdb", "parquet/hsas.parquet"):
        (release / name).touch(mode=0o600)
    release.chmod(0o700)
    changed = []
    chmod = Path.chmod

    def watched(path: Path, mode: int) -> None:
        chmod(path, mode)
        changed.append((path.name, mode))

    monkeypatch.setattr(Path, "chmod", watched)
    open_to_readers(release)
    assert {mode for name, mode in changed if name == RESTRICTED_FILE} == {0o600}
    # Until the folder itself is opened, nobody gets at what is in it.
    assert changed[-1] == ("release", 0o755)


def test_only_its_owner_looks_into_a_build(tmp_path):
    ensure_manifest()
    settings = settings_from({}, releases=str(tmp_path / "releases"))
    paths = build_paths(settings.releases, "run")
    start_build(settings, paths, "run")
    assert stat.S_IMODE(paths.folder.stat().st_mode) == 0o700


# Landed text --------------------------------------------------------------------------

HOSTILE = [
    "'); drop table landing.practice; --",
    '"; drop schema landing cascade; --',
    "' or 1 = 1 --",
    "a; b",
    "{{ ref('x') }}",
    "{{ env_var('HOME') }}",
    "{% do run_query('drop schema landing') %}",
    "{# comment #}",
    "%s %(name)s {0} {name}",
    "$(touch here) `touch here` ${HOME}",
    "copy (select 1) to 'here.csv'",
    "read_text('/etc/hostname')",
    "line\nbreak",
    "back\\slash \\n",
    "a\ttab",
    "=1+1",
    "<script>alert(1)</script>",
    "\u202eright to left",
    "null",
    "''",
    '""',
]
# What a file system takes as a name of a file.
HOSTILE_NAMES = [text.replace("/", "_") for text in HOSTILE]


def hostile_rows(table: str) -> list[dict[str, str]]:
    """Rows in which every column of a table has had every hostile value."""
    columns = [c.name for c in CONTRACT[table].columns]
    return [
        {
            name: HOSTILE[(place + turn) % len(HOSTILE)]
            for place, name in enumerate(columns)
        }
        for turn in range(len(HOSTILE))
    ]


def write_parquet(path: Path, rows: list[dict[str, str]]) -> None:
    columns = ", ".join(f"{quoted(name)} varchar" for name in rows[0])
    marks = ", ".join("?" * len(rows[0]))
    with duckdb.connect() as connection:
        connection.execute(f"create table written ({columns})")
        connection.executemany(
            f"insert into written values ({marks})",
            [list(row.values()) for row in rows],
        )
        connection.table("written").write_parquet(str(path))


def rows_of(database: Path, table: str) -> list[tuple]:
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(f'select * from landing."{table}"').fetchall()
    return sorted(rows, key=repr)


def relations_of(database: Path) -> set[str]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return {
            f"{schema}.{name}"
            for schema, name in connection.execute(
                "select schema_name, table_name from duckdb_tables() union all "
                "select schema_name, view_name from duckdb_views() where not internal"
            ).fetchall()
        }


LANDING = {f"landing.{name}" for name in CONTRACT}


def test_hostile_values_arrive_as_they_are_and_nothing_else_happens(
    drop, tmp_path, monkeypatch
):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    expected = {}
    for number, table in enumerate(CONTRACT):
        rows = hostile_rows(table)
        expected[table] = sorted((tuple(row.values()) for row in rows), key=repr)
        if number % 2:
            drop.write(f"{table}.csv", rows)
        else:
            write_parquet(drop.folder / f"{table}.parquet", rows)
    before = sorted(path.name for path in drop.folder.iterdir())
    database = tmp_path / "build" / "blueprint.duckdb"
    database.parent.mkdir()
    land_directory(drop.folder, database, CONTRACT)
    assert relations_of(database) == LANDING
    for table, rows in expected.items():
        assert rows_of(database, table) == rows
    assert [path.name for path in database.parent.iterdir()] == ["blueprint.duckdb"]
    assert list((tmp_path / "here").iterdir()) == []
    assert sorted(path.name for path in drop.folder.iterdir()) == before


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_hostile_names_of_columns_and_files_are_only_names(drop, tmp_path, kind):
    row = {**drop.row("practice", hsa="Barre"), **dict.fromkeys(HOSTILE, "1")}
    names = [f"{name}.{kind}" for name in HOSTILE_NAMES]
    for number, name in enumerate(names):
        named = {**row, "practice_id": f"P{number}"}
        (drop.folder / "practice").mkdir(exist_ok=True)
        if kind == "csv":
            drop.write(f"practice/{name}", [named])
        else:
            write_parquet(drop.folder / "practice" / name, [named])
    database = tmp_path / "blueprint.duckdb"
    landed = land_directory(drop.folder, database, CONTRACT)
    assert relations_of(database) == LANDING
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute(
            "select practice_id, hsa from landing.practice"
        ).fetchall()
    assert sorted(found) == sorted((f"P{n}", "Barre") for n in range(len(names)))
    (table,) = [table for table in landed.tables if table.name == "practice"]
    assert sorted(file.path for file in table.files) == sorted(
        f"practice/{name}" for name in names
    )
    said = [text for texts in landed.findings.values() for text in texts]
    assert said
    assert all(text.isprintable() for text in said)


def test_a_hostile_name_of_a_required_column_is_said_in_one_line(drop, tmp_path):
    drop.write("practice.csv", [dict.fromkeys(HOSTILE, "1")])
    with pytest.raises(LandingError) as error:
        land_directory(drop.folder, tmp_path / "blueprint.duckdb", CONTRACT)
    assert str(error.value).isprintable()


# SQL ----------------------------------------------------------------------------------

MODULES = {
    path.name: ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted((PROJECT / "orchestration").glob("*.py"))
}
# What makes text fit for SQL, whatever it is.
ESCAPES = {"quoted", "literal", "path_literal", "int", "len"}
# Expressions that may stand in SQL for a reason that code cannot show.
TRUSTED = {
    ("cli.py", "query"): "the query that a person types",
    ("gates.py", "check.argument"): "SQL of a check: a reviewed row of a seed",
    ("gates.py", "check.limit_text"): "a number",
    ("gates.py", "column.type"): "a type in the project's own YAML",
    ("landing.py", "header.positions[name]"): "a column's number",
}


def zipped(loop: ast.For | ast.comprehension, wanted: str) -> ast.expr | None:
    """What a name of `for a, b in zip(x, y)` walks over."""
    if isinstance(loop.iter, ast.Call) and ast.unparse(loop.iter.func) == "zip":
        for target, walked in zip(loop.target.elts, loop.iter.args, strict=True):
            if isinstance(target, ast.Name) and target.id == wanted:
                return walked
    return None


def scope_of(module: ast.Module, node: ast.AST) -> ast.AST:
    """The innermost function around a node, or its module."""
    found: ast.AST = module
    for function in ast.walk(module):
        if isinstance(function, ast.FunctionDef) and node in set(ast.walk(function)):
            found = function
    return found


class Origins:
    """Follows text that becomes SQL back to where it comes from.

    An expression is sound when it is a constant, escaped, or made of sound ones,
    through names, parameters (every call of the function), results and properties.
    """

    def __init__(self, modules: dict[str, ast.Module]) -> None:
        self.modules = modules
        self.seen: set[tuple[int, int]] = set()

    def sinks(self) -> Iterator[tuple[str, ast.AST, ast.expr]]:
        """Module, scope and expression of everything that is run as SQL."""
        for name, module in self.modules.items():
            for call in ast.walk(module):
                if not isinstance(call, ast.Call):
                    continue
                text = ast.unparse(call.func)
                runs = re.search(r"\.(execute|executemany|sql|query)$", text)
                if runs and call.args:
                    yield name, scope_of(module, call), call.args[0]
                elif text == "Plan":
                    # A query for Great Expectations, and one for its findings.
                    for argument in [*call.args[1:2], *call.args[3:4]]:
                        yield name, scope_of(module, call), argument
                for keyword in call.keywords:
                    if keyword.arg == "unexpected_rows_query":
                        yield name, scope_of(module, call), keyword.value

    def unsound(self) -> list[str]:
        """The expressions that become SQL and are not sound."""
        return [
            f"{name}, line {expression.lineno}: {ast.unparse(expression)}"
            for name, scope, expression in self.sinks()
            if not self.sound(expression, name, scope)
        ]

    def sound(self, node: ast.AST | None, name: str, scope: ast.AST) -> bool:
        """Whether an expression in a scope of a module is sound."""
        if node is None:
            return True
        if (name, ast.unparse(node)) in TRUSTED:
            return True
        # What leads back to itself adds nothing of its own.
        if (id(node), id(scope)) in self.seen:
            return True
        self.seen.add((id(node), id(scope)))
        try:
            return self.judge(node, name, scope)
        finally:
            self.seen.discard((id(node), id(scope)))

    def judge(self, node: ast.AST, name: str, scope: ast.AST) -> bool:
        """The rule for each kind of expression."""
        if isinstance(node, ast.Constant):
            return True
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            # Only a number takes such a format.
            return bool(re.search(r"[,dfg]'?$", ast.unparse(node.format_spec)))
        if isinstance(node, ast.FormattedValue):
            return self.sound(node.value, name, scope)
        if isinstance(node, ast.Name):
            return self.named(node.id, name, scope)
        if isinstance(node, ast.Call):
            return self.called(node, name, scope)
        if isinstance(node, ast.Attribute):
            return self.property_named(node.attr)
        parts: dict[type, list[str]] = {
            ast.JoinedStr: ["values"],
            ast.BinOp: ["left", "right"],
            ast.BoolOp: ["values"],
            ast.IfExp: ["body", "orelse"],
            ast.List: ["elts"],
            ast.Tuple: ["elts"],
            ast.Set: ["elts"],
            ast.ListComp: ["elt"],
            ast.GeneratorExp: ["elt"],
            ast.Starred: ["value"],
            ast.NamedExpr: ["value"],
        }
        if type(node) not in parts:
            return False
        for part in parts[type(node)]:
            value = getattr(node, part)
            for inner in value if isinstance(value, list) else [value]:
                if not self.sound(inner, name, scope):
                    return False
        return True

    def called(self, node: ast.Call, name: str, scope: ast.AST) -> bool:
        """A call: an escape, a way to join texts, or a function of the project."""
        function = ast.unparse(node.func)
        if function in ESCAPES:
            return True
        if function == "map":
            return ast.unparse(node.args[0]) in ESCAPES
        if function == "range":
            return True
        if function in ("str", "sorted", "list", "tuple", "reversed"):
            return self.sound(node.args[0], name, scope)
        if isinstance(node.func, ast.Attribute) and node.func.attr in (
            "join",
            "replace",
            "format",
        ):
            return all(
                self.sound(part, name, scope) for part in [node.func.value, *node.args]
            )
        results = self.results(function.rpartition(".")[2])
        return bool(results) and all(self.sound(*result) for result in results)

    def functions(self, wanted: str) -> Iterator[tuple[str, ast.FunctionDef]]:
        """The functions and methods of a name, with their modules."""
        for name, module in self.modules.items():
            for node in ast.walk(module):
                if isinstance(node, ast.FunctionDef) and node.name == wanted:
                    yield name, node

    def results(self, wanted: str) -> list[tuple[ast.AST | None, str, ast.AST]]:
        """What the functions of a name return."""
        return [
            (node.value, name, function)
            for name, function in self.functions(wanted)
            for node in ast.walk(function)
            if isinstance(node, ast.Return)
        ]

    def property_named(self, wanted: str) -> bool:
        """An attribute: a property of the project whose results are sound."""
        results = self.results(wanted)
        return bool(results) and all(self.sound(*result) for result in results)

    def named(self, wanted: str, name: str, scope: ast.AST) -> bool:
        """A name: every value that it is given, in its function or in its module."""
        values = list(self.values(wanted, name, scope))
        if not values and isinstance(scope, ast.FunctionDef):
            return self.named(wanted, name, self.modules[name])
        return bool(values) and all(self.sound(*value) for value in values)

    def values(
        self, wanted: str, name: str, scope: ast.AST
    ) -> Iterator[tuple[ast.AST | None, str, ast.AST]]:
        """Where a name gets its values; an unknown one is given as an unsound node."""
        unknown = ast.Pass()

        def is_wanted(target: ast.AST) -> bool:
            return isinstance(target, ast.Name) and target.id == wanted

        for node in ast.walk(scope):
            if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
                targets = (
                    node.targets if isinstance(node, ast.Assign) else [node.target]
                )
                for target in targets:
                    if is_wanted(target):
                        yield node.value, name, scope
                    elif any(is_wanted(inner) for inner in ast.walk(target)) and (
                        isinstance(target, ast.Tuple)
                    ):
                        yield unknown, name, scope
            elif isinstance(node, ast.For | ast.comprehension):
                if is_wanted(node.target):
                    yield node.iter, name, scope
                elif any(is_wanted(inner) for inner in ast.walk(node.target)):
                    yield zipped(node, wanted) or unknown, name, scope
            elif isinstance(node, ast.NamedExpr) and is_wanted(node.target):
                yield node.value, name, scope
            elif isinstance(node, ast.withitem) and node.optional_vars is not None:
                if is_wanted(node.optional_vars):
                    yield unknown, name, scope
            elif isinstance(node, ast.Call) and re.fullmatch(
                rf"{wanted}\.(append|extend|add)", ast.unparse(node.func)
            ):
                yield node.args[0], name, scope
        if isinstance(scope, ast.FunctionDef):
            yield from self.arguments(wanted, scope)
        elif isinstance(scope, ast.Module):
            for node in ast.walk(scope):
                if isinstance(node, ast.ImportFrom) and wanted in {
                    alias.name for alias in node.names
                }:
                    source = f"{(node.module or '').rpartition('.')[2]}.py"
                    if source in self.modules and source != name:
                        yield ast.Name(wanted), source, self.modules[source]

    def arguments(
        self, wanted: str, function: ast.FunctionDef
    ) -> Iterator[tuple[ast.AST | None, str, ast.AST]]:
        """What is handed over for a parameter, wherever the function is called."""
        parameters = [argument.arg for argument in function.args.args]
        if wanted not in parameters:
            return
        place = parameters.index(wanted)
        if parameters[0] == "self":
            place -= 1
        called = False
        for name, module in self.modules.items():
            for call in ast.walk(module):
                if not isinstance(call, ast.Call):
                    continue
                if ast.unparse(call.func).rpartition(".")[2] != function.name:
                    continue
                called = True
                by_name = {k.arg: k.value for k in call.keywords}
                scope = scope_of(module, call)
                if wanted in by_name:
                    yield by_name[wanted], name, scope
                elif place < len(call.args):
                    yield call.args[place], name, scope
        if not called:
            yield ast.Pass(), "", function


def test_no_sql_is_built_from_text_that_is_not_escaped():
    origins = Origins(MODULES)
    assert len(list(origins.sinks())) > 30
    assert origins.unsound() == []


@pytest.mark.parametrize(
    "code",
    [
        "def f(c, x):\n    c.execute(f'select {x}')",
        "def f(c, x):\n    c.execute('select ' + x)",
        "def f(c, x):\n    c.execute('select {}'.format(x))",
        "def f(c, x):\n    c.execute(f'select {quoted(x)} from {x}')",
        "def f(c, x):\n    q = 'select 1'\n    q = x\n    c.execute(q)",
        "def f(c, x):\n    for q in x:\n        c.execute(q)",
        "def f(c, x):\n    p = []\n    p.append(x)\n    c.execute(', '.join(p))",
        "def g(c, x):\n    c.execute(x)\ndef f(c, y):\n    g(c, y.text)",
        "def g(x):\n    return x.text\ndef f(c, y):\n    c.execute(g(y))",
        "def f(c, x):\n    a, b = x\n    c.execute(a)",
        "def f(c, x):\n    for a, b in zip('ab', x):\n        c.execute(b)",
        "def f(c, p):\n    c.execute(p.read_text())",
        "def f(n, x):\n    Plan(n, f'select {x}', None)",
    ],
)
def test_the_search_for_unescaped_text_finds_it(code):
    assert len(Origins({"planted.py": ast.parse(code)}).unsound()) == 1


@pytest.mark.parametrize(
    "code",
    [
        "def f(c, x):\n    c.execute('select $x', {'x': x})",
        "def f(c, x):\n    c.execute(f'select {quoted(x)}, {len(x)}, {x.y:.3f}')",
        "def f(c, x):\n    q = ', '.join(map(quoted, x))\n    c.execute(f'select {q}')",
        "def g(c, r):\n    c.execute(r)\ndef f(c, y):\n    g(c, literal(y))",
        "def f(c, x):\n    for a, b in zip('ab', x):\n        c.execute(a)",
        "T = ('a', 'b')\ndef f(c):\n    for t in T:\n        c.execute(f'from {t}')",
    ],
)
def test_the_search_for_unescaped_text_passes_what_is_escaped(code):
    assert Origins({"planted.py": ast.parse(code)}).unsound() == []


def test_what_is_trusted_in_sql_is_still_there():
    for (module, expression), reason in TRUSTED.items():
        assert expression in ast.unparse(MODULES[module]), reason


# Files outside a drop -----------------------------------------------------------------


def practice(drop, number: int) -> dict[str, str]:
    return drop.row("practice", hsa="Barre", practice_id=f"P{number}")


def landed_practices(folder: Path, database: Path) -> list[str]:
    land_directory(folder, database, CONTRACT)
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute("select practice_id from landing.practice").fetchall()
    return sorted(row[0] for row in rows)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("name", ["[a-z]*", "*", "**", "?", "{a,b}", "[!x]", "[[]"])
def test_a_file_whose_name_is_a_pattern_means_only_itself(drop, tmp_path, kind, name):
    """Beside it are files that the pattern would match."""
    names = [name, "a", "b", "ab"]
    (drop.folder / "practice").mkdir()
    for number, stem in enumerate(names):
        path = drop.folder / "practice" / f"{stem}.{kind}"
        if kind == "csv":
            drop.write(f"practice/{stem}.csv", [practice(drop, number)])
        else:
            write_parquet(path, [practice(drop, number)])
    found = landed_practices(drop.folder, tmp_path / "blueprint.duckdb")
    assert found == ["P0", "P1", "P2", "P3"]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize(
    ("name", "decoy"), [("dr[o]p", "drop1"), ("d*", "dxx"), ("d?", "dy"), ("a=b", "x")]
)
def test_a_directory_whose_name_is_a_pattern_means_only_itself(
    drop, tmp_path, kind, name, decoy
):
    for number, folder in enumerate((name, decoy)):
        drop.folder = tmp_path / "drops" / folder
        if kind == "csv":
            drop.write("practice.csv", [practice(drop, number)])
        else:
            drop.folder.mkdir(parents=True)
            write_parquet(drop.folder / "practice.parquet", [practice(drop, number)])
    found = landed_practices(tmp_path / "drops" / name, tmp_path / "blueprint.duckdb")
    assert found == ["P0"]


@pytest.fixture
def outside(drop, tmp_path) -> Path:
    """A file of the right form that lies beside the drop."""
    inside = drop.write("outside.csv", [practice(drop, 1)])
    return inside.rename(tmp_path / "outside.csv")


def link_in_a_folder(folder: Path, outside: Path) -> None:
    (folder / "practice").mkdir()
    (folder / "practice" / "a.csv").symlink_to(outside)


def relative_link(folder: Path, _: Path) -> None:
    (folder / "practice.csv").symlink_to("../outside.csv")


def link_through_a_link(folder: Path, outside: Path) -> None:
    (folder / "_way").symlink_to(outside)
    (folder / "practice.csv").symlink_to("_way")


def link_through_a_linked_folder(folder: Path, outside: Path) -> None:
    (folder / "_way").symlink_to(outside.parent)
    (folder / "practice.csv").symlink_to("_way/outside.csv")


def folder_in_a_linked_folder(folder: Path, outside: Path) -> None:
    (outside.parent / "elsewhere").mkdir()
    outside.rename(outside.parent / "elsewhere" / "a.csv")
    (folder / "_way").symlink_to(outside.parent)
    (folder / "practice").symlink_to("_way/elsewhere")


def folder_whose_names_are_not_for_us(folder: Path, outside: Path) -> None:
    """It holds no data, which only who lists it knows."""
    (outside.parent / "elsewhere").mkdir()
    (folder / "practice").symlink_to(outside.parent / "elsewhere")


def link_that_looks_inside(folder: Path, outside: Path) -> None:
    """Its text begins with the drop's own path."""
    (folder / "practice.csv").symlink_to(f"{folder}/../{outside.name}")


def sibling_with_a_longer_name(folder: Path, outside: Path) -> None:
    sibling = folder.with_name(folder.name + "2")
    sibling.mkdir()
    outside.rename(sibling / "practice.csv")
    (folder / "practice.csv").symlink_to(sibling / "practice.csv")


@pytest.mark.parametrize(
    "way",
    [
        link_in_a_folder,
        relative_link,
        link_through_a_link,
        link_through_a_linked_folder,
        folder_in_a_linked_folder,
        folder_whose_names_are_not_for_us,
        link_that_looks_inside,
        sibling_with_a_longer_name,
    ],
)
def test_no_way_leads_out_of_the_drop(drop, tmp_path, outside, way):
    way(drop.folder, outside)
    with pytest.raises(LandingError, match="leads out of the landing directory"):
        land_directory(drop.folder, tmp_path / "blueprint.duckdb", CONTRACT)


def test_a_way_within_the_drop_is_followed(drop, tmp_path):
    drop.write("_versions/practice-2.csv", [practice(drop, 2)])
    (drop.folder / "practice.csv").symlink_to("_versions/practice-2.csv")
    assert landed_practices(drop.folder, tmp_path / "b.duckdb") == ["P2"]


def test_a_drop_that_is_reached_by_another_way_is_the_same_drop(drop, tmp_path):
    drop.write("practice.csv", [practice(drop, 1)])
    (tmp_path / "latest").symlink_to(drop.folder)
    for number, way in enumerate((f"{drop.folder.name}/../latest", "latest")):
        landed = land_directory(tmp_path / way, tmp_path / f"{number}.duckdb", CONTRACT)
        (table,) = [table for table in landed.tables if table.files]
        assert [file.path for file in table.files] == ["practice.csv"]
