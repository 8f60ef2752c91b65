{#
    The shop's product behind an event's item. Tags send the variant's id, the stock keeping unit
    or the product's id, mostly in one field.
#}
{{ config(materialized='table') }}

with web_event_items as (
    select * from {{ ref('int_web_event_items_unioned') }}
),

accounts as (
    select * from {{ ref('int_account_stores_resolved') }}
),

product_variants as (
    select * from {{ ref('int_product_variants_unioned') }}
),

products as (
    select * from {{ ref('int_products_unioned') }}
),

items as (
    select distinct
        {{ surrogate_key([
            'accounts.store_key', 'web_event_items.product_id', 'web_event_items.variant_id',
            'web_event_items.sku',
        ]) }} as web_item_key,
        accounts.store_key,
        web_event_items.product_id,
        web_event_items.variant_id,
        web_event_items.sku
    from web_event_items
    inner join accounts
        on
            web_event_items.source_name = accounts.source_name
            and web_event_items.account_id = accounts.account_id
),

candidates as (
    select
        web_item_key,
        store_key,
        variant_id as candidate_id
    from items
    union
    select
        web_item_key,
        store_key,
        sku as candidate_id
    from items
    union
    select
        web_item_key,
        store_key,
        product_id as candidate_id
    from items
),

matches as (
    select
        candidates.web_item_key,
        product_variants.product_key,
        product_variants.variant_key,
        1 as precedence
    from candidates
    inner join product_variants
        on
            candidates.store_key = product_variants.store_key
            and candidates.candidate_id = product_variants.variant_id
    union all
    select
        candidates.web_item_key,
        product_variants.product_key,
        product_variants.variant_key,
        2 as precedence
    from candidates
    inner join product_variants
        on
            candidates.store_key = product_variants.store_key
            and candidates.candidate_id = product_variants.sku
    union all
    select
        candidates.web_item_key,
        products.product_key,
        cast(null as varchar) as variant_key,
        3 as precedence
    from candidates
    inner join products
        on
            candidates.store_key = products.store_key
            and candidates.candidate_id = products.product_id
),

ranked as (
    select
        web_item_key,
        product_key,
        variant_key,
        row_number() over (
            partition by web_item_key
            order by precedence asc, variant_key asc, product_key asc
        ) as match_number
    from matches
)

select
    web_item_key,
    product_key,
    variant_key
from ranked
where match_number = 1
