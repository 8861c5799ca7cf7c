"""From a request to an answer: key, permission, accepted type, parameters, then the operation; then the headers."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Response, current_app, request
from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotAcceptable, RequestEntityTooLarge, RequestURITooLarge

from prep import clock
from prep.auth import tokens
from prep.auth.permissions import nothing_here
from prep.auth.sessions import sign_in_needed
from prep.auth.tokens import TokenUse
from prep.config import Settings
from prep.db import write_session
from prep.errors import Problem, Refused
from prep.language import say
from prep.web import database
from prep.web.api.language import answer_language
from prep.web.api.operations import Asked, File, Operation
from prep.web.api.parameters import problem_of, unknown
from prep.web.api.problems import ScopeLacking
from prep.web.api.shapes import Page, Shape

LONGEST_QUERY = 2048
_VARY = "Accept, Accept-Language, Authorization"


def view_of(operation: Operation) -> Callable[..., Response]:
    """The view that answers an operation."""

    def view(**path: str) -> Response:
        _refuse_excess()
        with database.reading() as session:
            answer = _answer(operation, session, path)
            # Of the database: what is put in shape lazily would find it closed.
            response = _response(answer)
        _keep(response, is_personal=operation.is_personal)
        return response

    return view


def published(document: Mapping[str, Any]) -> Callable[[], Response]:
    """The view of a document that is the same for everyone and needs no key."""
    body = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True).encode()

    def view() -> Response:
        _refuse_excess()
        _require_accepted("application/json")
        _parameters(_NoQuery)
        response = Response(body, mimetype="application/json")
        _keep(response, is_personal=False)
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


def _answer(operation: Operation, session: Session, path: Mapping[str, str]) -> Shape | File:
    use = _use(session)
    viewer = tokens.viewer_of(session, use, on=clock.today())
    lacking = [one for one in operation.permissions if not viewer.may_somewhere(one)]
    if lacking:
        # The operations are no secret: they stand in the published document.
        raise ScopeLacking(lacking)
    _require_accepted(operation.media_type)
    if not all(operation.parameters[name].fits(value) for name, value in path.items()):
        raise nothing_here()
    settings: Settings = current_app.extensions["prep_settings"]
    return operation.act(
        Asked(
            session=session,
            use=use,
            viewer=viewer,
            language=answer_language(),
            on=clock.today(),
            settings=settings,
            path=path,
            query=_parameters(operation.query),
        )
    )


def _use(session: Session) -> TokenUse:
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        raise sign_in_needed(say("The request carries no key."))
    if not given.token.startswith(tokens.BEGINS):
        raise sign_in_needed(say("This key is not or no longer good."))
    use = tokens.use_of(session, given.token)
    if use.is_to_be_seen:
        with write_session(database.engine_of(current_app), actor=use.account.login) as writing:
            tokens.see(writing, tokens.use_of(writing, given.token))
    return use


def _parameters(kind: type[BaseModel]) -> Any:
    problems = [
        *(unknown(name, kind) for name in dict.fromkeys(request.args) if name not in kind.model_fields),
        *(
            Problem(
                place=say("The parameter “{name}”", name=name),
                value=None,
                rule=say("It is given once at the most."),
                remedy=say("Leave one of them."),
            )
            for name in dict.fromkeys(request.args)
            if name in kind.model_fields and len(request.args.getlist(name)) > 1
        ),
    ]
    known = {name: value for name, value in request.args.items() if name in kind.model_fields}
    try:
        read = kind.model_validate(known)
    except ValidationError as error:
        problems += [problem_of(str(one["loc"][0]), known, kind) for one in error.errors()]
    if problems:
        raise Refused(problems)
    return read


def _refuse_excess() -> None:
    if len(request.query_string) > LONGEST_QUERY:
        raise RequestURITooLarge
    if request.content_length:
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


def _keep(response: Response, *, is_personal: bool) -> None:
    """Give the answer its mark; who has it already gets 304 instead."""
    marked = answer_language().value.encode() + b"\n" + response.get_data()
    response.set_etag(hashlib.sha256(marked).hexdigest()[:32])
    response.headers["X-Prep-Keep"] = "no-store" if is_personal else "private, no-cache"
    response.make_conditional(request)
