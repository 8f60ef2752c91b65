{{ item_affinities(ref('int_item_pairs_tested'), level='product', item='product_key') }}
