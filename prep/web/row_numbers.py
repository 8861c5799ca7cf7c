"""Numbers of rows in addresses: no larger than any row's, so that what cannot be there is not asked for."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

_LARGEST = 2**31 - 1


class RowNumber(IntegerConverter):
    """``<int:…>`` in an address; with a larger number there is no page there."""

    def __init__(self, map: Map) -> None:  # noqa: A002 - named so by the class above
        super().__init__(map, max=_LARGEST)


def bound(app: Flask) -> None:
    """Let every ``<int:…>`` of the pages be the number of a row."""
    app.url_map.converters["int"] = RowNumber
