"""Repairs of an assembled request: proposed by the rules, checked offline, verified by asking again."""
