"""Names and clauses that are stored in each language."""

from typing import Protocol

from prep.terms import Language


class Premises(Protocol):
    """One of the premises, as a row or as what is told of it."""

    @property
    def name(self) -> str: ...

    @property
    def name_sv(self) -> str: ...


def name_of(thing: object, language: Language) -> str:
    """The name of a body, seat, role or place in a language; in Finnish where there is no other.

    >>> from prep.models import Municipality
    >>> name_of(Municipality(name_fi="Kokkola", name_sv="Karleby"), Language.SV)
    'Karleby'
    """
    name: str = getattr(thing, f"name_{language}", None) or getattr(thing, "name_fi")  # noqa: B009
    return name


def name_of_site(site: Premises, language: Language) -> str:
    """The name of premises in a language; not all have a Swedish one."""
    return (language is Language.SV and site.name_sv) or site.name


def clause_of(thing: object, language: Language) -> str:
    """The clause of the agreement behind a body, seat or role; empty when there is none."""
    clause: str = getattr(thing, f"clause_{language}")
    return clause
