# ruff: noqa: INP001 - a script of CI, in no package
"""Print the lowest release that pyproject.toml allows of each direct dependency, as pip takes constraints.

python .ci/lowest.py > lowest.txt
"""

import re
import sys
import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
for row in (*project["dependencies"], *project["optional-dependencies"]["deps"]):
    if match := re.match(r"([\w.-]+)>=([\w.]+)", row):
        sys.stdout.write(f"{match[1]}=={match[2]}\n")
