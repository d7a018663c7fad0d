-- One row per landed table, payer and month of service: how many rows landed. The
-- landing gate compares it with the prior release before anything is built on the drop.
-- Tables without a payer have none here; coverage and rows without a date, no month.
{%- set dated = {
    'eligibility': (true, none),
    'medical_claim': (true, 'claim_start_date'),
    'pharmacy_claim': (true, 'dispensing_date'),
    'lab_result': (false, 'result_datetime'),
    'observation': (false, 'observation_date'),
    'immunization': (false, 'occurrence_date'),
} -%}
{%- for table, (has_payer, day) in dated.items() %}
select
    '{{ table }}' as landed_table,
    {% if has_payer -%}
    {{ landed_text('payer') }} as payer,
    {%- else -%}
    cast(null as varchar) as payer,
    {%- endif %}
    {% if day -%}
    cast({{ dbt.date_trunc('month', 'try_cast(' ~ day ~ ' as date)') }} as date)
        as volume_month,
    {%- else -%}
    cast(null as date) as volume_month,
    {%- endif %}
    count(*) as landed_rows
from {{ ref(table) }}
group by
    payer,
    volume_month
{%- if not loop.last %}

union all
{% endif %}
{%- endfor %}
