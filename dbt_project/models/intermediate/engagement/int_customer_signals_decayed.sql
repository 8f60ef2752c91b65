{#
    Each signal halves every engagement_half_life_days and is gone after engagement_window_days. What
    is left of one is a whole number of 10^-10, so that sums are the same in any order, and on any
    engine. Only of who ever could be sent e-mail: nobody else is scored.
#}
{{ config(materialized='table') }}

with consents as (
    select * from {{ ref('int_email_consents_spanned') }}
),

signals as (
    select * from {{ ref('int_customer_signals_daily') }}
    where customer_key in (select consents.customer_key from consents)
),

weeks as (
    select * from {{ ref('int_state_weeks') }}
),

dates as (
    select distinct signal_date
    from signals
),

aged as (
    select
        dates.signal_date,
        weeks.state_date,
        {{ days_between('dates.signal_date', 'weeks.state_date') }} as age
    from weeks
    inner join dates on weeks.state_date >= dates.signal_date
),

decayed as (
    select
        signal_date,
        state_date,
        cast(
            round(
                power(
                    cast(2 as double precision),
                    -cast(age as double precision) / {{ var('engagement_half_life_days') }}
                ) * 10000000000
            ) as bigint
        ) as rest
    from aged
    where age < {{ var('engagement_window_days') }}
)

select
    signals.customer_key,
    {%- for signal in ['session', 'item_view', 'add_to_cart', 'open', 'click', 'purchase'] %}
        cast(sum(signals.{{ signal }}_count * decayed.rest) as bigint) as {{ signal }}_signal,
    {%- endfor %}
    decayed.state_date
from signals
inner join decayed on signals.signal_date = decayed.signal_date
group by signals.customer_key, decayed.state_date
