-- The days as of which customers are described anew. More of them, such as a cut-off that a model
-- is held against, are named in extra_snapshot_dates.
with days as (
    select * from {{ ref('dim_dates') }}
    where date_day <= {{ as_of() }}
),

marked as (
    select
        date_day as snapshot_date,
        date_day = cast({{ dbt.last_day('date_day', 'month') }} as date) as is_month_end,
        {{ days_between('date_day', as_of()) }} as days_ago
    from days
),

final as (
    select
        snapshot_date,
        is_month_end
    from marked
    where
        is_month_end
        or days_ago in (0, 7, 14, 28)
        or cast(snapshot_date as varchar) in ({{ quoted(var('extra_snapshot_dates')) }})
)

select * from final
