select period_end, person_id, 0.0 as burden_score, 0 as burden_level from {{ ref('int_quality__people') }}
