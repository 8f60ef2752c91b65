{#
    CTEs `ranked`, `scored` and `matched`: the RFM scores of customers who have bought, among those
    of the same day, and the segment's first rule that fits. Scores are 1 + the fifth of the
    customers that lie below, so that equal customers score equally.
    known: CTE of customer_key, last_purchase_date, purchase_day_count, net_amount and the day.
    day: its column of the day. Reads the CTE `rules`.
#}
{% macro rfm_scored(known, day) -%}
ranked as (
    select
        customer_key,
        {{ day }},
        {{ days_between('last_purchase_date', day) }} as days_since_last_purchase,
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
        {{ day }},
        days_since_last_purchase,
        {%- for score in ['recency', 'frequency', 'monetary'] %}
        cast({{ least(['5', '1 + floor(5 * ' ~ score ~ '_rank)']) }} as integer) as {{ score }}_score
        {{- ',' if not loop.last }}
        {%- endfor %}
    from ranked
),

matched as (
    select
        scored.customer_key,
        scored.{{ day }},
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
