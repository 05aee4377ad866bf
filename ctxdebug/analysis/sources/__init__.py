"""Whether sources were retrieved, conflict, carry the answer, and are quoted and cited as they are.

`Examination` is the pass over plain texts; the rules MEM401 to MEM407 read it through `Analysis`.
"""

from __future__ import annotations

from ctxdebug.analysis.sources.corpus import Source
from ctxdebug.analysis.sources.examination import Examination

__all__ = ["Examination", "Source"]
