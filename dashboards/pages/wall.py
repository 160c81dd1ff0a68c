"""The wall: what a room reads from three metres, or five with ``?at=5m``."""

from dash import html

from dashboards import ids
from dashboards.attributes import aria, data

PATH = "/wall"
TITLE = "wall"


def layout(*, brand: str, plotly: str) -> html.Div:
    """Return the wall's frame; ``plotly`` is the address of the drawing library.

    The scripts fill it, so nothing in it may be drawn anew by a callback.
    """
    return html.Div(
        [
            html.Header(html.Strong(brand, className="brand"), id=ids.WALL_HEAD),
            html.Div(id=ids.WALL_BAND, hidden=True, role="alert"),
            html.Main(id=ids.WALL_MAIN, **aria(label="Moments")),
            html.Section(
                [
                    html.H2(id=ids.WALL_CHART_WORDS),
                    html.Div(id=ids.WALL_PLOT, **aria(hidden="true")),
                    html.P(id=ids.WALL_MOOD, hidden=True),
                ],
                id=ids.WALL_CHART,
                hidden=True,
                **data(plotly=plotly),
            ),
            html.Footer(id=ids.WALL_FOOT),
            html.Div(id=ids.WALL_STATE, className="unseen", role="status"),
        ],
        id=ids.WALL,
        **data(brand=brand),
    )
