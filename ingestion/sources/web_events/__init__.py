"""First-party web events: messages in Segment's form, as JSON lines in a folder."""
