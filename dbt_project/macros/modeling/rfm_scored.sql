{#
    CTEs `ranked`, `scored` and `matched`: the RFM scores of customers who have bought, among those
    of the same day, and the rules that fit, the segment's with `match_number` 1. Scores are 1 + the
    fifth of the customers that lie below, so that equal customers score equally; a customer who is
    the only one has none, for there is nobody to compare with. Columns are handed through rather
    than joined: a planner that cannot estimate these CTEs would loop over both.
    known: CTE of customer_key, last_purchase_date, purchase_day_count, net_amount and the day.
    day: its column of the day. Reads the CTE `rules`.
#}
{% macro rfm_scored(known, day) -%}
ranked as (
    select
        customer_key,
        purchase_day_count,
        net_amount,
        last_purchase_date,
        {{ day }},
        count(*) over (partition by {{ day }}) as customer_count,
        {%- for score, column in {
            'recency': 'last_purchase_date',
            'frequency': 'purchase_day_count',
            'monetary': 'net_amount',
        }.items() %}
        percent_rank() over (partition by {{ day }} order by {{ column }}) as {{ score }}_rank
        {{- ',' if not loop.last }}
        {%- endfor %}
    from {{ known }}
    where purchase_day_count > 0
),

scored as (
    select
        customer_key,
        {%- for score in ['recency', 'frequency', 'monetary'] %}
        cast({{ least(['5', '1 + floor(5 * ' ~ score ~ '_rank)']) }} as integer) as {{ score }}_score,
        {%- endfor %}
        {{ days_between('last_purchase_date', day) }} as days_since_last_purchase,
        purchase_day_count,
        net_amount,
        last_purchase_date,
        {{ day }}
    from ranked
    where customer_count > 1
),

matched as (
    select
        scored.*,
        rules.segment_name,
        row_number() over (
            partition by scored.customer_key, scored.{{ day }} order by rules.priority
        ) as match_number
    from scored
    inner join rules
        on
            scored.recency_score between rules.recency_min and rules.recency_max
            and scored.frequency_score between rules.frequency_min and rules.frequency_max
            and scored.monetary_score between rules.monetary_min and rules.monetary_max
)
{%- endmacro %}
