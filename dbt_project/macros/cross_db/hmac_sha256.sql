{#
    HMAC-SHA-256 of a text, as hex digits; null where the text is.
    inner, outer: the padded keys of RFC 2104, 128 hex digits each.
#}
{% macro hmac_sha256(text, inner, outer) -%}
    {{ return(adapter.dispatch('hmac_sha256')(text, inner, outer)) }}
{%- endmacro %}

{% macro default__hmac_sha256(text, inner, outer) -%}
    sha256(unhex('{{ outer }}') || unhex(sha256(unhex('{{ inner }}') || encode({{ text }}))))
{%- endmacro %}

{% macro postgres__hmac_sha256(text, inner, outer) -%}
    encode(
        sha256(
            decode('{{ outer }}', 'hex')
            || sha256(decode('{{ inner }}', 'hex') || convert_to({{ text }}, 'UTF8'))
        ),
        'hex'
    )
{%- endmacro %}

{% macro snowflake__hmac_sha256(text, inner, outer) -%}
    lower(
        sha2_hex(
            to_binary('{{ outer }}', 'HEX')
            || sha2_binary(to_binary('{{ inner }}', 'HEX') || to_binary({{ text }}, 'UTF-8'), 256),
            256
        )
    )
{%- endmacro %}
