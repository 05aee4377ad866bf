"""What fails a build: findings that nobody has agreed to, limits that are passed, cases that do not hold."""
