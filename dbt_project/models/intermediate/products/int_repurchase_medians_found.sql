{#
    The median gap of each product, and of each category, as it was known on each day on which
    something of it was bought: over the gaps that had closed before that day.
    A median is one or two gaps of a known rank, found bit by bit, the highest first: a running count
    tells how many of the gaps that share the bits so far have a 0 next; a rank above that goes on
    with a 1. So the work grows with the rows, never with gaps times days.
#}
{% set bits = 13 %}
{{ config(materialized='table') }}

with purchases as (
    select * from {{ ref('int_product_purchase_days') }}
),

levelled as (
    select
        'product' as basis,
        product_key as basis_key,
        gap_days,
        purchase_date,
        next_purchase_date
    from purchases
    union all
    select
        'category' as basis,
        category as basis_key,
        gap_days,
        purchase_date,
        next_purchase_date
    from purchases
    where category is not null
),

-- Whose gaps never are enough needs no counting.
known_enough as (
    select
        basis,
        basis_key
    from levelled
    where gap_days is not null
    group by basis, basis_key
    having count(*) >= {{ var('replenishment_gap_count') }}
),

bought_again as (
    select
        levelled.basis,
        levelled.basis_key,
        levelled.gap_days,
        levelled.purchase_date,
        levelled.next_purchase_date
    from levelled
    inner join known_enough
        on
            levelled.basis = known_enough.basis
            and levelled.basis_key = known_enough.basis_key
),

gaps as (
    select
        basis,
        basis_key,
        gap_days,
        next_purchase_date as closed_date
    from bought_again
    where gap_days is not null
),

counted as (
    select
        basis,
        basis_key,
        purchase_date as known_date,
        0 as gap_count
    from bought_again
    union all
    select
        basis,
        basis_key,
        closed_date as known_date,
        1 as gap_count
    from gaps
),

daily as (
    select
        basis,
        basis_key,
        known_date,
        sum(gap_count) as gap_count
    from counted
    group by basis, basis_key, known_date
),

known as (
    select
        basis,
        basis_key,
        known_date,
        sum(gap_count) over (
            partition by basis, basis_key
            order by known_date
            rows between unbounded preceding and 1 preceding
        ) as gap_count
    from daily
),

-- Of an even number of gaps the two in the middle, of an odd one the same twice.
sides as (
    select 1 as side
    union all
    select 2 as side
),

middle_{{ bits }} as (
    select
        known.basis,
        known.basis_key,
        known.known_date,
        known.gap_count,
        0 as gap_days,
        floor((known.gap_count + sides.side) / 2.0) as gap_rank
    from known
    cross join sides
    where known.gap_count >= {{ var('replenishment_gap_count') }}
),
{%- for bit in range(bits - 1, -1, -1) %}

    lined_up_{{ bit }} as (
        select
            basis,
            basis_key,
            known_date,
            gap_count,
            gap_days,
            gap_rank,
            0 as is_low,
            0 as is_gap
        from middle_{{ bit + 1 }}
        union all
        select
            basis,
            basis_key,
            closed_date as known_date,
            null as gap_count,
            gap_days - mod(gap_days, {{ 2 ** bit * 2 }}) as gap_days,
            null as gap_rank,
            case when mod(gap_days, {{ 2 ** bit * 2 }}) < {{ 2 ** bit }} then 1 else 0 end
                as is_low,
            1 as is_gap
        from gaps
    ),

    running_{{ bit }} as (
        select
            *,
            sum(is_low) over (
                partition by basis, basis_key, gap_days
                order by known_date, is_gap
                rows between unbounded preceding and current row
            ) as low_count
        from lined_up_{{ bit }}
    ),

    middle_{{ bit }} as (
        select
            basis,
            basis_key,
            known_date,
            gap_count,
            case
                when gap_rank > low_count then gap_days + {{ 2 ** bit }}
                else gap_days
            end as gap_days,
            case when gap_rank > low_count then gap_rank - low_count else gap_rank end as gap_rank
        from running_{{ bit }}
        where is_gap = 0
    ),
{%- endfor %}

medians as (
    select
        basis,
        basis_key,
        known_date,
        max(gap_count) as gap_count,
        sum(gap_days) as two_gaps_days
    from middle_0
    group by basis, basis_key, known_date
)

select
    {{ surrogate_key(['basis', 'basis_key', 'known_date']) }} as repurchase_median_key,
    basis,
    basis_key,
    cast(gap_count as bigint) as gap_count,
    cast(two_gaps_days / 2.0 as numeric(18, 3)) as median_gap_days,
    known_date
from medians
