with accounts as (
    select * from {{ ref('int_customers_resolved') }}
    where is_listed
),

orders as (
    select * from {{ ref('fct_orders') }}
    where customer_key is not null
),

identifiers as (
    select * from {{ ref('int_identifiers_resolved') }}
),

persons as (
    select
        customer_key,
        min(first_seen_at) as first_seen_at
    from identifiers
    group by customer_key
),

-- Of several accounts the newest that says where the customer lives speaks for the person.
ranked_accounts as (
    select
        customer_key,
        country_code,
        region,
        accepts_email_marketing,
        is_deleted,
        count(*) over (partition by customer_key) as account_count,
        row_number() over (
            partition by customer_key
            order by
                case when is_deleted then 1 else 0 end asc,
                case when country_code is null then 1 else 0 end asc,
                case when updated_at is null then 1 else 0 end asc,
                updated_at desc,
                source_customer_key asc
        ) as account_number
    from accounts
),

ranked_orders as (
    select
        customer_key,
        store_key,
        country_code,
        region,
        case when counts_as_purchase then order_date end as purchase_date,
        row_number() over (partition by customer_key order by placed_at, order_key)
            as number_from_first,
        row_number() over (partition by customer_key order by placed_at desc, order_key desc)
            as number_from_last
    from orders
    where placed_at is not null
),

bought as (
    select
        customer_key,
        max(case when number_from_first = 1 then store_key end) as first_store_key,
        max(case when number_from_last = 1 then country_code end) as country_code,
        max(case when number_from_last = 1 then region end) as region,
        count(purchase_date) as purchase_count,
        count(distinct purchase_date) as purchase_day_count,
        min(purchase_date) as first_purchase_date,
        max(purchase_date) as last_purchase_date
    from ranked_orders
    group by customer_key
),

final as (
    select
        persons.customer_key,
        bought.first_store_key,
        'C-' || left({{ person_key('persons.customer_key') }}, 16) as customer_id,
        coalesce(ranked_accounts.country_code, bought.country_code) as country_code,
        coalesce(ranked_accounts.region, bought.region) as region,
        cast(coalesce(ranked_accounts.account_count, 0) as bigint) as account_count,
        cast(coalesce(bought.purchase_count, 0) as bigint) as purchase_count,
        cast(coalesce(bought.purchase_day_count, 0) as bigint) as purchase_day_count,
        ranked_accounts.account_count is not null as has_account,
        ranked_accounts.accepts_email_marketing,
        coalesce(ranked_accounts.is_deleted, false) as is_deleted,
        bought.first_purchase_date,
        bought.last_purchase_date,
        persons.first_seen_at
    from persons
    left join ranked_accounts
        on
            persons.customer_key = ranked_accounts.customer_key
            and ranked_accounts.account_number = 1
    left join bought on persons.customer_key = bought.customer_key
)

select * from final
