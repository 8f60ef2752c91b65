{#
    Persons that may be sent e-mail on the day, with a score, and recipients with a slope, whether
    they may be or no longer. A signal's cap is that of 95 in 100 of the former; where those have none
    it tells nobody apart, and gives nothing.
#}
{% set signals = ['session', 'item_view', 'add_to_cart', 'open', 'click', 'purchase'] %}

with consents as (
    select * from {{ ref('int_email_consents_spanned') }}
),

weeks as (
    select * from {{ ref('int_state_weeks') }}
),

decayed as (
    select * from {{ ref('int_customer_signals_decayed') }}
),

slopes as (
    select * from {{ ref('int_email_slopes_fitted') }}
),

customers as (
    select * from {{ ref('int_customers_acquired') }}
),

weights as (
    select * from {{ ref('engagement_weights') }}
),

contactable as (
    select
        consents.customer_key,
        consents.store_key,
        weeks.state_date
    from consents
    inner join weeks
        on
            consents.start_date <= weeks.state_date
            and (consents.end_date is null or consents.end_date > weeks.state_date)
),

signalled as (
    select
        contactable.*,
        {%- for signal in signals %}
            coalesce(decayed.{{ signal }}_signal, 0) as {{ signal }}_signal
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from contactable
    left join decayed
        on
            contactable.customer_key = decayed.customer_key
            and contactable.state_date = decayed.state_date
),

caps as (
    select
        state_date,
        {%- for signal in signals %}
            percentile_disc(0.95) within group (order by {{ signal }}_signal) as {{ signal }}_cap
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from signalled
    group by state_date
),

pivoted as (
    select
        {%- for signal in signals %}
            max(case when signal_name = '{{ signal }}' then weight end) as {{ signal }}_weight
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from weights
),

scored as (
    select
        signalled.*,
        100 * (
            {%- for signal in signals %}
                {{ '+ ' if not loop.first }}pivoted.{{ signal }}_weight * coalesce(
                    {{ safe_divide(
                        least(['signalled.' ~ signal ~ '_signal', 'caps.' ~ signal ~ '_cap']),
                        'caps.' ~ signal ~ '_cap',
                    ) }},
                    0
                )
            {%- endfor %}
        ) as engagement_score
    from signalled
    inner join caps on signalled.state_date = caps.state_date
    cross join pivoted
),

told as (
    select
        coalesce(scored.customer_key, slopes.customer_key) as customer_key,
        coalesce(scored.store_key, slopes.store_key) as store_key,
        {%- for signal in signals %}
            scored.{{ signal }}_signal,
        {%- endfor %}
        scored.engagement_score,
        slopes.week_count as email_week_count,
        slopes.email_slope,
        scored.customer_key is not null as is_contactable,
        coalesce(scored.state_date, slopes.state_date) as state_date
    from scored
    full outer join slopes
        on
            scored.customer_key = slopes.customer_key
            and scored.state_date = slopes.state_date
),

final as (
    select
        {{ surrogate_key(['told.customer_key', 'told.state_date']) }} as customer_engagement_key,
        coalesce(customers.store_key, told.store_key) as store_key,
        told.customer_key,
        customers.channel_key,
        customers.country_code,
        {%- for signal in signals %}
            cast(
                cast(told.{{ signal }}_signal as numeric(28, 0)) * 0.0000000001 as numeric(18, 10)
            ) as {{ signal }}_signal,
        {%- endfor %}
        cast(told.engagement_score as double precision) as engagement_score,
        told.email_week_count,
        told.email_slope,
        told.is_contactable,
        told.state_date
    from told
    left join customers on told.customer_key = customers.customer_key
)

select * from final
