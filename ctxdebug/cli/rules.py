"""`ctxdebug rules`: the catalogue by family, with its row of the translation table."""

from __future__ import annotations

from ctxdebug.cli import app


@app.command(short_help="every rule, by family")
def rules() -> None:
    """List every rule by family, with the row of the translation table that the family stands for."""
    from ctxdebug.commands.terminal import write
    from ctxdebug.rules import FAMILIES, RULES

    catalogue = RULES.all().values()
    lines: list[str] = []
    for family in FAMILIES.values():
        lines += [f"{family.prefix}  {family.problem} → {family.manifestation}", f"     what helps: {family.answer}"]
        lines += [
            f"  {rule.code}  {rule.severity.word:<8} {rule.name:<34} {rule.page.title}"
            for rule in catalogue
            if rule.family == family.folder
        ]
        lines.append("")
    write("\n".join([*lines, "ctxdebug explain CODE prints a rule's page"]) + "\n")
