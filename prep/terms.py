"""The vocabulary: every kind that a record, a rule or a card can name."""

from collections.abc import Iterable
from enum import StrEnum


class Language(StrEnum):
    FI = "fi"
    SV = "sv"
    EN = "en"


class Classification(StrEnum):
    """Handling label of a record or document (suojaustaso)."""

    PUBLIC = "public"
    INTERNAL = "internal"
    SECRET = "secret"  # salassa pidettävä, JulkL 24 §


class State(StrEnum):
    """How a thing stands, shown by word, shape and colour together."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"
    UNKNOWN = "unknown"


def strictest(labels: Iterable["Classification"]) -> "Classification":
    """The label of a whole: it is as secret as the most secret of its parts.

    >>> strictest([Classification.INTERNAL, Classification.SECRET, Classification.PUBLIC]).value
    'secret'
    """
    return max(labels, key=list(Classification).index)


def worst(states: Iterable[State]) -> State:
    """The state that a whole takes from its parts: a fault, else unknown, else a warning, else in order.

    Unknown comes before a warning: what nobody knows is not nearly in order. Nothing at all is unknown.

    >>> worst([State.OK, State.WARNING, State.UNKNOWN]).value
    'unknown'
    """
    found = set(states)
    order = (State.FAULT, State.UNKNOWN, State.WARNING, State.OK)
    return next((state for state in order if state in found), State.UNKNOWN)


class ActorKind(StrEnum):
    """Who or what can be alerted."""

    PERSON = "person"
    DUTY_DESK = "duty_desk"  # staffed round the clock
    SYSTEM = "system"  # sends, never answers


class ContactKind(StrEnum):
    """What a contact point is."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    EMAIL = "email"
    AUTHORITY_RADIO = "authority_radio"  # VIRVE
    PAGER = "pager"
    SATELLITE = "satellite"
    APP = "app"


class Channel(StrEnum):
    """How an attempt is made; several channels may end in one contact point."""

    CALL = "call"
    ROBOT_CALL = "robot_call"
    SMS = "sms"
    APP_OVERRIDE = "app_override"
    APP = "app"
    PAGER = "pager"
    RADIO = "radio"
    DUTY_CALL = "duty_call"
    EMAIL = "email"
    SATELLITE_CALL = "satellite_call"
    RUNNER = "runner"


class Evidence(StrEnum):
    """How a contact point is known to work."""

    DRILL = "drill"
    CALLED_BACK = "called_back"
    CONFIRMED = "confirmed"
    TYPED = "typed"


class ListMode(StrEnum):
    """How a caller goes through the own list."""

    SERIAL = "serial"  # one line: the next attempt waits for the one before
    PARALLEL = "parallel"  # a system: every slot has its own line


class If(StrEnum):
    """When a conditional attempt of a caller is made."""

    ANSWERED = "answered"  # the other step has answered this caller
    SILENT = "silent"  # it has not, though its wait is over


class HourClass(StrEnum):
    OFFICE = "office"
    EVENING = "evening"
    NIGHT = "night"
    HOLIDAY = "holiday"  # weekend or public holiday, by day


class ResourceKind(StrEnum):
    """Shared infrastructure on which attempts depend."""

    MOBILE_CORE = "mobile_core"
    OPERATOR_AREA = "operator_area"
    POWER_AREA = "power_area"
    LANDLINE = "landline"
    SMS_GATEWAY = "sms_gateway"
    MASS_ALERT = "mass_alert"
    EMERGENCY_CENTRE_SYSTEM = "emergency_centre_system"
    AUTHORITY_RADIO = "authority_radio"
    PAGER_NETWORK = "pager_network"
    INTERNET = "internet"


class BodyKind(StrEnum):
    READINESS_BOARD = "readiness_board"
    MANAGEMENT_GROUP = "management_group"
    SECRETARIAT = "secretariat"
    FORUM = "forum"
    COMMITTEE = "committee"
    NETWORK = "network"
    PARTNERSHIP_GROUP = "partnership_group"
    NEGOTIATION = "negotiation"
    DUTY = "duty"  # desks and duty officers who are alerted together


class MeetingStatus(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class FreshnessKind(StrEnum):
    """What has to be confirmed again from time to time."""

    CONTACT = "contact"  # a number or address
    ROLE = "role"  # who holds a named role
    SEAT = "seat"  # who sits in a body
    SITE = "site"  # premises


class OutboxState(StrEnum):
    """How far a message on its way out has come."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"  # it may have arrived, and cannot be asked for


class SiteUse(StrEnum):
    """What premises are usable for in an evacuation."""

    ASSEMBLY_POINT = "assembly_point"
    ASSEMBLY_CENTRE = "assembly_centre"
    EVACUATION_CENTRE = "evacuation_centre"
    TEMPORARY_ACCOMMODATION = "temporary_accommodation"
    CATERING = "catering"


class SiteStatus(StrEnum):
    AVAILABLE = "available"
    CONDITIONAL = "conditional"
    IN_USE = "in_use"
    OUT = "out"
    # By their holder; nothing is agreed yet.
    OFFERED = "offered"
    # No longer on the list; what is known of them stays.
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


class SiteFeature(StrEnum):
    """A feature of premises for which there can be evidence; the value is that of its column."""

    ACCESSIBLE = "is_accessible"
    KITCHEN = "has_kitchen"
    BACKUP_POWER = "backup_power_h"
    HEATING = "heats_without_grid"
    WELL = "has_well"
    PET_AREA = "has_pet_area"
    QUIET_ROOM = "has_quiet_room"
    FLOOR = "floor_level"
    EXITS = "exits"
    SMOKE_DETECTORS = "smoke_detectors"
    PARKING = "parking_spaces"
    BUS_ACCESS = "has_bus_access"


class BookingKind(StrEnum):
    """How far a booking (varaus) takes premises."""

    TAKEN = "taken"
    ON_NOTICE = "on_notice"  # free some hours after the call


class Usability(StrEnum):
    """Whether premises can be had in an hour (vapaana)."""

    FREE = "free"
    ON_NOTICE = "on_notice"
    TAKEN = "taken"
    UNKNOWN = "unknown"


class KeyPower(StrEnum):
    """What a key holder may do."""

    AUTHORISE = "authorise"
    OPEN = "open"
    ALTERNATE = "alternate"


class CardKind(StrEnum):
    ACTION = "action"
    CONTACT = "contact"


class CopyState(StrEnum):
    """What has become of the printed copies of a card."""

    OUT = "out"
    RETURNED = "returned"
    DESTROYED = "destroyed"
    LOST = "lost"


class Paper(StrEnum):
    """A sheet as printers take it."""

    A3 = "a3"
    A4 = "a4"


class CardFormat(StrEnum):
    """The size of one face of a print; smaller ones stand several on a sheet of A4."""

    A4 = "a4"
    A5 = "a5"
    A6 = "a6"
    LANYARD = "lanyard"  # 90 × 130 mm, to be worn
    POCKET = "pocket"  # one sheet of A4 folded to eight faces
    TENT = "tent"  # one sheet of A4 folded to stand on a table, the same on both faces


class SheetKind(StrEnum):
    """What is printed of the registry beside cards."""

    CALL_LIST = "call-list"
    DRILL = "drill"
    BODY = "body"
    COVER = "cover"
    CONTACTS = "contacts"
    MAP = "map"


class CardPhase(StrEnum):
    """When a step of an action card is done: in the first hour on its front side, later on the back."""

    FIRST_15_MIN = "first_15_min"
    FIRST_60_MIN = "first_60_min"
    HOURS_2_12 = "hours_2_12"
    AFTER_12_H = "after_12_h"
    STAND_DOWN = "stand_down"

    @property
    def is_first_hour(self) -> bool:
        return self in (CardPhase.FIRST_15_MIN, CardPhase.FIRST_60_MIN)


class TextStatus(StrEnum):
    """How far the texts of a disruption's cards have come."""

    DRAFT = "draft"  # shipped; the county has not approved it
    APPROVED = "approved"


class Disruption(StrEnum):
    """The twelve disruptions for which there are action cards."""

    POWER_OUTAGE = "power_outage"
    WATER_CONTAMINATION = "water_contamination"
    TELECOM_OUTAGE = "telecom_outage"
    CYBER_ATTACK = "cyber_attack"
    STORM = "storm"
    FLOOD = "flood"
    HAZARDOUS_SUBSTANCE = "hazardous_substance"
    MASS_EVACUATION = "mass_evacuation"
    WILDFIRE = "wildfire"
    PANDEMIC = "pandemic"
    MILITARY_THREAT = "military_threat"
    SCHOOL_ACCIDENT = "school_accident"


class CardRole(StrEnum):
    """For whom an action card is written; the value is the code on the card."""

    RESCUE_DUTY_OFFICER = "RO"
    SITUATION_CENTRE = "SC"
    PREPAREDNESS_CONTACT = "PC"
    MUNICIPAL_LEADER = "ML"
    TECHNICAL_SERVICES = "TE"
    EDUCATION = "ED"
    COMMUNICATIONS = "CO"
    SOCIAL_EMERGENCY = "SO"
    HEALTH_COMMAND = "HC"
    EVACUATION_CENTRE_MANAGER = "EV"
    ICT = "IC"
    ENVIRONMENTAL_HEALTH = "EH"
    TRANSPORT = "TR"
    KEY_HOLDER = "KS"


class AccountRole(StrEnum):
    """What somebody with an account is in prep (käyttäjärooli); not a role of the registry."""

    COUNTY_PLANNER = "county_planner"
    MUNICIPAL_CONTACT = "municipal_contact"
    EXERCISE_DIRECTOR = "exercise_director"
    DUTY_OFFICER = "duty_officer"
    VIEWER = "viewer"
    ADMINISTRATOR = "administrator"


class MailTls(StrEnum):
    """How the connection to the mail server is encrypted."""

    STARTTLS = "starttls"  # begun in the open, then encrypted; without encryption nothing is sent
    IMPLICIT = "implicit"  # encrypted from the first byte
    NONE = "none"  # only for a server on this machine


class SignInMethod(StrEnum):
    """By what somebody who is signed in has shown who they are."""

    PASSWORD = "password"  # alone: only until a second factor has been set up
    TOTP = "totp"
    RECOVERY_CODE = "recovery_code"
    PASSKEY = "passkey"
    PROVIDER = "provider"  # of the organisation, which has asked for a second factor itself
    PROVIDER_ALONE = "provider_alone"  # and has not: only until a second factor has been set up
    DEMONSTRATION = "demonstration"  # the link that opens an invented county on its own machine


class SignInStep(StrEnum):
    """Which step of a sign-in failed."""

    PASSWORD = "password"
    SECOND_FACTOR = "second_factor"
    PASSKEY = "passkey"
    PROVIDER = "provider"


class CeremonyPurpose(StrEnum):
    """What the server waits for from a browser that it has asked something."""

    SECOND_FACTOR = "second_factor"
    PASSKEY_REGISTRATION = "passkey_registration"
    PASSKEY_SIGN_IN = "passkey_sign_in"
    PASSKEY_PROOF = "passkey_proof"
    PROVIDER_SIGN_IN = "provider_sign_in"
    PROVIDER_PROOF = "provider_proof"
    PROVIDER_BINDING = "provider_binding"


class LinkPurpose(StrEnum):
    """What a one-time link is for."""

    SETUP = "setup"  # makes the first administrator
    INVITE = "invite"
    RESET = "reset"
    DEMONSTRATION = "demonstration"  # signs in as the invented county's planner
