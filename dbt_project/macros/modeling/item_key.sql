{# What a line is of, for its cost and weight: the variant, else the SKU in its store; null of neither. #}
{% macro item_key(relation) -%}
    case
        when {{ relation }}.variant_key is not null then {{ relation }}.variant_key
        when {{ relation }}.sku is not null
            then {{ surrogate_key([relation ~ '.store_key', relation ~ '.sku']) }}
    end
{%- endmacro %}

{# The item of what names its product only, where the product has one. #}
{% macro product_item_key(relation) -%}
    {{ surrogate_key(["'product'", relation ~ '.product_key']) }}
{%- endmacro %}
