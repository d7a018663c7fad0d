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

    def tell_again(self, query: str) -> None:
        """Rows that repeat a cell by its name; those of another number are not it."""
        frame = self.connection.sql(query).df()
        known = pd.concat(self.cells).drop_duplicates("cell").set_index("cell")
        frame["is_told"] = frame["is_told"].astype(bool)
        frame["is_sensitive"] = False
        same = frame["cell"].map(known["value"]) == frame["value"]
        self.cells.append(frame.loc[same, ["cell", "value", "is_told", "is_sensitive"]])

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

    def equal(self, kind: str, left: pd.Series, right: pd.Series, factor) -> None:
        """A cell times the factor is another cell."""
        self.terms += [
            pd.DataFrame({"sum": kind + left, "cell": left, "factor": factor}),
            pd.DataFrame({"sum": kind + left, "cell": right, "factor": -1.0}),
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
        """All cells, each once, and all sums."""
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
    return (
        f"restricted.restricted.{table} as r "
        f"left join public.marts.{table} as p on {on}"
    )


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
            facts.sum("category: ", frame[of_total], frame[frame["is_part"]], keys[:-1])


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
            select {
            name(
                "'people'",
                "r.period_end",
                "r.population",
                "'all'",
                f"'{level}'",
                f"r.{entity}",
            )
        } as cell,
                cast(r.value as double) as value, p.value is not null as is_told,
                {small("r.value")} as is_sensitive
            from {twins(f"{level}_profiles", keys)}
            where r.measure_id = 'people'
        """)
    profiled(facts, frame)


def profiled(facts: Facts, everybody: pd.DataFrame) -> None:
    """Of the people of a profile, those with a characteristic and those without.

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
                select {
                name(
                    f"'{kind}'",
                    "shares.period_end",
                    "population",
                    "shares.level",
                    "shares.entity_id",
                    "measure_id",
                )
            } as cell,
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
        select {
        name(
            "'resource_units'",
            "r.period_end",
            "r.age_group",
            "'all'",
            "'practice'",
            "r.practice_id",
            "'total'",
        )
    } as cell,
            cast(r.observed as double) as value, p.observed is not null as is_told,
            {small("r.scored_people")} as is_sensitive
        from {twins("trui", ["period_end", "age_group", "practice_id"])}
    """)
    fit = facts.tell(f"""
        select
            case r.group_kind
                when 'tenth' then {
        name("'tenth'", "r.period_end", "r.age_group", "r.group_value")
    }
                else {
        name(
            "'resource_units'",
            "r.period_end",
            "r.age_group",
            "if(r.group_kind = 'payer_type', r.group_value, 'all')",
            "if(r.group_kind = 'hsa', 'hsa', 'state')",
            "if(r.group_kind = 'hsa', r.group_value, 'Vermont')",
            "'total'",
        )
    }
            end as cell,
            r.period_end, r.age_group, r.group_kind,
            cast(r.observed as double) as value, p.observed is not null as is_told,
            {small("r.people")} as is_sensitive
        from {
        twins("case_mix_fit", ["period_end", "age_group", "group_kind", "group_value"])
    }
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


def stays(facts: Facts) -> None:
    """Avoidable hospital stays, and the member years that they are counted per."""
    keys = ["period_end", "measure_id", "payer_type", "level", "entity_id"]
    columns = ", ".join(f"r.{key}" for key in keys)
    measures = "(r.measure_id like 'core-12%' or r.measure_id like '%.ahrq')"
    rows = facts.tell(f"""
        select {name("'stays'", columns)} as cell, {columns},
            cast(r.numerator as double) as value, p.numerator is not null as is_told,
            {small("r.numerator")} as is_sensitive
        from {twins("quality_measures", keys)}
        where {measures} and r.numerator is not null
    """)
    # Of the same years, whatever the measure: those of one age are one cell.
    years = facts.tell(f"""
        with rows as (
            select {columns}, r.denominator, p.denominator is not null as is_told,
                case
                    when r.measure_id in ('core-12.pqi-05', 'core-10.ahrq') then 'older'
                    when r.measure_id = 'core-12.pqi-15' then 'younger'
                    else 'adults' end as ages
            from {twins("quality_measures", keys)}
            where {measures} and r.denominator is not null
        )
        select {
        name("'years'", "period_end", "ages", "payer_type", "level", "entity_id")
    } as cell,
            period_end, ages, payer_type, level, entity_id,
            cast(any_value(denominator) as double) as value,
            bool_or(is_told) as is_told,
            any_value(denominator) > 0 and any_value(denominator) <= 10 as is_sensitive
        from rows group by all
    """)
    facts.splits(rows, "payer_type", "all", keys)
    facts.levels(rows, keys)
    of_years = ["period_end", "ages", "payer_type", "level", "entity_id"]
    facts.splits(years, "payer_type", "all", of_years)
    facts.levels(years, of_years)
    facts.splits(years, "ages", "adults", of_years)
    others = [key for key in keys if key != "measure_id"]
    for total, parts in (
        ("core-12.pqi-90", ["core-12.pqi-91", "core-12"]),
        ("core-12.pqi-91", ["core-12.pqi-11", "core-12.pqi-12"]),
        ("core-12.pqi-05", ["core-10.ahrq"]),
        ("core-12.pqi-08", ["mssp-10.ahrq"]),
    ):
        facts.sum(
            "stays: ",
            rows[rows["measure_id"] == total],
            rows[rows["measure_id"].isin(parts)],
            others,
        )


def attributed(facts: Facts) -> None:
    """Attributed patients by payer and practice, their movement, and their totals."""
    keys = ["as_of_date", "program", "payer", "practice_id"]
    columns = ", ".join(f"r.{key}" for key in keys)
    table = twins("attribution_counts", keys)
    counts = facts.tell(f"""
        select {name("'attributed'", columns)} as cell, {columns},
            'practice' as level, r.practice_id as entity_id,
            cast(r.attributed_patients as double) as value,
            p.attributed_patients is not null as is_told,
            {small("r.attributed_patients")} as is_sensitive,
            lag(r.as_of_date) over (
                partition by r.program, r.payer, r.practice_id order by r.as_of_date
            ) as before
        from {table}
    """)
    earlier = counts[[*keys, "cell"]].rename(columns={"as_of_date": "before"})
    steps = counts.merge(earlier, on=["before", *keys[1:]], suffixes=("_now", ""))
    moves = [steps.assign(factor=1.0)]
    for movement, factor in (
        ("newly_attributed", 1.0),
        ("moved", 1.0),
        ('"left"', -1.0),
    ):
        frame = facts.tell(f"""
            select {name(f"'{movement.strip(chr(34))}'", columns)} as cell, {columns},
                cast(r.{movement} as double) as value,
                p.{movement} is not null as is_told,
                {small(f"r.{movement}")} as is_sensitive
            from {table} where r.{movement} is not null
        """)
        moves.append(frame.assign(factor=factor))
    left = moves[-1]
    moved_rows = left[keys].drop_duplicates()
    known = counts.merge(moved_rows, on=keys).merge(
        steps[keys].drop_duplicates(), on=keys
    )
    facts.sum("movement: ", known, pd.concat(moves), keys)
    reasons = facts.tell(f"""
        select {name("'departed'", columns, "r.reason")} as cell, {columns},
            cast(r.people as double) as value, p.people is not null as is_told,
            {small("r.people")} as is_sensitive
        from {twins("attribution_departures", [*keys, "reason"])}
    """)
    facts.sum("reasons: ", left, reasons, keys)
    # All payers of a practice, area and the state; and what else repeats the counts.
    level_keys = ["as_of_date", "program", "level", "entity_id"]
    totals = facts.tell(f"""
        select {name("'all attributed'", *(f"r.{key}" for key in level_keys))} as cell,
            {", ".join(f"r.{key}" for key in level_keys)},
            cast(r.attributed as double) as value, p.attributed is not null as is_told,
            {small("r.attributed")} as is_sensitive
        from {twins("total_unique_patients", level_keys)}
    """)
    facts.sum("payers: ", totals, counts, level_keys)
    facts.levels(totals, level_keys)
    facts.tell(f"""
        select distinct {
        name("'attributed'", "r.as_of_date", "r.program", "r.payer", "r.practice_id")
    } as cell,
            cast(r.warehouse_patients as double) as value,
            p.warehouse_patients is not null as is_told,
            {small("r.warehouse_patients")} as is_sensitive
        from {
        twins(
            "attribution_reconciliation",
            ["program", "payment_month", "payer", "practice_id"],
        )
    }
        where r.warehouse_patients is not null
    """)


def lived(facts: Facts) -> None:
    """Residents of towns and areas, and where they are attributed."""
    keys = ["as_of_date", "level", "entity_id"]
    columns = ", ".join(f"r.{key}" for key in keys)
    told = {}
    for figure in (
        "residents",
        "attributed_patients",
        "attributed_here",
        "attributed_elsewhere",
        "not_attributed",
    ):
        told[figure] = facts.tell(f"""
            select {name(f"'{figure} by residence'", columns)} as cell, {columns},
                r.hsa,
                cast(r.{figure} as double) as value,
                p.{figure} is not null as is_told,
                {small(f"r.{figure}")} as is_sensitive
            from {twins("attribution_by_residence", keys)}
        """)
        is_town = told[figure]["level"] == "town"
        towns, areas = told[figure][is_town], told[figure][~is_town]
        facts.sum("towns: ", areas, towns, ["as_of_date", "hsa"])
    attributed_to = [told["attributed_here"], told["attributed_elsewhere"]]
    facts.sum("homes: ", told["attributed_patients"], pd.concat(attributed_to), keys)
    parts = pd.concat([told["attributed_patients"], told["not_attributed"]])
    facts.sum("residents: ", told["residents"], parts, keys)


def paid(facts: Facts) -> None:
    """Payments by payer, practice and month, and the sums of them.

    What is paid linearly is its rate, which is told, times the attributed patients;
    these are those of the as-of date, unless several are paid at once.
    """
    keys = ["payment_month", "payer", "practice_id", "adjustment_no"]
    known = pd.concat(facts.cells).drop_duplicates("cell").set_index("cell")["value"]
    for program, component, rate in (
        ("pcmh", "'pcmh'", "r.total_pppm"),
        ("cht", "'cht'", "r.pppm * r.factor"),
        ("whi", "r.component", "r.rate * r.factor"),
    ):
        own = [*keys, "component"] if program == "whi" else keys
        columns = ", ".join(f"r.{key}" for key in keys)
        cells = f"from {twins(f'{program}_payments', own)}"
        rows, counted = (
            facts.tell(f"""
                select {name(f"'{program} {kind}'", component, columns)} as cell,
                    {name(f"'{program} patients'", component, columns)} as patients,
                    {
                name(
                    "'attributed'",
                    "r.as_of_date",
                    "'whi'" if program == "whi" else "'pcmh'",
                    "r.payer",
                    "r.practice_id",
                )
            } as attributed,
                    {columns}, r.hsa, r.as_of_date, r.basis,
                    cast({rate} as double) as rate,
                    cast(r.{figure} as double) as value,
                    p.{figure} is not null as is_told,
                    {small("abs(r.attributed_patients)")} as is_sensitive
                {cells} where r.{figure} is not null
            """)
            for kind, figure in (
                ("amount", "amount"),
                ("patients", "attributed_patients"),
            )
        )
        linear = rows[(rows["basis"] == "linear") & (rows["rate"] > 0)]
        facts.equal("rate: ", linear["cell"], linear["patients"], 1.0 / linear["rate"])
        same = counted[counted["attributed"].map(known) == counted["value"]]
        facts.equal("count: ", same["cell"], same["attributed"], 1.0)
        profiled_payments(facts, program, rows)
        if program == "cht":
            teams(facts, rows, counted)
    for level in ("default_patients", "alternative_patients"):
        facts.tell_again(f"""
            select {
            name(
                "'all attributed'",
                "r.as_of_date",
                "r.program",
                "r.level",
                "r.entity_id",
            )
        } as cell,
                cast(r.{level} as double) as value, p.{level} is not null as is_told
            from {
            twins(
                "attribution_sensitivity",
                ["as_of_date", "program", "parameter", "level", "entity_id"],
            )
        }
        """)
    for kind, figure in (("amount", "computed"), ("patients", "computed_patients")):
        facts.tell_again(f"""
            select {
            name(
                f"r.program || ' {kind}'",
                "r.program",
                "r.payment_month",
                "r.payer",
                "r.practice_id",
                "'0'",
            )
        } as cell,
                cast(r.{figure} as double) as value, p.{figure} is not null as is_told
            from {
            twins(
                "payment_reconciliation",
                ["program", "payment_month", "payer", "practice_id"],
            )
        }
        """)


def profiled_payments(facts: Facts, program: str, payments: pd.DataFrame) -> None:
    """A profile's payments are those for who was attributed at its quarters' ends."""
    frames = []
    for level in ("practice", "hsa"):
        entity = f"{level}_id" if level == "practice" else level
        keys = ["period_end", entity, "population", "section", "measure_id"]
        frames.append(
            facts.tell(f"""
                select {
                name(
                    f"'profile {program}'", "r.period_end", f"'{level}'", f"r.{entity}"
                )
            } as cell,
                    r.period_end, '{level}' as level, r.{entity} as entity_id,
                    cast(r.value as double) as value, p.value is not null as is_told,
                    false as is_sensitive
                from {twins(f"{level}_profiles", keys)}
                where r.measure_id = '{program}_payments' and r.value is not null
            """)
        )
    profiles = pd.concat(frames)
    if program == "pcmh":
        payments = payments[payments["adjustment_no"] == 0]
    in_period = payments.merge(profiles[["period_end"]].drop_duplicates(), how="cross")
    starts = in_period["period_end"] - pd.DateOffset(years=1, days=1)
    in_period = in_period[
        (in_period["as_of_date"] < in_period["period_end"])
        & (in_period["as_of_date"] >= starts)
    ]
    for level, entity in (("practice", "practice_id"), ("hsa", "hsa")):
        facts.sum(
            f"profile of {level}: ",
            profiles[profiles["level"] == level],
            in_period.assign(level=level, entity_id=in_period[entity]),
            ["period_end", "level", "entity_id"],
        )


def teams(facts: Facts, rows: pd.DataFrame, counted: pd.DataFrame) -> None:
    """Community Health Teams: what their practices bring, by payer and of all."""
    keys = ["payment_month", "administrative_entity_id", "hsa", "payer"]
    columns = ", ".join(f"r.{key}" for key in keys)
    table = twins("cht_payments_by_entity", keys)
    practices = facts.connection.sql("""
        select payment_month, payer, practice_id, adjustment_no,
            administrative_entity_id, hsa
        from restricted.restricted.cht_payments
    """).df()
    line = ["payment_month", "payer", "practice_id", "adjustment_no"]
    for kind, figure, parts in (
        ("amount", "amount", rows),
        ("patients", "attributed_patients", counted),
    ):
        sums = facts.tell(f"""
            select {name(f"'team {kind}'", columns)} as cell, {columns},
                cast(r.{figure} as double) as value,
                {
            "p.amount is not null or p.payer_share is not null"
            if kind == "amount"
            else "p.attributed_patients is not null"
        }
                    as is_told,
                {small("r.attributed_patients")} as is_sensitive
            from {table} where r.{figure} is not null
        """)
        facts.splits(sums, "payer", "all", keys)
        in_team = parts.drop(columns="hsa").merge(practices, on=line)
        facts.sum(f"team {kind}: ", sums, in_team, keys)
    invoices = ["administrative_entity_id", "payer", "period"]
    facts.tell(f"""
        select {name("'invoice'", *(f"r.{key}" for key in invoices))} as cell,
            cast(r.computed_amount as double) as value,
            p.computed_amount is not null as is_told, false as is_sensitive
        from {twins("cht_invoices", invoices)} where r.computed_amount is not null
    """)


FAMILIES = (use, people, index, quality, stays, attributed, lived, paid)


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
