"""Numbers and addresses as somebody types them: what is one, and the form in which it is kept."""

import re

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import (
    Leniency,
    NumberParseException,
    PhoneNumberFormat,
    PhoneNumberMatcher,
    PhoneNumberType,
)

from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.terms import ContactKind

# What can be called or paged, standing, without a screen. An address for e-mail is not on a card.
CALLABLE = frozenset(
    {
        ContactKind.MOBILE,
        ContactKind.LANDLINE,
        ContactKind.AUTHORITY_RADIO,
        ContactKind.PAGER,
        ContactKind.SATELLITE,
    }
)
TELEPHONES = frozenset({ContactKind.MOBILE, ContactKind.LANDLINE, ContactKind.SATELLITE})
# No Finnish number goes on with 00 after the country's code: numbers of this form can be invented safely.
_INVENTED = re.compile(r"\+35800\d{4,9}")
_INVENTED_IN_TEXT = re.compile(r"\+358[\s-]*0[\s-]*0(?:[\s-]*\d){4,9}(?!\d)")
# Digits just before or after what looks like a number: then it is only a part of something longer.
_DIGIT_BEFORE, _DIGIT_AFTER = re.compile(r"\d[\s().-]*$"), re.compile(r"[\s().-]*\d")
_EMERGENCY = frozenset({"112", "110", "911"})
_LOST_DIGITS = re.compile(r"\d[.,]\d+e\+?\d+", re.IGNORECASE)
LONGEST = 100
_FEWEST_DIGITS = 3


def kept_form(kind: ContactKind, typed: str, *, allow_invented: bool) -> str:
    """A number in E.164 form, an address in lower case, anything else without needless spaces.

    ``allow_invented``: whether numbers that cannot be dialled are taken, as they are in a demonstration.

    Raises
    ------
    Refused
        If it is not one number or address of this kind.

    Examples
    --------
    >>> kept_form(ContactKind.MOBILE, "040 123 4567", allow_invented=False)
    '+358401234567'
    >>> kept_form(ContactKind.EMAIL, " Aino@Kunta.Example ", allow_invented=True)
    'aino@kunta.example'
    """
    value = " ".join(typed.split())
    if not value:
        raise _refused(value, say("A number or address is needed."), say("Write it, or remove the line."))
    if len(value) > LONGEST:
        raise _refused(
            value,
            say("A number or address has at most {n} signs.", n=LONGEST),
            say("Write one number or address only."),
        )
    if kind in TELEPHONES:
        return _telephone(value, allow_invented=allow_invented)
    if kind is ContactKind.EMAIL:
        return _email(value, allow_invented=allow_invented)
    return value


def telephones_in(text: str) -> list[str]:
    """What looks like a telephone number in a text, each as it stands there; whether it can be dialled is not asked.

    >>> telephones_in("Vahti: 040 100 1000; koti 06-100 1001")
    ['040 100 1000', '06-100 1001']
    """
    if _LOST_DIGITS.fullmatch(text.strip()):
        return []
    found = [(one.start(), one[0]) for one in _INVENTED_IN_TEXT.finditer(text)]
    # What is invented is blotted out, so that it is not found again as a wrong number.
    rest = _INVENTED_IN_TEXT.sub(lambda one: " " * len(one[0]), text)
    found += [
        (one.start, one.raw_string)
        for one in PhoneNumberMatcher(rest, "FI", leniency=Leniency.POSSIBLE)
        if not _DIGIT_BEFORE.search(rest[: one.start]) and not _DIGIT_AFTER.match(rest[one.end :])
    ]
    return [number for _, number in sorted(found)]


def kind_of_number(number: str) -> ContactKind | None:
    """Whether a number in E.164 form is a mobile or a fixed one; None where that cannot be told from the number.

    >>> kind_of_number("+358401234567").value, kind_of_number("+35861001001").value
    ('mobile', 'landline')
    >>> kind_of_number("+358000000101") is None
    True
    """
    match phonenumbers.number_type(phonenumbers.parse(number)):
        case PhoneNumberType.MOBILE:
            return ContactKind.MOBILE
        case PhoneNumberType.FIXED_LINE | PhoneNumberType.UAN | PhoneNumberType.VOIP:
            return ContactKind.LANDLINE
        case _:
            return None


def _telephone(value: str, *, allow_invented: bool) -> str:
    digits = re.sub(r"\D", "", value)
    if digits in _EMERGENCY:
        raise _refused(
            value,
            say("It is an emergency number, not the number of a person or desk."),
            say("Write the number of the person, or of the desk on call."),
        )
    if _LOST_DIGITS.fullmatch(value):
        raise _refused(
            value,
            say("The spreadsheet has shortened the number: its last digits are lost."),
            say("Write the number again, in a column of text."),
        )
    if re.search(r"[,;/]|\btai\b|\beller\b", value) and len(digits) > _FEWEST_DIGITS:
        raise _refused(
            value, say("There is one number in a field."), say("Put each number in a field of its own.")
        )
    compact = re.sub(r"[\s().-]", "", value)
    if _INVENTED.fullmatch(compact):
        if not allow_invented:
            raise _refused(
                value, say("The number is invented and cannot be dialled."), say("Write the real number.")
            )
        return compact
    try:
        number = phonenumbers.parse(value, "FI")
    except NumberParseException as error:
        raise _no_number(value) from error
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise _no_number(value)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _email(value: str, *, allow_invented: bool) -> str:
    try:
        # Whether the domain answers is not asked: that would need a network.
        found = validate_email(value, check_deliverability=False, test_environment=allow_invented)
    except EmailNotValidError as error:
        raise _refused(value, say("It is not an e-mail address."), say("Check it, sign by sign.")) from error
    return found.normalized.lower()


def _no_number(value: str) -> Refused:
    return _refused(
        value,
        say("It is not a telephone number that can be dialled."),
        say("Check the number, digit by digit."),
    )


def _refused(value: str, rule: Message, remedy: Message) -> Refused:
    return Refused(Problem(place=say("Number or address"), value=value, rule=rule, remedy=remedy))
