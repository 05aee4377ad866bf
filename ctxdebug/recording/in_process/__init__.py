"""Record from within a Python process: the HTTP libraries that are loaded are watched, and behave as before.

One module a library. Each wraps the one method that every call of it goes through, passes arguments and results on
unchanged, and collects the bytes as the application reads them.
"""
