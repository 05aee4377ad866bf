"""One turn against the turn before: what was added, dropped, moved or summarised."""
