{{ config(materialized='table') }}

with web_events as (
    select * from {{ ref('int_web_events_prepared') }}
),

page_type_rules as (
    select * from {{ ref('page_type_rules') }}
),

paths as (
    select distinct lower(page_path) as page_path
    from web_events
    where page_path is not null
),

ruled as (
    select
        paths.page_path,
        min(page_type_rules.rule_number) as rule_number
    from paths
    inner join page_type_rules
        on paths.page_path like page_type_rules.path_pattern
    group by paths.page_path
)

select
    ruled.page_path,
    page_type_rules.page_type
from ruled
inner join page_type_rules
    on ruled.rule_number = page_type_rules.rule_number
