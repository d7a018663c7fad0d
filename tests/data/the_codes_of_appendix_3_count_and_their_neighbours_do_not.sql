-- A-05, written out from the manual and not from the seeds: the ends of every range of
-- Appendix 3 are codes of the algorithm, and the codes just outside are not.
{% set ranges = [
    ('hcpcs', 99201, 99205), ('hcpcs', 99211, 99215), ('hcpcs', 99241, 99245),
    ('hcpcs', 99304, 99310), ('hcpcs', 99324, 99328), ('hcpcs', 99334, 99337),
    ('hcpcs', 99341, 99345), ('hcpcs', 99347, 99350), ('hcpcs', 99354, 99355),
    ('hcpcs', 99358, 99359), ('hcpcs', 99381, 99387), ('hcpcs', 99391, 99397),
    ('hcpcs', 99401, 99404), ('hcpcs', 99406, 99409), ('hcpcs', 99411, 99412),
    ('hcpcs', 99420, 99420), ('hcpcs', 99429, 99429), ('hcpcs', 99460, 99465),
    ('revenue', 521, 522), ('revenue', 525, 525),
] %}
with expected as (
    {% for code_system, first, last in ranges -%}
    {% set form = '%04d' if code_system == 'revenue' else '%05d' -%}
    {% for number in range(first - 1, last + 2) -%}
    select
        '{{ code_system }}' as code_system,
        '{{ form % number }}' as code,
        {{ 'true' if first <= number <= last else 'false' }} as is_listed
    {%- if not loop.last %} union all {% endif %}
    {% endfor %}
    {%- if not loop.last %} union all {% endif %}
    {%- endfor %}
),

codes as (
    select distinct
        code_system,
        code
    from {{ ref('int_attribution__qualifying_codes') }}
    where
        algorithm_id = 'app3_commercial_medicaid'
        -- Successors, under the policy `maintained`, are not the manual's.
        and valid_from is null
),

-- A code just outside one range may be the end of another: then it is listed.
manual as (
    select
        code_system,
        code,
        bool_or(is_listed) as is_listed
    from expected
    group by
        code_system,
        code
)

select
    coalesce(manual.code_system, codes.code_system) as code_system,
    coalesce(manual.code, codes.code) as code,
    coalesce(manual.is_listed, false) as is_in_the_manual,
    codes.code is not null as is_in_the_warehouse
from manual
full outer join codes
    on
        manual.code_system = codes.code_system
        and manual.code = codes.code
where coalesce(manual.is_listed, false) <> (codes.code is not null)
