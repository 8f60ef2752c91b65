{#
    Post-hook of an incremental model: drops the rows whose key its parent has no longer.

    parent: what this table is made from. where: which of its rows count.
    is_one_for_one: the parent has one row for each of this table; then there is something to drop
        only where this table has more rows, which is quickly asked.
#}
{% macro forget_gone(parent, key, where='1 = 1', is_one_for_one=true) -%}
    {%- if execute and (not is_one_for_one or _surplus(parent, where) > 0) -%}
        delete from {{ this }} as own
        where not exists (
            select 1 from {{ parent }} as parent
            where parent.{{ key }} = own.{{ key }} and {{ where }}
        )
    {%- endif -%}
{%- endmacro %}

{#
    The same for a table that is made from the seam, day by day: on a day on which it has more rows
    than the seam, after those that came are in, some are gone.
#}
{% macro forget_gone_in_days(parent, key) -%}
    {%- if execute -%}
        {%- set days = in_days(touched_days(parent, '_loaded_at')) -%}
        delete from {{ this }} as own
        where {{ days }} and not exists (
            select 1 from {{ parent }} as parent
            where parent.{{ key }} = own.{{ key }} and {{ days }}
        )
    {%- endif -%}
{%- endmacro %}

{% macro _surplus(parent, where) -%}
    {%- set counts -%}
        select
            (select count(*) from {{ this }})
            - (select count(*) from {{ parent }} as parent where {{ where }}) as surplus
    {%- endset -%}
    {{ return(run_query(counts).columns[0].values()[0]) }}
{%- endmacro %}
