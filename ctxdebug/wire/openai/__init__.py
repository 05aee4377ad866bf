"""OpenAI, and those that speak its formats."""
