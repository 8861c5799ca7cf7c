"""The form of a network file, from which its published schema is made; what is left out is as assumed."""

import json
import re
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from prep.alerting.chain import ByHour
from prep.alerting.delay import GREATEST_SIGMA
from prep.alerting.duty import Span
from prep.alerting.windows import HORIZON_S
from prep.terms import ActorKind, Channel, Evidence, HourClass, If, ListMode, ResourceKind

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d")


def _printable(value: Any) -> Any:
    """Keys and names stand in tables, on terminals, and in the names by which chance is drawn."""
    if isinstance(value, str) and _CONTROLS.search(value):
        raise PydanticCustomError("control_characters", "control characters")
    return value


def _dated(value: Any) -> Any:
    """A bare number would be read as seconds since 1970."""
    if not (isinstance(value, str) and _DATED.match(value)):
        raise PydanticCustomError("no_moment", "no moment")
    return value


# Texts that say "0.5" or "yes" are no numbers and no flags: whoever wrote them meant something else, or made a slip.
Key = Annotated[
    str,
    Field(min_length=1, max_length=200, description="An identifier that stays the same."),
    BeforeValidator(_printable),
]
Name = Annotated[str, Field(max_length=300), BeforeValidator(_printable)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False, strict=True)]
WithinHorizon = Annotated[float, Field(ge=0, le=HORIZON_S, allow_inf_nan=False, strict=True)]
Seconds = Annotated[float, Field(ge=0, le=7 * 86400, allow_inf_nan=False, strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Moment = Annotated[AwareDatetime, BeforeValidator(_dated)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HoursForm(_Form):
    """A probability for each hour class."""

    office: Share
    evening: Share
    night: Share
    holiday: Share

    def value(self) -> ByHour:
        return ByHour(self.office, self.evening, self.night, self.holiday)


class SpanForm(_Form):
    """From a moment up to, and without, another."""

    starts: Moment
    ends: Moment

    def value(self) -> Span:
        return Span(self.starts, self.ends)


class ResourceForm(_Form):
    """Shared infrastructure that fails as a whole."""

    key: Key
    kind: ResourceKind
    name: Name = ""
    failure_p: Share | None = Field(None, description="Left out: as assumed for the kind.")
    parent: Key | None = None
    failure_p_if_parent_down: Share | None = None


class ActorForm(_Form):
    """A person, a desk staffed round the clock, or a system."""

    key: Key
    name: Name = ""
    kind: ActorKind = ActorKind.PERSON
    on_duty: Flag = False
    available: HoursForm | Share | None = None
    relay_p: Share | None = None
    start_delay_s: Seconds | None = Field(None, description="From being reached to starting the own list.")
    refusal_p: Share = 0.0
    absences: tuple[SpanForm, ...] = ()


class HandsetForm(_Form):
    """A telephone that several numbers and apps end in."""

    key: Key
    actor: Key
    heard: HoursForm | Share | None = None


class PointForm(_Form):
    """A number or address of an actor. Telephone numbers themselves do not belong in the file."""

    key: Key
    actor: Key
    stale_p: Share | None = Field(None, description="Left out: from age and evidence.")
    age_days: Annotated[int, Field(ge=0, le=36_500, strict=True)] | None = None
    evidence: Evidence | None = None
    handset: Key | None = None


class DelayForm(_Form):
    """A log-normal delay by its median and the spread of its logarithm."""

    median_s: Seconds
    sigma: Annotated[float, Field(ge=0, le=GREATEST_SIGMA, allow_inf_nan=False, strict=True)] = 0.0


class ConditionForm(_Form):
    """Made only if another step, earlier on the same list, has answered, or has not."""

    kind: If
    slot: Key


class AttemptForm(_Form):
    """One attempt of a step."""

    target: Key
    channel: Channel
    point: Key | None = None
    resources: tuple[Key, ...] = ()
    works: HoursForm | Share | None = None
    delay: DelayForm | None = None
    gap_s: Seconds | None = None
    ring_s: Seconds | None = None
    talk_s: Seconds | None = None
    send_s: Seconds | None = None
    fail_s: Seconds | None = None
    acknowledges: Flag = True
    duty: Key | None = Field(None, description="Made only while the target is on duty by this calendar.")
    calls_back: Flag = False


class StepForm(_Form):
    """One step of a list: the attempts on one slot. Without attempts nobody stands behind it."""

    slot: Key
    attempts: tuple[AttemptForm, ...] = ()
    wait_s: Seconds = Field(0.0, description="What a system waits for a step behind which nobody stands.")
    condition: ConditionForm | None = None
    hours: tuple[HourClass, ...] = ()


class ListForm(_Form):
    """What a caller does once alerted."""

    caller: Key
    mode: ListMode = ListMode.SERIAL
    follow_up_s: Seconds | None = Field(
        None, description="The caller's second list, begun that much later unless somebody has called back."
    )
    steps: tuple[StepForm, ...]


class SeatForm(_Form):
    """A seat with its holder first, then the deputies."""

    key: Key
    name: Name = ""
    holders: tuple[Key, ...] = ()
    expired: tuple[Name, ...] = ()


class GroupForm(_Form):
    """A group to be reached."""

    key: Key
    name: Name = ""
    seats: tuple[SeatForm, ...]
    quorum: Annotated[int, Field(ge=1, le=10_000, strict=True)]
    deadline_s: Seconds = 1800.0
    required: tuple[Key, ...] = ()
    one_of: tuple[Annotated[tuple[Key, ...], Field(min_length=1)], ...] = ()
    counts_deliveries: Flag = False


class ShiftForm(SpanForm):
    """A turn of duty; without an actor nobody is on duty."""

    actor: Key | None = None
    override: Flag = False


class DutyForm(_Form):
    """A duty calendar."""

    key: Key
    name: Name = ""
    shifts: tuple[ShiftForm, ...] = ()


class OutageForm(_Form):
    """Infrastructure, by its key or its kind, that is down for a part of the time, in seconds since the alarm."""

    part: Key
    starts_s: WithinHorizon = 0.0
    ends_s: WithinHorizon | None = Field(None, description="Left out: it lasts until the end.")


class ScenarioForm(_Form):
    """A scenario by which the network can be questioned, named by its key."""

    key: Key
    name: Name = ""
    hours: dict[HourClass, Share] = Field(
        default_factory=dict, description="Shares that sum to 1; left out: it says nothing about the hour."
    )
    at: Moment | None = Field(None, description="The moment of the alarm, instead of hours.")
    away_p: Share | None = None
    down: tuple[Key, ...] = Field((), description="Infrastructure that is down all the time, by key or kind.")
    outages: tuple[OutageForm, ...] = ()
    fails: dict[Key, Share] = Field(
        default_factory=dict, description="By key or kind: fails with this probability."
    )


class NetworkForm(_Form):
    """An alert network: who calls whom, over what, until which groups are reached."""

    format: Literal["prep-network-1"]
    sources: tuple[Key, ...]
    actors: tuple[ActorForm, ...]
    lists: tuple[ListForm, ...]
    groups: tuple[GroupForm, ...]
    points: tuple[PointForm, ...] = ()
    handsets: tuple[HandsetForm, ...] = ()
    resources: tuple[ResourceForm, ...] = ()
    duties: tuple[DutyForm, ...] = ()
    scenarios: tuple[ScenarioForm, ...] = ()


def schema_text() -> str:
    """The JSON schema of the file, as it is published."""
    return json.dumps(NetworkForm.model_json_schema(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
