"""How customers behave: eight axes, fuzzy segments on each, archetypes of all together."""
