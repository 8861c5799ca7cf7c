"""The pages: read from the database, made on the server, in Finnish, Swedish and English."""

from flask import Flask
from jinja2 import StrictUndefined

from prep.config import Settings
from prep.web import (
    about,
    account,
    administration,
    api,
    appointing,
    audit,
    binder,
    bodies,
    body_editing,
    calendars,
    card_register,
    card_texts,
    cards,
    chain_applying,
    chain_asking,
    chain_editing,
    chain_fixing,
    chain_flaws,
    chain_history,
    chain_hours,
    chain_lines,
    chain_lists,
    chain_poster,
    chain_story,
    chains,
    chances,
    coming_back,
    constituencies,
    contact_files,
    contact_import,
    database,
    doubles,
    errors,
    forgery,
    frame,
    frequencies,
    health,
    identities,
    identity,
    keys,
    language,
    list_columns,
    logs,
    map_data,
    meeting_editing,
    meetings,
    minutes,
    misses,
    municipalities,
    norms,
    numbers,
    outages,
    overview,
    own_keys,
    own_scenarios,
    passkeys,
    people,
    permissions,
    privacy,
    proof,
    provider,
    registry,
    review,
    review_links,
    roles,
    row_numbers,
    search,
    sections,
    security,
    sheets,
    sign_ins,
    signing_in,
    simulation,
    site_calculator,
    site_calendar,
    site_doubles,
    site_editing,
    site_files,
    site_import,
    site_keys,
    site_map,
    site_opening,
    site_places,
    site_units,
    sites,
    static_files,
    tables,
    undoing,
    upkeep,
    uploads,
    writing,
)
from prep.web.signs import draw_with


def create_app(settings: Settings) -> Flask:
    """The application that serves the pages of one installation.

    Raises
    ------
    Refused
        If the database address is not usable, or a library that the settings ask for is not installed.
    TypeError
        If a route names no permission.
    """
    app = Flask(__name__)
    app.extensions["prep_settings"] = settings
    app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    row_numbers.bound(app)
    logs.log_requests(app)
    database.connect(app, settings)
    security.secure(app, settings)
    identity.recognise(app)
    permissions.guard(app)
    uploads.admit(app)
    forgery.refuse_forgeries(app)
    language.speak(app)
    writing.write_with(app)
    draw_with(app)
    registry.tell_with(app)
    chain_asking.tell_with(app)
    chances.tell_with(app)
    tables.list_with(app)
    frame.frame(app)
    misses.limit_misses(app)
    sections.tell_with(app)
    passkeys.offer_with(app)
    provider.connect(app, settings)
    static_files.serve(app)
    errors.answer_failures(app)
    for area in (
        overview,
        municipalities,
        people,
        contact_files,
        contact_import,
        doubles,
        numbers,
        review,
        review_links,
        privacy,
        roles,
        appointing,
        bodies,
        body_editing,
        frequencies,
        meetings,
        meeting_editing,
        minutes,
        constituencies,
        site_calculator,
        site_doubles,
        site_calendar,
        site_editing,
        site_import,
        list_columns,
        site_keys,
        site_units,
        norms,
        site_files,
        site_opening,
        sites,
        site_map,
        site_places,
        map_data,
        chains,
        chain_flaws,
        chain_editing,
        chain_lists,
        chain_lines,
        chain_history,
        chain_fixing,
        chain_applying,
        chain_hours,
        chain_poster,
        chain_story,
        outages,
        own_scenarios,
        simulation,
        card_register,
        card_texts,
        cards,
        binder,
        sheets,
        signing_in,
        account,
        proof,
        passkeys,
        provider,
        coming_back,
        own_keys,
        calendars,
        upkeep,
        administration,
        sign_ins,
        keys,
        identities,
        audit,
        undoing,
        search,
        about,
        health,
    ):
        app.register_blueprint(area.pages)
    permissions.require_named(app)
    api.mount(app, settings)
    security.believe_proxies(app, settings)
    return app
