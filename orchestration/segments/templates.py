"""The parts of the memberships' SQL that are the same for every set of rules.

They are templates with dbt's own words; `<sums>`, `<turns>` and `<keys>` stand for lists that the
rules fill.
"""

BOUNDS = """bounds as (
    select
        as_of_date,
        cast({{ dbt.dateadd('day', -(var('segment_history_days') | int), 'as_of_date') }} as date)
            as first_date
    from {{ ref('int_as_of') }}
)"""
CUSTOMERS = """customers as (
    select
        customer_key,
        coalesce(cast(first_seen_at as date), cast('1900-01-01' as date)) as start_day
    from {{ ref('dim_customers') }}
    where not is_deleted
)"""
CHANGES = """{%- set sums = <sums> -%}
{#- Relation, its day, days after it, and what is added to which sum then. -#}
{%- set turns = <turns> %}
changes as (
    {%- for relation, day, later, terms in turns %}
    {%- set turn = 'cast(' ~ dbt.dateadd('day', later, day) ~ ' as date)' if later else day %}
    {%- set change_day = 'case when ' ~ turn ~ ' < bounds.first_date then bounds.first_date else '
        ~ turn ~ ' end' %}
    select
        {{ relation }}.customer_key,
        {{ change_day }} as change_day
        {%- for name in sums %},
        {{ 'sum(' ~ terms[name] ~ ')' if name in terms else '0' }} as {{ name }}
        {%- endfor %}
    from {{ relation }}
    cross join bounds
    where {{ turn }} <= bounds.as_of_date
    group by {{ relation }}.customer_key, {{ change_day }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

daily as (
    select
        customer_key,
        change_day
        {%- for name in sums %},
        sum({{ name }}) as {{ name }}
        {%- endfor %}
    from changes
    group by customer_key, change_day
),

running as (
    select
        customer_key,
        change_day
        {%- for name in sums %},
        sum({{ name }}) over (
            partition by customer_key order by change_day
            rows between unbounded preceding and current row
        ) as {{ name }}
        {%- endfor %}
    from daily
)"""
BOUNDARIES = """{%- set segment_keys = <keys> %}
compared as (
    select
        customer_key,
        change_day
        {%- for key in segment_keys %},
        in_{{ key }},
        lag(in_{{ key }}, 1, false) over (
            partition by customer_key order by change_day
        ) as was_in_{{ key }}
        {%- endfor %}
    from judged
),

boundaries as (
    {%- for key in segment_keys %}
    select
        '{{ key }}' as segment_key,
        customer_key,
        change_day,
        in_{{ key }} as is_in
    from compared
    where in_{{ key }} <> was_in_{{ key }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- else %}
    select
        'none' as segment_key,
        customer_key,
        change_day,
        false as is_in
    from compared
    where 1 = 0
    {%- endfor %}
)"""
SPANS = """spans as (
    select
        segment_key,
        customer_key,
        is_in,
        change_day as entry_date,
        lead(change_day) over (
            partition by segment_key, customer_key order by change_day
        ) as exit_date
    from boundaries
)"""
FINAL = """select
    spans.segment_key,
    spans.customer_key,
    spans.exit_date is null as is_member,
    spans.entry_date > bounds.first_date as is_entry_known,
    spans.entry_date,
    spans.exit_date
from spans
cross join bounds
where spans.is_in
"""
