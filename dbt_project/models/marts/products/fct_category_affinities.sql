{{ item_affinities(ref('int_item_pairs_tested'), level='category', item='category') }}
