"""What the kinds of shared infrastructure are called."""

from collections.abc import Mapping
from types import MappingProxyType

from prep.language import Message, say
from prep.terms import ResourceKind

RESOURCES: Mapping[ResourceKind, Message] = MappingProxyType(
    {
        ResourceKind.MOBILE_CORE: say("mobile network"),
        ResourceKind.OPERATOR_AREA: say("mobile operator's sites"),
        ResourceKind.POWER_AREA: say("power supply"),
        ResourceKind.LANDLINE: say("landline network"),
        ResourceKind.SMS_GATEWAY: say("text-message gateway"),
        ResourceKind.MASS_ALERT: say("mass-alert service"),
        ResourceKind.EMERGENCY_CENTRE_SYSTEM: say("emergency-centre system"),
        ResourceKind.AUTHORITY_RADIO: say("authority radio network"),
        ResourceKind.PAGER_NETWORK: say("pager network"),
        ResourceKind.INTERNET: say("internet"),
    }
)
