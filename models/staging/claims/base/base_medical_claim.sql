-- Diagnoses and procedures are carried as one text each: at the size of a state every
-- column of this table costs.
{{ audited_rows(
    'medical_claim',
    columns=[
        'claim_id', 'claim_line_number', 'claim_type', 'person_id', 'payer', 'plan',
        'claim_start_date', 'claim_end_date', 'claim_line_start_date',
        'claim_line_end_date', 'admission_date', 'discharge_date', 'admit_source_code',
        'admit_type_code', 'discharge_disposition_code', 'place_of_service_code',
        'bill_type_code', 'drg_code', 'revenue_center_code', 'service_unit_quantity',
        'hcpcs_code', 'hcpcs_modifier_1', 'rendering_npi', 'billing_npi',
        'facility_npi', 'paid_date', 'paid_amount', 'allowed_amount',
        'diagnosis_code_type', 'x_claim_status_code', 'x_claim_version',
        'x_replaces_claim_id',
    ],
    lists={
        'diagnosis_codes': ('diagnosis_code', 25),
        'procedure_codes': ('procedure_code', 25),
    },
    references={'person_id': 'eligibility'},
    repeated=(
        'base_medical_claim_repeated', ['payer', 'claim_id', 'claim_line_number']
    ),
) }}
