"""What is done when premises are opened, run and closed as an evacuation centre: short lines, each to be ticked.

A draft (a proposal), to be approved by the county: the text of the checklist is our own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from prep.evacuation.rules import Check
from prep.language import Message, say
from prep.terms import State


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the checklist: its title, and what is done, in order."""

    title: Message
    lines: tuple[Message, ...]


CHECKLIST: tuple[Section, ...] = (
    Section(
        say("Opening"),
        (
            say("Take the order: who asks, for how many, from when, for how long. Write it in the log."),
            say("Call the key holders from top to bottom. No answer in 3 minutes: the next one."),
            say("Stop what else is going on in the premises, and send those who are there home."),
            say("Walk through: exits clear, no damage, heat on, toilets and water work."),
            say("Try lights and own power. Note the fuel and the hours that it lasts."),
            say("Check the most persons who may stay, and keep to it."),
            say("Name a leader, a deputy, and who registers. Put vests on."),
            say("Mark the entrance, the toilets, the first aid and the way for those who cannot walk."),
            say("Set up registration at the only door that is open: name, from where, next of kin, needs."),
            say("Divide the rooms: families, quiet room, people with pets, people who are ill."),
            say("Order food, drinking water, bedding and cleaning. Ask when they come."),
            say("Report to the situation centre: open from, places, what is missing."),
        ),
    ),
    Section(
        say("Running"),
        (
            say("Count those present every hour, and report the number."),
            say(
                "Ask everyone about medicine, illness and children travelling alone. Call social services for these."
            ),
            say(
                "Tell those present every two hours what is known, also when nothing is new. In Finnish and Swedish."
            ),
            say("Serve food and drink at fixed hours. Post the hours on the wall."),
            say("Have toilets cleaned every two hours, and waste taken away."),
            say("Keep exits clear, and somebody awake at night."),
            say("Register whoever leaves: when, where to, by what transport."),
            say("Relieve the staff after eight hours. Hand over in writing."),
            say("At four fifths of the places ask for the next premises to be opened."),
            say(
                "Refer the press to the communications of the municipality. Protect those present from pictures."
            ),
        ),
    ),
    Section(
        say("Closing"),
        (
            say("Close only when whoever leads says so. Write down who and when."),
            say("See that everyone has somewhere to go and a way to get there."),
            say("Register the last ones out. Compare the numbers in and out."),
            say("Collect lists of names, and hand them over sealed to the county. Leave none behind."),
            say("Walk through with the holder of the premises. Note damage and what was used up."),
            say("Have the premises cleaned. Return borrowed things and keys, against a signature."),
            say("Put own power, fuel and stores back to their full amount."),
            say("Report to the situation centre: closed, number of persons, hours, costs."),
            say("Write down what has to be better, and bring the facts of the premises up to date."),
        ),
    ),
)


def lacking(checks: Sequence[Check]) -> list[Check]:
    """What premises lack by the rules, and what of them nobody knows; the worst first."""
    order = (State.FAULT, State.UNKNOWN, State.WARNING)
    return sorted((one for one in checks if one.state in order), key=lambda one: order.index(one.state))
