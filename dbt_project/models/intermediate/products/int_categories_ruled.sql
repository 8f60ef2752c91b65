-- Rules run on the categories that were seen, not on every product and version.
{{ config(materialized='table') }}

with products as (
    select * from {{ ref('int_products_unioned') }}
),

versions as (
    select * from {{ ref('int_product_versions_unioned') }}
),

rules as (
    select * from {{ ref('product_category_rules') }}
),

seen as (
    select category as source_category
    from products
    where category is not null
    union
    select category as source_category
    from versions
    where category is not null
),

matched as (
    select
        seen.source_category,
        rules.category,
        rules.subcategory,
        row_number() over (
            partition by seen.source_category order by rules.rule_number
        ) as match_number
    from seen
    inner join rules
        on {{ regexp_matches('lower(seen.source_category)', 'rules.category_pattern') }}
)

select
    seen.source_category,
    coalesce(
        matched.category, trim({{ split_part('seen.source_category', "' > '", 1) }})
    ) as category,
    case
        when matched.category is not null then nullif(matched.subcategory, '')
        else nullif(trim({{ split_part('seen.source_category', "' > '", 2) }}), '')
    end as subcategory
from seen
left join matched
    on
        seen.source_category = matched.source_category
        and matched.match_number = 1
