"""A session on one screen, one of its turns, the same as JSON, and as a page."""
