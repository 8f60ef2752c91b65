{# Written by `make segments` from segments/*.yml: change those. #}
{% macro segment_list() -%}
select
    'abandoned_cart' as segment_key,
    'Abandoned cart' as segment_label,
    'Left a checkout in the last three days, of less than makes it one of high value.' as segment_description
union all
select
    'abandoned_cart_high_value' as segment_key,
    'Abandoned cart, high value' as segment_label,
    'Left a checkout of 100 or more in the last three days and has bought nothing since.' as segment_description
union all
select
    'engaged_champions' as segment_key,
    'Engaged champions' as segment_label,
    'Champions who opened a message in the last 60 days and have not complained to support.' as segment_description
union all
select
    'inactive_30_days' as segment_key,
    'Inactive for 30 days' as segment_label,
    'Has bought once, may be written to, and has not visited, clicked or bought for 30 days.' as segment_description
union all
select
    'reengagement' as segment_key,
    'Re-engagement' as segment_label,
    'Other customers who may be written to and have not visited, clicked or bought for 30 days.' as segment_description
union all
select
    'reengagement_vip' as segment_key,
    'Re-engagement, VIP' as segment_label,
    'VIPs who may be written to and have not visited, clicked or bought for 30 days.' as segment_description
union all
select
    'vip' as segment_key,
    'VIP' as segment_label,
    'Ten or more purchases or 500 net sales in a year, or of the loyalty programme''s highest tier.' as segment_description
union all
select
    'welcome_series' as segment_key,
    'Welcome series' as segment_label,
    'Signed up for e-mail in the last seven days, may be written to and has not bought yet.' as segment_description
union all
select
    'win_back' as segment_key,
    'Win-back' as segment_label,
    'Good customers of once whose last purchase is 90 days to a year ago.' as segment_description
{%- endmacro %}
