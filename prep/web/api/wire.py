"""From a request to an answer: key, permission, accepted type, then the operation; then the headers."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Response, current_app, request
from pydantic import BaseModel
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotAcceptable, RequestEntityTooLarge, RequestURITooLarge

from prep import clock
from prep.auth import tokens
from prep.auth.permissions import nothing_here
from prep.auth.sessions import sign_in_needed
from prep.auth.tokens import TokenUse
from prep.config import Settings
from prep.db import write_session
from prep.language import say
from prep.web import database
from prep.web.api import changing, content, parameters
from prep.web.api.language import answer_language
from prep.web.api.marks import keep
from prep.web.api.operations import Asked, Change, File, Operation
from prep.web.api.problems import ScopeLacking
from prep.web.api.shapes import LONGEST_WHY, WHY, Page, Shape

LONGEST_QUERY = 2048
_VARY = "Accept, Accept-Language, Authorization"


def view_of(operation: Operation) -> Callable[..., Response]:
    """The view that answers an operation."""

    act = operation.act
    if isinstance(act, Change):
        return _changing_view(operation, act)

    def view(**path: str) -> Response:
        _refuse_excess()
        with database.reading() as session:
            asked = _asked(session, path)
            _see(asked.use)
            _require_permitted(operation, asked)
            # Of the database: what is put in shape lazily would find it closed.
            response = _response(act(replace(asked, query=parameters.read(operation.query))))
        keep(response, is_personal=operation.is_personal)
        return response

    return view


def published(document: Mapping[str, Any]) -> Callable[[], Response]:
    """The view of a document that is the same for everyone and needs no key."""
    body = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True).encode()

    def view() -> Response:
        _refuse_excess()
        _require_accepted("application/json")
        parameters.read(_NoQuery)
        response = Response(body, mimetype="application/json")
        keep(response, is_personal=False)
        return response

    return view


def with_headers(response: Response) -> Response:
    """What every answer says: its language, on what it depends, and that nobody else may keep it."""
    response.headers["Content-Language"] = answer_language().value
    response.headers["Vary"] = _VARY
    response.headers["Cache-Control"] = response.headers.pop("X-Prep-Keep", "no-store")
    return response


class _NoQuery(BaseModel):
    model_config = {"extra": "forbid"}


def _changing_view(operation: Operation, change: Change) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        _refuse_excess(takes_content=change.content is not None)
        # Whoever may not change anything need not wait in the queue of those who write.
        with database.reading() as session:
            asked = _asked(session, path)
            _see(asked.use)
            _require_permitted(operation, asked)
            account, key = asked.use.account.login, asked.use.row.id
        raw = content.sent() if change.content else b""
        why = " ".join(request.args.get(WHY, "").split())[:LONGEST_WHY]
        with database.writing(f"account: {account} (API, key {key})", why=why) as session:
            return changing.carry_out(change, _asked(session, path), raw, query=operation.query)

    return view


def _asked(session: Session, path: Mapping[str, str]) -> Asked:
    """Who asks, and what they may do now; the parameters are read when it is known that they may."""
    use = _use(session)
    settings: Settings = current_app.extensions["prep_settings"]
    return Asked(
        session=session,
        use=use,
        viewer=tokens.viewer_of(session, use, on=clock.today()),
        language=answer_language(),
        on=clock.today(),
        settings=settings,
        path=path,
        query=None,
    )


def _require_permitted(operation: Operation, asked: Asked) -> None:
    lacking = [one for one in operation.permissions if not asked.viewer.may_somewhere(one)]
    if lacking:
        # The operations are no secret: they stand in the published document.
        raise ScopeLacking(lacking)
    _require_accepted(operation.media_type)
    if not all(operation.parameters[name].fits(value) for name, value in asked.path.items()):
        raise nothing_here()


def _use(session: Session) -> TokenUse:
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        raise sign_in_needed(say("The request carries no key."))
    if not given.token.startswith(tokens.BEGINS):
        raise sign_in_needed(say("This key is not or no longer good."))
    return tokens.use_of(session, given.token)


def _see(use: TokenUse) -> None:
    """Write down that the key is used. Never inside a transaction that writes: it would wait for itself."""
    if use.is_to_be_seen:
        with write_session(database.engine_of(current_app), actor=use.account.login) as session:
            tokens.see(session, _use(session))


def _refuse_excess(*, takes_content: bool = False) -> None:
    if len(request.query_string) > LONGEST_QUERY:
        raise RequestURITooLarge
    if request.content_length and not takes_content:
        # Nothing is read from a body here; whoever sends one means something else.
        raise RequestEntityTooLarge


def _require_accepted(media_type: str) -> None:
    if "Accept" in request.headers and not request.accept_mimetypes.quality(media_type):
        raise NotAcceptable


def _response(answer: Shape | File) -> Response:
    if isinstance(answer, File):
        response = Response(answer.content, mimetype=answer.media_type)
        response.headers["Content-Disposition"] = f'attachment; filename="{answer.name}"'
        return response
    response = Response(answer.model_dump_json(), mimetype="application/json")
    if isinstance(answer, Page):
        response.headers["Link"] = _links(answer)
    return response


def _links(page: Page[Any]) -> str:
    last = max(1, -(-page.total // page.per_page))
    wanted = {"first": 1, "prev": page.page - 1, "next": page.page + 1, "last": last}
    others = [(name, value) for name, value in request.args.items() if name != "page"]
    return ", ".join(
        f'<{request.script_root}{request.path}?{urlencode([*others, ("page", number)])}>; rel="{relation}"'
        for relation, number in wanted.items()
        if 1 <= number <= last
    )
