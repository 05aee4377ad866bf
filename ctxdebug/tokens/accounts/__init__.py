"""What a provider counts as a request's prompt, one file per family of rules; the constants are data."""
