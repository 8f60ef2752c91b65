-- Only purchases after which experience_days have passed.
with experiences as (
    select * from {{ ref('fct_purchase_experiences') }}
    where is_followed is not null
),

final as (
    select
        {{ surrogate_key(['store_key', 'experience']) }} as support_effect_key,
        store_key,
        experience,
        count(*) as purchase_count,
        count(case when is_followed then order_key end) as followed_count,
        {{ safe_divide('count(case when is_followed then order_key end)', 'count(*)') }}
            as followed_rate,
        {{ percentile('case when is_followed then days_to_next_purchase end', 0.5) }}
            as median_days_to_next_purchase,
        cast(
            coalesce(sum(case when is_followed then net_amount end), 0) as numeric(18, 4)
        ) as followed_net_amount,
        cast(
            coalesce(sum(case when is_followed then next_net_amount end), 0) as numeric(18, 4)
        ) as next_net_amount
    from experiences
    group by store_key, experience
)

select * from final
