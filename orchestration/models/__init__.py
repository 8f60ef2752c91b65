"""The models at work: what they read from marts, what they write to the schema `ml`, and when."""
