"""Errors planted in the models, one per edge, that the comparison must see.

Belongs here: for each edge, a part of one model's SQL and what an error would put in
its place. Does not belong here: running them (build.py). When a model is written anew
and a part is no longer found, the test says so: plant the same error in the new SQL.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Planted:
    """An error: in which model, which part of its SQL, and what stands there instead.

    edge: what goes wrong. find: it stands once in the compiled SQL; how it is broken
    into lines does not matter. mart: whose rows must differ.
    """

    edge: str
    model: str
    find: str
    put: str
    mart: str = "attribution"


def planted(
    model: str, *errors: tuple[str, str, str], mart: str = "attribution"
) -> list[Planted]:
    """The errors of one model."""
    return [Planted(edge, model, find, put, mart) for edge, find, put in errors]


PLANTED: tuple[Planted, ...] = (
    *planted(
        "int_calendar__as_of_dates",
        (
            "look-back of 730 days",
            "date_trunc('month', dates.as_of_date) "
            "+ cast(1 - algorithms.look_back_months as bigint) * interval 1 month",
            "dates.as_of_date - interval 730 day",
        ),
    ),
    *planted(
        "stg_medical_claim",
        (
            "claim's date for the line's",
            "coalesce(audited.claim_line_start_date, audited.claim_start_date) "
            "as service_date",
            "audited.claim_start_date as service_date",
        ),
        (
            "new version ends nothing",
            "later.claim_version > earlier.claim_version",
            "false",
        ),
        (
            "reversal ends nothing",
            "and later.claim_version = earlier.claim_version",
            "and false",
        ),
        (
            "reversal of an older version ends this one",
            "and later.claim_version = earlier.claim_version",
            "and later.claim_version <= earlier.claim_version",
        ),
        (
            "version without a paid date ends nothing",
            "coalesce(audited.paid_date, cast('0001-01-01' as date)) "
            "as superseding_from",
            "audited.paid_date as superseding_from",
        ),
        (
            "replaced claim goes on",
            "and x_replaces_claim_id <> claim_id",
            "and false",
        ),
        (
            "denied replacement ends nothing",
            "and x_replaces_claim_id <> claim_id",
            "and x_replaces_claim_id <> claim_id and x_claim_status_code <> '04'",
        ),
        (
            "replacement without a paid date ends nothing",
            "min(coalesce(paid_date, cast('0001-01-01' as date))) as known_to",
            "min(paid_date) as known_to",
        ),
    ),
    *planted(
        "int_attribution__qualifying_lines",
        ("denied lines count", "not is_denied and", ""),
        ("reversals count", "and not is_reversal", ""),
        (
            "zero-paid lines do not count",
            "not is_denied and",
            "not is_denied and paid_amount_usd is distinct from 0 and",
        ),
        (
            "secondary claims do not count",
            "not is_denied and",
            "not is_denied and not is_secondary and",
        ),
        (
            "revenue code on a professional claim",
            "and lines.claim_type = 'institutional'",
            "",
        ),
        (
            "procedure code on professional claims only",
            "on lines.hcpcs_code = procedure_codes.code",
            "on lines.hcpcs_code = procedure_codes.code "
            "and lines.claim_type = 'professional'",
        ),
    ),
    *planted(
        "int_attribution__lines_as_of",
        (
            "first day of the look-back",
            "coverage.look_back_start_date <= lines.service_date",
            "coverage.look_back_start_date < lines.service_date",
        ),
        (
            "last day of the look-back",
            "coverage.as_of_date >= lines.service_date",
            "coverage.as_of_date > lines.service_date",
        ),
        (
            "paid on the cutoff",
            "coverage.attribution_cutoff_date >= lines.known_from",
            "coverage.attribution_cutoff_date > lines.known_from",
        ),
        (
            "version paid after the cutoff",
            "coverage.attribution_cutoff_date < lines.known_to",
            "coverage.attribution_cutoff_date < lines.known_to - 1",
        ),
        (
            "codes of another appendix",
            "dated.algorithm_id = procedure_codes.algorithm_id",
            "'app_whi' = procedure_codes.algorithm_id",
        ),
        (
            "revenue codes of another appendix",
            "dated.algorithm_id = revenue_codes.algorithm_id",
            "'app_whi' = revenue_codes.algorithm_id",
        ),
    ),
    *planted(
        "int_attribution__coverage",
        (
            "coverage that starts on the day",
            "eligibility.enrollment_start_date <= as_of_dates.as_of_date",
            "eligibility.enrollment_start_date < as_of_dates.as_of_date",
        ),
        (
            "coverage that ends on the day",
            "eligibility.enrollment_end_date >= as_of_dates.as_of_date",
            "eligibility.enrollment_end_date > as_of_dates.as_of_date",
        ),
        (
            "coverage that ended the day before",
            "eligibility.enrollment_end_date >= as_of_dates.as_of_date",
            "eligibility.enrollment_end_date >= as_of_dates.as_of_date - 1",
        ),
        (
            "dead on the day",
            "eligibility.death_date > as_of_dates.as_of_date",
            "eligibility.death_date >= as_of_dates.as_of_date",
        ),
        (
            "one payer twice: the earliest start",
            "eligibility.enrollment_start_date desc",
            "eligibility.enrollment_start_date asc",
        ),
        (
            "one payer twice: the last plan",
            "eligibility.plan asc",
            "eligibility.plan desc",
        ),
        (
            "two payers: one of them only",
            "as_of_dates.as_of_date, eligibility.payer, eligibility.person_id",
            "as_of_dates.as_of_date, eligibility.person_id",
        ),
        (
            "residence for situs",
            "ruled.residence_rule = 'situs' and workplace.state is null",
            "ruled.residence_rule = 'situs' and home.state is null",
        ),
        (
            "situs for Medicaid",
            "when scope_residence_rule = 'payer_choice' then",
            "when scope_residence_rule is not null then",
        ),
        (
            "dual does not count in the WHI",
            "when not ruled.is_payer_counted then",
            "when not ruled.is_primary_payer then",
        ),
        (
            "dual without Medicare",
            "and coalesce(other_coverages.has_medicare, false)",
            "",
        ),
        (
            "dual with a primary commercial coverage",
            "and not coalesce(other_coverages.has_primary_commercial, false)",
            "",
        ),
        (
            "dual with a secondary commercial coverage",
            "coverage_kinds.is_commercial and ranked.is_primary_payer",
            "coverage_kinds.is_commercial",
        ),
        (
            "payer takes part in the other program",
            "then payers.is_whi_participant",
            "then payers.is_pcmh_participant",
        ),
        (
            "plan does not take part",
            "when not ruled.is_plan_participating then",
            "when false then",
        ),
        (
            "one part of Medicare is enough",
            "ruled.has_part_a and ruled.has_part_b",
            "ruled.has_part_a or ruled.has_part_b",
        ),
        (
            "Medicare Advantage counts",
            "and ruled.is_medicare_advantage",
            "and false",
        ),
        (
            "sex unknown",
            "coalesce(ruled.gender, '') <> algorithms.gender",
            "ruled.gender = 'male'",
        ),
        (
            "15th birthday on the day",
            "between algorithms.age_from and",
            "between algorithms.age_from + 1 and",
        ),
        (
            "45th birthday on the day",
            "and algorithms.age_to,",
            "and algorithms.age_to + 1,",
        ),
        (
            "birthday later in the year",
            "then 1 else 0 end between",
            "then 0 else 0 end between",
        ),
        (
            "selection that is not required",
            "when is_selection_read and is_pcp_selection_required then",
            "when is_selection_read then",
        ),
        (
            "selection of a Medicare patient",
            "when is_selection_read and is_pcp_selection_required then",
            "when is_pcp_selection_required then",
        ),
    ),
    *planted(
        "int_attribution__selected_practices",
        (
            "selected in two practices: not the main one",
            "rosters.is_primary_practice desc",
            "rosters.is_primary_practice asc",
        ),
        (
            "selected in two practices: the latest start",
            "rosters.start_date asc",
            "rosters.start_date desc",
        ),
        (
            "selected in a practice without attestation",
            "not algorithms.is_attestation_required or practices_as_of.is_whi_attested",
            "true",
        ),
    ),
    *planted(
        "int_attribution__visits",
        (
            "selected in two practices: no claims",
            "selected_practices.selected_practices > 1",
            "false",
        ),
        (
            "selected off the roster: the claims",
            "lines.selected_pcp_npi is null or",
            "lines.selected_pcp_npi is null "
            "or selected_practices.practice_id is null or",
        ),
    ),
    *planted(
        "int_program__payers_as_of",
        (
            "last day of a payer's policy",
            "coalesce(policies.effective_to, as_of_dates.as_of_date) >=",
            "coalesce(policies.effective_to, as_of_dates.as_of_date + 1) >",
        ),
    ),
    *planted(
        "int_program__practices_as_of",
        ("practice that became another", "else 1 end", "else 3 end"),
        (
            "attested on the day",
            "attested.attested_date <= ranked.as_of_date",
            "attested.attested_date < ranked.as_of_date",
        ),
        (
            "initiated, never attested",
            "where event = 'attestation_confirmed'",
            "where event <> 'lapsed'",
        ),
    ),
    *planted(
        "int_program__rosters",
        (
            "provider's specialty before the roster's",
            "coalesce(rosters.specialty, providers.specialty)",
            "coalesce(providers.specialty, rosters.specialty)",
        ),
        (
            "provider's credential before the roster's",
            "coalesce(rosters.credential, providers.credential)",
            "coalesce(providers.credential, rosters.credential)",
        ),
    ),
    *planted(
        "stg_provider",
        (
            "taxonomy code of a provider",
            "lower(audited.specialty), taxonomy_of_code.specialty",
            "lower(audited.specialty)",
        ),
    ),
    *planted(
        "stg_practice_provider",
        (
            "taxonomy code on a roster",
            "coalesce(specialty_taxonomies.specialty, lower(audited.specialty))",
            "lower(audited.specialty)",
        ),
        (
            "roster's specialty only where it is known",
            "coalesce(specialty_taxonomies.specialty, lower(audited.specialty))",
            "specialty_taxonomies.specialty",
        ),
    ),
    *planted(
        "int_attribution__provider_practices",
        ("billing NPI before the rendering", "2 as npi_rank", "0 as npi_rank"),
        (
            "facility NPI never",
            "3 as npi_rank, facility_npi as npi",
            "3 as npi_rank, cast(null as varchar) as npi",
        ),
        (
            "two practices: not the one that billed",
            "case when rosters.billing_npi = npis.billing_npi then 1 else 2 end",
            "1",
        ),
        (
            "two practices: not the main one",
            "rosters.is_primary_practice desc",
            "rosters.is_primary_practice asc",
        ),
        (
            "two practices: the latest start",
            "rosters.start_date asc",
            "rosters.start_date desc",
        ),
        (
            "two practices: the highest id",
            "rosters.practice_id asc",
            "rosters.practice_id desc",
        ),
        (
            "roster of the other program",
            "npis.program = rosters.program",
            "true",
        ),
        (
            "joined the day after",
            "npis.roster_date >= rosters.start_date",
            "npis.roster_date + 1 >= rosters.start_date",
        ),
        (
            "left the day before",
            "npis.roster_date <= coalesce(rosters.end_date, npis.roster_date)",
            "npis.roster_date - 1 <= coalesce(rosters.end_date, npis.roster_date)",
        ),
        (
            "who left does not count for who billed",
            "billing_practices.practice_id, 'billing:'",
            "'billing:'",
        ),
        (
            "two practices bill alike: the highest id",
            "min(rosters.practice_id)",
            "max(rosters.practice_id)",
        ),
        (
            "Medicare needs the roster",
            "placed.matched_npi is not null or not algorithms.is_roster_required",
            "placed.matched_npi is not null",
        ),
        (
            "Appendix 3 does not",
            "placed.matched_npi is not null or not algorithms.is_roster_required",
            "true",
        ),
        (
            "FQHC does not count",
            "practices.is_fqhc and algorithms.is_fqhc_counted",
            "false",
        ),
        (
            "RHC counts for Medicare",
            "practices.is_rhc and algorithms.is_rhc_counted",
            "practices.is_rhc",
        ),
        (
            "FQHC that bills does not count",
            "or billing_organizations.specialty is not null",
            "",
        ),
        (
            "FQHC as the facility does not count",
            "or facility_organizations.specialty is not null",
            "",
        ),
        (
            "specialty of another appendix",
            "placed.algorithm_id = specialties.algorithm_id",
            "'app3_commercial_medicaid' = specialties.algorithm_id",
        ),
        (
            "mixed practice: anyone",
            "or placed.is_board_certified_obgyn",
            "or true",
        ),
        (
            "every WHI practice: board certified only",
            "coalesce(practices.practice_type, '') <> 'mixed'",
            "false",
        ),
        ("no attestation", "or practices.is_whi_attested", "or true"),
    ),
    *planted(
        "int_attribution__provider_practices",
        (
            "group of the rendering NPI first",
            "'billing:' || asked.billing_npi, 'rendering:' || asked.rendering_npi",
            "'rendering:' || asked.rendering_npi, 'billing:' || asked.billing_npi",
        ),
        mart="attribution_candidates",
    ),
    *planted(
        "int_attribution__practice_visits",
        (
            "lines for claims",
            "count(distinct claim_id) as claims",
            "sum(lines) as claims",
        ),
    ),
    *planted(
        "int_attribution__candidates",
        ("tie: not the last visit", "units desc, last_visit_date desc,", "units desc,"),
        ("tie: not the service dates", "further_units desc,", ""),
        ("tie: not the lines", "lines desc,", ""),
        ("tie: groups before practices", "is_group asc,", "is_group desc,"),
        ("tie: the highest id", "practice_id asc", "practice_id desc"),
        ("majority", "or ranked.attribution_rule = 'plurality'", ""),
    ),
    *planted(
        "int_attribution__assignments",
        (
            "group as a practice",
            "winners.is_enough and not winners.is_group",
            "winners.is_enough",
        ),
    ),
    *planted(
        "int_attribution__residents",
        (
            "patients of other states",
            "on eligibility.residence_state = home_states.state",
            "on true",
        ),
        (
            "patients of a secondary payer",
            "on eligibility.residence_state = home_states.state",
            "on eligibility.residence_state = home_states.state "
            "and eligibility.is_primary_payer",
        ),
        (
            "patients who died on the day",
            "eligibility.death_date > as_of_dates.as_of_date",
            "eligibility.death_date >= as_of_dates.as_of_date",
        ),
        mart="total_unique_patients",
    ),
    *planted(
        "int_attribution__unique_visits",
        (
            "patients by codes of Appendix 3",
            "algorithms.algorithm_id = procedure_codes.algorithm_id",
            "'app3_commercial_medicaid' = procedure_codes.algorithm_id",
        ),
        (
            "patients of who billed",
            "is_competing_by_roster and is_provider_counted",
            "is_provider_counted",
        ),
        (
            "patients of any provider",
            "is_competing_by_roster and is_provider_counted",
            "is_competing_by_roster",
        ),
        mart="total_unique_patients",
    ),
    *planted(
        "total_unique_patients",
        (
            "patients of two practices twice in an HSA",
            "'hsa' as level, hsa as entity_id, count(distinct person_id)",
            "'hsa' as level, hsa as entity_id, count(person_id)",
        ),
        (
            "patients of two practices twice in the state",
            "'Vermont' as entity_id, count(distinct person_id)",
            "'Vermont' as entity_id, count(person_id)",
        ),
        mart="total_unique_patients",
    ),
)
