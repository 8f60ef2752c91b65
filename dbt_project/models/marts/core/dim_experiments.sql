with exposures as (
    select * from {{ ref('fct_experiment_exposures') }}
),

final as (
    select
        experiment_key,
        store_key,
        experiment_id,
        count(distinct variant) as variant_count,
        min(exposure_date) as first_exposure_date,
        max(exposure_date) as last_exposure_date
    from exposures
    group by experiment_key, store_key, experiment_id
)

select * from final
