"""A project's own rules, from the folders that its configuration names: Python files like those of the catalogue, and TOML files."""
