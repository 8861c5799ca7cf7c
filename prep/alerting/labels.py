"""What the kinds of this package are called in sentences and tables."""

from collections.abc import Mapping
from types import MappingProxyType

from prep.alerting.reference import Outcome
from prep.language import Message, say
from prep.terms import Channel, HourClass, ListMode

CHANNELS: Mapping[Channel, Message] = MappingProxyType(
    {
        Channel.CALL: say("phone call"),
        Channel.ROBOT_CALL: say("automated call"),
        Channel.SMS: say("text message"),
        Channel.APP_OVERRIDE: say("app alert that overrides silent mode"),
        Channel.APP: say("app alert"),
        Channel.PAGER: say("pager"),
        Channel.RADIO: say("authority radio"),
        Channel.DUTY_CALL: say("call to a desk staffed round the clock"),
        Channel.EMAIL: say("e-mail"),
        Channel.SATELLITE_CALL: say("satellite call"),
        Channel.RUNNER: say("messenger"),
    }
)

HOURS: Mapping[HourClass, Message] = MappingProxyType(
    {
        HourClass.OFFICE: say("office hours"),
        HourClass.EVENING: say("weekday evening"),
        HourClass.NIGHT: say("night"),
        HourClass.HOLIDAY: say("weekend or holiday by day"),
    }
)

LIST_MODES: Mapping[ListMode, Message] = MappingProxyType(
    {ListMode.SERIAL: say("one at a time"), ListMode.PARALLEL: say("all at once")}
)

OUTCOMES: Mapping[Outcome, Message] = MappingProxyType(
    {
        Outcome.REACHED: say("reached"),
        Outcome.REFUSED: say("answered, cannot come"),
        Outcome.DELIVERED: say("delivered, not acknowledged"),
        Outcome.SILENT: say("no answer"),
        Outcome.BLOCKED: say("connection down"),
        Outcome.NOT_NEEDED: say("not needed"),
        Outcome.CONDITION: say("not made: its condition did not hold"),
        Outcome.REPORTED: say("call-back taken"),
        Outcome.NOBODY: say("waited, though nobody stands behind the step"),
    }
)
