"""The seeded world: an event-sourced ledger of everything that happens in six shops."""
