"""Contacts whose time on record is over: which, and erasing them."""

import click

from prep.cli.output import as_json, open_database, remark, settings, show_json, show_table
from prep.cli.rights import right
from prep.errors import Problem, Refused
from prep.language import say


@right("contact.edit")
@click.command("retain")
@click.option("--apply/--dry-run", "is_applied", default=False, help="Erase them, or only look.")
@as_json
def retain(*, is_applied: bool, json_wanted: bool) -> None:
    """Erase those who left longer ago than contact_retention_months; without --apply only say who they are.

    Somebody whom an alert chain calls by name stays until the chain is changed. It cannot be undone.
    """
    from prep import clock
    from prep.db import checkpoint, read_session, write_session
    from prep.registry.privacy import erase, past_retention

    months = settings().contact_retention_months
    if not months:
        raise _no_rule()
    today = clock.today()
    engine = open_database()
    with read_session(engine) as session:
        found = [(one.id, one.name, one.left_on) for one in past_retention(session, on=today, months=months)]
    if is_applied and found:
        with write_session(
            engine, actor="command: contacts retain", why=f"retention, {months} months"
        ) as session:
            for one in past_retention(session, on=today, months=months):
                erase(session, one, on=today)
        checkpoint(engine)
    if json_wanted:
        people = [{"number": number, "name": name, "left_on": left_on} for number, name, left_on in found]
        show_json({"months": months, "applied": is_applied, "people": people})
        return
    show_table(
        [say("Number"), say("Name"), say("Left on")],
        [[str(number), name, left_on] for number, name, left_on in found],
    )
    if is_applied:
        remark(say("Erased: {n}. Backups made earlier still hold them.", n=len(found)))
    else:
        remark(say("Nothing has been changed. Add --apply to erase them; it cannot be undone."))


def _no_rule() -> Refused:
    return Refused(
        Problem(
            place="contact_retention_months",
            value="0",
            rule=say("No time is set: those who have left are kept without end."),
            remedy=say("Decide how long they are needed, and set contact_retention_months."),
        )
    )
