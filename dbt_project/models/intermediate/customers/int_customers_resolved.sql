-- An account that is only mentioned, by an order or a review, is one too.
{{ config(materialized='table') }}

with customers as (
    select * from {{ ref('int_customers_unioned') }}
),

identifiers as (
    select * from {{ ref('int_identifiers_resolved') }}
    where identifier_type = 'account'
)

select
    identifiers.identifier_key as source_customer_key,
    identifiers.customer_key,
    customers.country_code,
    customers.region,
    customers.source_customer_key is not null as is_listed,
    customers.accepts_email_marketing,
    coalesce(customers.is_deleted, false) as is_deleted,
    coalesce(customers.created_at, identifiers.first_seen_at) as created_at,
    customers.updated_at
from identifiers
left join customers on identifiers.identifier_key = customers.source_customer_key
