"""An invented county of about 124 actors, ten groups and 515 attempts, for measuring and for large tests."""

from prep.alerting import defaults
from prep.alerting.chain import Actor, CallList, ContactPoint, Group, Handset, Item, Network, Seat
from prep.terms import ActorKind, Channel, Evidence, ListMode, ResourceKind

SYSTEM, DESK = "system", "desk"
_AGES_DAYS = (20, 90, 200, 400, 800, None)
_EVIDENCE = (Evidence.DRILL, Evidence.CALLED_BACK, Evidence.CONFIRMED, Evidence.TYPED)


def county(municipalities: int = 8, *, prefix: str = "") -> Network:
    """A county: one system and one desk alert duty officers, a board and each municipality's own chain."""
    build = _Builder(prefix)
    build.top(municipalities)
    for number in range(municipalities):
        build.municipality(number)
    build.secretariat(municipalities)
    return build.network()


class _Builder:
    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.actors: list[Actor] = []
        self.points: list[ContactPoint] = []
        self.handsets: list[Handset] = []
        self.lists: list[CallList] = []
        self.groups: list[Group] = []
        self.kinds: dict[str, tuple[ActorKind, bool]] = {}
        self.area: dict[str, int] = {}
        self.areas = 0

    def key(self, name: str) -> str:
        return f"{self.prefix}{name}"

    def actor(
        self, name: str, kind: ActorKind = ActorKind.PERSON, *, on_duty: bool = False, area: int = 0
    ) -> str:
        key = self.key(name)
        number = len(self.actors)
        self.actors.append(defaults.actor(key, f"Esimerkki {number}", kind, on_duty=on_duty))
        self.kinds[key] = (kind, on_duty)
        self.area[key] = area
        self.areas = max(self.areas, area + 1)
        if kind is ActorKind.PERSON:
            age, evidence = _AGES_DAYS[number % 6], _EVIDENCE[number % 4]
            self.handsets.append(defaults.handset(f"{key}/phone", key))
            self.points.append(
                defaults.point(f"{key}/mobile", key, age_days=age, evidence=evidence, handset=f"{key}/phone")
            )
        return key

    def attempts(self, target: str, slot: str, *channels: Channel) -> list[Item]:
        kind, on_duty = self.kinds[target]
        found: list[Item] = []
        for channel in channels:
            earlier = sum(1 for item in found if item.channel is channel)
            found.append(
                defaults.item(
                    channel,
                    target,
                    slot,
                    kind=kind,
                    on_duty=on_duty,
                    attempt=earlier + 1,
                    resources=self.way(channel, target),
                    point=f"{target}/mobile" if kind is ActorKind.PERSON else None,
                    on_handset=kind is ActorKind.PERSON and channel is not Channel.PAGER,
                )
            )
        return found

    def way(self, channel: Channel, target: str) -> tuple[str, ...]:
        if self.kinds[target][0] is not ActorKind.PERSON:
            return (self.key("landline"),)
        area = {ResourceKind.OPERATOR_AREA: f"operator/{self.area[target]}"}
        return tuple(self.key(area.get(kind, kind.value)) for kind in defaults.needs(channel))

    def top(self, municipalities: int) -> None:
        system, desk = self.actor(SYSTEM, ActorKind.SYSTEM), self.actor(DESK, ActorKind.DUTY_DESK)
        duty = [self.actor(f"duty/{number}", on_duty=True) for number in range(2)]
        board = [
            Seat(self.key(f"board/{n}"), f"Esimerkkipaikka {n}", (self.actor(f"b{n}a"), self.actor(f"b{n}b")))
            for n in range(8)
        ]
        self.lists.append(
            CallList(
                system,
                ListMode.PARALLEL,
                tuple(
                    self.attempts(desk, self.key("s/desk"), Channel.DUTY_CALL, Channel.DUTY_CALL)
                    + [
                        i
                        for d in duty
                        for i in self.attempts(d, f"s/{d}", Channel.ROBOT_CALL, Channel.PAGER, Channel.SMS)
                    ]
                ),
            )
        )
        first = [item for d in duty for item in self.attempts(d, f"d/{d}", Channel.CALL, Channel.CALL)]
        heads = [
            item
            for n in range(municipalities)
            for item in self.attempts_later(f"m{n}/0", f"head/{n}", Channel.CALL, area=n + 1)
        ]
        self.lists.append(CallList(desk, ListMode.SERIAL, tuple(first + heads)))
        calls = (Channel.APP_OVERRIDE, Channel.CALL, Channel.CALL)
        half = [
            [i for seat in board[start::2] for h in seat.holders for i in self.attempts(h, seat.key, *calls)]
            for start in (0, 1)
        ]
        for officer, items in zip(duty, half, strict=True):
            extra = [
                item
                for n in range(municipalities)
                for item in self.attempts_later(f"m{n}/1", f"head/{n}", Channel.CALL, area=n + 1)
            ]
            self.lists.append(CallList(officer, ListMode.SERIAL, tuple(items + extra)))
        self.groups.append(
            Group(self.key("board"), "Valmiusjohtoryhmä", tuple(board), 5, required=frozenset({board[0].key}))
        )

    def attempts_later(self, name: str, slot: str, *channels: Channel, area: int) -> list[Item]:
        """Attempts on someone of a municipality, who is made known here if need be."""
        if self.key(name) not in self.kinds:
            self.actor(name, area=area)
        return self.attempts(self.key(name), self.key(slot), *channels)

    def municipality(self, number: int) -> None:
        people = [self.key(f"m{number}/{n}") for n in range(13)]
        for n, person in enumerate(people):
            if person not in self.kinds:
                self.actor(f"m{number}/{n}", area=number + 1)
        seats = tuple(
            Seat(self.key(f"m{number}/seat/{n}"), f"Paikka {n}", (people[2 * n], people[2 * n + 1]))
            for n in range(6)
        )
        thrice = (Channel.CALL, Channel.CALL, Channel.SMS)
        for caller, served in ((0, seats[1:4]), (1, seats[3:])):
            items = [i for seat in served for h in seat.holders for i in self.attempts(h, seat.key, *thrice)]
            slot = self.key(f"m{number}/support")
            items += self.attempts(people[12], slot, *thrice)
            self.lists.append(CallList(people[caller], ListMode.SERIAL, tuple(items)))
        second = [i for seat in seats[4:] for h in seat.holders for i in self.attempts(h, seat.key, *thrice)]
        self.lists.append(CallList(people[2], ListMode.SERIAL, tuple(second)))
        self.groups.append(Group(self.key(f"m{number}"), f"Esimerkkikunta {number}", seats, 4))

    def secretariat(self, municipalities: int) -> None:
        seats = tuple(
            Seat(
                self.key(f"secretariat/{n}"),
                f"Sihteeri {n}",
                (self.key(f"b{n}b"), self.key(f"m{n % municipalities}/3")),
            )
            for n in range(4)
        )
        self.groups.append(Group(self.key("secretariat"), "Valmiussihteeristö", seats, 2))

    def network(self) -> Network:
        shared = [
            defaults.resource(self.key(kind.value), kind, kind.value)
            for kind in ResourceKind
            if kind not in (ResourceKind.OPERATOR_AREA, ResourceKind.POWER_AREA)
        ]
        for area in range(self.areas):
            power = self.key(f"power/{area}")
            shared.append(defaults.resource(power, ResourceKind.POWER_AREA, f"Sähkö {area}"))
            shared.append(
                defaults.resource(
                    self.key(f"operator/{area}"), ResourceKind.OPERATOR_AREA, f"Verkko {area}", power
                )
            )
        return Network(
            resources=tuple(shared),
            actors=tuple(self.actors),
            points=tuple(self.points),
            handsets=tuple(self.handsets),
            lists=tuple(self.lists),
            groups=tuple(self.groups),
            sources=(self.key(SYSTEM),),
        )
