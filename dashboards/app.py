"""The Dash app that owns the shell of the screens; what moves on them is drawn by assets/*.js."""

from functools import partial
from typing import Any

import dash
from dash import html
from plotly.offline import get_plotlyjs_version  # type: ignore[import-untyped]  # ships no types

from dashboards.pages import desk, wall
from dashboards.theme import COLOURS

_NO_MARKUP = str.maketrans("", "", '<>&"')  # Dash writes titles as they are
PLOTLY = f"plotly-basic-{get_plotlyjs_version()}.min.js"


def create_app(*, brand: str) -> dash.Dash:
    """Build the screens of one brand.

    The pages hold frames and no callbacks; everything is served from here, nothing from elsewhere.
    """
    app = dash.Dash(
        __name__,
        title=brand.translate(_NO_MARKUP),
        include_pages_meta=False,
        update_title="",
        use_pages=True,
        pages_folder="",
        serve_locally=True,
        compress=False,
        suppress_callback_exceptions=True,
        assets_ignore=r".*\.js$",  # boot.js imports the rest; the chart loads its library itself
        meta_tags=[
            {"name": "viewport", "content": "width=device-width, initial-scale=1"},
            {"name": "theme-color", "content": COLOURS["ground"]},
            {"name": "color-scheme", "content": "dark"},
        ],
    )
    app.config.external_scripts = [{"src": app.get_asset_url("boot.js"), "type": "module"}]
    _page(app, wall, partial(wall.layout, brand=brand, plotly=app.get_asset_url(PLOTLY)))
    _page(app, desk, partial(desk.layout, brand=brand))
    app.layout = html.Div(dash.page_container)
    # Dash registers its routing at the first request; csp_hashes() must know of it before that
    app.server.test_client().get(wall.PATH)
    return app


def _page(app: dash.Dash, page: Any, layout: partial[html.Div]) -> None:
    # Dash hands the query's words to a layout, which the scripts read for themselves
    dash.register_page(  # type: ignore[no-untyped-call]  # states no types
        page.__name__,
        path=page.PATH,
        title=f"{app.title}, {page.TITLE}",
        name=page.TITLE,
        layout=lambda **_query: layout(),
    )
