{#
    Which item of a catalogue a shop's product is: that of the same store with the same SKU. A
    catalogue is an account that lists products of a store it is not. Of several items the one that
    has most of the product's SKUs.
#}
{{ config(materialized='table') }}

with variants as (
    select * from {{ ref('int_product_variants_unioned') }}
    where sku is not null and not coalesce(is_deleted, false)
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

in_stores as (
    select
        variants.product_key,
        lower(variants.sku) as sku,
        accounts.store_key,
        accounts.source_name != accounts.store_source_name
        or accounts.account_id != accounts.store_account_id as is_catalogue
    from variants
    inner join accounts
        on
            variants.source_name = accounts.source_name
            and variants.account_id = accounts.account_id
),

matched as (
    select
        own.product_key,
        listed.product_key as catalog_product_key,
        count(distinct own.sku) as sku_count
    from in_stores as own
    inner join in_stores as listed
        on
            own.store_key = listed.store_key
            and own.sku = listed.sku
    where not own.is_catalogue and listed.is_catalogue
    group by own.product_key, listed.product_key
),

ranked as (
    select
        product_key,
        catalog_product_key,
        row_number() over (
            partition by product_key order by sku_count desc, catalog_product_key asc
        ) as match_number
    from matched
)

select
    product_key,
    catalog_product_key
from ranked
where match_number = 1
