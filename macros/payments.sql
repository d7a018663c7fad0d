{#-
  The month (yyyy-mm), quarter (yyyy-Qn) or half-year (yyyy-Hn) that begins on a first of
  the month, as a payer names what it pays together.
-#}
{% macro paid_period(payment_frequency, period_start) -%}
    cast(extract(year from {{ period_start }}) as varchar)
        || case {{ payment_frequency }}
            when 'monthly'
                then
                    '-'
                    || lpad(
                        cast(extract(month from {{ period_start }}) as varchar), 2, '0'
                    )
            when 'quarterly'
                then '-Q' || cast(extract(quarter from {{ period_start }}) as varchar)
            when 'semiannual'
                then
                    '-H' || cast(
                        cast(
                            (extract(quarter from {{ period_start }}) + 1) / 2 as integer
                        ) as varchar
                    )
        end
{%- endmacro %}


{#-
  US dollars per patient and month that a withheld row is paid, null where it is told or
  where its amount is not of its patients.
-#}
{% macro withheld_rate(payments) -%}
    case
            when
                {{ payments }}.is_small
                and ({{ payments }}.basis = 'linear' or {{ payments }}.adjustment_no > 0)
                then
                    case
                        when {{ payments }}.amount = 0 then 0
                        else {{ payments }}.rate * coalesce({{ payments }}.factor, 1)
                    end
        end
{%- endmacro %}
