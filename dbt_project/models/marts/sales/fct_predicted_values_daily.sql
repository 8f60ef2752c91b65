-- A scoring holds until the next one: on every day the newest up to it.
with scores as (
    select * from {{ ref('int_customer_lifetime_values') }}
),

customers as (
    select * from {{ ref('int_customers_acquired') }}
),

dates as (
    select * from {{ ref('dim_dates') }}
    where is_complete
),

scorings as (
    select
        score_date,
        lead(score_date) over (order by score_date) as next_score_date
    from scores
    group by score_date
),

summed as (
    select
        customers.store_key,
        customers.channel_key,
        coalesce(customers.country_code, 'unknown') as country_code,
        scores.score_date,
        count(scores.probabilistic_clv_amount) as customer_count,
        sum(coalesce(scores.probabilistic_clv_amount, 0)) as predicted_value_amount
    from scores
    inner join customers on scores.customer_key = customers.customer_key
    group by
        customers.store_key,
        customers.channel_key,
        coalesce(customers.country_code, 'unknown'),
        scores.score_date
),

final as (
    select
        {{ surrogate_key([
            'summed.store_key', 'summed.channel_key', 'summed.country_code', 'dates.date_day',
        ]) }} as predicted_value_key,
        summed.store_key,
        summed.channel_key,
        summed.country_code,
        cast(summed.customer_count as bigint) as customer_count,
        cast(summed.predicted_value_amount as numeric(18, 4)) as predicted_value_amount,
        summed.score_date,
        dates.date_day as state_date
    from summed
    inner join scorings on summed.score_date = scorings.score_date
    inner join dates
        on
            scorings.score_date <= dates.date_day
            and (scorings.next_score_date is null or scorings.next_score_date > dates.date_day)
)

select * from final
