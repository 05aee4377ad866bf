"""The reverse proxy of `ctxdebug capture`: bytes pass unchanged, and each call is written when it is over."""
