"""Hypothesis judges rules here, not the speed of the machine."""

import hypothesis

hypothesis.settings.register_profile("steady", deadline=None, max_examples=50)
hypothesis.settings.load_profile("steady")
