{#
    For an incremental model: the days of an account whose rows are no longer those that this table
    was made from. Some are newer, more have come, or fewer are left; so a row that was deleted, or
    moved to another day, is seen like one that arrived. The columns are those of `event_day`.

    relation: what this table is made from, one row for one row; both have source_name, account_id.
    stamp: column of the time at which a row was loaded or built, in both.
#}
{% macro touched_days(relation, stamp) -%}
    select
        coalesce(theirs.source_name, own.source_name) as source_name,
        coalesce(theirs.account_id, own.account_id) as account_id,
        coalesce(theirs.touched_date, own.touched_date) as touched_date
    from ({{ _days_stamped(relation, stamp) }}) as theirs
    full join ({{ _days_stamped(this, stamp) }}) as own
        on
            theirs.source_name = own.source_name
            and theirs.account_id = own.account_id
            and theirs.touched_date = own.touched_date
    where
        theirs.row_count is distinct from own.row_count
        or theirs.newest > own.newest
{%- endmacro %}

{# The day of an account that a row is of, as three columns; `touched_days` lists such days. #}
{% macro event_day() -%}
    source_name, account_id, {{ utc_day('occurred_at') }}
{%- endmacro %}

{# UTC day of a row: what has no time has a day of its own too. #}
{% macro utc_day(at) -%}
    coalesce(cast({{ at }} as date), cast('1900-01-01' as date))
{%- endmacro %}

{#
    Whether a row is of the days that a query like `touched_days` finds. They are asked for when the
    model is compiled and written out, so that an engine reads these days alone: before a join it
    would make the keys of every row, which is most of the work.
#}
{% macro in_days(query) -%}
    {%- set dates = {} -%}
    {%- if execute -%}
        {%- for row in run_query(query).rows -%}
            {%- do dates.setdefault((row[0], row[1]), []).append("'" ~ row[2] ~ "'") -%}
        {%- endfor -%}
    {%- endif -%}
    (
        {%- for account, days in dates.items() %}
        (
            source_name = {{ dbt.string_literal(dbt.escape_single_quotes(account[0])) }}
            and account_id = {{ dbt.string_literal(dbt.escape_single_quotes(account[1])) }}
            and {{ utc_day('occurred_at') }} in ({{ days | join(', ') }})
        )
        or
        {%- endfor %}
        1 = 0
    )
{%- endmacro %}

{% macro _days_stamped(relation, stamp) -%}
    select
        source_name,
        account_id,
        {{ utc_day('occurred_at') }} as touched_date,
        count(*) as row_count,
        max({{ stamp }}) as newest
    from {{ relation }}
    group by {{ event_day() }}
{%- endmacro %}
