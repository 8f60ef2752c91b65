{#
    Yotpo counts the clicks on a member's link and names the friends who bought. Which click was
    whose it does not tell: the first ones are given to the friends, so that both counts are right.
#}
with clicks as (
    select * from {{ ref('base_yotpo__referral_clicks') }}
),

friends as (
    select * from {{ ref('base_yotpo__referred_friends') }}
),

final as (
    select
        clicks.account_id,
        clicks.click_id as referral_id,
        clicks.customer_id as advocate_customer_id,
        clicks.email as advocate_email,
        cast(null as varchar) as referred_customer_id,
        friends.email as referred_email,
        cast(null as varchar) as visitor_id,
        friends.order_id,
        case when friends.friend_number is null then 'clicked' else 'completed' end as status,
        clicks.counted_at as clicked_at,
        friends.completed_at as converted_at,
        clicks._loaded_at
    from clicks
    left join friends
        on
            clicks.account_id = friends.account_id
            and clicks.member_id = friends.member_id
            and clicks.click_number = friends.friend_number
)

select * from final
