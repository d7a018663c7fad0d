{{ config(materialized='table') }}
-- Lines of which more than one row landed: versions, reversals, copies, conflicts.
{{ repeated_rows('medical_claim', ['payer', 'claim_id', 'claim_line_number']) }}
