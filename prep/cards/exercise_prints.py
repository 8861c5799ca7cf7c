"""What each print of an exercise consists of: situation, player's card, inject, evaluator's sheet, table card."""

from collections.abc import Collection, Iterator
from datetime import datetime, time

from prep.cards.code import card_code
from prep.cards.exercise import Evaluator, Exercise, Inject, PlayerRole, Situation
from prep.cards.exercise_terms import ExerciseKind, ExercisePrint, InjectWay, Reliability
from prep.cards.imposing import Batch
from prep.cards.imprint import CLASSIFICATIONS
from prep.cards.parts import Banner, Choices, Facts, Framed, Lines, Part, Points, Print, Prose, Steps
from prep.language import Message, day, in_language, say
from prep.terms import CardFormat, Language

KINDS = {
    ExerciseKind.TABLETOP: say("Tabletop exercise"),
    ExerciseKind.FUNCTIONAL: say("Functional exercise"),
    ExerciseKind.GAME: say("Simulated command-post exercise"),
    ExerciseKind.COMMAND: say("Command exercise"),
}
PRINTS = {
    ExercisePrint.SITUATION: say("Situation card"),
    ExercisePrint.PLAYER: say("Player’s card"),
    ExercisePrint.INJECT: say("Inject"),
    ExercisePrint.EVALUATOR: say("Evaluator’s sheet"),
    ExercisePrint.TABLE: say("Table card"),
}
# What a print is cut to unless another format is asked for.
FORMATS = {
    ExercisePrint.SITUATION: CardFormat.A4,
    ExercisePrint.PLAYER: CardFormat.A5,
    ExercisePrint.INJECT: CardFormat.A5,
    ExercisePrint.EVALUATOR: CardFormat.A4,
    ExercisePrint.TABLE: CardFormat.TENT,
}
_WAYS = {
    InjectWay.PHONE: say("telephone"),
    InjectWay.SMS: say("text message"),
    InjectWay.RADIO: say("radio (VIRVE)"),
    InjectWay.EMAIL: say("e-mail"),
    InjectWay.PAPER: say("on paper"),
    InjectWay.IN_PERSON: say("in person"),
    InjectWay.MEDIA: say("media"),
}
_RELIABILITY = {
    Reliability.CONFIRMED: say("confirmed"),
    Reliability.PROBABLE: say("probable"),
    Reliability.UNCONFIRMED: say("unconfirmed"),
}
# Spoken or written before and after every message of an exercise, so that nobody outside it takes it for true.
MARKS = {
    Language.FI: "HARJOITUS HARJOITUS HARJOITUS",
    Language.SV: "ÖVNING ÖVNING ÖVNING",
    Language.EN: "EXERCISE EXERCISE EXERCISE",
}


def exercise_prints(
    exercise: Exercise, kind: ExercisePrint, *, at: datetime, numbers: Collection[int] = ()
) -> list[Print]:
    """The prints of a kind, in the order of the file; of situations and injects only ``numbers``, if any are given."""
    making = _Making(exercise, at)
    match kind:
        case ExercisePrint.SITUATION:
            return [
                making.situation(one) for one in exercise.situations if not numbers or one.number in numbers
            ]
        case ExercisePrint.INJECT:
            return [making.inject(one) for one in exercise.injects if not numbers or one.number in numbers]
        case ExercisePrint.PLAYER:
            return [making.player(one) for one in exercise.roles]
        case ExercisePrint.EVALUATOR:
            return [making.evaluator(one) for one in exercise.evaluators]
        case ExercisePrint.TABLE:
            return [making.table(one) for one in exercise.roles]


def exercise_batches(
    exercise: Exercise,
    kinds: Collection[ExercisePrint],
    *,
    at: datetime,
    numbers: Collection[int] = (),
    chosen: CardFormat | None = None,
) -> list[Batch]:
    """The prints of several kinds, each in the format it is made for, or all but the table cards in one."""
    return [
        Batch(
            FORMATS[kind] if chosen is None or kind is ExercisePrint.TABLE else chosen,
            exercise_prints(exercise, kind, at=at, numbers=numbers),
        )
        for kind in ExercisePrint
        if kind in kinds
    ]


class _Making:
    def __init__(self, exercise: Exercise, at: datetime):
        self._exercise = exercise
        self._at = at

    def situation(self, one: Situation) -> Print:
        when = self._written(
            say("Game time: {when}", when=f"{day(one.game_day)} {self._clock(one.game_time)}")
        )
        facts = (
            (say("Handed out at (real time)"), self._clock(one.real_time) if one.real_time else ""),
            (say("Where"), one.place),
            (say("Source"), one.source),
            (say("Reliability"), self._written(_RELIABILITY[one.reliability])),
            (say("People affected"), one.affected or self._written(say("not known"))),
            (say("Weather"), one.weather or self._written(say("not told"))),
            (
                say("Next picture at (game time)"),
                self._clock(one.next_update) if one.next_update else "",
            ),
        )
        parts: list[Part] = [
            Facts("", tuple((self._written(label), value) for label, value in facts)),
            Points(self._written(say("What is known")), one.known),
        ]
        for title, items in (
            (say("What is not known"), one.unknown),
            (say("Services that are down"), one.services_down),
            (say("Decisions that are open"), one.decisions),
        ):
            if items:
                parts.append(Points(self._written(title), items))
        parts.append(Lines(self._written(say("Notes"))))
        return self._print(ExercisePrint.SITUATION, f"{one.number}. {one.title}", (when,), parts, one)

    def player(self, one: PlayerRole) -> Print:
        exercise = self._exercise
        ends = f"{exercise.ends.hour}.{exercise.ends.minute:02d}"
        facts = (
            (say("Exercise"), f"{exercise.name} ({self._written(KINDS[exercise.kind])})"),
            (say("When"), f"{day(exercise.day)} {self._clock(exercise.begins)}–{ends}"),
            (say("Where"), exercise.place),
            (say("Exercise control"), exercise.control),
            (say("The exercise is broken off with the words"), exercise.stop_word),
        )
        parts: list[Part] = [
            Prose(self._written(say("Your task")), (one.mission,)),
            *([Steps(self._written(say("Do this")), one.tasks)] if one.tasks else []),
            *([Points(self._written(say("What you know at the start")), one.knows)] if one.knows else []),
            Facts(self._written(say("The exercise")), tuple((self._written(a), b) for a, b in facts)),
            Points(self._written(say("Rules of play")), (*self._own_rules(), *exercise.rules)),
            Lines(self._written(say("Notes"))),
        ]
        return self._print(ExercisePrint.PLAYER, one.title, (one.organisation,), parts, one)

    def inject(self, one: Inject) -> Print:
        facts = (
            (say("Give at (real time)"), self._clock(one.real_time)),
            (say("Game time"), self._clock(one.game_time)),
            (say("To"), f"{one.to.title}, {one.to.organisation}"),
            (say("In the name of"), one.sender),
            (say("By"), self._written(_WAYS[one.way])),
            (say("Given by"), one.controller),
        )
        parts: list[Part] = [
            Facts("", tuple((self._written(label), value) for label, value in facts)),
            Framed(
                self._written(say("Say or send this, word for word")),
                one.text,
                mark=MARKS[self._exercise.language],
                language=self._exercise.language,
            ),
            Steps(self._written(say("Expected of the player")), one.expected),
        ]
        if one.objectives:
            parts.append(
                Points(
                    self._written(say("Objectives")), tuple(objective.text for objective in one.objectives)
                )
            )
        parts.append(Lines(self._written(say("What happened"))))
        title = self._written(say("Inject {n}", n=one.number))
        below = f"{self._clock(one.real_time)} · {one.to.title} · {self._written(_WAYS[one.way])}"
        return self._print(ExercisePrint.INJECT, title, (below,), parts, one)

    def evaluator(self, one: Evaluator) -> Print:
        answers = tuple(
            self._written(text) for text in (say("yes"), say("partly"), say("no"), say("not seen"))
        )
        # The four steps of the evaluation guides of the Homeland Security Exercise and Evaluation Program (HSEEP).
        ratings = (say("without problems"), say("some problems"), say("great problems"), say("not achieved"))
        parts: list[Part] = [
            Facts(
                "",
                (
                    (self._written(say("Evaluator")), ""),
                    (self._written(say("Observed from – to")), ""),
                    (self._written(say("Exercise control")), self._exercise.control),
                ),
            )
        ]
        for number, objective in enumerate(one.objectives, start=1):
            title = self._written(say("Objective {n}: {text}", n=number, text=objective.text))
            parts.append(
                Choices(title, objective.criteria, answers, note=self._written(say("Was it observed?")))
            )
            parts.append(
                Choices(
                    "",
                    (self._written(say("The objective as a whole: tick one")),),
                    tuple(self._written(text) for text in ratings),
                )
            )
            parts.append(Lines(self._written(say("Observations, with the time")), 4))
        parts.append(Lines(self._written(say("To be improved"))))
        return self._print(ExercisePrint.EVALUATOR, one.post, (), parts, one)

    def table(self, one: PlayerRole) -> Print:
        return self._print(ExercisePrint.TABLE, one.title, (), [Banner(one.title, one.organisation)], one)

    def _print(
        self, kind: ExercisePrint, title: str, below: tuple[str, ...], parts: list[Part], content: object
    ) -> Print:
        exercise = self._exercise
        what = self._written(PRINTS[kind])
        kicker = exercise.name if kind is ExercisePrint.INJECT else f"{what} · {exercise.name}"
        return Print(
            name=f"{what}: {title}",
            kicker=kicker,
            title=title,
            below=below,
            code=card_code(
                exercise.digest_of(kind, content, [exercise.control, exercise.stop_word, exercise.rules])
            ),
            language=exercise.language,
            parts=tuple(parts),
            foot=self._written(
                say(
                    "Version {n} · for {day} · printed {at}",
                    n=exercise.version,
                    day=exercise.day,
                    at=self._at,
                )
            ),
            classification=self._written(CLASSIFICATIONS[exercise.classification]),
            data_age=exercise.name,
            is_exercise=True,
        )

    def _own_rules(self) -> Iterator[str]:
        """What holds in every exercise."""
        mark = MARKS[self._exercise.language].split()[0]
        yield self._written(say("Begin and end every call and message with the word {mark}.", mark=mark))
        yield self._written(
            say(
                "In real danger say {words} and call 112.",
                words=f"“{self._exercise.stop_word}”"
                if self._exercise.language is Language.EN
                else f"”{self._exercise.stop_word}”",
            )
        )

    def _clock(self, value: time) -> str:
        """A time of day as it is written in Finland."""
        word = {Language.FI: "klo\xa0", Language.SV: "kl.\xa0", Language.EN: ""}[self._exercise.language]
        return f"{word}{value.hour}.{value.minute:02d}"

    def _written(self, message: Message) -> str:
        return in_language(message, self._exercise.language)
