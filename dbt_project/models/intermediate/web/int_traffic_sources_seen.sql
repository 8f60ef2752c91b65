-- Every combination of traffic source parts that an event or a report names.
{%- set parts = [
    'traffic_source_key', 'store_key', 'traffic_source', 'traffic_medium', 'traffic_campaign',
    'traffic_campaign_id', 'click_id_type', 'referrer_host',
] %}

with web_events as (
    select * from {{ ref('int_web_events_prepared') }}
    where traffic_source_key is not null
),

web_traffic as (
    select * from {{ ref('int_web_traffic_prepared') }}
    where traffic_source_key is not null
)

select
    {{ parts | join(',\n    ') }}
from web_events
union
select
    {{ parts | join(',\n    ') }}
from web_traffic
