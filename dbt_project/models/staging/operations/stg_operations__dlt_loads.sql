with loads as (
    {{ dlt_loads() }}
),

final as (
    select
        source_name,
        load_id,
        case load_status when 0 then 'success' else 'failure' end as run_status,
        {{ dbt.dateadd(
            'second',
            'cast(floor(cast(load_id as numeric(24, 8))) as integer)',
            "cast('1970-01-01' as timestamp)"
        ) }} as started_at,
        loaded_at as ended_at
    from loads
)

select * from final
