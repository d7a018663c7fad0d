{#-
  The landed tables that are about people: those with a column that the landing contract
  marks as personal. A value of theirs that is at fault may be anything of a person's,
  since a row may have slipped by a column, so that none of them is quoted in a message.
-#}
{% macro tables_about_people() %}
    {% set tables = [] %}
    {% if execute %}
        {% for table in landed_tables() %}
            {% for column in landing_contract(table).columns if column.personal %}
                {% if loop.first %}{% do tables.append(table) %}{% endif %}
            {% endfor %}
        {% endfor %}
        {% if not tables %}
            {{ exceptions.raise_compiler_error(
                'No landed table has a column that is marked personal.'
            ) }}
        {% endif %}
    {% endif %}
    {% do return(tables) %}
{% endmacro %}
