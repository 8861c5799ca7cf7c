"""The language of an answer: what the request asks for, else that of the installation. No cookie, no link."""

from flask import current_app, request

from prep.config import Settings
from prep.terms import Language


def answer_language() -> Language:
    """The language in which the sentences of this answer are."""
    settings: Settings = current_app.extensions["prep_settings"]
    known = [one.value for one in Language]
    return Language(request.accept_languages.best_match(known) or settings.language or Language.FI)
