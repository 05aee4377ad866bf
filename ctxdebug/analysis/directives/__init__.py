"""Directives in text that nobody with authority wrote: found by how they read, judged by where they stand."""
