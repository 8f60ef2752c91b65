-- The platform cuts an ad day in the account's zone, and nobody can cut it again: where the store's
-- days are others, spend and sales of a day do not quite meet. A warning, since that may be wanted.
-- pitfall: 13
{{ config(severity='warn') }}

with ad_performance as (
    select * from {{ ref('fct_ad_performance_daily') }}
),

stores as (
    select * from {{ ref('dim_stores') }}
)

select distinct
    ad_performance.source_name,
    ad_performance.account_id,
    ad_performance.account_timezone,
    stores.timezone
from ad_performance
inner join stores
    on ad_performance.store_key = stores.store_key
where
    ad_performance.account_timezone != stores.timezone
    and stores.store_key != 'unassigned'
