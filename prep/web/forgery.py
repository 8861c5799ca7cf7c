"""Forms that were not made here do nothing: every unsafe request carries a token that only its own pages know.

Two checks, either of which would do: where the browser says that the request comes from (``Sec-Fetch-Site``,
``Origin``), and a token in the form that is made from what is in the browser's cookie.
"""

import hashlib
import hmac
import secrets

from flask import Flask, Response, g, request
from markupsafe import Markup
from werkzeug.exceptions import Forbidden

from prep import audit
from prep.models import Account
from prep.web import cookies, identity
from prep.web.address import own_origin
from prep.web.database import writing

FIELD = "lomake"
# By which a form is known again when it is sent a second time; see prep.web.saving.
ONCE = "kerta"
_COOKIE = "prep_form"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES = frozenset({"same-origin", "none"})
_PURPOSE = b"prep form"
_LONGEST_ORIGIN = 200


class ForeignForm(Forbidden):
    """The request was not made by a form of these pages, or by one that is too old."""


def refuse_forgeries(app: Flask) -> None:
    """Refuse unsafe requests that do not come from a form of these pages; give the forms their token."""
    app.before_request(_check)
    app.after_request(_hand_over)
    app.jinja_env.globals["form_token"] = form_token


def form_token() -> Markup:
    """The hidden fields that every form with ``method="post"`` carries: its token, and a key good for one sending."""
    return Markup(
        '<input type="hidden" name="{}" value="{}"><input type="hidden" name="{}" value="{}">'
    ).format(FIELD, _made_from(_secret()), ONCE, secrets.token_urlsafe(12))


def token_for(secret: str) -> str:
    """The token of forms in a browser whose cookie holds this; the cookie cannot be made from it."""
    return _made_from(secret)


def _check() -> None:
    # A key in a header is never sent by a browser on its own, so no other page can borrow it.
    if request.method in _SAFE or "Authorization" in request.headers or request.endpoint is None:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if (site is not None and site not in _OWN_SITES) or (origin is not None and origin != own_origin()):
        _write_down(origin or "")
        raise ForeignForm
    known = _known_secret()
    given = request.form.get(FIELD, "")
    if known is None or not hmac.compare_digest(_made_from(known).encode(), given.encode()):
        raise ForeignForm


def _write_down(origin: str) -> None:
    """Another site has used somebody's browser: worth a line in the trail. What a stranger sends is not."""
    who = identity.who()
    if who is None:
        return
    with writing(identity.actor()) as session:
        account = session.get(Account, who.account_id)
        values = {"step": "form", "page": request.endpoint, "origin": origin[:_LONGEST_ORIGIN]}
        audit.note(session, "refused", account or "form", {**values, "address": identity.caller().network})


def _known_secret() -> str | None:
    """What the browser holds that no other page can read: the token of a sign-in, before it one of its own."""
    if identity.who() is not None:
        return identity.token()
    return cookies.held(_COOKIE)


def _secret() -> str:
    new: str | None = g.get("new_token")
    found = new or _known_secret() or g.get("form_secret")
    if found is None:
        found = g.form_secret = secrets.token_urlsafe(32)
    return str(found)


def _made_from(secret: str) -> str:
    return hmac.new(secret.encode(), _PURPOSE, hashlib.sha256).hexdigest()


def _hand_over(response: Response) -> Response:
    if "form_secret" in g:
        cookies.put(response, _COOKIE, g.form_secret)
    return response
