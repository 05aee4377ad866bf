"""What each command does; `ctxdebug.cli` declares it to the terminal."""
