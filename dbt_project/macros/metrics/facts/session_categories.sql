{#
    A session has a row for each category that it touched. By category its rows count, by anything
    else the session does, once.
#}
{% macro session_categories_facts() -%}
    {{ return({
        'relation': 'fct_session_categories',
        'date': 'session_date',
        'dimensions': {
            'store': 'store_key',
            'country': "coalesce(country_code, 'unknown')",
            'device': "coalesce(device_category, 'unknown')",
            'channel': 'channel_key',
            'campaign': "coalesce(campaign_key, 'none')",
            'visitor_type': 'visitor_type',
            'product_category': 'product_category',
        },
        'components': {
            'category_sessions': [
                'case when grouping(product_category_value) = 0 then count(*)'
                ' else count(case when is_first_of_session then 1 end) end', 'bigint',
                'Sessions; by product category those that touched it.',
            ],
            'sessions_viewing': [
                'case when grouping(product_category_value) = 0'
                ' then count(case when has_product_view then 1 end) else count('
                'case when is_first_of_session and session_has_product_view then 1 end) end',
                'bigint', 'Sessions that viewed a product.',
            ],
            'sessions_carting': [
                'case when grouping(product_category_value) = 0'
                ' then count(case when has_add_to_cart then 1 end) else count('
                'case when is_first_of_session and session_has_add_to_cart then 1 end) end',
                'bigint', 'Sessions that put a product into a cart.',
            ],
            'sessions_carting_viewed': [
                'case when grouping(product_category_value) = 0'
                ' then count(case when has_add_to_cart_of_viewed_product then 1 end) else count('
                'case when is_first_of_session and session_has_add_to_cart_of_viewed_product'
                ' then 1 end) end',
                'bigint', 'Sessions that put a product into a cart that they viewed.',
            ],
            'sessions_wishing': [
                'case when grouping(product_category_value) = 0'
                ' then count(case when has_add_to_wishlist then 1 end) else count('
                'case when is_first_of_session and session_has_add_to_wishlist then 1 end) end',
                'bigint', 'Sessions that put a product on a wishlist.',
            ],
            'product_landings': [
                'count(case when is_landing then 1 end)', 'bigint',
                'Sessions that landed on a product page.',
            ],
            'bounced_product_landings': [
                'count(case when is_landing and not is_engaged then 1 end)', 'bigint',
                'Sessions that landed on a product page and were not engaged.',
            ],
        },
    }) }}
{%- endmacro %}
