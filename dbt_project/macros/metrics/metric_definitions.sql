{# Written by `make metrics` from models/semantic and macros/metrics/facts: change those. #}
{% macro metric_definitions() -%}
    {{ return({
    "acquisition": {
        "cac": {
            "kind": "additive",
            "dimensions": [
                "store",
                "channel",
                "ad_platform",
                "campaign"
            ],
            "numerator": "ad_spend",
            "denominator": "new_customers",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
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
        "roas": {
            "kind": "additive",
            "dimensions": [
                "store",
                "channel",
                "ad_platform",
                "campaign"
            ],
            "numerator": "attributed_revenue",
            "denominator": "ad_spend",
            "scale": 1,
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
            "numerator": "visits",
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
        "email_signup_rate": {
            "kind": "distinct",
            "dimensions": [
                "store",
                "country",
                "device",
                "channel"
            ],
            "numerator": "signed_up_visitors",
            "denominator": "session_visitors",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "cost_per_signup": {
            "kind": "additive",
            "dimensions": [
                "store",
                "channel",
                "ad_platform",
                "campaign"
            ],
            "numerator": "ad_spend",
            "denominator": "email_signups",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "session_to_signup": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "device",
                "channel"
            ],
            "numerator": "email_signups",
            "denominator": "sessions",
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
            "numerator": "bounced_visits",
            "denominator": "judged_visits",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "source_roi": {
            "kind": "additive",
            "dimensions": [
                "store",
                "channel",
                "ad_platform",
                "campaign"
            ],
            "numerator": "acquired_net_sales",
            "denominator": "ad_spend",
            "scale": 1,
            "numerator_may_lack": true,
            "unknown": none
        },
        "source_roi_margin": {
            "kind": "additive",
            "dimensions": [
                "store",
                "channel",
                "ad_platform",
                "campaign"
            ],
            "numerator": "acquired_margin",
            "denominator": "ad_spend",
            "scale": 1,
            "numerator_may_lack": true,
            "unknown": "acquired_customers_of_unknown_margin"
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
        },
        "mer": {
            "kind": "additive",
            "dimensions": [
                "store",
                "channel",
                "ad_platform",
                "campaign"
            ],
            "numerator": "channel_net_sales",
            "denominator": "ad_spend",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "blended_cac": {
            "kind": "additive",
            "dimensions": [
                "store",
                "channel",
                "ad_platform",
                "campaign"
            ],
            "numerator": "ad_spend",
            "denominator": "new_customers",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "paid_cac": {
            "kind": "additive",
            "dimensions": [
                "store",
                "channel",
                "ad_platform",
                "campaign"
            ],
            "numerator": "ad_spend",
            "denominator": "paid_new_customers",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "ad_cvr": {
            "kind": "additive",
            "dimensions": [
                "store",
                "ad_platform",
                "channel",
                "campaign"
            ],
            "numerator": "platform_conversions",
            "denominator": "ad_clicks",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "platform_roas": {
            "kind": "additive",
            "dimensions": [
                "store",
                "ad_platform",
                "channel",
                "campaign"
            ],
            "numerator": "platform_value",
            "denominator": "ad_spend",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "contribution_after_ads": {
            "kind": "additive",
            "dimensions": [
                "store",
                "channel",
                "campaign",
                "cohort"
            ],
            "numerator": "margin_after_ads",
            "denominator": none,
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": "orders_of_unknown_margin"
        },
        "contribution_after_ads_rate": {
            "kind": "additive",
            "dimensions": [
                "store",
                "channel",
                "campaign",
                "cohort"
            ],
            "numerator": "margin_after_ads",
            "denominator": "channel_net_sales",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": "orders_of_unknown_margin"
        }
    },
    "advocacy": {
        "nps": {
            "kind": "additive",
            "dimensions": [
                "store"
            ],
            "numerator": "nps_balance",
            "denominator": "nps_responses",
            "scale": 100,
            "numerator_may_lack": false,
            "unknown": none
        },
        "referral_conversion_rate": {
            "kind": "distinct",
            "dimensions": [
                "store"
            ],
            "numerator": "converted_referred_visitors",
            "denominator": "referred_visitors",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "ugc_rate": {
            "kind": "state",
            "dimensions": [
                "store",
                "country",
                "channel"
            ],
            "numerator": "ugc_customers",
            "denominator": "customers_to_date",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "loyalty_participation": {
            "kind": "state",
            "dimensions": [
                "store",
                "country",
                "channel"
            ],
            "numerator": "enrolled_customers",
            "denominator": "customers_to_date",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "review_rate": {
            "kind": "additive",
            "dimensions": [
                "store",
                "product_category"
            ],
            "numerator": "reviewed_lines",
            "denominator": "reviewable_lines",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "vip_revenue_share": {
            "kind": "additive",
            "dimensions": [
                "store"
            ],
            "numerator": "vip_net_sales",
            "denominator": "net_sales",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "post_purchase_open_rate": {
            "kind": "additive",
            "dimensions": [
                "store",
                "provider",
                "campaign"
            ],
            "numerator": "post_purchase_emails_opened",
            "denominator": "post_purchase_emails_delivered",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "post_purchase_click_rate": {
            "kind": "additive",
            "dimensions": [
                "store",
                "provider",
                "campaign"
            ],
            "numerator": "post_purchase_emails_clicked",
            "denominator": "post_purchase_emails_delivered",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "social_engagement_rate": {
            "kind": "additive",
            "dimensions": [
                "store",
                "platform"
            ],
            "numerator": "reached_engagements",
            "denominator": "social_reach",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "social_engagement_rate_by_impressions": {
            "kind": "additive",
            "dimensions": [
                "store",
                "platform"
            ],
            "numerator": "shown_engagements",
            "denominator": "social_impressions",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "loyalty_redemption_rate": {
            "kind": "additive",
            "dimensions": [
                "store"
            ],
            "numerator": "points_redeemed",
            "denominator": "points_issued",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "first_response_time": {
            "kind": "distinct",
            "dimensions": [
                "store"
            ],
            "numerator": "first_response_time",
            "denominator": none,
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "csat": {
            "kind": "additive",
            "dimensions": [
                "store"
            ],
            "numerator": "satisfied_answers",
            "denominator": "satisfaction_answers",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        }
    },
    "consideration": {
        "add_to_cart_rate": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "device",
                "channel",
                "campaign",
                "visitor_type",
                "product_category"
            ],
            "numerator": "sessions_carting",
            "denominator": "category_sessions",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "view_to_cart_ratio": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "device",
                "channel",
                "campaign",
                "visitor_type",
                "product_category"
            ],
            "numerator": "sessions_carting_viewed",
            "denominator": "sessions_viewing",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "page_depth": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "device",
                "channel",
                "campaign",
                "visitor_type"
            ],
            "numerator": "page_views",
            "denominator": "sessions",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "product_view_depth": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "device",
                "channel",
                "campaign",
                "visitor_type"
            ],
            "numerator": "product_views",
            "denominator": "viewing_sessions",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "session_duration": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "device",
                "channel",
                "campaign",
                "visitor_type"
            ],
            "numerator": "session_seconds",
            "denominator": "sessions",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "engaged_time": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "device",
                "channel",
                "campaign",
                "visitor_type"
            ],
            "numerator": "engaged_seconds",
            "denominator": "measured_visits",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "scroll_depth": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "device",
                "channel",
                "campaign",
                "visitor_type"
            ],
            "numerator": "scroll_percents",
            "denominator": "stepped_page_views",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "scroll_90_rate": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "device",
                "channel",
                "campaign",
                "visitor_type"
            ],
            "numerator": "page_ends_reached",
            "denominator": "end_told_page_views",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "wishlist_rate": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "device",
                "channel",
                "campaign",
                "visitor_type",
                "product_category"
            ],
            "numerator": "sessions_wishing",
            "denominator": "sessions_viewing",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "cart_abandonment_rate": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "device",
                "channel",
                "campaign",
                "visitor_type"
            ],
            "numerator": "left_carts",
            "denominator": "carted_sessions",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "product_bounce_rate": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "device",
                "channel",
                "campaign",
                "visitor_type",
                "product_category"
            ],
            "numerator": "bounced_product_landings",
            "denominator": "product_landings",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "email_open_rate": {
            "kind": "additive",
            "dimensions": [
                "store",
                "provider",
                "campaign"
            ],
            "numerator": "emails_opened",
            "denominator": "emails_delivered",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "email_ctr": {
            "kind": "additive",
            "dimensions": [
                "store",
                "provider",
                "campaign"
            ],
            "numerator": "emails_clicked",
            "denominator": "emails_delivered",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "email_ctor": {
            "kind": "additive",
            "dimensions": [
                "store",
                "provider",
                "campaign"
            ],
            "numerator": "emails_clicked",
            "denominator": "emails_opened",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "engagement_score": {
            "kind": "state",
            "dimensions": [
                "store"
            ],
            "numerator": "engagement_scores",
            "denominator": "contactable_customers",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "repeat_visit_7d_rate": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "device",
                "channel",
                "campaign",
                "visitor_type"
            ],
            "numerator": "followed_sessions",
            "denominator": "followable_sessions",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "checkout_abandonment_rate": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "device",
                "channel",
                "campaign",
                "visitor_type"
            ],
            "numerator": "left_checkouts",
            "denominator": "checkout_sessions",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        }
    },
    "retention": {
        "repeat_purchase_rate": {
            "kind": "state",
            "dimensions": [
                "store",
                "country",
                "channel"
            ],
            "numerator": "repeat_customers",
            "denominator": "customers_to_date",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "days_between_purchases": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "channel"
            ],
            "numerator": "purchase_gap_days",
            "denominator": "purchase_gaps",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "ltv": {
            "kind": "state",
            "dimensions": [
                "store",
                "country",
                "channel"
            ],
            "numerator": "net_sales_to_date",
            "denominator": "customers_to_date",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "active_customer_rate": {
            "kind": "state",
            "dimensions": [
                "store",
                "country",
                "channel"
            ],
            "numerator": "active_customers",
            "denominator": "customers_to_date",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "churn_rate": {
            "kind": "state",
            "dimensions": [
                "store",
                "country",
                "channel"
            ],
            "numerator": "churned_customers",
            "denominator": "churn_base",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "reorder_probability": {
            "kind": "state",
            "dimensions": [
                "store"
            ],
            "numerator": "profile_reorder_probabilities",
            "denominator": "predicted_profiles",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "reorder_probability_modelled": {
            "kind": "state",
            "dimensions": [
                "store"
            ],
            "numerator": "modelled_reorder_probabilities",
            "denominator": "scored_customers",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "subscription_retention": {
            "kind": "state",
            "dimensions": [
                "store"
            ],
            "numerator": "subscriptions_kept",
            "denominator": "subscriptions_before",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "engagement_decay_rate": {
            "kind": "state",
            "dimensions": [
                "store",
                "country",
                "channel"
            ],
            "numerator": "email_slopes",
            "denominator": "sloped_recipients",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "winback_open_rate": {
            "kind": "additive",
            "dimensions": [
                "store",
                "provider",
                "campaign"
            ],
            "numerator": "winback_emails_opened",
            "denominator": "winback_emails_delivered",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "replenishment_accuracy": {
            "kind": "additive",
            "dimensions": [
                "store"
            ],
            "numerator": "timely_reorders",
            "denominator": "predicted_reorders",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "clv_cac_ratio": {
            "kind": "additive",
            "dimensions": [
                "store",
                "ad_platform",
                "channel",
                "campaign"
            ],
            "numerator": "predicted_clv",
            "denominator": "ad_spend",
            "scale": 1,
            "numerator_may_lack": true,
            "unknown": "customers_without_clv"
        }
    },
    "sales": {
        "orders": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "channel",
                "campaign",
                "customer_type",
                "rfm_segment",
                "archetype"
            ],
            "numerator": "orders",
            "denominator": none,
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "gross_sales": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "channel",
                "campaign",
                "customer_type",
                "rfm_segment",
                "archetype",
                "product_category",
                "product"
            ],
            "numerator": "gross_sales",
            "denominator": none,
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "discounts": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "channel",
                "campaign",
                "customer_type",
                "rfm_segment",
                "archetype",
                "product_category",
                "product"
            ],
            "numerator": "discounts",
            "denominator": none,
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "returns": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "channel",
                "campaign",
                "customer_type",
                "rfm_segment",
                "archetype",
                "product_category",
                "product"
            ],
            "numerator": "returns",
            "denominator": none,
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "net_sales": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "channel",
                "campaign",
                "customer_type",
                "rfm_segment",
                "archetype",
                "product_category",
                "product"
            ],
            "numerator": "net_sales",
            "denominator": none,
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "total_sales": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "channel",
                "campaign",
                "customer_type",
                "rfm_segment",
                "archetype"
            ],
            "numerator": "total_sales",
            "denominator": none,
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "aov": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "channel",
                "campaign",
                "customer_type",
                "rfm_segment",
                "archetype"
            ],
            "numerator": "placed_net_of_orders",
            "denominator": "orders",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "aov_net": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "channel",
                "campaign",
                "customer_type",
                "rfm_segment",
                "archetype"
            ],
            "numerator": "net_sales",
            "denominator": "orders",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "units_per_order": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "channel",
                "campaign",
                "customer_type",
                "rfm_segment",
                "archetype"
            ],
            "numerator": "units_of_orders",
            "denominator": "orders",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "refund_rate": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "channel",
                "campaign",
                "customer_type",
                "rfm_segment",
                "archetype",
                "product_category",
                "product"
            ],
            "numerator": "returns_of_orders",
            "denominator": "placed_net_of_lines",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "new_customers": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "channel",
                "campaign",
                "customer_type",
                "rfm_segment",
                "archetype",
                "ad_platform"
            ],
            "numerator": "new_customers",
            "denominator": none,
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "returning_customers": {
            "kind": "distinct",
            "dimensions": [
                "store",
                "country",
                "channel",
                "campaign",
                "customer_type",
                "rfm_segment",
                "archetype"
            ],
            "numerator": "returning_customers",
            "denominator": none,
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "returning_customer_rate": {
            "kind": "distinct",
            "dimensions": [
                "store",
                "country",
                "channel",
                "campaign",
                "customer_type",
                "rfm_segment",
                "archetype"
            ],
            "numerator": "returning_customers",
            "denominator": "purchasing_customers",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "gross_margin": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "channel",
                "campaign",
                "customer_type",
                "rfm_segment",
                "archetype",
                "product_category",
                "product"
            ],
            "numerator": "known_gross_margin",
            "denominator": none,
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": "movements_of_unknown_cost"
        },
        "gross_margin_coverage": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "channel",
                "campaign",
                "customer_type",
                "rfm_segment",
                "archetype",
                "product_category",
                "product"
            ],
            "numerator": "costed_net_sales",
            "denominator": "net_sales",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "contribution_margin": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "channel",
                "campaign",
                "customer_type",
                "rfm_segment",
                "archetype",
                "product_category",
                "product"
            ],
            "numerator": "known_contribution_margin",
            "denominator": none,
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": "lines_of_unknown_cost"
        },
        "contribution_margin_coverage": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "channel",
                "campaign",
                "customer_type",
                "rfm_segment",
                "archetype",
                "product_category",
                "product"
            ],
            "numerator": "fully_costed_net_of_order_lines",
            "denominator": "net_of_order_lines",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "recovered_revenue": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "channel",
                "campaign",
                "customer_type",
                "rfm_segment",
                "archetype"
            ],
            "numerator": "recovered_revenue",
            "denominator": none,
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "payback_days": {
            "kind": "state",
            "dimensions": [
                "cohort"
            ],
            "numerator": "days_to_payback",
            "denominator": "cohorts",
            "scale": 1,
            "numerator_may_lack": true,
            "unknown": none
        },
        "ltv_30d": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "channel"
            ],
            "numerator": "net_of_30_days",
            "denominator": "customers_of_30_days",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "ltv_90d": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "channel"
            ],
            "numerator": "net_of_90_days",
            "denominator": "customers_of_90_days",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "ltv_365d": {
            "kind": "additive",
            "dimensions": [
                "store",
                "country",
                "channel"
            ],
            "numerator": "net_of_365_days",
            "denominator": "customers_of_365_days",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        },
        "predicted_ltv": {
            "kind": "state",
            "dimensions": [
                "store",
                "country",
                "channel"
            ],
            "numerator": "predicted_value",
            "denominator": "customers_with_prediction",
            "scale": 1,
            "numerator_may_lack": false,
            "unknown": none
        }
    }
}) }}
{%- endmacro %}
