with runs as (
    select * from {{ ref('stg_operations__pipeline_runs') }}
),

packages as (
    select * from {{ ref('stg_operations__dlt_loads') }}
),

-- A load that said what it did holds the packages that arrived while it ran.
packages_of_runs as (
    select
        packages.source_name,
        packages.load_id,
        min(runs.run_id) as run_id
    from packages
    left join runs
        on
            runs.run_kind = 'load'
            and packages.source_name = runs.run_name
            and packages.ended_at between runs.started_at and runs.ended_at
    group by packages.source_name, packages.load_id
),

package_counts as (
    select
        run_id,
        count(*) as dlt_package_count
    from packages_of_runs
    where run_id is not null
    group by run_id
),

recorded as (
    select
        runs.run_id,
        runs.run_kind,
        runs.run_name,
        runs.run_status,
        runs.touched_names,
        runs.error_message,
        runs.extracted_row_count,
        runs.loaded_row_count,
        runs.built_row_count,
        runs.touched_count,
        runs.failed_count,
        case
            when runs.run_kind = 'load' then coalesce(package_counts.dlt_package_count, 0)
        end as dlt_package_count,
        true as is_recorded,
        runs.started_at,
        runs.ended_at
    from runs
    left join package_counts on runs.run_id = package_counts.run_id
),

-- What dlt loaded in some other way, or in a process that was killed before it could say.
unrecorded as (
    select
        packages.source_name || '/' || packages.load_id as run_id,
        'load' as run_kind,
        packages.source_name as run_name,
        packages.run_status,
        cast(null as varchar) as touched_names,
        cast(null as varchar) as error_message,
        cast(null as bigint) as extracted_row_count,
        cast(null as bigint) as loaded_row_count,
        cast(null as bigint) as built_row_count,
        cast(null as bigint) as touched_count,
        cast(null as bigint) as failed_count,
        1 as dlt_package_count,
        false as is_recorded,
        packages.started_at,
        packages.ended_at
    from packages
    inner join packages_of_runs
        on
            packages.source_name = packages_of_runs.source_name
            and packages.load_id = packages_of_runs.load_id
            and packages_of_runs.run_id is null
),

unioned as (
    select * from recorded
    union all
    select * from unrecorded
),

final as (
    select
        {{ surrogate_key(['run_kind', 'run_id']) }} as pipeline_run_key,
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
        cast(dlt_package_count as bigint) as dlt_package_count,
        cast({{ seconds_between('started_at', 'ended_at') }} as numeric(18, 3)) as run_seconds,
        is_recorded,
        cast(started_at as date) as started_date,
        started_at,
        ended_at
    from unioned
)

select * from final
