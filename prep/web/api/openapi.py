"""The OpenAPI 3.1 document, made of the table of operations and of the models that they answer with."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from prep import __version__
from prep.web.api import content
from prep.web.api.changing import ONCE, ONCE_PATTERN
from prep.web.api.operations import Change, Operation
from prep.web.api.problems import KINDS, MEDIA_TYPE
from prep.web.api.shapes import Page, ProblemDocument

_REF = "#/components/schemas/{model}"
_TEXT = {"type": "string"}
_FAILURES = {
    400: "The request has the wrong form, such as signs in the address that no text has.",
    401: "No key, or one that is not good.",
    403: "The key lacks a permission that the operation asks for.",
    404: "It does not exist, or the key has no right to it: the same answer for both.",
    406: "What the request accepts is not what the operation gives.",
    413: "The content is too large, or there is one where none is taken.",
    414: "The address is too long.",
    422: "A parameter, or what is stored, breaks a rule. What is wrong is listed under “problems”.",
    500: "Fault of the program, with the number by which it stands in the log.",
    503: "The database or the disk does not do its part.",
}

_FAILURES_OF_CHANGES = {
    400: "The request has the wrong form, or its content is no JSON object.",
    409: "Somebody else has changed the same meanwhile.",
    412: "If-Match names another version than the present one, which the header ETag tells.",
    415: "The content is not application/json.",
    422: "A parameter, or what is sent, breaks a rule. All of it is listed under “problems”; nothing is changed.",
    428: "If-Match is missing.",
}


def document(operations: Sequence[Operation], *, base: str) -> dict[str, Any]:
    """The whole document."""
    schemas = _schemas(operations)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "prep",
            "version": __version__,
            "summary": "Preparedness of a wellbeing services county, for programs.",
            "description": "Sentences are in the language of Accept-Language: fi, sv or en. Unknown is null.",
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": base}],
        "security": [{"key": []}],
        "tags": [{"name": area} for area in dict.fromkeys(one.area for one in operations)],
        "paths": {
            path: {one.method.lower(): _operation(one, schemas) for one in operations if one.path == path}
            for path in dict.fromkeys(one.path for one in operations)
        },
        "components": {
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A key that begins with prep_, made on the own account’s page.",
                }
            },
            "schemas": {name: schema for name, schema in schemas.items() if not name.endswith("Query")},
        },
    }


def _schemas(operations: Sequence[Operation]) -> dict[str, Any]:
    wanted: dict[type[BaseModel], JsonSchemaMode] = {ProblemDocument: "serialization"}
    for one in operations:
        wanted[one.query] = "validation"
        if not isinstance(one.answer, str):
            wanted[one.answer] = "serialization"
        if isinstance(one.act, Change) and one.act.content is not None:
            wanted[one.act.content] = "validation"
    _, found = models_json_schema(list(wanted.items()), ref_template=_REF)
    schemas: dict[str, Any] = found["$defs"]
    # The query parameters stand at the operations, so their models need no names of their own.
    return {**schemas, **{one.query.__name__: _properties(one.query) for one in operations}}


def _properties(query: type[BaseModel]) -> dict[str, Any]:
    return query.model_json_schema(ref_template=_REF)


def _operation(operation: Operation, schemas: Mapping[str, Any]) -> dict[str, Any]:
    scopes = [one.value for one in operation.permissions]
    needed = f"Needs {' and '.join(scopes)}." if scopes else "Needs a good key, whatever its permissions."
    change = operation.act if isinstance(operation.act, Change) else None
    failures = {**_FAILURES, **(_FAILURES_OF_CHANGES if change else {})}
    not_changed = {"304": {"description": "Nothing has changed since the answer that If-None-Match names."}}
    return {
        "operationId": operation.key,
        "tags": [operation.area],
        "summary": operation.summary,
        "description": needed,
        "x-permissions": scopes,
        "parameters": [
            *_path_parameters(operation),
            *_query_parameters(operation, schemas),
            *(_header_parameters(change) if change else ()),
        ],
        **(_carried(change) if change and change.content else {}),
        "responses": {
            **({str(change.status): _done(operation, change)} if change else {"200": _success(operation)}),
            **({} if change else not_changed),
            **{str(status): _failure(words) for status, words in sorted(failures.items()) if status in KINDS},
        },
    }


def _header_parameters(change: Change) -> list[dict[str, Any]]:
    version = {
        "name": "If-Match",
        "in": "header",
        "required": change.needs_version,
        "description": "The ETag with which the thing was read: only that version is changed.",
        "schema": {**_TEXT, "pattern": '^"[!#-~]*"$'},
    }
    once = {
        "name": ONCE,
        "in": "header",
        "required": False,
        "description": "A random value; the same sent again within two days is done once.",
        "schema": {**_TEXT, "pattern": f"^{ONCE_PATTERN}$"},
    }
    return [*([version] if change.at else ()), *([once] if change.method == "POST" else ())]


def _carried(change: Change) -> dict[str, Any]:
    schema = {"$ref": _REF.format(model=change.content.__name__)} if change.content else {}
    return {"requestBody": {"required": True, "content": {content.MEDIA_TYPE: {"schema": schema}}}}


def _done(operation: Operation, change: Change) -> dict[str, Any]:
    if change.removes:
        return {"description": operation.summary}
    answer = _success(operation)
    if change.makes:
        answer["headers"]["Location"] = {
            "description": "Where the new thing stands.",
            "required": True,
            "schema": _TEXT,
        }
    return answer


def _path_parameters(operation: Operation) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": one.meaning,
            "schema": {**_TEXT, "pattern": f"^{one.pattern}$"},
            "example": one.example,
        }
        for name, one in operation.parameters.items()
    ]


def _query_parameters(operation: Operation, schemas: Mapping[str, Any]) -> list[dict[str, Any]]:
    schema = schemas[operation.query.__name__]
    return [
        {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "description": found["description"],
            "schema": _bare(found),
        }
        for name, found in schema.get("properties", {}).items()
    ]


def _bare(found: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter's schema; null is for leaving it out, which an address does by not naming it."""
    rest = {name: value for name, value in found.items() if name not in {"title", "description", "anyOf"}}
    if rest.get("default", ...) is None:
        del rest["default"]
    kinds = [one for one in found.get("anyOf", ()) if one.get("type") != "null"]
    return {**rest, **(kinds[0] if kinds else {})}


def _success(operation: Operation) -> dict[str, Any]:
    headers = {
        "ETag": ("The mark of this answer, for If-None-Match.", True),
        "Content-Language": ("The language of the sentences.", True),
        "Cache-Control": ("no-store where people’s names or numbers are in the answer.", True),
    }
    if isinstance(operation.answer, str):
        schema: dict[str, Any] = {**_TEXT, "format": "binary"}
    else:
        schema = {"$ref": _REF.format(model=operation.answer.__name__)}
        if issubclass(operation.answer, Page):
            headers["Link"] = ("The first, previous, next and last page.", True)
    return {
        "description": operation.summary,
        "headers": {
            name: {"description": words, "required": needed, "schema": _TEXT}
            for name, (words, needed) in headers.items()
        },
        "content": {operation.media_type: {"schema": schema}},
    }


def _failure(words: str) -> dict[str, Any]:
    schema = {"$ref": _REF.format(model=ProblemDocument.__name__)}
    return {"description": words, "content": {MEDIA_TYPE: {"schema": schema}}}
