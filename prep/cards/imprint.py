"""What every card says about itself: version, validity, classification, when printed, how old its data are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from prep.language import Message, in_language, say
from prep.terms import Classification, Language, TextStatus

CLASSIFICATIONS = {
    Classification.PUBLIC: say("Public"),
    Classification.INTERNAL: say("For internal use"),
    # Act on the Openness of Government Activities (621/1999), section 24.
    Classification.SECRET: say("Secret (621/1999, section 24)"),
}
DRAFT = say("Draft – to be approved by the county")


@dataclass(frozen=True, slots=True)
class DataAge:
    """When the data on a card were confirmed: the oldest and newest day, and how many never were."""

    oldest: date | None = None
    newest: date | None = None
    unconfirmed: int = 0

    @classmethod
    def of(cls, days: Iterable[date | None]) -> "DataAge":
        """The age of data confirmed on these days; None: never."""
        found = list(days)
        known = [day for day in found if day is not None]
        return cls(min(known, default=None), max(known, default=None), len(found) - len(known))

    def in_words(self) -> Message:
        """The age as it stands in the foot of a card.

        >>> str(DataAge(date(2026, 5, 1), date(2026, 11, 2), 3).in_words())
        'Data confirmed 1.5.2026–2.11.2026, never confirmed: 3'
        """
        if self.oldest is None or self.newest is None:
            none = say("No contact or premises data")
            return say("Data never confirmed: {n}", n=self.unconfirmed) if self.unconfirmed else none
        confirmed = say("Data confirmed {oldest}–{newest}", oldest=self.oldest, newest=self.newest)
        if self.unconfirmed:
            return say("{confirmed}, never confirmed: {n}", confirmed=confirmed, n=self.unconfirmed)
        return confirmed


@dataclass(frozen=True, slots=True)
class Ground:
    """What everything printed says about itself."""

    language: Language
    classification: Classification
    printed_at: datetime
    data_age: DataAge
    is_demo: bool

    def written(self, message: Message | str) -> str:
        """A sentence in the language of the print."""
        return in_language(message, self.language)


@dataclass(frozen=True, slots=True)
class Imprint(Ground):
    """What every card says about itself.

    ``attempt`` is 0 except when the code of the content is taken by another card (see ``prep.cards.code``).
    """

    version: int
    # None: there is no text that anybody would have to approve.
    status: TextStatus | None
    valid_from: date
    review_due: date
    attempt: int = 0

    def validity(self) -> str:
        """Version and days, as they stand in the foot of a card."""
        return self.written(
            say(
                "Version {version} · valid from {valid_from} · review by {review_due}",
                version=self.version,
                valid_from=self.valid_from,
                review_due=self.review_due,
            )
        )

    def content(self) -> dict[str, Any]:
        """What of it can become wrong."""
        return {
            "language": self.language,
            "version": self.version,
            "status": self.status,
            "classification": self.classification,
            "is_demo": self.is_demo,
        }
