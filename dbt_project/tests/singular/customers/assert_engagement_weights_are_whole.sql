-- The weights of the engagement score are shares of one.
with weights as (
    select * from {{ ref('engagement_weights') }}
)

select sum(weight) as weight
from weights
having sum(weight) != 1
