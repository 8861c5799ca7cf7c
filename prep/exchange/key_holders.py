"""Key holders as rows of a list tell them: a name, its numbers, and a deputy."""

from collections.abc import Mapping
from dataclasses import dataclass

from prep.exchange.cells import read_text
from prep.exchange.findings import Remark, Severity
from prep.exchange.telephones import read_telephones
from prep.exchange.vocabulary import fields
from prep.exchange.workbook import CellValue
from prep.language import say
from prep.terms import KeyPower

_COLUMNS = (
    ("key_holder", "key_holder_phone", KeyPower.OPEN),
    ("deputy_key_holder", "deputy_key_holder_phone", KeyPower.ALTERNATE),
)
_NO_NUMBER = Remark(
    Severity.WARNING,
    say("The key holder has no telephone number."),
    say("Ask for it: without it nobody can be called to open."),
)


@dataclass(frozen=True, slots=True)
class KeyHolderSaid:
    """A key holder as a row tells it; ``phones`` is None when nothing was taken from the cell."""

    power: KeyPower
    name: str
    phones: tuple[str, ...] | None


def read_key_holders(
    cells: Mapping[str, CellValue], *, allow_invented: bool
) -> tuple[tuple[KeyHolderSaid, ...] | None, list[tuple[str, Remark]]]:
    """The key holders of a row in calling order, and the remarks, each with the field that it is about.

    None when the row says nothing of key holders.
    """
    holders: list[KeyHolderSaid] = []
    remarks: list[tuple[str, Remark]] = []
    is_said = False
    for name_key, phone_key, power in _COLUMNS:
        name = read_text(cells.get(name_key), fields()[name_key])
        phones = read_telephones(cells.get(phone_key), allow_invented=allow_invented)
        remarks += [(name_key, remark) for remark in name.remarks]
        remarks += [(phone_key, remark) for remark in phones.remarks]
        is_said = is_said or name.is_said or phones.is_said
        if not name.value and not phones.value:
            continue
        holders.append(KeyHolderSaid(power, name.value or "", phones.value if phones.is_said else None))
        if not phones.value and not phones.remarks and phone_key in cells:
            remarks.append((phone_key, _NO_NUMBER))
    return (tuple(holders) if is_said else None), remarks
