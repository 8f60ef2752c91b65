{#
    For an incremental model: the days of an account whose rows are no longer those that this table
    was made from. Some are newer, more have come, or fewer are left; so a row that was deleted, or
    moved to another day, is seen like one that arrived. The columns are those of `event_day`.

    relation: what this table is made from, one row for one row; both have source_name, account_id.
    at: column of the time, in both.
    stamp: column of the time at which a row was loaded or built, in both.
#}
{% macro touched_days(relation, stamp, at='occurred_at') -%}
    select
        coalesce(theirs.source_name, own.source_name) as source_name,
        coalesce(theirs.account_id, own.account_id) as account_id,
        coalesce(theirs.touched_date, own.touched_date) as touched_date
    from ({{ _days_stamped(relation, stamp, at) }}) as theirs
    full join ({{ _days_stamped(this, stamp, at) }}) as own
        on
            theirs.source_name = own.source_name
            and theirs.account_id = own.account_id
            and theirs.touched_date = own.touched_date
    where
        theirs.row_count is distinct from own.row_count
        or theirs.newest > own.newest
{%- endmacro %}

{# The day of an account that a row is of, as three columns; `touched_days` lists such days. #}
{% macro event_day(at='occurred_at') -%}
    source_name, account_id, coalesce(cast({{ at }} as date), cast('1900-01-01' as date))
{%- endmacro %}

{% macro _days_stamped(relation, stamp, at) -%}
    select
        source_name,
        account_id,
        coalesce(cast({{ at }} as date), cast('1900-01-01' as date)) as touched_date,
        count(*) as row_count,
        max({{ stamp }}) as newest
    from {{ relation }}
    group by {{ event_day(at) }}
{%- endmacro %}
