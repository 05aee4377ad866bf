"""Which degrees of freedom the prompt leaves: clauses it states, the schema it enforces."""
