"""Maintainers' scripts: they remake what is kept in the repository and are not part of the package."""
