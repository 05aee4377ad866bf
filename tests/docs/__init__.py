"""The documentation: its links, its recipes, and the site that is made of it."""
