"""What only a region pack can have wrong: the rule, and how to mend it."""

from collections.abc import Mapping
from typing import Any

from prep.language import Message, say


def own_rules(kind: str, context: Mapping[str, Any], value: object) -> tuple[Message, Message] | None:
    """The rule of a pack that a fault breaks, and the remedy; None for what every form can break."""
    match kind:
        case "code_is_number":
            return (
                say("A municipality's code is three digits as text, not a number."),
                say("Put the code in quotes, with its zeros: {code}.", code=f'"{value:03d}"'),
            )
        case "code_form":
            return (
                say("A municipality's code has exactly three digits."),
                say("Write the official code in quotes, such as {code}.", code='"074"'),
            )
        case "outside_finland":
            return (
                say(
                    "The coordinate is not in Finland: it has to be from {low} to {high} degrees.",
                    low=context["low"],
                    high=context["high"],
                ),
                say("Check the number, and that lat (north) and lon (east) have not changed places."),
            )
        case "no_words":
            return (
                say("A name or text is needed in at least one language."),
                say("Write it as {example}.", example='{ fi = "…", sv = "…", en = "…" }'),
            )
        case "clause_missing":
            return (
                say("A fact of an agreement names the clause it comes from."),
                say("Add the clause, or give another evidence, such as “{mark}”.", mark="proposal"),
            )
        case "source_missing":
            return (
                say("A fact from a public source names the source."),
                say("Add a line that begins “{field} =”.", field="source"),
            )
        case "days_in_wrong_order":
            return (
                say("The last day is before the first, {start}.", start=context["start"]),
                say("Correct one of the two days."),
            )
        case "end_and_no_end":
            return (
                say("An agreement that is in force until further notice has no last day."),
                say("Remove either “{one}” or “{other}”.", one="ends", other="until_further_notice"),
            )
        case "max_below_min":
            return (
                say("The greatest number is less than the least, {low}.", low=context["low"]),
                say("Correct one of the two numbers, or leave the greatest out when there is none."),
            )
        case "seat_basis":
            return (
                say(
                    "A seat of basis “{basis}” and the field “{field}” do not fit together.",
                    basis=str(context["basis"]),
                    field=str(context["field"]),
                ),
                say(
                    "Give the seat the one field that its basis names; a seat of each municipality needs none."
                ),
            )
        case "shares_not_whole":
            return (
                say("The shares of a cost make one whole; these make {sum}.", sum=context["sum"]),
                say("Correct the shares so that they add up to 1, such as {example}.", example="0.5, 0.5"),
            )
        case _:
            return None
