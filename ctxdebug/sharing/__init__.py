"""A capture for a bug report: what the findings stand on is kept, the rest is shortened, secrets are hidden, and all of it is checked again."""
