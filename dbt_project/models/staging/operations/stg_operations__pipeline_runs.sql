with source as (
    select * from {{ source('operations', 'pipeline_runs') }}
),

final as (
    select
        run_id,
        run_kind,
        run_name,
        run_status,
        touched_names,
        error_message,
        extracted_row_count,
        loaded_row_count,
        built_row_count,
        touched_count,
        failed_count,
        started_at,
        ended_at
    from source
)

select * from final
