{#
    Running sums of who enters and leaves a state: the work is one row a change, and never a row a
    customer and day.
#}
{% set states = ['customer', 'repeat', 'active', 'churn_base', 'churned', 'enrolled', 'ugc'] %}

with customers as (
    select * from {{ ref('int_customers_acquired') }}
),

spans as (
    select * from {{ ref('int_customer_states_spanned') }}
),

movements as (
    select * from {{ ref('fct_sales_movements') }}
    where customer_key is not null
),

dates as (
    select * from {{ ref('dim_dates') }}
    where is_complete
),

changes as (
    select
        customer_key,
        state,
        start_date as change_date,
        1 as step,
        0 as net_amount
    from spans
    union all
    select
        customer_key,
        state,
        end_date as change_date,
        -1 as step,
        0 as net_amount
    from spans
    where end_date is not null
    union all
    -- By the day of the order, as far as it is known by now; what came before the first purchase
    -- comes with it.
    select
        movements.customer_key,
        'net' as state,
        {{ greatest([
            'coalesce(movements.order_date, movements.movement_date)',
            'customers.first_purchase_date',
        ]) }} as change_date,
        0 as step,
        movements.net_amount
    from movements
    inner join customers on movements.customer_key = customers.customer_key
    where movements.movement_date <= {{ as_of() }}
),

combinations as (
    select
        store_key,
        channel_key,
        country_code,
        min(first_purchase_date) as first_date
    from customers
    group by
        store_key,
        channel_key,
        country_code
),

-- Every day has a row, of nothing where nothing changed.
placed as (
    select
        customers.store_key,
        customers.channel_key,
        customers.country_code,
        changes.state,
        changes.step,
        changes.net_amount,
        changes.change_date as state_date
    from changes
    inner join customers on changes.customer_key = customers.customer_key
    where changes.change_date <= {{ as_of() }}
    union all
    select
        combinations.store_key,
        combinations.channel_key,
        combinations.country_code,
        'none' as state,
        0 as step,
        0 as net_amount,
        dates.date_day as state_date
    from combinations
    inner join dates on combinations.first_date <= dates.date_day
),

daily as (
    select
        store_key,
        channel_key,
        country_code,
        state_date,
        {%- for state in states %}
            sum(case when state = '{{ state }}' then step else 0 end) as {{ state }}_step,
        {%- endfor %}
        sum(net_amount) as net_amount
    from placed
    group by
        store_key,
        channel_key,
        country_code,
        state_date
),

summed as (
    select
        store_key,
        channel_key,
        country_code,
        {%- for state in states %}
            cast(
                sum({{ state }}_step) over (
                    partition by store_key, channel_key, country_code
                    order by state_date
                    rows between unbounded preceding and current row
                ) as bigint
            ) as {{ state }}_count,
        {%- endfor %}
        cast(
            sum(net_amount) over (
                partition by store_key, channel_key, country_code
                order by state_date
                rows between unbounded preceding and current row
            ) as numeric(18, 4)
        ) as net_amount,
        state_date
    from daily
),

final as (
    select
        {{ surrogate_key(['store_key', 'channel_key', 'country_code', 'state_date']) }}
            as customer_state_key,
        store_key,
        channel_key,
        country_code,
        customer_count,
        repeat_count as repeat_customer_count,
        active_count as active_customer_count,
        churn_base_count,
        churned_count as churned_customer_count,
        enrolled_count as enrolled_customer_count,
        ugc_count as ugc_customer_count,
        net_amount,
        state_date
    from summed
)

select * from final
