{#-
  Ranges of codes. A procedure or revenue code is an optional letter and digits (G0402,
  99213, 0521), and a range runs over its digits: 99201 to 99205 has the steps 0 to 4.
-#}
{% macro code_prefix(code) -%}
    case when substring({{ code }}, 1, 1) between '0' and '9' then '' else substring({{ code }}, 1, 1) end
{%- endmacro %}

{% macro code_number(code) -%}
    cast(substring({{ code }}, length({{ code_prefix(code) }}) + 1) as integer)
{%- endmacro %}

{#- How many steps a range has after its first code. -#}
{% macro code_steps(code_from, code_to) -%}
    ({{ code_number(code_to) }} - {{ code_number(code_from) }})
{%- endmacro %}

{#- The code that stands so many steps after the first one of its range. -#}
{% macro code_at(code_from, step) -%}
    {{ code_prefix(code_from) }} || lpad(
            cast({{ code_number(code_from) }} + {{ step }} as varchar),
            cast(length({{ code_from }}) - length({{ code_prefix(code_from) }}) as integer),
            '0'
        )
{%- endmacro %}


{#- Whether a code stands between the ends of a range, in text order, and has their
    letters: 0001F to 9999F holds no 99213. -#}
{% macro is_code_between(code, code_from, code_to) -%}
    {{ code }} between {{ code_from }} and {{ code_to }}
            and translate({{ code }}, '0123456789', '')
            = translate({{ code_from }}, '0123456789', '')
{%- endmacro %}


{#- A code with the leading zeros that a spreadsheet took. A longer one is left as it is:
    `lpad` alone would cut it down to a code that it is not. -#}
{% macro zero_padded(code, digits) -%}
    case when length({{ code }}) < {{ digits }} then lpad({{ code }}, {{ digits }}, '0') else {{ code }} end
{%- endmacro %}


{#- The first digits of a code, without the zeros that may stand before them: a type of
    bill is 131 or 0131. -#}
{% macro first_digits(code, digits) -%}
    substring(trim(leading '0' from {{ code }}), 1, {{ digits }})
{%- endmacro %}


{#-
  Whether a text is a National Provider Identifier: ten digits whose Luhn check digit is
  right with the prefix 80840, which adds 24 (CMS, NPI check digit calculation).
-#}
{% macro is_valid_npi(npi) -%}
    case
        when not regexp_matches({{ npi }}, '^[0-9]{10}$') then false
        else (
            24
            {%- for position in range(1, 11) %}
            {%- set digit = 'cast(substring(' ~ npi ~ ', ' ~ position ~ ', 1) as integer)' %}
            {%- if position % 2 == 1 %}
            + 2 * {{ digit }} - case when {{ digit }} > 4 then 9 else 0 end
            {%- else %}
            + {{ digit }}
            {%- endif %}
            {%- endfor %}
        ) % 10 = 0
    end
{%- endmacro %}


{#- The distinct values of a group as one text, sorted. -#}
{% macro distinct_list(value) -%}
    {{ adapter.dispatch('distinct_list', 'blueprint')(value) }}
{%- endmacro %}

{% macro default__distinct_list(value) -%}
    string_agg(distinct {{ value }}, ', ' order by {{ value }})
{%- endmacro %}

{% macro spark__distinct_list(value) -%}
    array_join(sort_array(collect_set({{ value }})), ', ')
{%- endmacro %}


{#- The words of a text, one row each, as `word`, with their place in it as `word_number`,
    the first being 1. To stand among the columns of a select. -#}
{% macro numbered_words(text) -%}
    {{ adapter.dispatch('numbered_words', 'blueprint')(text) }}
{%- endmacro %}

{% macro default__numbered_words(text) -%}
    unnest(string_split({{ text }}, ' ')) as word,
        unnest(range(1, len(string_split({{ text }}, ' ')) + 1)) as word_number
{%- endmacro %}

{% macro spark__numbered_words(text) -%}
    inline(transform(split({{ text }}, ' '), (word, i) -> struct(word as word, i + 1 as word_number)))
{%- endmacro %}
