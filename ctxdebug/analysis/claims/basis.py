"""What an amount is for: `12 EUR a month`, `30 ml in 10 litres`, `5 EUR per person`; the same amount for another thing is another amount."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctxdebug.analysis.claims.alignment import Alignment, Difference, word_at
from ctxdebug.analysis.claims.units import NUMBER_WORDS
from ctxdebug.analysis.claims.values import NUMERIC, Value, ValueKind
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

_COVERED = 0.5
"""Share of the rest of the claim that the sentence must have."""
_TIMES = {
    "hour": "hours hr stunde stunden heure heures hora horas ora ore",
    "day": "days tag tage jour jours día días dia dias giorno giorni daily täglich",
    "night": "nights nacht nächte nuit nuits noche noches notte notti",
    "week": "weeks woche wochen semaine semaines semana semanas settimana settimane weekly wöchentlich",
    "month": "months monat monate mois mes meses mese mesi monthly monatlich",
    "quarter": "quarters quartal quartale trimestre trimestres",
    "year": "years annum jahr jahre an ans année année año años anno anni yearly annually jährlich",
}
_THINGS = {
    "person": "persons people head guest guests adult adults participant kopf gast personne personnes persona personas persone",
    "child": "children kid kids kind kinder enfant enfants niño niños bambino bambini",
    "group": "groups party family gruppe familie groupe famille grupo familia gruppo famiglia",
    "room": "rooms zimmer chambre chambres habitación habitaciones camera camere",
    "litre": "litres liter liters l liter litro litros litri",
    "kilometre": "kilometres kilometer kilometers km",
    "kilogram": "kilograms kilo kilos kg kilogramm",
    "piece": "pieces item items stück pièce pièces pieza piezas pezzo pezzi",
    "hectare": "hectares ha hektar hectárea hectáreas ettaro ettari",
    "vehicle": "vehicles car cars auto autos fahrzeug voiture coche",
}
_CLASS = {form: ("time", name) for name, forms in _TIMES.items() for form in (name, *forms.split())} | {
    form: ("thing", name) for name, forms in _THINGS.items() for form in (name, *forms.split())
}
_FOR = lazy(
    r"\s*(?:(?!(?:once|twice|times|every|einmal|zweimal|mal|fois|vez|veces|volta|volte)\b)[^\W\d_]{2,20}\s){0,4}?(?:/|\b(?:per|an?|each|every|in|into|for|pro|je|im|am|par|por|al?|la|cada|ogni|dans|en|auf)\b)\s?"
    r"(?:(?:each|every|the|jeden?|chaque)\s)?(?:(\d{1,5}|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|hundred)\s)?([^\W\d_]{1,12})\b",
    re.IGNORECASE,
)
_MOST = 3


@record(frozen=True, slots=True)
class Basis:
    """What an amount is for: how many of which thing, and whether that is a time."""

    count: float
    thing: str
    is_time: bool


def bases(text: str, value: Value) -> frozenset[Basis]:
    """Return what follows an amount as that which it is for; empty if nothing does."""
    found: set[Basis] = set()
    at = value.end
    while len(found) < _MOST and (match := _FOR.match(text, at)):
        known = _CLASS.get(match[2].lower())
        count = _count(match[1])
        if known is None or count is None or (known[0] == "time" and count > 1):
            break  # `every 12 hours` is how often, and not what it is for
        found.add(Basis(count, known[1], known[0] == "time"))
        at = match.end()
    return frozenset(found)


def _count(written: str | None) -> float | None:
    if written is None:
        return 1.0
    return float(written) if written.isdecimal() else NUMBER_WORDS.get(written.lower())


def differences(one: Alignment) -> Iterator[Difference]:
    """Yield an amount of both sides that each says is for another thing: `a month` against `a year`."""
    theirs = [value for value in one.source.values if value.kind in NUMERIC]
    for value in one.claim.values:
        if value.kind not in NUMERIC or value.kind is ValueKind.PERCENT:
            continue
        like = [other for other in theirs if (other.kind, other.unit, other.low) == (value.kind, value.unit, value.low)]
        mine = bases(one.claim.text, value)
        said = [bases(one.source.text, other) for other in like]
        if not mine or not said or not all(said) or any(not _at_odds(mine, other) for other in said):
            continue
        covered = one.covered()
        x, y = word_at(one.mine, value.end), word_at(one.theirs, like[0].end)
        if covered >= _COVERED and x is not None and y is not None:
            yield "basis", covered, (x, x), (y, y)


def _at_odds(mine: frozenset[Basis], theirs: frozenset[Basis]) -> bool:
    """Whether two sides have no basis in common, and one of each is of one sort: both times, or both things."""
    return mine.isdisjoint(theirs) and any(a.is_time is b.is_time for a in mine for b in theirs)
