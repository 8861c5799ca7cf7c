"""Whether a sentence lets somebody issue a danger notice or order an evacuation who may not.

Danger notices (vaaratiedote) are issued by the authorities of act 466/2012 section 3, urgent evacuation
(suojaväistö) is ordered by the rescue authority under act 379/2011 section 36. A municipality may do neither:
it asks. The wording is judged one sentence at a time, in each of the three languages. A false alarm is
preferred to a silent miss: a sentence that names a danger notice passes only in a form known to be permitted.
"""

import re
from dataclasses import dataclass

from prep.terms import CardRole, Language

# The rescue department: the officer decides, the situation centre passes on.
COMPETENT = frozenset({CardRole.RESCUE_DUTY_OFFICER, CardRole.SITUATION_CENTRE})


@dataclass(frozen=True, slots=True)
class _Wording:
    """How one language says it; every pattern is searched for without regard to case."""

    authority: str
    ask: str
    notice: str
    # Making a notice oneself; and passing on one that the authority has made.
    issue: str
    relay: str
    # Ordering an evacuation, in all the ways in which a card could say it.
    evacuate: str
    # It is said that somebody else does it, or that one does not.
    not_own: str


# Up to three words between the verb and its object; a conjunction begins another deed.
_GAP = r"(?:(?!(?:ja|sekä|sitten|och|samt|sedan|and|then)\b)[\w-]+\s+){0,3}?"

_FI_AUTHORITY = (
    r"(?:pelastusviranomai\w*|pelastuslaito\w*|pelastuspäällyst\w*|päivystävä\w*\s+päällyst\w*"
    r"|pelastustoiminnan\s+johtaj\w*|tilannekesku\w*)"
)
_FI_SUBJECT = (
    r"\b(?:pelastusviranomainen|pelastuslaitos|päivystävä\s+päällystö|pelastustoiminnan\s+johtaja"
    r"|tilannekeskus)"
)
_FI_MOVE = r"(?:evakuoin(?:ti|nin|nista|tia|tiin|nit)|suojaväist\w*|väestönsiir\w*)\b(?!-)"
_FI = _Wording(
    authority=_FI_AUTHORITY,
    ask=r"\b(?:pyyd|pyyt|pyyn|esitä|ehdot|kysy)\w*",
    notice=r"vaaratiedo\w*",
    issue=r"\b(?:anna|annetaan|laadi|kirjoita|julkaise|lähetä|tee|valmistele)\b",
    relay=r"\b(?:toista|välitä|jaa|seuraa|noudata)\b",
    evacuate=(
        rf"\b(?:määrä(?:ä\w*|tään|nnyt)|käske\w*|pää(?:tä|tät|ttää|tetään|ttänyt)|käynnist(?:ä|ät|etään)"
        rf"|aloita|aloitat|aloitetaan|toimeenpane|anna)\s+{_GAP}{_FI_MOVE}"
        rf"|{_FI_MOVE}\s+{_GAP}(?:käynnistetään|aloitetaan|määrätään|päätetään|käskyttä\w*)"
        r"|\bevakuoi\b|\bevakuoidaan\b|\btyhjennä\s+(?:alue|kylä|taajama)\w*"
    ),
    not_own=(
        rf"\b(?:ei|eikä|eivät|älä|äläkä)\s+{_GAP}(?:anna|määrää|käske|päätä|käynnistä|aloita|evakuoi)\b"
        rf"|{_FI_SUBJECT}\s+{_GAP}(?:päättä|määrä|anta|käske)\w*"
        rf"|\b(?:päättää|määrää|antaa|käskee)\s+{_GAP}{_FI_SUBJECT}"
    ),
)

_SV_AUTHORITY = (
    r"(?:räddningsmyndighet\w*|räddningsverk\w*|räddningsbefäl\w*|jourhavande\s+befäl\w*"
    r"|räddningsledar\w*|lägescentral\w*)"
)
_SV_MOVE = r"(?:evakuering(?:en|ar)?|utrymning(?:en)?|förflyttning(?:en)?)\b(?!-)"
_SV = _Wording(
    authority=_SV_AUTHORITY,
    ask=r"\b(?:be|ber|begär|begära|föreslå|fråga|anhåll)\b",
    notice=r"varningsmeddeland\w*",
    issue=r"\b(?:utfärda|skriv|publicera|skicka|gör|sänd|ge|förbered)\b",
    relay=r"\b(?:upprepa|vidarebefordra|förmedla|sprid|dela|följ)\b",
    evacuate=(
        rf"\b(?:beordra|beordrar|beslut|besluta|beslutar|inled|inleder|starta|startar|påbörja|påbörjar"
        rf"|verkställ|verkställer|utlys|order|ge\s+order)\s+{_GAP}{_SV_MOVE}"
        rf"|{_SV_MOVE}\s+{_GAP}(?:inleds|påbörjas|startas|beordras|beslutas)\b"
        r"|(?<!att\s)(?<!ska\s)(?<!kan\s)(?<!bör\s)\bevakuera\b|\butrym\b"
    ),
    not_own=(
        r"\b(?:utfärdar|beordrar|beslutar|ger)\s+inte\b"
        rf"|\b(?:inte|aldrig|varken)\s+{_GAP}(?:utfärda|beordra|beslut|ge\b|inled|starta|evakuera|utrym)\w*"
        rf"|{_SV_AUTHORITY}\s+{_GAP}(?:beslut|beordra|utfärda|ger\b|gett\b)\w*"
        rf"|\b(?:beslutar|beordrar|utfärdar|beslutas\s+av|beordras\s+av|utfärdas\s+av)\s+{_GAP}{_SV_AUTHORITY}"
    ),
)

_EN_AUTHORITY = (
    r"(?:rescue\s+(?:authorit\w*|department|service|duty\s+officer|officer)|incident\s+commander"
    r"|situation\s+centre)"
)
_EN_MOVE = (
    r"(?:evacuations?|population\s+transfers?)\b"
    r"(?!\s+(?:centres?|sites?|premises|plans?|lists?|teams?|transport|staff|routes?|planning)\b)"
)
_EN = _Wording(
    authority=_EN_AUTHORITY,
    ask=r"\b(?:ask|asks|request|requests|propose)\b",
    notice=r"\b(?:danger\s+notices?|emergency\s+warnings?)",
    issue=r"\b(?:issue|write|publish|send|make|give|draft|prepare)\b",
    relay=r"\b(?:repeat|pass\s+on|relay|share|follow)\b",
    evacuate=(
        rf"\b(?:orders?|decides?|starts?|begins?|launch|launches|declares?)\s+{_GAP}{_EN_MOVE}"
        rf"|{_EN_MOVE}\s+(?:is|are)\s+(?:ordered|decided|started|begun)\b"
        r"|(?<!to\s)(?<!must\s)(?<!can\s)\bevacuate\b"
    ),
    not_own=(
        rf"\b(?:not|never|nor)\s+{_GAP}(?:issue|order|decide|give|start|begin|evacuate)\b"
        rf"|{_EN_AUTHORITY}\s+{_GAP}(?:decide|order|issue|give)\w*"
        rf"|\b(?:decided|ordered|issued)\s+by\s+(?:the\s+)?{_EN_AUTHORITY}"
    ),
)

_WORDINGS = {Language.FI: _FI, Language.SV: _SV, Language.EN: _EN}


def issues_danger_notice(text: str, language: Language) -> bool:
    """Whether some sentence speaks of a danger notice otherwise than by asking, declining or passing on.

    >>> issues_danger_notice("Anna vaaratiedote.", Language.FI)
    True
    >>> issues_danger_notice("Pyydä pelastusviranomaiselta vaaratiedotetta.", Language.FI)
    False
    """
    wording = _WORDINGS[language]
    return any(
        _found(wording.notice, sentence)
        and not _asks_for_it(wording, sentence, wording.issue)
        and not _found(wording.not_own, sentence)
        and not (_found(wording.relay, sentence) and not _found(wording.issue, sentence))
        for sentence in _sentences(text)
    )


def orders_evacuation(text: str, language: Language) -> bool:
    """Whether some sentence orders or starts an evacuation otherwise than by asking for it.

    >>> orders_evacuation("Order the evacuation of the village.", Language.EN)
    True
    >>> orders_evacuation("Open the evacuation centre.", Language.EN)
    False
    """
    wording = _WORDINGS[language]
    return any(
        _found(wording.evacuate, sentence)
        and not _asks_for_it(wording, sentence, wording.evacuate)
        and not _found(wording.not_own, sentence)
        for sentence in _sentences(text)
    )


def _asks_for_it(wording: _Wording, sentence: str, deed: str) -> bool:
    """Whether the rescue authority is asked, and the deed is not done before it is asked for."""
    asked = _found(wording.ask, sentence)
    if asked is None or not _found(wording.authority, sentence):
        return False
    return not _found(deed, sentence[: asked.start()])


def _found(pattern: str, text: str) -> re.Match[str] | None:
    return re.search(pattern, text, re.IGNORECASE)


def _sentences(text: str) -> list[str]:
    return re.split(r"[.;:!?]", text)
