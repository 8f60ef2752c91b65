with members as (
    select * from {{ ref('int_cohort_members_found') }}
),

entries as (
    select * from {{ ref('int_cohort_entries_listed') }}
),

dates as (
    select * from {{ ref('dim_dates') }}
),

{{ cohort_periods('month') }}

select * from final
