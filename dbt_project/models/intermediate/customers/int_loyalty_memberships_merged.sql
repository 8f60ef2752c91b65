{#
    From when to when a person was in any programme, from what was observed of each membership: its
    first version reaches back to the day of joining. Who had left before anybody looked was in none.
#}
with versions as (
    select * from {{ ref('dim_loyalty_members_history') }}
    where customer_key is not null
),

stores as (
    select * from {{ ref('dim_stores') }}
),

ranked as (
    select
        *,
        row_number() over (partition by source_member_key order by valid_from) as version_number
    from versions
),

dated as (
    select
        ranked.customer_key,
        {{ local_date(
            'case when ranked.version_number = 1 and ranked.enrolled_at < ranked.valid_from '
            'then ranked.enrolled_at else ranked.valid_from end',
            "coalesce(stores.timezone, 'UTC')",
        ) }} as start_date,
        coalesce(
            {{ local_date('ranked.valid_to', "coalesce(stores.timezone, 'UTC')") }},
            cast('9999-12-31' as date)
        ) as end_date
    from ranked
    left join stores on ranked.store_key = stores.store_key
    where ranked.is_enrolled
),

compared as (
    select
        customer_key,
        start_date,
        end_date,
        max(end_date) over (
            partition by customer_key
            order by start_date, end_date
            rows between unbounded preceding and 1 preceding
        ) as covered_until
    from dated
    where start_date < end_date
),

-- What touches or overlaps is one membership.
numbered as (
    select
        customer_key,
        start_date,
        end_date,
        sum(case when start_date <= covered_until then 0 else 1 end) over (
            partition by customer_key
            order by start_date, end_date
            rows between unbounded preceding and current row
        ) as membership_number
    from compared
)

select
    customer_key,
    cast(membership_number as bigint) as membership_number,
    min(start_date) as start_date,
    nullif(max(end_date), cast('9999-12-31' as date)) as end_date
from numbered
group by customer_key, membership_number
