-- Every combination of scores has its segment: there is no default.
with rules as (
    select * from {{ ref('rfm_segment_rules') }}
),

digits as (
    {%- for score in range(1, 6) %}
    select {{ score }} as score
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    recency.score as recency_score,
    frequency.score as frequency_score,
    monetary.score as monetary_score
from digits as recency
cross join digits as frequency
cross join digits as monetary
left join rules
    on
        recency.score between rules.recency_min and rules.recency_max
        and frequency.score between rules.frequency_min and rules.frequency_max
        and monetary.score between rules.monetary_min and rules.monetary_max
where rules.segment_name is null
