"""The vocabulary of an exercise on paper: how it is held, what is believed, what reaches the players."""

from enum import StrEnum


class ExerciseKind(StrEnum):
    """How an exercise is held (harjoituksen muoto)."""

    TABLETOP = "tabletop"
    FUNCTIONAL = "functional"
    GAME = "game"
    COMMAND = "command"


class Reliability(StrEnum):
    """How far a report in an exercise is to be believed."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    UNCONFIRMED = "unconfirmed"


class InjectWay(StrEnum):
    """By what an inject (syöte) reaches the player."""

    PHONE = "phone"
    SMS = "sms"
    RADIO = "radio"
    EMAIL = "email"
    PAPER = "paper"
    IN_PERSON = "in_person"
    MEDIA = "media"


class ExercisePrint(StrEnum):
    """What can be printed of an exercise."""

    SITUATION = "situation"
    PLAYER = "player"
    INJECT = "inject"
    EVALUATOR = "evaluator"
    TABLE = "table"
