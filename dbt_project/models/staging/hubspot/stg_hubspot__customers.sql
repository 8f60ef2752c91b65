-- A contact that changed after it was archived has been brought back.
with contacts as (
    select * from {{ ref('base_hubspot__contacts') }}
),

archived_contacts as (
    select * from {{ ref('base_hubspot__archived_contacts') }}
),

final as (
    select
        contacts.account_id,
        contacts.contact_id as customer_id,
        contacts.email,
        contacts.phone,
        contacts.first_name,
        contacts.last_name,
        contacts.country_code,
        contacts.region,
        contacts.city,
        contacts.postal_code,
        contacts.accepts_email_marketing,
        coalesce(archived_contacts.archived_at >= contacts.updated_at, false) as is_deleted,
        contacts.created_at,
        contacts.updated_at,
        contacts._loaded_at
    from contacts
    left join archived_contacts
        on
            contacts.account_id = archived_contacts.account_id
            and contacts.contact_id = archived_contacts.contact_id
    where contacts.version_number = 1
)

select * from final
