"""The self-contained page of a report: its parts as plain values, then one template.

Whatever was captured is escaped by the template or by `chips`; no link, style or script is ever made from it.
"""
