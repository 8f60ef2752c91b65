with contacts as (
    select * from {{ ref('base_hubspot__contacts') }}
),

final as (
    select
        account_id,
        contact_id as customer_id,
        country_code,
        region,
        accepts_email_marketing,
        updated_at as observed_at,
        _loaded_at
    from contacts
)

select * from final
