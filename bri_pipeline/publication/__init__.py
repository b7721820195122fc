"""What a publication is, whatever the source: its record, parties, countries, IPC symbols, and what a scan yields."""
