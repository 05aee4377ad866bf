"""A run: the calls of the model that one context shows, what each read, what its tools returned, and what was sent again."""
