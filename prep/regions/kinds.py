"""The kinds that occur in region packs, and their names on the screen."""

from enum import StrEnum

from prep.language import Message, say


class CountyKind(StrEnum):
    """Who answers for rescue services in the area."""

    WELLBEING_COUNTY = "wellbeing_county"  # hyvinvointialue
    CITY = "city"  # Helsinki answers for them itself
    AUTONOMOUS_REGION = "autonomous_region"  # Åland


class LanguageStatus(StrEnum):
    """A municipality's official language or languages (Language Act 423/2003 section 5)."""

    FINNISH = "finnish"
    SWEDISH = "swedish"
    BILINGUAL_FINNISH_MAJORITY = "bilingual_finnish_majority"
    BILINGUAL_SWEDISH_MAJORITY = "bilingual_swedish_majority"
    UNKNOWN = "unknown"


class EvidenceMark(StrEnum):
    """How a fact of a pack is known."""

    AGREEMENT = "agreement"  # stands in the agreement, or in a document that belongs to it
    SEEN = "seen"  # stands in the public source that is named
    COMPUTED = "computed"
    MEMORY = "memory"  # not checked: confirm before relying on it
    PROPOSAL = "proposal"  # a starting value for the county to change


class Validity(StrEnum):
    """How an agreement stands on a day."""

    IN_FORCE = "in_force"
    ENDED = "ended"
    NOT_STARTED = "not_started"
    UNKNOWN = "unknown"  # the pack does not hold the day of its start, or of its end


class ConstituencyUse(StrEnum):
    SEATS = "seats"  # shares a seat in a body
    SUBAREA = "subarea"  # an area of the programme, without a seat of its own


class BodyLevel(StrEnum):
    STRATEGIC = "strategic"
    LEADERSHIP = "leadership"
    OPERATIONAL = "operational"
    PARTNERSHIP = "partnership"
    EXPERT = "expert"
    LOCAL = "local"


class BodyScope(StrEnum):
    """How many of a body there are."""

    REGION = "region"
    AREA = "area"
    MUNICIPALITY = "municipality"


class CommunicationDuty(StrEnum):
    """Who answers for telling about a body's meetings."""

    CONVENER = "convener"
    CHAIR = "chair"
    COUNTY = "county"


class SeatBasis(StrEnum):
    """Who fills a seat."""

    CONSTITUENCY = "constituency"
    MUNICIPALITY = "municipality"  # each municipality fills its own
    ORGANISATION = "organisation"
    NOMINATION = "nomination"  # the person of a shared nomination


class RoleScope(StrEnum):
    """For whom a named role is filled."""

    MUNICIPALITY = "municipality"  # in each municipality
    COUNTY = "county"
    SHARED = "shared"  # one for all municipalities together


class OwnerKind(StrEnum):
    """Who can owe a duty or a measure, apart from the bodies of the pack."""

    COUNTY = "county"
    RESCUE_SERVICE = "rescue_service"
    MUNICIPALITIES = "municipalities"
    REGIONAL_COUNCIL = "regional_council"
    ALL_PARTIES = "all_parties"


class Period(StrEnum):
    YEAR = "year"
    COUNCIL_TERM = "council_term"


class ShareBasis(StrEnum):
    """How a share of a cost is divided within its party."""

    WHOLE = "whole"  # the party pays it alone
    POPULATION = "population"  # divided by population


class ContradictionKind(StrEnum):
    CONFLICT = "conflict"  # the sources disagree
    GAP = "gap"  # the sources are silent
    MISTAKE = "mistake"  # an evident clerical error


class SourceCover(StrEnum):
    """What of a pack a source was used for."""

    CODES = "codes"
    NAMES = "names"
    POPULATIONS = "populations"
    CENTRES = "centres"
    LANGUAGES = "languages"
    AGREEMENT = "agreement"


def label(kind: StrEnum) -> Message:
    """The name of a kind as a user reads it."""
    return _LABELS[kind.__class__][kind]


_LABELS: dict[type[StrEnum], dict[StrEnum, Message]] = {
    CountyKind: {
        CountyKind.WELLBEING_COUNTY: say("wellbeing services county"),
        CountyKind.CITY: say("city"),
        CountyKind.AUTONOMOUS_REGION: say("autonomous region"),
    },
    LanguageStatus: {
        LanguageStatus.FINNISH: say("Finnish"),
        LanguageStatus.SWEDISH: say("Swedish"),
        LanguageStatus.BILINGUAL_FINNISH_MAJORITY: say("bilingual, Finnish majority"),
        LanguageStatus.BILINGUAL_SWEDISH_MAJORITY: say("bilingual, Swedish majority"),
        LanguageStatus.UNKNOWN: say("language status unknown"),
    },
    EvidenceMark: {
        EvidenceMark.AGREEMENT: say("in the agreement"),
        EvidenceMark.SEEN: say("in a public source"),
        EvidenceMark.COMPUTED: say("computed"),
        EvidenceMark.MEMORY: say("not checked"),
        EvidenceMark.PROPOSAL: say("proposal, to be confirmed by the county"),
    },
    Validity: {
        Validity.IN_FORCE: say("in force"),
        Validity.ENDED: say("ended"),
        Validity.NOT_STARTED: say("not yet in force"),
        Validity.UNKNOWN: say("validity unknown"),
    },
    ConstituencyUse: {
        ConstituencyUse.SEATS: say("shares a seat"),
        ConstituencyUse.SUBAREA: say("subarea"),
    },
    BodyLevel: {
        BodyLevel.STRATEGIC: say("strategic level"),
        BodyLevel.LEADERSHIP: say("leadership level"),
        BodyLevel.OPERATIONAL: say("operational level"),
        BodyLevel.PARTNERSHIP: say("partnership level"),
        BodyLevel.EXPERT: say("expert level"),
        BodyLevel.LOCAL: say("local level"),
    },
    BodyScope: {
        BodyScope.REGION: say("one in the region"),
        BodyScope.AREA: say("one in each area"),
        BodyScope.MUNICIPALITY: say("one in each municipality"),
    },
    CommunicationDuty: {
        CommunicationDuty.CONVENER: say("the convener tells"),
        CommunicationDuty.CHAIR: say("the chair tells"),
        CommunicationDuty.COUNTY: say("the county tells"),
    },
    SeatBasis: {
        SeatBasis.CONSTITUENCY: say("seat of a constituency"),
        SeatBasis.MUNICIPALITY: say("seat of each municipality"),
        SeatBasis.ORGANISATION: say("seat of an organisation"),
        SeatBasis.NOMINATION: say("seat of a shared nomination"),
    },
    RoleScope: {
        RoleScope.MUNICIPALITY: say("in each municipality"),
        RoleScope.COUNTY: say("in the county"),
        RoleScope.SHARED: say("shared by the municipalities"),
    },
    OwnerKind: {
        OwnerKind.COUNTY: say("the county"),
        OwnerKind.RESCUE_SERVICE: say("the rescue service"),
        OwnerKind.MUNICIPALITIES: say("the municipalities"),
        OwnerKind.REGIONAL_COUNCIL: say("the regional council"),
        OwnerKind.ALL_PARTIES: say("all parties"),
    },
    ShareBasis: {
        ShareBasis.WHOLE: say("paid whole"),
        ShareBasis.POPULATION: say("divided by population"),
    },
    ContradictionKind: {
        ContradictionKind.CONFLICT: say("the sources disagree"),
        ContradictionKind.GAP: say("the sources are silent"),
        ContradictionKind.MISTAKE: say("clerical error"),
    },
}
