{% macro social_posts_facts() -%}
    {{ return({
        'relation': 'fct_social_posts',
        'date': 'published_date',
        'dimensions': {
            'store': 'store_key',
            'platform': "coalesce(platform, 'unknown')",
        },
        'components': {
            'reached_engagements': [
                'sum(case when reach is not null then engagement_count end)', 'bigint',
                'Likes, comments, shares and saves of posts whose reach is told.',
            ],
            'social_reach': [
                'sum(case when engagement_count is not null then reach end)', 'bigint',
                'Accounts that posts reached, post by post.',
            ],
            'shown_engagements': [
                'sum(case when impressions is not null then engagement_count end)', 'bigint',
                'Likes, comments, shares and saves of posts whose impressions are told.',
            ],
            'social_impressions': [
                'sum(case when engagement_count is not null then impressions end)', 'bigint',
                'Times that posts were shown.',
            ],
        },
    }) }}
{%- endmacro %}
