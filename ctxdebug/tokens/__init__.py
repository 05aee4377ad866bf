"""How many tokens a text has, and how many a provider would count for a request: exact, or with a band."""
