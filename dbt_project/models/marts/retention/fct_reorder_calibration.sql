{#
    How often a predicted order came: within churn_horizon_days of the prediction, for the provider
    tells no time. Of a month a person's last prediction counts, once the time has passed.
#}
with profiles as (
    select * from {{ ref('fct_profile_predictions_daily') }}
    where customer_key is not null and reorder_probability is not null
),

scores as (
    select * from {{ ref('fct_churn_scores') }}
    where reorder_probability is not null
),

orders as (
    select * from {{ ref('fct_orders') }}
    where counts_as_purchase and customer_key is not null and order_date is not null
),

predictions as (
    select
        'provider' as predicted_by,
        store_key,
        customer_key,
        reorder_probability,
        observed_date as predicted_on
    from profiles
    union all
    select
        'model' as predicted_by,
        store_key,
        customer_key,
        reorder_probability,
        score_date as predicted_on
    from scores
),

passed as (
    select
        predicted_by,
        store_key,
        customer_key,
        reorder_probability,
        predicted_on,
        cast(
            {{ dbt.dateadd('day', var('churn_horizon_days'), 'predicted_on') }} as date
        ) as horizon_date,
        row_number() over (
            partition by
                predicted_by,
                store_key,
                customer_key,
                {{ dbt.date_trunc('month', 'predicted_on') }}
            order by predicted_on desc, reorder_probability desc
        ) as number_from_last
    from predictions
),

due as (
    select
        *,
        cast(
            {{ least(['floor(10 * reorder_probability)', '9']) }} as integer
        ) as probability_tenth
    from passed
    where number_from_last = 1 and horizon_date <= {{ as_of() }}
),

answered as (
    select
        due.predicted_by,
        due.store_key,
        due.probability_tenth,
        due.customer_key,
        due.predicted_on,
        due.reorder_probability,
        max(case when orders.order_key is not null then 1 else 0 end) as has_reordered
    from due
    left join orders
        on
            due.customer_key = orders.customer_key
            and due.predicted_on < orders.order_date
            and due.horizon_date >= orders.order_date
    group by
        due.predicted_by,
        due.store_key,
        due.probability_tenth,
        due.customer_key,
        due.predicted_on,
        due.reorder_probability
),

final as (
    select
        {{ surrogate_key(['predicted_by', 'store_key', 'probability_tenth']) }}
            as reorder_calibration_key,
        store_key,
        predicted_by,
        probability_tenth,
        count(*) as prediction_count,
        cast(sum(has_reordered) as bigint) as reorder_count,
        {{ safe_divide('sum(reorder_probability)', 'count(*)') }} as predicted_rate,
        {{ safe_divide('sum(has_reordered)', 'count(*)') }} as reorder_rate
    from answered
    group by
        store_key,
        predicted_by,
        probability_tenth
)

select * from final
