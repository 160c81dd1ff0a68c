"""The trade-off as one HTML file that needs nothing else: recall against stories a day.

Each point is a setting, coloured by its median delay, with its intervals; variants (other ways of
telling stories) have shapes of their own.
"""

import html
import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from rtm.errors import ConfigError
from rtm.estimates import Estimate
from rtm.remedies import one_line
from rtm.sources.beside import put
from rtm.timeline import plain
from rtm.tune.result import Result, Value, shared, words, words_apart

SYMBOLS = ("circle", "diamond", "square", "triangle-up", "cross", "star")
LEAST_RATE = 0.01  # stories a day: a logarithmic axis has no 0
SHOWN_SETTINGS = 12  # in one hover

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem;
        color: #1d2733; background: #fff; }}
h1 {{ font-size: 1.3rem; margin: 0; }}
p {{ color: #55606d; margin: .3rem 0 1rem; }}
#figure {{ height: 36rem; }}
</style>
<script>{plotly}</script>
</head>
<body>
<h1>{title}</h1>
<p>{caption}</p>
<div id="figure"></div>
<script>Plotly.newPlot("figure", {traces}, {layout}, {{displayModeBar: false, responsive: true}});
</script>
</body>
</html>
"""

CAPTION = (
    "Each point is one setting; lines are 95 % bootstrap intervals (of recall over labels, of "
    "stories a day over blocks of active time). Higher and further left is better, darker is "
    "sooner. Point at one to see its settings."
)


def write_figure(path: Path, title: str, results: Sequence[Result]) -> None:
    """Write the figure of some results.

    Raises
    ------
    ConfigError
        When the file cannot be written.
    """
    try:
        put(path, figure(title, results))
    except OSError as error:
        problem = f"cannot be written ({error.strerror}); name another file by --figure"
        raise ConfigError(one_line(f"{path}: {problem}")) from error


def figure(title: str, results: Sequence[Result]) -> str:
    """Return the page; results without a recall (no labels) or a rate (no posts) are left out."""
    shown = [one for one in results if _point(one) is not None]
    common = shared(shown)
    variants = list(dict.fromkeys(one.variant for one in shown))
    traces = [
        _trace(
            [one for one in shown if one.variant == name], name, SYMBOLS[n % len(SYMBOLS)], common
        )
        for n, name in enumerate(variants)
    ]
    return PAGE.format(
        title=html.escape(plain(title)),
        caption=html.escape(f"{CAPTION} All with {words(common)}." if common else CAPTION),
        plotly=_plotly(),
        traces=_script(traces),
        layout=_script(_layout(len(variants) > 1)),
    )


def _trace(
    results: Sequence[Result], name: str, symbol: str, common: Mapping[str, Value]
) -> dict[str, Any]:
    points = sorted(results, key=lambda one: _point(one) or (0.0, 0.0))
    rates = [one.measures.stories_a_day for one in points]
    recalls = [one.measures.recall for one in points]
    delays = [one.measures.delay_median_s.value for one in points]
    x = [max(LEAST_RATE, rate.value or 0.0) for rate in rates]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": html.escape(plain(name)),
        "x": x,
        "y": [recall.value for recall in recalls],
        "error_x": _bars(rates, "rgba(85,96,109,.35)"),
        "error_y": _bars(recalls, "rgba(85,96,109,.35)"),
        "marker": {
            "symbol": symbol,
            "size": 11,
            "color": delays,
            "coloraxis": "coloraxis",
            "line": {"width": 1, "color": "#1d2733"},
        },
        "text": [_hover(one, common) for one in points],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _layout(has_legend: bool) -> dict[str, Any]:
    return {
        "margin": {"l": 60, "r": 20, "t": 10, "b": 55},
        "paper_bgcolor": "#fff",
        "plot_bgcolor": "#fff",
        "font": {"color": "#1d2733"},
        "hoverlabel": {"align": "left"},
        "xaxis": {"title": {"text": "stories a day"}, "type": "log", "gridcolor": "#e6e9ed"},
        "yaxis": {
            "title": {"text": "recall"},
            "range": [-0.02, 1.04],
            "tickformat": ".0%",
            "gridcolor": "#e6e9ed",
        },
        "coloraxis": {
            "colorscale": "Viridis",
            "colorbar": {"title": {"text": "median delay, s"}, "thickness": 14},
        },
        "showlegend": has_legend,
        "legend": {"x": 0.01, "y": 0.99},
    }


def _bars(estimates: Sequence[Estimate], color: str) -> dict[str, Any]:
    return {
        "type": "data",
        "symmetric": False,
        "array": [_length(one.value, one.high) for one in estimates],
        "arrayminus": [_length(one.low, one.value) for one in estimates],
        "color": color,
        "thickness": 1,
        "width": 0,
    }


def _length(low: float | None, high: float | None) -> float:
    return 0.0 if low is None or high is None else high - low


def _hover(result: Result, common: Mapping[str, Value]) -> str:
    told = result.measures
    lines = [f"<b>{html.escape(plain(result.variant))}</b>"]
    lines += [f"recall {_said(told.recall, 2)}", f"stories a day {_said(told.stories_a_day, 1)}"]
    lines += [f"median delay {_said(told.delay_median_s, 0)} s"]
    lines += [f"negatives hit {_said(told.negatives_hit, 2)}"]
    changed = words_apart(result, common).split(", ")
    lines += [html.escape(line) for line in changed[:SHOWN_SETTINGS]]
    return "<br>".join(lines)


def _said(one: Estimate, digits: int) -> str:
    if one.value is None:
        return "unknown"
    if one.low is None or one.high is None:
        return f"{one.value:.{digits}f}"
    return f"{one.value:.{digits}f} ({one.low:.{digits}f} to {one.high:.{digits}f})"


def _point(result: Result) -> tuple[float, float] | None:
    recall, rate = result.measures.recall.value, result.measures.stories_a_day.value
    return None if recall is None or rate is None else (rate, recall)


def _plotly() -> str:
    # the board's own copy: a quarter of the whole library, and no network
    assets = files("dashboards") / "assets"
    (bundle,) = (one for one in assets.iterdir() if one.name.startswith("plotly-basic-"))
    return bundle.read_text(encoding="utf-8")


def _script(content: object) -> str:
    return json.dumps(content).replace("</", "<\\/")
