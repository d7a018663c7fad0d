"""The cells and sums of a release: what its public file tells of its restricted one."""

from pathlib import Path

import duckdb
import pandas as pd

from .recovery import System

# The areas that practices add up to, and these in turn (marts.practices, marts.hsas).
PARENTS = """
with practices as (select * from public.marts.practices),
hsas as (select * from public.marts.hsas)
select 'practice' as level, practice_id as entity_id, 'hsa' as whole_level,
    hsa as whole_id from practices
union all
select 'practice', practice_id, 'administrative_entity', administrative_entity_id
from practices where administrative_entity_id is not null
union all select 'hsa', hsa, 'qi_region', qi_region from hsas
union all select 'hsa', hsa, 'state', 'Vermont' from hsas
union all select distinct 'qi_region', qi_region, 'state', 'Vermont' from hsas
"""


class Facts:
    """Gathers cells and sums; a cell told by any table is told."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.parents = connection.sql(PARENTS).df()
        self.cells: list[pd.DataFrame] = []
        self.terms: list[pd.DataFrame] = []

    def tell(self, query: str) -> pd.DataFrame:
        """Rows with cell, value, is_told, is_sensitive, and whatever else is asked."""
        frame = self.connection.sql(query).df()
        frame["is_told"] = frame["is_told"].astype(bool)
        frame["is_sensitive"] = frame["is_sensitive"].fillna(False).astype(bool)
        self.cells.append(frame[["cell", "value", "is_told", "is_sensitive"]])
        return frame

    def sum(self, kind: str, wholes: pd.DataFrame, parts: pd.DataFrame, keys) -> None:
        """Cells of `parts` add up to that of `wholes` with the same keys."""
        whole = wholes[[*keys, "cell"]].rename(columns={"cell": "sum"})
        joined = parts.merge(whole, on=list(keys))
        wholes = joined["sum"].drop_duplicates()
        self.terms += [
            pd.DataFrame({"sum": kind + wholes, "cell": wholes, "factor": -1.0}),
            pd.DataFrame(
                {
                    "sum": kind + joined["sum"],
                    "cell": joined["cell"],
                    "factor": joined.get("factor", 1.0),
                }
            ),
        ]

    def splits(self, frame: pd.DataFrame, dimension: str, whole: str, keys) -> None:
        """The values of a dimension add up to its row of all."""
        others = [key for key in keys if key != dimension]
        is_whole = frame[dimension] == whole
        self.sum(f"{dimension}: ", frame[is_whole], frame[~is_whole], others)

    def levels(self, frame: pd.DataFrame, keys) -> None:
        """Practices add up to areas and entities, areas to regions and the state."""
        others = [key for key in keys if key not in ("level", "entity_id")]
        parts = frame.merge(self.parents, on=["level", "entity_id"])
        for level, rows in parts.groupby("whole_level"):
            wholes = frame[frame["level"] == level]
            for part, of_level in rows.groupby("level"):
                self.sum(
                    f"{part} to {level}: ",
                    wholes,
                    of_level.drop(columns=["level", "entity_id"]).rename(
                        columns={"whole_level": "level", "whole_id": "entity_id"}
                    ),
                    [*others, "level", "entity_id"],
                )

    def system(self) -> System:
        cells = pd.concat(self.cells, ignore_index=True)
        cells = cells.groupby("cell", as_index=False, sort=False).agg(
            value=("value", "first"),
            lowest=("value", "min"),
            highest=("value", "max"),
            is_told=("is_told", "any"),
            is_sensitive=("is_sensitive", "any"),
        )
        # One name is one number, in whichever table it stands.
        apart = cells[cells["highest"] - cells["lowest"] > 0.02]
        assert apart.empty, apart.to_string(max_rows=10)
        terms = pd.concat(self.terms, ignore_index=True)
        return System(cells.drop(columns=["lowest", "highest"]), terms)


def small(*counts: str) -> str:
    """SQL: any of these counts is 1 to 10."""
    return "(" + " or ".join(f"{count} between 1 and 10" for count in counts) + ")"


def twins(table: str, keys: list[str]) -> str:
    """SQL: rows of the restricted table (r) with those of its public twin (p)."""
    on = " and ".join(f"r.{key} is not distinct from p.{key}" for key in keys)
    return f"restricted.restricted.{table} as r left join public.marts.{table} as p on {on}"


def name(*parts: str) -> str:
    """SQL: the name of a cell, of literals and columns."""
    return "concat_ws('|', " + ", ".join(parts) + ")"


def use(facts: Facts) -> None:
    """Expenditure, services, users and units by age, payer, entity and category."""
    keys = ["period_end", "age_group", "payer_type", "level", "entity_id", "category"]
    columns = ", ".join(f"r.{key}" for key in keys)
    kinds = "public.marts.service_categories"
    for figure in (
        "users",
        "member_months",
        "services",
        "allowed_amount_usd",
        "paid_amount_usd",
        "resource_units",
    ):
        frame = facts.tell(f"""
            select {name(f"'{figure}'", columns)} as cell, {columns},
                cast(r.{figure} as double) as value, p.{figure} is not null as is_told,
                {small("r.users", "r.people")} as is_sensitive,
                kinds.category_kind = 'category' and kinds.is_resource as is_part
            from {twins("utilization", keys)}
            inner join {kinds} as kinds on r.category = kinds.category
            where r.{figure} is not null
        """)
        facts.splits(frame, "age_group", "all", keys)
        facts.splits(frame, "payer_type", "all", keys)
        facts.levels(frame, keys)
        if figure in ("allowed_amount_usd", "paid_amount_usd", "resource_units"):
            of_total = frame["category"] == "total"
            facts.sum(
                "category: ", frame[of_total], frame[frame["is_part"]], keys[:-1]
            )


def people(facts: Facts) -> None:
    """People by age, payer and entity, and by what the profiles say of them."""
    keys = ["period_end", "age_group", "payer_type", "level", "entity_id"]
    columns = ", ".join(f"r.{key}" for key in keys)
    frame = facts.tell(f"""
        select {name("'people'", columns)} as cell, {columns},
            cast(any_value(r.people) as double) as value,
            bool_or(p.people is not null) as is_told,
            {small("any_value(r.people)")} as is_sensitive
        from {twins("utilization", [*keys, "category"])}
        group by all
    """)
    facts.splits(frame, "age_group", "all", keys)
    facts.splits(frame, "payer_type", "all", keys)
    facts.levels(frame, keys)
    for level in ("practice", "hsa"):
        entity = f"{level}_id" if level == "practice" else level
        keys = ["period_end", entity, "population", "section", "measure_id"]
        facts.tell(f"""
            select {name("'people'", "r.period_end", "r.population", "'all'",
                         f"'{level}'", f"r.{entity}")} as cell,
                cast(r.value as double) as value, p.value is not null as is_told,
                {small("r.value")} as is_sensitive
            from {twins(f"{level}_profiles", keys)}
            where r.measure_id = 'people'
        """)
    profiled(facts, frame)


def profiled(facts: Facts, everybody: pd.DataFrame) -> None:
    """Of the people of a profile, those who have a characteristic and those who have not.

    A share of people who are told is told as their number.
    """
    keys = ["period_end", "level", "entity_id", "population"]
    shares = []
    for level in ("practice", "hsa"):
        entity = f"{level}_id" if level == "practice" else level
        line = ["period_end", entity, "population", "section", "measure_id"]
        shares.append(f"""
            select r.period_end, '{level}' as level, r.{entity} as entity_id,
                r.population, r.section, r.measure_id, r.value, r.state_value,
                p.value is not null as is_told,
                p.state_value is not null as is_state_told
            from {twins(f"{level}_profiles", line)}
            where r.unit = 'share' and r.section in ('members', 'health_status')
        """)
    facts.connection.sql(f"""
        create or replace temp table shares as
        with rows as ({" union all ".join(shares)})
        select period_end, level, entity_id, population, section, measure_id, value,
            is_told
        from rows
        union all
        select period_end, 'state', 'Vermont', population, section, measure_id,
            any_value(state_value), bool_or(is_state_told)
        from rows group by all
    """)
    frames = []
    for kind, count in (("with", "{0}"), ("without", "people.people - {0}")):
        count = count.format("round(shares.value * people.people)")
        frames.append(
            facts.tell(f"""
                with people as (
                    select period_end, age_group, level, entity_id,
                        any_value(people) as people
                    from restricted.restricted.utilization
                    where payer_type = 'all' group by all
                )
                select {name(f"'{kind}'", "shares.period_end", "population",
                             "shares.level", "shares.entity_id", "measure_id")} as cell,
                    shares.period_end, shares.level, shares.entity_id, population,
                    section, measure_id, {count} as value, is_told,
                    {small(count)} as is_sensitive
                from shares
                inner join people on shares.period_end = people.period_end
                    and shares.population = people.age_group
                    and shares.level = people.level
                    and shares.entity_id = people.entity_id
                where shares.value is not null
            """)
        )
        facts.levels(frames[-1], [*keys, "measure_id"])
    having = frames[0]
    counted = everybody.rename(columns={"age_group": "population"})
    of_all = counted[counted["payer_type"] == "all"]
    for line, both in pd.concat(frames).groupby("measure_id"):
        facts.sum(f"{line}: ", of_all, both, keys)
    facts.sum("burden: ", of_all, having[having["section"] == "health_status"], keys)
    for line, types in (
        ("medicaid", ["medicaid"]),
        ("medicare", ["medicare"]),
        ("commercial", ["commercial", "self-insured"]),
    ):
        facts.sum(
            "payer mix: ",
            having[having["measure_id"] == line],
            counted[counted["payer_type"].isin(types)],
            keys,
        )


def index(facts: Facts) -> None:
    """What else tells resource units: the index, its parts, and how well it fits."""
    facts.tell(f"""
        select {name("'resource_units'", "r.period_end", "r.age_group", "'all'",
                     "'practice'", "r.practice_id", "'total'")} as cell,
            cast(r.observed as double) as value, p.observed is not null as is_told,
            {small("r.scored_people")} as is_sensitive
        from {twins("trui", ["period_end", "age_group", "practice_id"])}
    """)
    fit = facts.tell(f"""
        select
            case r.group_kind
                when 'tenth' then {name("'tenth'", "r.period_end", "r.age_group",
                                        "r.group_value")}
                else {name("'resource_units'", "r.period_end", "r.age_group",
                           "if(r.group_kind = 'payer_type', r.group_value, 'all')",
                           "if(r.group_kind = 'hsa', 'hsa', 'state')",
                           "if(r.group_kind = 'hsa', r.group_value, 'Vermont')",
                           "'total'")}
            end as cell,
            r.period_end, r.age_group, r.group_kind,
            cast(r.observed as double) as value, p.observed is not null as is_told,
            {small("r.people")} as is_sensitive
        from {twins("case_mix_fit",
                    ["period_end", "age_group", "group_kind", "group_value"])}
    """)
    facts.sum(
        "tenths: ",
        fit[fit["group_kind"] == "all"],
        fit[fit["group_kind"] == "tenth"],
        ["period_end", "age_group"],
    )
    # A part per month is told as units: the months are those of the total.
    parts = facts.tell("""
        with named as (
            select concat_ws('|', 'resource_units', period_end, 'all', 'all',
                'practice', practice_id, category) as cell, *
            from restricted.restricted.trui_decomposition
        )
        select named.cell, named.period_end, named.practice_id,
            cast(units.resource_units as double) as value,
            told.category is not null as is_told,
            false as is_sensitive,
            named.category not in (
                select other.category from public.marts.trui_decomposition as other
                where other.period_end = named.period_end
                    and other.practice_id = named.practice_id
            ) as is_few
        from named
        inner join restricted.restricted.utilization as units
            on units.level = 'practice' and units.payer_type = 'all'
            and units.age_group = 'all' and units.period_end = named.period_end
            and units.entity_id = named.practice_id
            and units.category = named.category
        left join public.marts.trui_decomposition as told
            on told.period_end = named.period_end
            and told.practice_id = named.practice_id
            and told.category = named.category
    """)
    few = parts[parts["is_few"]].groupby(["period_end", "practice_id"], as_index=False)
    wholes = few["value"].sum()
    wholes["cell"] = (
        "few|" + wholes["period_end"].astype(str) + "|" + wholes["practice_id"]
    )
    listed = facts.connection.sql(
        "select distinct period_end, practice_id, true as is_told "
        "from public.marts.trui_decomposition where category = 'few_users'"
    ).df()
    wholes = wholes.merge(listed, how="left", on=["period_end", "practice_id"])
    wholes["is_told"] = wholes["is_told"].notna()
    wholes["is_sensitive"] = False
    facts.cells.append(wholes[["cell", "value", "is_told", "is_sensitive"]])
    facts.sum("few: ", wholes, parts[parts["is_few"]], ["period_end", "practice_id"])


def quality(facts: Facts) -> None:
    """People of a measure's denominator, in the numerator and out of it."""
    keys = ["period_end", "measure_id", "payer_type", "level", "entity_id"]
    columns = ", ".join(f"r.{key}" for key in keys)
    frames = {}
    for kind, value in (
        ("denominator", "r.denominator"),
        ("numerator", "r.numerator"),
        ("others", "r.denominator - r.numerator"),
    ):
        frames[kind] = facts.tell(f"""
            select {name(f"'{kind}'", columns)} as cell, {columns},
                cast({value} as double) as value, p.denominator is not null as is_told,
                {small(value)} as is_sensitive
            from {twins("quality_measures", keys)}
            where r.rate_per = 1 and {value} is not null
        """)
        facts.splits(frames[kind], "payer_type", "all", keys)
        facts.levels(frames[kind], keys)
    of_both = frames["denominator"].merge(frames["numerator"][keys], on=keys)
    facts.sum(
        "in and out: ",
        of_both,
        pd.concat([frames["numerator"], frames["others"]]),
        keys,
    )


FAMILIES = (use, people, index, quality)


def system(release: Path) -> System:
    """Everything that a release tells, and what it withholds."""
    with duckdb.connect() as connection:
        for alias, file in (
            ("public", "blueprint.duckdb"),
            ("restricted", "blueprint_restricted.duckdb"),
        ):
            connection.execute(f"attach '{release / file}' as {alias} (read_only)")
        facts = Facts(connection)
        for family in FAMILIES:
            family(facts)
        return facts.system()
