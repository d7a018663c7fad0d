"""Weights and service categories against what a reader can look up or would expect.

What belongs here: figures of the published fee schedules, written out by hand; groups
and codes that came to an end, and where they went; and examples of claim lines whose
category is beyond doubt. Keys and relationships are for dbt's data tests.
"""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

REFERENCE = Path(__file__).parents[2] / "seeds" / "reference"

# Every MS-DRG that Medicare paid by in some year from FY 2015 to FY 2025 and no more in
# FY 2026, by the last year.
ENDED_DRGS = {
    2015: "237 238",
    2016: "230",
    2017: "984 985 986",
    2018: "685 765 766 767 774 775 777 778 780 781 782",
    2019: "691 692",
    2020: "129 130 131 132 133 134",
    2023: "222 223 224 225 226 227 246 247 248 249 338 339 340 341 342 343",
    2024: "453 454 455 459 460",
    2025: "077 078 079 294 295 509",
}


def rows_of(seed: str) -> list[dict[str, str]]:
    with (REFERENCE / f"{seed}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def letters(code: str) -> str:
    return "".join(character for character in code if not character.isdigit())


def is_between(code: str, first: str, last: str) -> bool:
    """Whether a range holds a code: in text order, and of the same letters."""
    return first <= code <= last and letters(code) == letters(first)


def category(**line: str) -> str:
    """The category of a line: that of the first rule whose filled columns agree."""
    for rule in sorted(
        rows_of("service_category_rules"), key=lambda row: int(row["rule_order"])
    ):
        if all(
            rule[column] in ("", line.get(column, ""))
            for column in (
                "claim_type",
                "bill_type_prefix",
                "pos",
                "provider_kind",
                "payer_type",
            )
        ) and all(
            not rule[f"{code}_from"]
            or is_between(line.get(code, ""), rule[f"{code}_from"], rule[f"{code}_to"])
            for code in ("revenue", "hcpcs")
        ):
            return rule["category"]
    raise AssertionError(f"no rule places {line}")


def facility(bill: str, revenue: str, hcpcs: str = "", payer: str = "") -> str:
    return category(
        claim_type="institutional",
        bill_type_prefix=bill,
        revenue=revenue,
        hcpcs=hcpcs,
        payer_type=payer,
    )


def practice(pos: str, hcpcs: str, kind: str = "", payer: str = "commercial") -> str:
    return category(
        claim_type="professional",
        pos=pos,
        hcpcs=hcpcs,
        provider_kind=kind,
        payer_type=payer,
    )


# --- Weights


@pytest.mark.parametrize(
    ("drg", "weight", "days"),
    [
        ("001", "28.0239", "25.8"),
        ("010", "7.1757", "5.9"),  # 3.0699 before the cap
        ("989", "1.1992", "2.3"),
    ],
)
def test_drg_weighs_what_table_5_says_it_is_paid_by(drg, weight, days):
    (row,) = [row for row in rows_of("drg_weights") if row["drg_code"] == drg]
    assert Decimal(row["weight"]) == Decimal(weight)
    assert Decimal(row["geometric_mean_days"]) == Decimal(days)


@pytest.mark.parametrize(
    ("code", "modifier", "office", "hospital"),
    [
        ("99213", "", "2.75", "1.97"),
        ("99223", "", "5.17", "5.17"),
        ("71046", "", "1.01", "1.01"),
        ("71046", "26", "0.31", "0.31"),
        ("71046", "TC", "0.70", "0.70"),
    ],
)
def test_procedure_weighs_what_the_fee_schedule_says(code, modifier, office, hospital):
    (row,) = [
        row
        for row in rows_of("procedure_weights")
        if (row["hcpcs_code"], row["modifier"]) == (code, modifier)
    ]
    assert Decimal(row["nonfacility_rvu"]) == Decimal(office)
    assert Decimal(row["facility_rvu"]) == Decimal(hospital)


def test_reading_and_taking_a_picture_weigh_what_the_whole_does():
    weights = {
        (row["hcpcs_code"], row["modifier"]): Decimal(row["nonfacility_rvu"])
        for row in rows_of("procedure_weights")
    }
    split = [
        code
        for code, modifier in weights
        if modifier == "26" and (code, "TC") in weights and (code, "") in weights
    ]
    wrong = [
        code
        for code in split
        if abs(weights[code, "26"] + weights[code, "TC"] - weights[code, ""])
        > Decimal("0.02")
    ]
    assert len(split) > 500
    assert wrong == []


@pytest.mark.parametrize(("year", "ended"), ENDED_DRGS.items())
def test_drg_that_came_to_an_end_borrows_a_weight(year, ended):
    borrowed = {
        row["code"]: row["source"]
        for row in rows_of("weight_crosswalk")
        if row["code_system"] == "ms-drg"
    }
    for code in ended.split():
        assert f"last in FY {year};" in borrowed[code]


def test_no_other_drg_borrows_a_weight():
    borrowed = {
        row["code"]
        for row in rows_of("weight_crosswalk")
        if row["code_system"] == "ms-drg"
    }
    assert borrowed == set(" ".join(ENDED_DRGS.values()).split())


@pytest.mark.parametrize(
    ("code", "successor"),
    [
        ("766", "788"),
        ("775", "807"),
        ("247", "322"),
        ("343", "399"),
        ("99201", "99202"),
        ("99241", "99242"),
        ("99335", "99348"),
        ("77057", "77067"),
        ("71020", "71046"),
    ],
)
def test_code_of_other_years_weighs_what_its_successor_does(code, successor):
    crosswalk = {row["code"]: row["weight_code"] for row in rows_of("weight_crosswalk")}
    assert crosswalk[code] == successor


def test_units_are_dollars_of_medicare():
    scales = {
        row["unit_method"]: Decimal(row["units_per_weight"])
        for row in rows_of("resource_unit_scales")
    }
    operating, capital = Decimal("6752.61"), Decimal("524.15")
    # A visit to a clinic is one midway between the two commonest office visits.
    visits = [
        Decimal(row["nonfacility_rvu"])
        for row in rows_of("procedure_weights")
        if row["hcpcs_code"] in ("99213", "99214") and not row["modifier"]
    ]
    office_visit = round(sum(visits) / 2 * Decimal("32.3465"), 2)
    assert scales == {
        "ms_drg": operating + capital,
        "rvu": Decimal("32.3465"),
        "fqhc_visit": office_visit,
    }


def test_what_uses_no_resources_has_no_weight():
    ranges = rows_of("no_resource_codes")
    weighed = {row["hcpcs_code"] for row in rows_of("procedure_weights")}
    for row in ranges:
        first, last = row["code_from"], row["code_to"]
        assert [code for code in weighed if is_between(code, first, last)] == []
    for code in ("1111F", "3044F", "G8417", "G9903", "99024", "77052", "G8978"):
        assert any(
            is_between(code, row["code_from"], row["code_to"]) for row in ranges
        ), code
    # Paid: a visit, a laboratory test, models of care.
    for code in ("99213", "0001U", "G2211", "G9481", "G9678", "G9151", "G9873"):
        assert not any(
            is_between(code, row["code_from"], row["code_to"]) for row in ranges
        ), code


# --- Avoidable visits


@pytest.mark.parametrize(
    ("diagnosis", "share"),
    [("A020", "1"), ("A039", "0.828571"), ("S93401A", None), ("F10129", None)],
)
def test_diagnosis_is_avoidable_as_the_algorithm_says(diagnosis, share):
    shares = {row["code"]: row["share"] for row in rows_of("avoidable_ed_codes")}
    found = shares.get(diagnosis)
    assert (found and Decimal(found)) == (share and Decimal(share))


# --- Categories


@pytest.mark.parametrize(
    ("bill", "revenue", "hcpcs", "expected"),
    [
        ("11", "0120", "", "inpatient_acute"),
        ("11", "0124", "", "inpatient_psychiatric"),
        ("21", "0120", "", "inpatient_other"),
        ("13", "0450", "99283", "outpatient_ed"),
        ("85", "0981", "", "outpatient_ed"),
        ("13", "0762", "G0378", "outpatient_observation"),
        ("77", "0521", "G0467", "outpatient_clinic"),
        ("71", "0519", "36415", "outpatient_clinic"),
        ("13", "0351", "74177", "outpatient_imaging"),
        ("13", "0300", "36415", "outpatient_laboratory"),
        ("14", "0300", "80053", "outpatient_laboratory"),
        ("13", "0750", "45378", "outpatient_surgery"),
        ("13", "0335", "96413", "outpatient_other"),
        ("72", "0821", "90999", "outpatient_other"),
        ("32", "0551", "G0299", "home_health_hospice"),
        ("81", "0651", "Q5001", "home_health_hospice"),
        ("13", "0540", "A0429", "other"),
        ("13", "0512", "", "dental"),
    ],
)
def test_line_of_a_facility_is_placed(bill, revenue, hcpcs, expected):
    assert facility(bill, revenue, hcpcs) == expected


@pytest.mark.parametrize(
    ("pos", "hcpcs", "kind", "expected"),
    [
        ("11", "99213", "primary_care", "professional_primary_care"),
        ("22", "99213", "primary_care", "professional_primary_care"),
        ("11", "90686", "primary_care", "professional_primary_care"),
        ("22", "90686", "primary_care", "professional_primary_care"),
        ("22", "29881", "primary_care", "professional_other"),
        ("11", "99213", "", "professional_specialist"),
        ("11", "99243", "", "professional_specialist"),
        ("11", "99213", "behavioral", "professional_behavioral"),
        ("11", "90834", "primary_care", "professional_behavioral"),
        ("57", "H0020", "", "professional_behavioral"),
        ("21", "99223", "primary_care", "professional_inpatient"),
        ("22", "99219", "", "professional_inpatient"),
        ("23", "99284", "", "professional_ed"),
        ("23", "71046", "", "professional_imaging"),
        ("11", "36415", "primary_care", "professional_laboratory"),
        ("81", "87491", "", "professional_laboratory"),
        ("11", "0001U", "", "professional_laboratory"),
        ("22", "0042T", "", "professional_imaging"),
        ("22", "0071T", "", "professional_other"),
        ("22", "66984", "", "professional_other"),
        ("41", "A0427", "", "other"),
        ("12", "E0601", "", "other"),
        ("11", "D1110", "", "dental"),
    ],
)
def test_line_of_a_practice_is_placed(pos, hcpcs, kind, expected):
    assert practice(pos, hcpcs, kind) == expected


@pytest.mark.parametrize("hcpcs", ["T1017", "T2025", "T2003", "H2014", "S5125"])
def test_special_services_are_special_where_medicaid_pays_them(hcpcs):
    assert practice("12", hcpcs, payer="medicaid") == "special_medicaid"
    assert practice("12", hcpcs, payer="commercial") != "special_medicaid"


def test_visit_to_a_clinic_is_not_special():
    assert facility("77", "0519", "T1015", payer="medicaid") == "outpatient_clinic"
    assert practice("50", "T1015", "primary_care", payer="medicaid") == (
        "professional_primary_care"
    )


def test_methadone_of_the_hubs_is_treatment_whoever_pays():
    assert practice("57", "H0020", payer="medicaid") == "professional_behavioral"
