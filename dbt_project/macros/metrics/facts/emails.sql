{% macro emails_facts() -%}
    {{ return({
        'relation': 'fct_email_messages',
        'date': 'sent_date',
        'where': "channel = 'email'",
        'dimensions': {
            'store': 'store_key',
            'provider': 'source_name',
            'campaign': "coalesce(campaign_key, 'none')",
        },
        'components': {
            'emails_delivered': [
                'count(case when is_delivered then 1 end)', 'bigint', 'E-mails delivered.',
            ],
            'emails_opened': [
                'count(case when is_opened then 1 end)', 'bigint', 'E-mails that a human opened.',
            ],
            'emails_clicked': [
                'count(case when is_clicked then 1 end)', 'bigint',
                'E-mails that a human clicked in.',
            ],
            'winback_emails_delivered': [
                "count(case when flow_purpose = 'winback' and is_delivered then 1 end)", 'bigint',
                'E-mails of winback flows delivered.',
            ],
            'winback_emails_opened': [
                "count(case when flow_purpose = 'winback' and is_opened then 1 end)", 'bigint',
                'E-mails of winback flows that a human opened.',
            ],
            'post_purchase_emails_delivered': [
                "count(case when flow_purpose = 'post_purchase' and is_delivered then 1 end)",
                'bigint',
                'E-mails of flows after a purchase delivered.',
            ],
            'post_purchase_emails_opened': [
                "count(case when flow_purpose = 'post_purchase' and is_opened then 1 end)",
                'bigint',
                'E-mails of flows after a purchase that a human opened.',
            ],
            'post_purchase_emails_clicked': [
                "count(case when flow_purpose = 'post_purchase' and is_clicked then 1 end)",
                'bigint',
                'E-mails of flows after a purchase that a human clicked in.',
            ],
        },
    }) }}
{%- endmacro %}
