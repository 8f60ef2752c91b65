"""The GA4 event export: one file or folder of events a day."""
