"""A conversation or an agent run as one picture: its calls in order, what filled them, what was lost, and what was paid twice."""
