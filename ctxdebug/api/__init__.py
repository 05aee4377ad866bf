"""What a program calls: functions of what they are given, results that say the same as the reports.

`import ctxdebug` offers them and loads nothing; `docs/api.md` is their page.
"""
