"""The desk: choose a moment, read it, write, have it approved, fire it; also in the hand."""

from dash import html

from dashboards import ids
from dashboards.attributes import aria, data

PATH = "/desk"
TITLE = "desk"

KEYS = (
    ("J", "next moment"),
    ("K", "moment before"),
    ("C", "claim"),
    ("T", "text"),
    ("A", "alt text"),
    ("1 to 9", "text of a kit"),
    ("Ctrl Enter", "submit"),
    ("?", "these keys"),
)


def layout(*, brand: str) -> html.Div:
    """Return the desk's frame; the scripts fill it, the text area excepted, which is people's."""
    return html.Div(
        [
            html.Div([_head(brand), _facts()], className="desk-bar"),
            html.Div(id=ids.DESK_BAND, role="alert"),
            html.Section(id=ids.DESK_HOUSE, **aria(label="The house")),
            html.Div(id=ids.DESK_PACE, hidden=True, role="group", **aria(label="Pace")),
            html.Nav(id=ids.DESK_LIST, **aria(label="Moments")),
            html.Main(id=ids.DESK_STORY, **aria(label="The moment")),
            _composer(),
            html.Footer(id=ids.DESK_FOOT),
            _keys(),
            html.Dialog(id=ids.DESK_SHEET),
            html.Div(id=ids.DESK_STATE, className="unseen", role="status"),
        ],
        id=ids.DESK,
        **data(brand=brand),
    )


def _head(brand: str) -> html.Header:
    # stays in reach in the hand: whether the board may be trusted, and how to stop everything
    return html.Header(
        [
            html.Strong(brand, className="brand"),
            html.Div(id=ids.DESK_MODE),
            html.Div(id=ids.DESK_STOP),
        ]
    )


def _facts() -> html.Div:
    return html.Div(
        [
            html.Div(id=ids.DESK_HEAD, className="head-facts"),
            html.Nav(
                [
                    html.A("Wall", href="/wall"),
                    html.Form(
                        html.Button("Log out", type="submit", className="quiet"),
                        action="/logout",
                        method="post",
                    ),
                ],
                **aria(label="Elsewhere"),
            ),
        ],
        className="facts-row",
    )


def _composer() -> html.Section:
    return html.Section(
        [
            html.Div(id=ids.DESK_STEPS),
            html.Div(id=ids.DESK_CHANGED, role="alert"),
            html.Div(id=ids.DESK_TABS),
            html.Div([_write(), html.Div(id=ids.DESK_SHOWN)], className="pair"),
            html.Section(id=ids.DESK_CHECKS, **aria(label="Checks")),
            html.Section(id=ids.DESK_KITS, **aria(label="Kits")),
            html.Div(
                [
                    html.Div(id=ids.DESK_SAY, role="alert"),
                    html.Div(
                        [
                            html.Label("Why", htmlFor=f"{ids.DESK_NOTE}-text"),
                            _area(f"{ids.DESK_NOTE}-text", rows=2),
                        ],
                        id=ids.DESK_NOTE,
                        hidden=True,
                    ),
                    html.Div(id=ids.DESK_PANEL),
                    html.Div(id=ids.DESK_DO),
                ],
                className="acts",
            ),
        ],
        className="composer",
        **aria(label="The post"),
    )


def _write() -> html.Div:
    return html.Div(
        [
            html.Label("Draft", htmlFor=ids.DESK_TEXT),
            html.Div(id=ids.DESK_COUNT),
            _area(ids.DESK_TEXT, rows=4, describedby=ids.DESK_COUNT),
            html.Div(id=ids.DESK_MORE),
        ],
        id=ids.DESK_WRITE,
        hidden=True,
    )


def _area(name: str, rows: int, describedby: str | None = None) -> html.Div:
    # Dash knows no uncontrolled text area; the script makes a real one here, out of React's reach
    described = data(describedby=describedby) if describedby else {}
    return html.Div(className="area", **data(rows=str(rows), area=name), **described)


def _keys() -> html.Dialog:
    rows = [html.Div([html.Dt(html.Kbd(key)), html.Dd(what)]) for key, what in KEYS]
    return html.Dialog([html.H2("Keys"), html.Dl(rows)], id=ids.DESK_KEYS)
