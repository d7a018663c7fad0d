"""Reference seeds against the manual, written out by hand.

What belongs here: facts that a reader can look up in the Implementation Manual or on a
map, and the promise that every alias and ZIP code leads to a listed town. Whether keys
and relationships hold inside the warehouse is for dbt's data tests.
"""

import csv
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

REFERENCE = Path(__file__).parents[2] / "seeds" / "reference"

# Appendix 8, counted by hand (rules G-01).
TOWNS_PER_HSA = {
    "Barre": 23,
    "Bennington": 18,
    "Brattleboro": 16,
    "Burlington": 24,
    "Middlebury": 16,
    "Morrisville": 14,
    "Newport": 29,
    "Randolph": 18,
    "Rutland": 29,
    "St. Albans": 16,
    "St. Johnsbury": 19,
    "Springfield": 14,
    "Windsor": 19,
}

# "South West – Middlebury, Rutland, Bennington" and so on (rules G-02, D54).
HSAS_OF_REGION = {
    "Southwest": {"Middlebury", "Rutland", "Bennington"},
    "Southeast": {"Springfield", "Windsor", "Brattleboro"},
    "Central": {"Randolph", "Barre"},
    "Northwest": {"Burlington", "St. Albans"},
    "Northeast": {"Newport", "St. Johnsbury", "Morrisville"},
}

# Appendix 3, step 4, as printed.
APPENDIX_3 = """
    99201-99205 99211-99215 99241-99245 99304-99306 99307-99310 99324-99328
    99334-99337 99341-99345 99347-99350 99354 99355 99358 99359 99381-99387
    99391-99397 99401-99404 99406-99409 99411-99412 99420 99429 99460-99463
    99464 99465
"""
APPENDIX_3_REVENUE = "0521 0522 0525"

# What the WHI algorithm prints under "WHI Unique Codes".
WHI_UNIQUE = """
    87081 87084 87086 87088 96040 77052 77055-77057 77063 G0202 A4281-A4286
    E0602-E0604 S9443 88141-88143 88147 88148 88150 88152-88154 88164-88167 88174
    88175 G0101 G0123 G0141 G0143-G0145 G0147 G0148 Q0091 86631 86632 87110 87270
    87490 87491 87800 A4261 A4264 A4266 A4268 J7297 J7298 J1050 J7300 J7301 J7303
    J7304 J7306 J7307 S4981 S4989 S4993 11976 11980-11983 57170 58300 58301 58565
    58600 58605 58611 58615 58661 58671 96372 82947 83036 77080 59400 59425 59426
    59430 59510 59610 59614 59618 59622 82950 82951 87850 87590 87591 87340 86803
    86689 86701-86703 87390 87534-87536 G0432-G0435 87620-87625 80055 85013 85014
    85018 85025 85027 86901 86593 86695 86696 G0445 86592 86780 S0610 S0612 S0613
"""


def rows_of(seed: str) -> list[dict[str, str]]:
    with (REFERENCE / f"{seed}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def mapping(seed: str, key: str, value: str) -> dict[str, str]:
    return {row[key]: row[value] for row in rows_of(seed)}


def codes_between(first: str, last: str) -> list[str]:
    """The codes of a range, ends included: letters stay, digits count up."""
    letters = first.rstrip("0123456789")
    width = len(first) - len(letters)
    numbers = range(int(first[len(letters) :]), int(last[len(letters) :]) + 1)
    return [f"{letters}{number:0{width}}" for number in numbers]


def printed_codes(text: str) -> Counter[str]:
    """The codes that a printed list such as '99201-99205 99420' names."""
    codes: Counter[str] = Counter()
    for first, last in re.findall(r"(\w+)(?:-(\w+))?", text):
        codes.update(codes_between(first, last or first))
    return codes


def seeded_codes(
    algorithm_id: str, code_system: str, parameter: str = ""
) -> Counter[str]:
    """The codes that count always, or those that only count with a parameter."""
    wanted = (algorithm_id, code_system, parameter)
    codes: Counter[str] = Counter()
    for row in rows_of("attribution_code_ranges"):
        if (row["algorithm_id"], row["code_system"], row["parameter"]) == wanted:
            codes.update(codes_between(row["code_from"], row["code_to"]))
    return codes


def is_listed(algorithm_id: str, code_system: str, code: str) -> bool:
    """Whether the code lies in a range by text order, as the models compare it."""
    return any(
        row["code_from"] <= code <= row["code_to"]
        for row in rows_of("attribution_code_ranges")
        if (row["algorithm_id"], row["code_system"]) == (algorithm_id, code_system)
    )


def counts_when_maintained(algorithm_id: str, code: str, on: str) -> bool:
    """Whether the code counts on a service date by the two sentences of the YAML."""
    changes = [
        row
        for row in rows_of("attribution_code_changes")
        if row["algorithm_id"] in ("", algorithm_id)
    ]
    ended = any(
        row["code_from"] <= code <= row["code_to"] and on > row["last_valid_date"]
        for row in changes
        if row["code_from"] and row["last_valid_date"]
    )
    if is_listed(algorithm_id, "hcpcs", code) and not ended:
        return True
    return any(
        row["successor_code_from"] <= code <= row["successor_code_to"]
        and on >= row["successor_valid_from"]
        and any(
            is_listed(algorithm_id, "hcpcs", old)
            for old in codes_between(row["code_from"], row["code_to"])
        )
        for row in changes
        if row["successor_code_from"] and row["code_from"]
    )


# --- Geography


def test_thirteen_hsas_lie_in_the_five_regions_of_the_manual():
    regions: dict[str, set[str]] = {}
    for row in rows_of("hsas"):
        regions.setdefault(row["qi_region"], set()).add(row["hsa"])
    assert regions == HSAS_OF_REGION
    assert len(rows_of("hsas")) == 13


def test_towns_per_hsa_are_those_of_appendix_8():
    assert Counter(row["hsa"] for row in rows_of("towns")) == TOWNS_PER_HSA
    assert len({row["town"] for row in rows_of("towns")}) == 255


@pytest.mark.parametrize(
    ("town", "hsa"),
    [
        ("CHITTENDEN", "Rutland"),
        ("HARTFORD", "Randolph"),
        ("WINDSOR", "Windsor"),
        ("FERRISBURGH", "Burlington"),
        ("VERGENNES", "Middlebury"),
        ("BOLTON", "Barre"),
        ("STARKSBORO", "Burlington"),
        ("FAIRFAX", "St. Albans"),
        ("CAMBRIDGE", "Morrisville"),
        ("RUTLAND", "Rutland"),
        ("RUTLAND CITY", "Rutland"),
        ("WARREN", "Barre"),
        ("WARREN GORE", "Newport"),
        ("SOMERSET", "Bennington"),
        ("ISLE LA MOTTE", "St. Albans"),
        ("GRAND ISLE", "Burlington"),
    ],
)
def test_town_lies_in_the_hsa_that_appendix_8_prints(town, hsa):
    assert [row["hsa"] for row in rows_of("towns") if row["town"] == town] == [hsa]


def test_every_town_has_its_own_geoid_inside_its_county():
    fips_of_county: dict[str, set[str]] = {}
    for row in rows_of("towns"):
        assert re.fullmatch(r"50\d{8}", row["town_geoid"])
        fips_of_county.setdefault(row["county"], set()).add(row["town_geoid"][:5])
    assert len({row["town_geoid"] for row in rows_of("towns")}) == 255
    assert len(fips_of_county) == 14
    assert all(len(fips) == 1 for fips in fips_of_county.values())


def test_every_town_has_a_point_in_vermont():
    for row in rows_of("towns"):
        assert 42.7 < float(row["latitude"]) < 45.1, row["town"]
        assert -73.5 < float(row["longitude"]) < -71.4, row["town"]


@pytest.mark.parametrize(
    ("alias", "hsa"),
    [
        ("CHITTENDEN", "Burlington"),
        ("WHITE RIVER JUNCTION", "Windsor"),
        ("WINDSOR", "Windsor"),
        ("ST. ALBANS", "St. Albans"),
        ("SAINT JOHNSBURY", "St. Johnsbury"),
        ("UPPER VALLEY", ""),
    ],
)
def test_hsa_alias_means_the_hsa(alias, hsa):
    assert mapping("hsa_aliases", "alias", "hsa")[alias] == hsa


def test_every_hsa_is_known_by_its_own_name():
    aliases = mapping("hsa_aliases", "alias", "hsa")
    assert {hsa: aliases.get(hsa.upper()) for hsa in TOWNS_PER_HSA} == {
        hsa: hsa for hsa in TOWNS_PER_HSA
    }


def test_only_upper_valley_names_no_hsa():
    assert [row["alias"] for row in rows_of("hsa_aliases") if not row["hsa"]] == [
        "UPPER VALLEY"
    ]


@pytest.mark.parametrize(
    ("alias", "town"),
    [
        ("CHITTENDEN", "CHITTENDEN"),
        ("WHITE RIVER JUNCTION", "HARTFORD"),
        ("WHITE RIVER JCT", "HARTFORD"),
        ("QUECHEE", "HARTFORD"),
        ("BELLOWS FALLS", "ROCKINGHAM"),
        ("LYNDONVILLE", "LYNDON"),
        ("ISLAND POND", "BRIGHTON"),
        ("ESSEX JCT", "ESSEX"),
        ("ESSEX JUNCTION", "ESSEX"),
        ("RUTLAND", "RUTLAND"),
        ("RUTLAND TOWN", "RUTLAND"),
        ("WARREN", "WARREN"),
        ("WARREN'S GORE", "WARREN GORE"),
        ("ENOSBURGH", "ENOSBURG"),
        ("ENOSBURG FALLS", "ENOSBURG"),
        ("ISLE LAMOTTE", "ISLE LA MOTTE"),
        ("ALBURG", "ALBURGH"),
        ("FERRISBURG", "FERRISBURGH"),
        ("SAINT GEORGE", "ST. GEORGE"),
        ("ST JOHNSBURY", "ST. JOHNSBURY"),
        ("SAINT ALBANS TOWN", "ST. ALBANS TOWN"),
        ("PERKINSVILLE", "WEATHERSFIELD"),
        ("NORTH SHAFTSBURY", "SHAFTSBURY"),
    ],
)
def test_town_alias_means_the_town(alias, town):
    assert mapping("town_aliases", "alias", "town")[alias] == town


@pytest.mark.parametrize(
    ("alias", "hsa"),
    [
        ("BARRE", "Barre"),
        ("NEWPORT", "Newport"),
        ("RUTLAND", "Rutland"),
        ("ST ALBANS", "St. Albans"),
        ("SAINT ALBANS", "St. Albans"),
        ("ST. ALBANS", "St. Albans"),
    ],
)
def test_bare_name_of_a_city_and_a_town_leads_to_their_one_hsa(alias, hsa):
    hsa_of_town = mapping("towns", "town", "hsa")
    assert hsa_of_town[mapping("town_aliases", "alias", "town")[alias]] == hsa


@pytest.mark.parametrize("alias", ["NORTH WINDHAM", "WEST BRIDGEWATER", "MIDDLETOWN"])
def test_name_of_places_in_two_hsas_is_left_out(alias):
    assert alias not in mapping("town_aliases", "alias", "town")


def test_no_name_with_chittenden_in_it_leads_to_burlington():
    hsa_of_town = mapping("towns", "town", "hsa")
    hsas = {
        row["alias"]: hsa_of_town[row["town"]]
        for row in rows_of("town_aliases")
        if "CHITTENDEN" in row["alias"]
    }
    assert set(hsas.values()) == {"Rutland"}


def test_every_town_is_known_by_its_own_name():
    aliases = mapping("town_aliases", "alias", "town")
    assert [
        row["town"]
        for row in rows_of("towns")
        if aliases.get(row["town"]) != row["town"]
    ] == []


def test_every_alias_is_normal_and_means_one_listed_town():
    towns = {row["town"] for row in rows_of("towns")}
    aliases = [row["alias"] for row in rows_of("town_aliases")]
    assert len(aliases) == len(set(aliases)) > 3000
    assert [a for a in aliases if a != " ".join(a.upper().split())] == []
    assert {row["town"] for row in rows_of("town_aliases")} == towns


def test_every_zip_code_leads_to_a_listed_town():
    zip_codes = rows_of("town_zip_codes")
    assert len({row["zip_code"] for row in zip_codes}) == len(zip_codes) == 309
    assert {row["town"] for row in zip_codes} <= {r["town"] for r in rows_of("towns")}
    assert all(re.fullmatch(r"05\d{3}", row["zip_code"]) for row in zip_codes)


def test_every_postal_place_leads_to_the_same_town_by_name_and_by_zip_code():
    aliases = mapping("town_aliases", "alias", "town")
    assert [
        row["zip_code"]
        for row in rows_of("town_zip_codes")
        if aliases.get(row["postal_place"].upper()) != row["town"]
    ] == []


@pytest.mark.parametrize(
    ("zip_code", "town"),
    [
        ("05001", "HARTFORD"),
        ("05101", "ROCKINGHAM"),
        ("05401", "BURLINGTON"),
        ("05452", "ESSEX"),
        ("05737", "CHITTENDEN"),
        ("05819", "ST. JOHNSBURY"),
        ("05851", "LYNDON"),
        ("05846", "BRIGHTON"),
    ],
)
def test_zip_code_means_the_town(zip_code, town):
    assert mapping("town_zip_codes", "zip_code", "town")[zip_code] == town


# --- Codes


def test_appendix_3_lists_the_codes_that_the_manual_prints():
    algorithm = "app3_commercial_medicaid"
    assert seeded_codes(algorithm, "hcpcs") == printed_codes(APPENDIX_3)
    assert seeded_codes(algorithm, "revenue") == printed_codes(APPENDIX_3_REVENUE)


@pytest.mark.parametrize(
    ("code_system", "code"),
    [
        ("hcpcs", "99200"),
        ("hcpcs", "99206"),
        ("hcpcs", "99210"),
        ("hcpcs", "99216"),
        ("hcpcs", "99346"),
        ("hcpcs", "99405"),
        ("hcpcs", "99410"),
        ("hcpcs", "99466"),
        ("hcpcs", "G0438"),
        ("hcpcs", "0521"),
        ("revenue", "0520"),
        ("revenue", "0523"),
        ("revenue", "0524"),
        ("revenue", "99213"),
    ],
)
def test_neighbours_of_the_listed_codes_do_not_count(code_system, code):
    assert not is_listed("app3_commercial_medicaid", code_system, code)


def test_appendix_2_adds_the_three_wellness_codes_as_printed():
    added = printed_codes("G0404 G0438 G0439")
    assert seeded_codes("app2_total_unique", "hcpcs") == (
        printed_codes(APPENDIX_3) + added
    )
    assert seeded_codes("app2_total_unique", "revenue") == printed_codes(
        APPENDIX_3_REVENUE
    )


def test_appendix_4_has_wellness_codes_but_no_newborns_and_no_0525():
    newborns = printed_codes("99460-99465")
    wellness = printed_codes("G0402 G0438 G0439")
    assert seeded_codes("app4_medicare", "hcpcs") == (
        printed_codes(APPENDIX_3) - newborns + wellness
    )
    assert seeded_codes("app4_medicare", "revenue") == printed_codes("0521 0522")
    optional = seeded_codes("app4_medicare", "revenue", "medicare_0525")
    assert optional == printed_codes("0525")


@pytest.mark.parametrize("algorithm_id", ["app_whi", "app2_whi"])
def test_whi_has_the_codes_of_appendix_3_and_137_of_its_own(algorithm_id):
    own = printed_codes(WHI_UNIQUE)
    assert own.total() == 137
    assert seeded_codes(algorithm_id, "hcpcs") == printed_codes(APPENDIX_3) + own
    assert seeded_codes(algorithm_id, "revenue") == printed_codes(APPENDIX_3_REVENUE)


@pytest.mark.parametrize(
    ("algorithm_id", "code", "last_day", "first_day_after"),
    [
        ("app3_commercial_medicaid", "99201", "2020-12-31", "2021-01-01"),
        ("app3_commercial_medicaid", "99241", "2022-12-31", "2023-01-01"),
        ("app3_commercial_medicaid", "99324", "2022-12-31", "2023-01-01"),
        ("app3_commercial_medicaid", "99337", "2022-12-31", "2023-01-01"),
        ("app3_commercial_medicaid", "99343", "2022-12-31", "2023-01-01"),
        ("app3_commercial_medicaid", "99354", "2022-12-31", "2023-01-01"),
        ("app3_commercial_medicaid", "99420", "2016-12-31", "2017-01-01"),
        ("app_whi", "77057", "2016-12-31", "2017-01-01"),
        ("app_whi", "G0202", "2017-12-31", "2018-01-01"),
        ("app_whi", "87622", "2014-12-31", "2015-01-01"),
        ("app_whi", "96040", "2024-12-31", "2025-01-01"),
    ],
)
def test_ended_code_counts_through_its_last_day(
    algorithm_id, code, last_day, first_day_after
):
    assert counts_when_maintained(algorithm_id, code, last_day)
    assert not counts_when_maintained(algorithm_id, code, first_day_after)


@pytest.mark.parametrize(
    ("algorithm_id", "code", "first_day", "day_before"),
    [
        ("app3_commercial_medicaid", "99417", "2023-01-01", "2022-12-31"),
        ("app4_medicare", "G2212", "2023-01-01", "2022-12-31"),
        ("app3_commercial_medicaid", "96160", "2017-01-01", "2016-12-31"),
        ("app3_commercial_medicaid", "96161", "2017-01-01", "2016-12-31"),
        ("app_whi", "77065", "2017-01-01", "2016-12-31"),
        ("app2_whi", "77067", "2017-01-01", "2016-12-31"),
        ("app_whi", "96041", "2025-01-01", "2024-12-31"),
    ],
)
def test_successor_counts_from_its_first_day(algorithm_id, code, first_day, day_before):
    assert counts_when_maintained(algorithm_id, code, first_day)
    assert not counts_when_maintained(algorithm_id, code, day_before)


@pytest.mark.parametrize("code", ["99242", "99245", "99341", "99350", "99213"])
def test_code_that_stays_counts_before_and_after(code):
    for day in ("2016-01-01", "2023-01-01", "2026-01-01"):
        assert counts_when_maintained("app3_commercial_medicaid", code, day)


def test_misprint_of_appendix_2_is_corrected_on_every_date_and_only_there():
    for day in ("2005-01-01", "2018-06-30", "2026-01-01"):
        assert not counts_when_maintained("app2_total_unique", "G0404", day)
        assert counts_when_maintained("app2_total_unique", "G0402", day)
        assert not counts_when_maintained("app3_commercial_medicaid", "G0402", day)


@pytest.mark.parametrize("code", ["77067", "G2211", "98000", "98016", "99441", "G2012"])
def test_code_that_succeeds_no_code_of_appendix_3_never_counts(code):
    assert not counts_when_maintained("app3_commercial_medicaid", code, "2025-06-30")


def test_an_old_code_has_one_last_day():
    last_days: dict[tuple[str, str], set[str]] = {}
    for row in rows_of("attribution_code_changes"):
        if row["code_from"]:
            for code in codes_between(row["code_from"], row["code_to"]):
                key = (row["algorithm_id"], code)
                last_days.setdefault(key, set()).add(row["last_valid_date"])
    assert {key for key, days in last_days.items() if len(days) > 1} == set()


# --- Providers


def specialties(algorithm_id: str) -> set[str]:
    return {
        row["specialty"]
        for row in rows_of("attribution_specialties")
        if row["algorithm_id"] == algorithm_id
    }


def test_appendix_4_lacks_pediatrics_naturopaths_and_rural_clinics():
    appendix_3 = specialties("app3_commercial_medicaid")
    assert len(appendix_3) == 10
    assert specialties("app2_total_unique") == appendix_3
    assert appendix_3 - specialties("app4_medicare") == {
        "pediatrics",
        "naturopathic medicine",
        "rural health clinic",
    }
    assert specialties("app4_medicare") <= appendix_3


@pytest.mark.parametrize("algorithm_id", ["app_whi", "app2_whi"])
def test_whi_goes_by_credential(algorithm_id):
    credentials = {
        row["credential"]
        for row in rows_of("attribution_credentials")
        if row["algorithm_id"] == algorithm_id
    }
    assert credentials == {"MD", "DO", "NP", "CNM", "PA"}
    assert specialties(algorithm_id) == set()


@pytest.mark.parametrize(
    ("taxonomy_code", "specialty"),
    [
        ("207R00000X", "internal medicine"),
        ("207RG0300X", "geriatric medicine"),
        ("207QG0300X", "geriatric medicine"),
        ("207Q00000X", "family medicine"),
        ("208D00000X", "general medicine"),
        ("208000000X", "pediatrics"),
        ("175F00000X", "naturopathic medicine"),
        ("363LF0000X", "nurse practitioner"),
        ("363AM0700X", "physician assistant"),
        ("261QF0400X", "federally qualified health center"),
        ("261QR1300X", "rural health clinic"),
        ("367A00000X", "certified nurse midwife"),
        ("207RC0000X", None),  # cardiology
        ("207QS0010X", None),  # sports medicine
        ("2080N0001X", None),  # neonatology
        ("363LP0808X", None),  # psychiatric nurse practitioner
        ("363LA2100X", None),  # acute care nurse practitioner
        ("363AS0400X", None),  # surgical physician assistant
    ],
)
def test_taxonomy_code_means_the_specialty(taxonomy_code, specialty):
    by_code = mapping("specialty_taxonomies", "taxonomy_code", "specialty")
    assert by_code.get(taxonomy_code) == specialty


def test_every_specialty_of_an_algorithm_has_a_taxonomy_code():
    known = {row["specialty"] for row in rows_of("specialty_taxonomies")}
    assert specialties("app3_commercial_medicaid") <= known


# --- Payers and rates


def test_the_five_payers_have_a_policy_in_force_on_every_date():
    policies = rows_of("payer_policy_defaults")
    for payer in ("medicaid", "medicare", "bcbsvt", "mvp", "cigna"):
        for day in ("2013-03-31", "2013-04-01", "2018-06-30"):
            in_force = [
                row
                for row in policies
                if row["payer"] == payer
                and row["effective_from"] <= day <= (row["effective_to"] or "9999")
            ]
            assert len(in_force) == 1, (payer, day)


def test_frequencies_are_those_of_appendix_3():
    frequencies = {
        (row["payer"], row["effective_from"]): row["attribution_frequency"]
        for row in rows_of("payer_policy_defaults")
    }
    assert frequencies[("medicaid", "")] == "monthly"
    assert frequencies[("cigna", "")] == "semiannual"
    assert frequencies[("cigna", "2013-04-01")] == "quarterly"


@pytest.mark.parametrize(
    ("landed", "payer_type"),
    [
        ("self insured", "self-insured"),
        ("self_insured", "self-insured"),
        ("medicare advantage", "medicare-advantage"),
        ("medicare", "medicare"),
    ],
)
def test_landed_payer_type_means_the_type(landed, payer_type):
    assert mapping("payer_types", "landed_payer_type", "payer_type")[landed] == (
        payer_type
    )


def test_pppm_lies_between_three_dollars_and_three_fifty_in_every_month_from_2016():
    for year in range(2016, 2027):
        for month in range(1, 13):
            day = date(year, month, 1).isoformat()
            in_force = {
                row["rate_id"]: Decimal(row["amount"])
                for row in rows_of("payment_rates")
                if row["program"] == "pcmh"
                and row["effective_from"] <= day <= (row["effective_to"] or "9999")
            }
            parts = in_force["pcmh_quality_maximum"] + in_force["pcmh_trui_maximum"]
            for payer_type in ("commercial", "medicaid", "self_insured"):
                base = in_force.pop(f"pcmh_base_{payer_type}")
                assert base == Decimal("3.00"), day
                assert base + parts == Decimal("3.50"), day
            assert len(in_force) == 2, "no other rate pays medical homes"


def test_rates_of_one_identifier_do_not_overlap():
    spans: dict[str, list[tuple[str, str]]] = {}
    for row in rows_of("payment_rates"):
        span = (row["effective_from"], row["effective_to"] or "9999")
        spans.setdefault(row["rate_id"], []).append(span)
    for rate_id, periods in spans.items():
        periods.sort()
        for earlier, later in zip(periods, periods[1:], strict=False):
            assert earlier[1] < later[0], rate_id


# --- Case mix


def of_category(seed: str, category: str) -> list[dict[str, str]]:
    return [row for row in rows_of(seed) if row["category"] == category]


@pytest.mark.parametrize(
    ("model", "category", "weight"),
    [
        ("adult", "HHS_HCC001", "1.282"),  # HIV
        ("adult", "HHS_HCC008", "22.379"),  # metastatic cancer
        ("adult", "HHS_HCC021", "0.299"),  # diabetes, a factor shared by three
        ("adult", "HHS_HCC130", "2.329"),  # heart failure
        ("adult", "HHS_HCC161_2", "0.576"),  # asthma, a factor shared by three
        ("child", "HHS_HCC021", "2.134"),
        ("child", "HHS_HCC161_2", "0.155"),
        ("child", "HHS_HCC159", "48.224"),  # cystic fibrosis
    ],
)
def test_factor_is_the_published_one_of_a_silver_plan(model, category, weight):
    rows = [r for r in of_category("burden_weights", category) if r["model"] == model]
    assert [row["weight"] for row in rows] == [weight]


@pytest.mark.parametrize(
    ("code", "categories"),
    [
        ("E119", {"HHS_HCC021"}),
        ("E1010", {"HHS_HCC019", "HHS_HCC022"}),
        ("E1152", {"HHS_HCC020", "HHS_HCC153"}),
        ("I5022", {"HHS_HCC130"}),
        ("I482", {"HHS_HCC142"}),  # retired in 2019
        ("C50911", {"HHS_HCC011", "HHS_HCC012"}),  # under 50, from 50
        ("I10", set()),
        ("Z0000", set()),
        ("O80", set()),  # maternity is a part of its own
    ],
)
def test_diagnosis_leads_to_the_categories_of_the_grouper(code, categories):
    assert {
        row["category"] for row in rows_of("burden_codes") if row["code"] == code
    } == categories


def test_categories_that_share_a_factor_have_the_same_one():
    weights: dict[tuple[str, str], set[str]] = {}
    for row in rows_of("burden_weights"):
        key = (row["model"], row["weight_group"])
        weights.setdefault(key, set()).add(row["weight"])
        assert Decimal(row["weight"]) > 0, row
    assert {key for key, found in weights.items() if len(found) > 1} == set()


def test_what_a_dropped_category_drops_is_dropped_too():
    drops: dict[str, set[str]] = {}
    for row in rows_of("burden_hierarchies"):
        drops.setdefault(row["category"], set()).add(row["drops_category"])
    for category, dropped in drops.items():
        assert category not in dropped
        for other in dropped:
            assert drops.get(other, set()) <= dropped, (category, other)


def test_a_code_leads_a_person_of_one_age_and_sex_to_a_category_once():
    spans: dict[tuple[str, str, str], list[tuple[int, int]]] = {}
    for row in rows_of("burden_codes"):
        for sex in [row["sex"]] if row["sex"] else ["female", "male"]:
            span = (int(row["age_from"] or 0), int(row["age_to"] or 999))
            spans.setdefault((row["code"], row["category"], sex), []).append(span)
    for key, ages in spans.items():
        ages.sort()
        for earlier, later in zip(ages, ages[1:], strict=False):
            assert earlier[1] < later[0], key


def test_every_age_lies_in_one_band_within_one_wider_band():
    bands = sorted(rows_of("case_mix_age_bands"), key=lambda row: int(row["age_from"]))
    # The profiles leave infants out.
    assert bands[0]["age_from"] == "1"
    assert bands[-1]["age_to"] == ""
    for younger, older in zip(bands, bands[1:], strict=False):
        assert int(younger["age_to"]) + 1 == int(older["age_from"])
    group_of_broad: dict[str, set[str]] = {}
    for row in bands:
        group_of_broad.setdefault(row["broad_band"], set()).add(row["age_group"])
    assert all(len(groups) == 1 for groups in group_of_broad.values())
    assert {r["age_group"] for r in bands if int(r["age_from"]) < 18} == {"pediatric"}
    assert {r["age_group"] for r in bands if int(r["age_from"]) >= 18} == {"adult"}


@pytest.mark.parametrize("model", ["adult", "child"])
def test_every_score_has_one_level_and_only_0_has_level_0(model):
    levels = [r for r in rows_of("case_mix_burden_levels") if r["model"] == model]
    levels.sort(key=lambda row: int(row["burden_level"]))
    assert [row["burden_level"] for row in levels] == ["0", "1", "2", "3", "4"]
    assert Decimal(levels[0]["score_from"]) == 0
    assert levels[-1]["score_to"] == ""
    for lower, higher in zip(levels, levels[1:], strict=False):
        assert Decimal(lower["score_to"]) == Decimal(higher["score_from"])
    lowest = min(
        Decimal(r["weight"]) for r in rows_of("burden_weights") if r["model"] == model
    )
    assert Decimal(levels[0]["score_to"]) <= lowest


def test_the_last_payer_group_takes_everybody():
    rules = sorted(
        rows_of("case_mix_payer_groups"), key=lambda row: int(row["rule_order"])
    )
    last = rules[-1]
    conditions = ("payer_type", "age_from", "age_to", "is_dual")
    assert [last[column] for column in conditions] == [""] * 4
    types = {row["payer_type"] for row in rows_of("payer_types")}
    assert {row["payer_type"] for row in rules[:-1]} == types - {"other"}


def test_each_step_keeps_no_more_apart_than_the_one_before():
    steps = sorted(rows_of("case_mix_steps"), key=lambda row: int(row["step"]))
    kept = [
        {column for column, value in row.items() if value == "true"} for row in steps
    ]
    for finer, coarser in zip(kept, kept[1:], strict=False):
        assert coarser < finer
    assert kept[-1] == set()
    # An age band lies within its wider one, so that it cannot be kept without it.
    assert all("keeps_broad_band" in k for k in kept if "keeps_age_band" in k)


# --- All seeds

SEEDS = sorted(path.stem for path in REFERENCE.glob("*.csv"))


@pytest.mark.parametrize("seed", SEEDS)
def test_every_row_says_where_it_comes_from(seed):
    assert rows_of(seed)
    for row in rows_of(seed):
        assert row["provenance"] in {"manual", "external", "assumed"}, row
        assert row["source"], row


@pytest.mark.parametrize("seed", SEEDS)
def test_file_has_clean_lines_in_order(seed):
    raw = (REFERENCE / f"{seed}.csv").read_bytes()
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    lines = raw.decode("utf-8").splitlines()
    assert [line for line in lines if line != line.rstrip()] == []
    assert lines[0] == lines[0].lower()
