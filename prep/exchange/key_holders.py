"""Key holders as rows of a list tell them: who opens, a deputy, who gives permission; and how that changes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from prep.exchange.cells import read_text
from prep.exchange.findings import Remark, Severity
from prep.exchange.telephones import read_telephones
from prep.exchange.vocabulary import fields
from prep.exchange.workbook import CellValue
from prep.language import say
from prep.models import KeyHolder, Site
from prep.terms import KeyPower

_COLUMNS = (
    ("key_holder", "key_holder_phone", KeyPower.OPEN),
    ("deputy_key_holder", "deputy_key_holder_phone", KeyPower.ALTERNATE),
    ("authoriser", "authoriser_phone", KeyPower.AUTHORISE),
)
_NO_NUMBER = Remark(
    Severity.WARNING,
    say("The key holder has no telephone number."),
    say("Ask for it: without it nobody can be called to open."),
)


# (power, name, number): what is compared of a key holder.
Holder = tuple[KeyPower, str, str]


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


def holders_of(site: Site) -> list[Holder]:
    """The key holders on record, as they are compared."""
    return [(one.power, _name_of(one), one.phone) for one in site.key_holders]


def _name_of(holder: KeyHolder) -> str:
    return holder.person.name if holder.person else holder.name


def holders_after(site: Site, row: Sequence[KeyHolderSaid] | None) -> list[Holder]:
    """The key holders after a row has said its own; None: it says nothing of them."""
    before = holders_of(site)
    if row is None:
        return before
    # A person of the registry has the numbers that are kept with the person.
    own = {one.person.name: one.person for one in site.key_holders if one.person}
    after: list[Holder] = []
    for said in row:
        person = own.get(said.name)
        if person and {*(said.phones or ())} <= {point.value for point in person.contact_points}:
            after.append((said.power, said.name, ""))
        else:
            after += [(said.power, said.name, phone) for phone in _phones(before, said)]
    if any(one.power is KeyPower.AUTHORISE for one in row):
        return after
    # Most lists have no column for who gives permission: they stay where they are called, first or last.
    leading = list(takewhile(lambda one: one[0] is KeyPower.AUTHORISE, before))
    others = [one for one in before[len(leading) :] if one[0] is KeyPower.AUTHORISE]
    return [*leading, *after, *others]


def _phones(before: Sequence[Holder], said: KeyHolderSaid) -> Sequence[str]:
    """The numbers of a key holder; those known already when the cell gave none."""
    if said.phones is not None:
        return said.phones or ("",)
    return [phone for _, name, phone in before if name == said.name] or [""]


def set_key_holders(site: Site, row: Sequence[KeyHolderSaid] | None) -> None:
    """Put down the key holders that a row says."""
    after = holders_after(site, row)
    if after == holders_of(site):
        return
    for position, (power, name, phone) in enumerate(after):
        if position < len(site.key_holders):
            one = site.key_holders[position]
            if (one.power, _name_of(one), one.phone) != (power, name, phone):
                # Another person or number: a link to the old person would call the wrong one.
                one.power, one.name, one.phone, one.person = power, name, phone, None
        else:
            site.key_holders.append(KeyHolder(position=position, power=power, name=name, phone=phone))
    del site.key_holders[len(after) :]
