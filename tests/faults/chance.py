"""Faults by chance: what nobody thought of, done to a drop.

Belongs here: faults that draw where and how they strike from a random generator. Does
not belong here: faults with an outcome known beforehand (cases.py).
"""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.faults.world import World

# Values that have broken readers before.
VALUES = (
    "",
    "  ",
    "NULL",
    "n/a",
    "0",
    "-1",
    "1e308",
    "1.5",
    "1,5",
    "99999999999999999999",
    "0001-01-01",
    "9999-12-31",
    "2018-02-30",
    "02/17/2018",
    "2018-02-17T10:00:00Z",
    "true",
    "'",
    '"',
    "'); drop schema landing cascade; --",
    "{{ this }}",
    "é",
    "☃",
    "\t",
    "a\nb",
    "x" * 5_000,
)


def cells(world: World, chance: random.Random) -> str:
    """Puts one value into some rows of one column."""
    table, rows = some_table(world, chance)
    column = chance.choice(list(rows[0]))
    share = chance.choice((0.002, 0.02, 0.2, 1.0))
    value = chance.choice(VALUES)
    for row in rows:
        if chance.random() < share:
            row[column] = value
    world.write(table, rows)
    return f"{table}.{column} is {value[:20]!r} in {share:.1%} of rows"


def mixed_cells(world: World, chance: random.Random) -> str:
    """Puts many values into cells anywhere in a table."""
    table, rows = some_table(world, chance)
    share = chance.choice((0.001, 0.01, 0.1))
    for row in rows:
        for column in row:
            if chance.random() < share:
                row[column] = chance.choice(VALUES)
    world.write(table, rows)
    return f"{table}: {share:.1%} of cells are anything"


def exchanged(world: World, chance: random.Random) -> str:
    """Exchanges the values of two columns in some rows."""
    table, rows = some_table(world, chance)
    one, other = chance.sample(list(rows[0]), 2)
    share = chance.choice((0.01, 0.3, 1.0))
    for row in rows:
        if chance.random() < share:
            row[one], row[other] = row[other], row[one]
    world.write(table, rows)
    return f"{table}: {one} and {other} are exchanged in {share:.0%} of rows"


def lost_rows(world: World, chance: random.Random) -> str:
    """Loses some rows."""
    table, rows = some_table(world, chance)
    share = chance.choice((0.05, 0.5, 0.95, 1.0))
    world.write(table, [r for r in rows if chance.random() >= share], list(rows[0]))
    return f"{table}: {share:.0%} of rows are lost"


def repeated_rows(world: World, chance: random.Random) -> str:
    """Repeats some rows, alike or nearly so, in any order."""
    table, rows = some_table(world, chance)
    share = chance.choice((0.01, 0.1, 1.0))
    column = chance.choice(list(rows[0]))
    alike = chance.random() < 0.5
    more = [
        dict(row) if alike else {**row, column: chance.choice(VALUES)}
        for row in rows
        if chance.random() < share
    ]
    everything = rows + more
    chance.shuffle(everything)
    world.write(table, everything)
    differs = "" if alike else f", {column} differs"
    return f"{table}: {share:.0%} of rows are repeated{differs}"


def lost_column(world: World, chance: random.Random) -> str:
    """Loses a column."""
    table, rows = some_table(world, chance)
    column = chance.choice(list(rows[0]))
    for row in rows:
        del row[column]
    world.write(table, rows)
    return f"{table}.{column} is gone"


def renamed_column(world: World, chance: random.Random) -> str:
    """Gives a column another name, which may be one that is there."""
    table, rows = some_table(world, chance)
    column = chance.choice(list(rows[0]))
    name = chance.choice([*rows[0], f"{column}_2", column.upper(), "", "person id"])
    world.columns(table, lambda names: [name if n == column else n for n in names])
    return f"{table}.{column} is named {name!r}"


def cut(world: World, chance: random.Random) -> str:
    """Cuts a file anywhere."""
    table, _ = some_table(world, chance)
    data = world.file(table).read_bytes()
    end = chance.randrange(len(data))
    world.bytes(table, lambda _: data[:end])
    return f"{table} is cut after {end:,} of {len(data):,} bytes"


def flipped_bytes(world: World, chance: random.Random) -> str:
    """Changes single bytes of a file."""
    table, _ = some_table(world, chance)
    data = bytearray(world.file(table).read_bytes())
    count = chance.choice((1, 10, 100))
    for _ in range(count):
        data[chance.randrange(len(data))] = chance.randrange(256)
    world.bytes(table, lambda _: bytes(data))
    return f"{table}: {count} bytes are changed"


def lost_table(world: World, chance: random.Random) -> str:
    """Loses a table."""
    table, _ = some_table(world, chance)
    world.file(table).unlink()
    return f"{table} is not there"


def shifted_dates(world: World, chance: random.Random) -> str:
    """Moves every date of a column by years."""
    table, rows = some_table(world, chance)
    dates = [c for c in rows[0] if "date" in c and any(row[c] for row in rows)]
    if not dates:
        return lost_rows(world, chance)
    column = chance.choice(dates)
    years = chance.choice((-100, -1, 1, 100))
    for row in rows:
        if row[column][:4].isdigit():
            row[column] = f"{int(row[column][:4]) + years:04d}{row[column][4:]}"
    world.write(table, rows)
    return f"{table}.{column} is moved by {years} years"


Strike = Callable[[World, random.Random], str]
# How often each is drawn. Faults of a whole file mostly end at the door, those of
# values go far in.
STRIKES: dict[Strike, int] = {
    cells: 6,
    mixed_cells: 4,
    exchanged: 4,
    lost_rows: 4,
    repeated_rows: 4,
    shifted_dates: 3,
    lost_column: 2,
    lost_table: 1,
    renamed_column: 1,
    cut: 1,
    flipped_bytes: 1,
}
# Where most of what matters lies.
HEAVY = ("medical_claim", "eligibility", "practice_provider", "practice")


def some_table(world: World, chance: random.Random) -> tuple[str, list[dict[str, str]]]:
    """A table that can be read as it is, and its rows."""
    there = sorted(path.stem for path in world.folder.glob("*.csv"))
    chance.shuffle(there)
    if chance.random() < 0.6:
        there.sort(key=lambda table: table not in HEAVY)
    for table in there:
        try:
            rows = world.rows(table)
        except (UnicodeDecodeError, ValueError):
            continue
        if rows and all(None not in row and None not in row.values() for row in rows):
            return table, rows
    raise NothingLeftError


class NothingLeftError(Exception):
    """No table of the drop can be spoiled any further."""


def strike(world: World, chance: random.Random) -> list[str]:
    """Does one to three faults to a drop; returns what was done."""
    done = []
    for _ in range(chance.choice((1, 1, 2, 3))):
        try:
            (fault,) = chance.choices(list(STRIKES), list(STRIKES.values()))
            done.append(fault(world, chance))
        except NothingLeftError:
            break
    return done
