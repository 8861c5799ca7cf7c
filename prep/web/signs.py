"""What the templates draw: signs of states, bars; pictures come ready from the views."""

from flask import Flask
from markupsafe import Markup

from prep.evacuation.words import norm_word, unit_word
from prep.language import in_language
from prep.terms import State
from prep.web.findings import address_of
from prep.web.language import page_language
from prep.web.maps import tiles
from prep.web.svg.bars import limit_bar, share_bar
from prep.web.svg.markup import drawing
from prep.web.svg.shapes import shape, sign
from prep.web.words import word


def draw_with(app: Flask) -> None:
    """Teach the templates to draw."""
    app.jinja_env.globals.update(
        sign=sign,
        state_shape=_state_shape,
        tiles=tiles,
        sign_alone=_sign_alone,
        share_bar=share_bar,
        limit_bar=limit_bar,
        State=State,
        word=word,
        norm_word=norm_word,
        unit_word=unit_word,
        address_of=address_of,
    )


def _sign_alone(state: State) -> Markup:
    """A sign with no words beside it: it carries its word itself."""
    return sign(state, title=in_language(word(state), page_language()))


def _state_shape(state: State) -> Markup:
    """The shape of a state as it stands on maps, by itself."""
    return drawing(shape(state, 8, 8, 6.5), width=16, height=16, class_="shape")
