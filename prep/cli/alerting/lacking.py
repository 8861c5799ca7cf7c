"""``prep alert without``: what breaks if a channel or shared infrastructure is out, over all chains."""

import click

from prep import clock
from prep.cli.output import as_json, language, open_database, show_json, show_table, text
from prep.cli.rights import right
from prep.errors import NotFound, Problem
from prep.language import say


@right("chain.read")
@click.command()
@click.argument("key", required=False)
@as_json
def without(key: str | None, *, json_wanted: bool) -> None:
    """What breaks without the channel or infrastructure KEY; without KEY, everything that the chains share."""
    from prep.alerting.records import all_chains
    from prep.db import read_session
    from prep.readiness.outage_impact import everything_shared, outage

    today = clock.today()
    with read_session(open_database()) as session:
        chains = all_chains(session)
        if key is None:
            shared = everything_shared(chains, on=today, language=language())
            if json_wanted:
                show_json(
                    [
                        {
                            "key": one.key,
                            "name": text(one.name),
                            "chains": one.chains,
                            "attempts": one.attempts,
                            "silenced": one.silenced,
                            "seats": one.seats,
                            "unknown": one.unknown,
                        }
                        for one in shared
                    ]
                )
                return
            show_table(
                [
                    "",
                    say("Key"),
                    say("Channel or infrastructure"),
                    say("Bodies silenced"),
                    say("Seats silenced"),
                    say("Chains"),
                ],
                [
                    [
                        one.state,
                        one.key,
                        one.name,
                        one.silenced,
                        one.seats,
                        one.chains,
                    ]
                    for one in shared
                ],
            )
            return
        found = outage(session, chains, key, on=today, language=language())
    if found is None:
        raise _unknown(key)
    effects = found.impact.effects
    if json_wanted:
        show_json(
            [
                {
                    "kind": one.kind,
                    "name": one.name,
                    "detail": text(one.detail),
                    "is_left_empty": one.is_left_empty,
                    "municipality": one.municipality,
                }
                for one in effects
            ]
        )
        return
    show_table(
        ["", say("What"), say("Without it")],
        [[one.state, one.name or say("the county"), one.detail] for one in effects],
        title=found.shared.name,
    )


def _unknown(key: str) -> NotFound:
    return NotFound(
        Problem(
            place=say("The key"),
            value=key[:80],
            rule=say("No alert chain uses such a channel or infrastructure."),
            remedy=say("“prep alert without” tells the keys."),
        )
    )
