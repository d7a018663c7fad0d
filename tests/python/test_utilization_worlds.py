"""What the resource index must and must not move with, on a state known by heart.

Belongs here: changes to a small state (tests/utilization/world.py) whose effect on
observed units, expected units and the index can be said beforehand. Does not belong
here: single steps (models/unit_tests), or the figures of the sample.
"""

import pickle
from decimal import Decimal

import pytest

from tests.utilization.world import (
    AS_OF,
    PRACTICES,
    SICK,
    UtilizationBuild,
    provider_of,
    write_drop,
)

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("utilization_worlds")]

MEDICAL, FILLS = "staging.stg_medical_claim", "staging.stg_pharmacy_claim"
IN_PERIOD = "'2017-07-01' and '2018-06-30'"
# A hundredth of a resource unit, of a hundred thousand.
NEAR = Decimal("0.01")


@pytest.fixture(scope="module")
def state(recorded, tmp_path_factory) -> UtilizationBuild:
    folder = tmp_path_factory.mktemp("utilization")
    write_drop(folder / "drop")
    recording = pickle.loads(recorded[1].read_bytes())
    return UtilizationBuild(
        recording, folder / "drop", folder / "build", AS_OF, has_history=False
    )


def copied(table: str, day: str, who: str, days: int) -> str:
    """SQL that has people use what they used in the period once more, days later."""
    return f"""
        insert into {table}
        select * replace (
            claim_id || '-again' as claim_id,
            cast({day} + {days} as date) as {day},
            cast(known_from + {days} as date) as known_from
        )
        from {table}
        where {day} between {IN_PERIOD} and {who}
    """


def stays_moved(days: int) -> str:
    """SQL that moves the other days of copied claims as far."""
    moved = ", ".join(
        f"{column} = cast({column} + {days} as date)"
        for column in (
            "claim_start_date",
            "claim_end_date",
            "admission_date",
            "discharge_date",
        )
    )
    return f"update {MEDICAL} set {moved} where claim_id like '%-again'"


def test_the_state_is_what_was_counted_by_hand(state):
    """Sixty people, twenty of them sick: visits, laboratory, a stay, tablets."""
    visit = Decimal("2.75") * Decimal("32.3465")
    [(weight,)] = state.ask(
        "select weight from reference.drg_weights where drg_code = '291'"
    )
    stay = weight * Decimal("7276.76")
    per_well, per_sick = 2 * visit, 6 * visit + stay
    units = state.ask(
        "select category, sum(units) from intermediate.int_utilization__units "
        "where person_id like 'A-%' group by all"
    )
    by_category = dict(units)
    assert set(by_category) == {
        "inpatient_acute",
        "pharmacy",
        "professional_laboratory",
        "professional_primary_care",
    }
    visits = 40 * per_well + 20 * (per_sick - stay)
    assert abs(by_category["professional_primary_care"] - visits) < NEAR
    assert abs(by_category["inpatient_acute"] - 20 * stay) < NEAR
    # Twelve dollars for the laboratory and a hundred for the visit, at either payer.
    [(level,)] = state.ask(
        "select usd_per_unit from intermediate.int_utilization__price_levels "
        "where payer = 'green'"
    )
    expected = Decimal(60 * 12) / Decimal(str(level))
    assert abs(by_category["professional_laboratory"] - expected) < NEAR


def test_practices_that_use_the_same_have_an_index_of_one(state):
    scores = state.scores()
    assert set(scores) == set(PRACTICES)
    for observed, expected, index in scores.values():
        assert abs(observed - expected) < NEAR
        assert index == 1


def test_doubling_what_a_practice_uses_doubles_observed_and_leaves_expected(state):
    before = state.scores()
    who = "person_id like 'A-%'"
    with state.after(
        copied(MEDICAL, "service_date", who, 45),
        stays_moved(45),
        copied(FILLS, "dispensing_date", who, 45),
    ):
        after = state.scores()
    assert abs(after["A"][0] - 2 * before["A"][0]) < NEAR
    assert abs(after["A"][1] - before["A"][1]) < NEAR
    assert after["A"][2] > 1 > after["B"][2]
    for practice in "BCD":
        assert abs(after[practice][0] - before[practice][0]) < NEAR


def test_doubling_a_payers_prices_changes_no_index(state):
    # A state in which practices differ, so that there is something to change.
    uneven = (
        copied(MEDICAL, "service_date", "person_id like 'A-%sick%'", 45),
        stays_moved(45),
        copied(FILLS, "dispensing_date", "person_id like 'B-green%'", 45),
    )
    level = (
        "select usd_per_unit from intermediate.int_utilization__price_levels "
        "where payer = 'blue'"
    )
    with state.after(*uneven):
        before, [(price_before,)] = state.scores(), state.ask(level)
    doubled = [
        f"update {table} set allowed_amount_usd = 2 * allowed_amount_usd, "
        "paid_amount_usd = 2 * paid_amount_usd where payer = 'blue'"
        for table in (MEDICAL, FILLS)
    ]
    with state.after(*uneven, *doubled):
        after, [(price_after,)] = state.scores(), state.ask(level)
    assert after == before
    assert len({index for _, _, index in before.values()}) > 1
    assert price_after == pytest.approx(2 * price_before)


def test_sick_people_who_move_take_what_is_expected_of_them_along(state):
    before = state.scores()
    [(each,)] = state.ask(
        "select distinct capped_units from restricted.trui_members "
        "where person_id like 'A-blue-sick%'"
    )
    with state.after(
        f"update {MEDICAL} set rendering_npi = '{provider_of('B')}', "
        f"billing_npi = '{provider_of('B')}' "
        "where person_id like 'A-blue-sick%' and claim_type = 'professional'"
    ):
        after = state.scores()
    assert abs(after["B"][1] - before["B"][1] - SICK * each) < NEAR
    assert abs(before["A"][1] - after["A"][1] - SICK * each) < NEAR
    assert {index for _, _, index in after.values()} == {1}
