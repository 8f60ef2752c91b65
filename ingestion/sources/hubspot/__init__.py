"""HubSpot: the contacts of a portal."""
