{#- The month (yyyy-mm) or quarter (yyyy-Qn) with which a payer pays a month. -#}
{% macro paid_period(payment_frequency, payment_month) -%}
    case
            when {{ payment_frequency }} = 'monthly'
                then
                    cast(extract(year from {{ payment_month }}) as varchar) || '-'
                    || lpad(
                        cast(extract(month from {{ payment_month }}) as varchar), 2, '0'
                    )
            else
                cast(extract(year from {{ payment_month }}) as varchar) || '-Q'
                || cast(extract(quarter from {{ payment_month }}) as varchar)
        end
{%- endmacro %}
