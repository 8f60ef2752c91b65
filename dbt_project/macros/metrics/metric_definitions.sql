{# Written by `make metrics` from models/semantic and macros/metrics/facts: change those. #}
{% macro metric_definitions() -%}
    {{ return({
    "acquisition": {
        "ctr": {
            "kind": "additive",
            "dimensions": [
                "store",
                "ad_platform",
                "channel",
                "campaign"
            ],
            "numerator": "ad_clicks",
            "denominator": "impressions",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "cvr": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "device",
                "channel",
                "campaign",
                "visitor_type"
            ],
            "numerator": "sessions_with_order",
            "denominator": "sessions",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "cpc": {
            "kind": "additive",
            "dimensions": [
                "store",
                "ad_platform",
                "channel",
                "campaign"
            ],
            "numerator": "ad_spend",
            "denominator": "ad_clicks",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "cpm": {
            "kind": "additive",
            "dimensions": [
                "store",
                "ad_platform",
                "channel",
                "campaign"
            ],
            "numerator": "ad_spend",
            "denominator": "impressions",
            "scale": 1000,
            "numerator_may_lack": false,
            "unknown": none
        },
        "traffic": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "device",
                "channel",
                "campaign",
                "visitor_type"
            ],
            "numerator": "sessions",
            "denominator": none,
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "new_visitors": {
            "kind": "distinct",
            "dimensions": [
                "store",
                "country",
                "device",
                "channel",
                "campaign",
                "visitor_type"
            ],
            "numerator": "new_visitors",
            "denominator": none,
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "bounce_rate": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "device",
                "channel",
                "campaign",
                "visitor_type"
            ],
            "numerator": "sessions_not_engaged",
            "denominator": "sessions",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "visitors": {
            "kind": "distinct",
            "dimensions": [
                "store",
                "country",
                "device",
                "channel",
                "campaign",
                "visitor_type"
            ],
            "numerator": "visitors",
            "denominator": none,
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "ad_spend": {
            "kind": "additive",
            "dimensions": [
                "store",
                "ad_platform",
                "channel",
                "campaign"
            ],
            "numerator": "ad_spend",
            "denominator": none,
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        }
    }
}) }}
{%- endmacro %}
