{% macro visits_facts() -%}
    {{ return({
        'relation': 'fct_visits',
        'date': 'visit_date',
        'dimensions': {
            'store': 'store_key',
            'country': "coalesce(country_code, 'unknown')",
            'device': "coalesce(device_category, 'unknown')",
            'channel': 'channel_key',
            'campaign': "coalesce(campaign_key, 'none')",
            'visitor_type': 'visitor_type',
        },
        'components': {
            'visits': [
                'sum(visit_count)', 'bigint', 'Sessions, and visits that only a report tells of.',
            ],
            'judged_visits': [
                'sum(judged_visit_count)', 'bigint', 'Visits known to be engaged or not.',
            ],
            'bounced_visits': [
                'sum(bounced_visit_count)', 'bigint', 'Visits that were not engaged.',
            ],
            'visitors': [
                'count(distinct visitor_key) + sum(reported_visitor_count)', 'bigint',
                'Visitors with a session, and a report\'s own counts of them.',
            ],
            'new_visitors': [
                "count(case when visitor_type = 'new' then 1 end) + sum(reported_new_visitor_count)",
                'bigint', 'Visitors with their first session, and a report\'s own counts of them.',
            ],
            'session_visitors': [
                'count(distinct visitor_key)', 'bigint', 'Visitors with a session.',
            ],
            'signed_up_visitors': [
                'count(distinct case when has_email_signup then visitor_key end)', 'bigint',
                'Visitors who signed up for e-mail.',
            ],
            'engaged_seconds': [
                'sum(engaged_seconds)', 'numeric(18, 3)', 'Seconds that visitors were engaged.',
            ],
            'measured_visits': [
                'sum(measured_visit_count)', 'bigint',
                'Sessions of sources that measure how long a visitor is engaged.',
            ],
            'scroll_percents': [
                'sum(scroll_percent_sum)', 'bigint',
                'Deepest percent that each page was scrolled to, summed.',
            ],
            'stepped_page_views': [
                'sum(stepped_page_view_count)', 'bigint',
                'Page views of sources that tell depth in steps of a quarter or finer.',
            ],
            'page_ends_reached': [
                'sum(end_reached_page_view_count)', 'bigint', 'Pages scrolled by 90 %.',
            ],
            'end_told_page_views': [
                'sum(end_told_page_view_count)', 'bigint',
                'Page views of sources that tell of scrolling the 90 % alone.',
            ],
        },
    }) }}
{%- endmacro %}
