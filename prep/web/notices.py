"""What has just been done, said once on the page that comes after it.

The address carries a key and never a sentence, so nobody can make these pages say what they like.
"""

from typing import Any
from urllib.parse import urlencode

from flask import request, url_for

from prep.language import Message, say

FIELD = "tehty"
NOTICES = {
    "out": say("You have been signed out."),
    "out-here": say(
        "You have been signed out here. At the organisation’s service you may still be signed in."
    ),
    "identity": say("The organisation’s account has been bound. You are signed out everywhere else."),
    "bound": say("The identity has been bound."),
    "unbound": say("The identity has been removed, and the account signed out everywhere."),
    "over": say("You were signed out because time had run out, or elsewhere. Sign in again."),
    "chosen": say("The password has been set. Sign in with it."),
    "password": say("The password has been changed. You are signed out everywhere else."),
    "factor": say("The authenticator app has been set up."),
    "passkey": say("The passkey has been set up."),
    "removed": say("It has been removed. You are signed out everywhere else."),
    "ended": say("The sign-in has been ended."),
    "language": say("The language has been changed."),
    "proven": say("Thank you. You can go on."),
    "account": say("The account has been changed."),
    "role": say("The role has been given."),
    "ended-role": say("The role has been ended."),
    "closed": say("The account has been closed and signed out everywhere."),
    "signed-out": say("The account has been signed out everywhere."),
    "revoked": say("The key opens nothing any more."),
    "feed-revoked": say("The calendar’s address opens nothing any more."),
    "backup": say("The backup has been made and checked."),
    "opened": say("The account is open again. Its roles are as they were; it needs a new link."),
    "saved": say("Saved."),
    "added": say("Added."),
    "gone": say("Removed."),
    "confirmed": say("Confirmed."),
    "withdrawn": say(
        "The premises have been withdrawn. They are found in the list under their availability."
    ),
    "relisted": say("The premises are on the list again. Say whether they can be had."),
    "asked": say("The request has been written and is sent with the next mail."),
    "appointed": say("Appointed."),
    "term-ended": say("The term has been ended."),
    "left": say("All posts have been ended."),
    "erased": say("The person has been erased. This cannot be undone."),
    "imported": say("The list has been imported."),
    "sites_merged": say("The two premises are one now."),
    "sites_apart": say("Remembered: these two are not the same premises, and are not asked about again."),
    "forgotten": say("Forgotten: the column is guessed again."),
    "merged": say("The two are one now."),
    "apart": say("Remembered: these two are not the same, and are not asked about again."),
    "draft": say("Kept as a draft. The chain itself is as it was."),
    "applied": say("The draft has been taken into use as a new version of the chain."),
    "undone": say("The change has been taken back."),
}


def on(path: str, done: str, **more: str) -> str:
    """An address of these pages, with what it says was done before; a place on the page stays at the end."""
    if done not in NOTICES:
        raise ValueError(f"no notice {done}")
    where, mark, place = path.partition("#")
    return f"{where}{'&' if '?' in where else '?'}{urlencode({**more, FIELD: done})}{mark}{place}"


def notice() -> Message | None:
    """What the page has to say of what was done before it."""
    return NOTICES.get(request.args.get(FIELD, ""))


def after(endpoint: str, done: str, **values: Any) -> str:
    """The address of the page that comes after something was done, and says so."""
    return on(url_for(endpoint, **values), done)
