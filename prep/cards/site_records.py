"""The card of one of the premises, made from the records."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from io import BytesIO

from reportlab.lib.utils import ImageReader

from prep.cards.imprint import DataAge, Imprint
from prep.cards.opening import Opener, Picture, PremisesCard, Steps
from prep.evacuation.opening import CHECKLIST, lacking
from prep.evacuation.records import SiteView
from prep.evacuation.words import word
from prep.language import Message, say
from prep.models import Attachment, KeyHolder, Site
from prep.registry.names import name_of_site
from prep.terms import Classification, KeyPower, Language, TextStatus

VERSION = 1
# The checklist is looked through once a year, as the rows are.
_REVIEWED_EVERY = timedelta(days=365)
_POWERS = {
    KeyPower.AUTHORISE: say("may give permission"),
    KeyPower.OPEN: say("opens"),
    KeyPower.ALTERNATE: say("stands in"),
}


def premises_card(
    site: Site,
    view: SiteView,
    *,
    language: Language,
    at: datetime,
    on: date,
    is_demo: bool,
    numbers: Callable[[KeyHolder], Sequence[str]],
    files: Iterable[tuple[Attachment, bytes]] = (),
) -> PremisesCard:
    """The card; ``numbers`` gives those of a key holder as whoever asks may see them, ``files`` what is kept with it.

    Pictures are printed unless they are secret: a card lies in a folder that many open.
    """
    confirmed = [site.confirmed_on, *(one.confirmed_on for one in site.key_holders)]
    place = site.municipality.name_sv if language is Language.SV else site.municipality.name_fi
    imprint = Imprint(
        language=language,
        version=VERSION,
        status=TextStatus.DRAFT,
        valid_from=on,
        review_due=on + _REVIEWED_EVERY,
        classification=site.classification,
        printed_at=at,
        data_age=DataAge.of(confirmed),
        is_demo=is_demo,
    )
    return PremisesCard(
        imprint=imprint,
        name=name_of_site(site, language),
        where=", ".join(filter(None, (site.address, place))),
        openers=tuple(openers_of(site, numbers)),
        facts=tuple(facts_of(site, view)),
        lacks=tuple((one.sentence, one.remedy) for one in lacking(view.checks)),
        steps=tuple(Steps(part.title, part.lines) for part in CHECKLIST),
        pictures=tuple(
            Picture(row.name, content, *ImageReader(BytesIO(content)).getSize())
            for row, content in files
            if row.mime.startswith("image/") and row.classification is not Classification.SECRET
        ),
    )


def openers_of(site: Site, numbers: Callable[[KeyHolder], Sequence[str]]) -> list[Opener]:
    """Who opens, in calling order; each number on a line of its own."""
    return [
        Opener(
            holder.person.name if holder.person else holder.name,
            _POWERS[holder.power],
            ", ".join(numbers(holder)),
        )
        for holder in site.key_holders
    ]


def facts_of(site: Site, view: SiteView) -> list[tuple[Message, Message | str | None]]:
    """What whoever opens has to know; None for what is not known."""
    hours = [
        (say("Opens in"), site.hours_to_open),
        (say("Runs fully in"), site.hours_to_full),
        (say("Own power lasts"), site.backup_power_h),
    ]
    return [
        (say("Availability"), word(view.status)),
        (say("Use"), say("{parts}", parts=[word(use) for use in view.uses]) if view.uses else None),
        *((label, None if value is None else say("{n} h", n=value)) for label, value in hours),
        (say("Places"), None if view.persons is None else say("{n} persons", n=view.persons)),
        (say("Limited by"), view.binding.basis if view.binding else None),
        (
            say("At most by the fire inspection"),
            None if site.fire_max_persons is None else say("{n} persons", n=site.fire_max_persons),
        ),
    ]
