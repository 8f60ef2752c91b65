with abandonments as (
    select * from {{ ref('fct_abandonments') }}
),

counted as (
    select
        store_key,
        abandonment_type,
        abandonment_date,
        count(*) as abandoned_count,
        count(customer_key) as known_customer_count,
        sum(amount) as abandoned_amount,
        count(recovered_at) as recovered_count,
        sum(case when is_email_recovered then 1 else 0 end) as recovered_by_email_count,
        sum(recovered_net_amount) as recovered_net_amount,
        sum(case when is_email_recovered then recovered_net_amount else 0 end)
            as recovered_by_email_net_amount,
        sum(recovery_seconds) as recovery_seconds,
        {{ percentile('recovery_seconds', 0.5) }} as median_recovery_seconds
    from abandonments
    group by store_key, abandonment_type, abandonment_date
),

final as (
    select
        {{ surrogate_key(['store_key', 'abandonment_type', 'abandonment_date']) }}
            as abandonment_daily_key,
        store_key,
        abandonment_type,
        cast(abandoned_count as bigint) as abandoned_count,
        cast(known_customer_count as bigint) as known_customer_count,
        cast(abandoned_amount as numeric(18, 4)) as abandoned_amount,
        cast(recovered_count as bigint) as recovered_count,
        cast(recovered_by_email_count as bigint) as recovered_by_email_count,
        cast(recovered_net_amount as numeric(18, 4)) as recovered_net_amount,
        cast(recovered_by_email_net_amount as numeric(18, 4)) as recovered_by_email_net_amount,
        {{ safe_divide('recovered_count', 'abandoned_count') }} as recovery_rate,
        cast(recovery_seconds as numeric(18, 3)) as recovery_seconds,
        cast(median_recovery_seconds as double precision) as median_recovery_seconds,
        {{ dbt.dateadd('day', var('recovery_days'), 'abandonment_date') }} > {{ as_of() }}
            as is_provisional,
        abandonment_date
    from counted
)

select * from final
