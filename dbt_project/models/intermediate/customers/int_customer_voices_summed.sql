with reviews as (
    select * from {{ ref('fct_reviews') }}
    where customer_key is not null and review_date <= {{ as_of() }}
),

tickets as (
    select * from {{ ref('fct_support_tickets') }}
    where
        customer_key is not null
        and not coalesce(is_spam, false)
        and created_date <= {{ as_of() }}
),

responses as (
    select * from {{ ref('fct_survey_responses') }}
    where
        customer_key is not null
        and nps_group is not null
        and response_date <= {{ as_of() }}
),

said as (
    select
        customer_key,
        1 as review_count,
        rating,
        0 as ticket_count,
        cast(null as bigint) as satisfaction_score,
        cast(null as date) as ticket_date
    from reviews
    union all
    select
        customer_key,
        0 as review_count,
        cast(null as bigint) as rating,
        1 as ticket_count,
        satisfaction_score,
        created_date as ticket_date
    from tickets
    union all
    select
        customer_key,
        0 as review_count,
        cast(null as bigint) as rating,
        0 as ticket_count,
        cast(null as bigint) as satisfaction_score,
        cast(null as date) as ticket_date
    from responses
),

recommended as (
    select
        customer_key,
        score,
        nps_group,
        row_number() over (
            partition by customer_key
            order by response_date desc, answered_at desc, survey_response_key asc
        ) as response_number
    from responses
),

summed as (
    select
        customer_key,
        sum(review_count) as review_count,
        sum(ticket_count) as ticket_count,
        {{ safe_divide('sum(rating)', 'count(rating)') }} as average_rating,
        {{ safe_divide('sum(satisfaction_score)', 'count(satisfaction_score)') }}
            as average_satisfaction,
        max(ticket_date) as last_ticket_date
    from said
    group by customer_key
),

final as (
    select
        summed.customer_key,
        recommended.nps_group,
        cast(summed.review_count as bigint) as review_count,
        cast(summed.ticket_count as bigint) as ticket_count,
        recommended.score as nps_score,
        summed.average_rating,
        summed.average_satisfaction,
        summed.last_ticket_date
    from summed
    left join recommended
        on summed.customer_key = recommended.customer_key and recommended.response_number = 1
)

select * from final
