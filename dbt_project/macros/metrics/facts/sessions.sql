{% macro sessions_facts() -%}
    {{ return({
        'relation': 'fct_sessions',
        'date': 'session_date',
        'dimensions': {
            'store': 'store_key',
            'country': "coalesce(country_code, 'unknown')",
            'device': "coalesce(device_category, 'unknown')",
            'channel': 'channel_key',
            'campaign': "coalesce(campaign_key, 'none')",
            'visitor_type': "case when is_new_visitor then 'new' else 'returning' end",
        },
        'components': {
            'sessions': ['count(*)', 'bigint', 'Sessions.'],
            'sessions_with_order': [
                'count(case when has_purchase then 1 end)', 'bigint', 'Sessions with an order.',
            ],
            'page_views': ['sum(page_view_count)', 'bigint', 'Pages viewed in sessions.'],
            'product_views': ['sum(product_view_count)', 'bigint', 'Products viewed in sessions.'],
            'viewing_sessions': [
                'count(case when has_product_view then 1 end)', 'bigint',
                'Sessions that viewed a product.',
            ],
            'session_seconds': [
                'sum(duration_seconds)', 'numeric(18, 3)',
                'Seconds from the first to the last event of sessions.',
            ],
            'carted_sessions': [
                'count(case when has_add_to_cart then 1 end)', 'bigint',
                'Sessions that put something into a cart.',
            ],
            'left_carts': [
                'count(case when has_add_to_cart and not has_checkout then 1 end)', 'bigint',
                'Sessions that put something into a cart and began no checkout.',
            ],
            'checkout_sessions': [
                'count(case when has_checkout then 1 end)', 'bigint',
                'Sessions that began a checkout.',
            ],
            'left_checkouts': [
                'count(case when has_checkout and not has_purchase then 1 end)', 'bigint',
                'Sessions that began a checkout and ordered nothing.',
            ],
            'followed_sessions': [
                'count(case when is_followed_in_7d then 1 end)', 'bigint',
                'Sessions that a visit of the same visitor followed within 7 days.',
            ],
            'followable_sessions': [
                'count(is_followed_in_7d)', 'bigint', 'Sessions whose 7 days have passed.',
            ],
        },
    }) }}
{%- endmacro %}
