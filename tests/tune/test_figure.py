"""The figure: one file that needs no other, with every variant and every setting's words."""

import json
import re

import msgspec
import pytest

from rtm.errors import ConfigError
from rtm.tune.figure import figure, write_figure
from rtm.tune.result import Result
from rtm.tune.session import Session
from tests.tune.nights import LABELS, SETTINGS, night


@pytest.fixture(scope="module")
def result() -> Result:
    return Session(night(), LABELS).run(SETTINGS)


def traces_of(page: str) -> list[dict[str, object]]:
    told = page[page.rindex('Plotly.newPlot("figure", ') + len('Plotly.newPlot("figure", ') :]
    traces, _ = json.JSONDecoder().raw_decode(told)
    return traces  # type: ignore[no-any-return]


def test_it_loads_nothing_from_anywhere(result):
    page = figure("A night", [result])

    assert not re.search(r"<(script|link|img)[^>]*(src|href)=", page.replace("<script>", ""))
    assert "displayModeBar: false" in page
    assert "plotly.js" in page


def test_each_variant_is_a_trace_with_a_shape_of_its_own(result):
    other = msgspec.structs.replace(result, variant="z-score")

    ours, theirs = traces_of(figure("A night", [result, result, other]))

    assert (ours["name"], theirs["name"]) == ("rtm", "z-score")
    assert len(ours["x"]) == 2  # type: ignore[arg-type]
    assert ours["marker"]["symbol"] != theirs["marker"]["symbol"]  # type: ignore[index]


def test_a_point_stands_at_its_numbers_with_its_intervals(result):
    (trace,) = traces_of(figure("A night", [result]))

    told = result.measures
    assert trace["x"] == [told.stories_a_day.value]
    assert trace["y"] == [told.recall.value]
    assert trace["marker"]["color"] == [told.delay_median_s.value]  # type: ignore[index]
    low = told.recall.value - trace["error_y"]["arrayminus"][0]  # type: ignore[index]
    assert low == pytest.approx(told.recall.low)


def test_hovering_tells_the_settings(result):
    changed = msgspec.structs.replace(result, changed={"story_floor": 6.0})
    usual = msgspec.structs.replace(result, changed={})

    (trace,) = traces_of(figure("A night", [changed, usual]))

    said = " ".join(trace["text"])  # type: ignore[arg-type]
    assert "story_floor = 6.0" in said
    assert "the default" in said


def test_words_of_others_are_words_and_no_markup(result):
    other = msgspec.structs.replace(result, variant="</script><b>x")

    page = figure("<i>A night", [other])

    assert "<i>A night" not in page
    assert "</script><b>x" not in page


def test_a_result_without_labels_has_no_place_in_it():
    bare = Session(night(), []).run(SETTINGS)

    assert traces_of(figure("A night", [bare])) == []


def test_a_file_that_cannot_be_written_is_named(tmp_path, result):
    with pytest.raises(ConfigError, match=r"x\.html: cannot be written"):
        write_figure(tmp_path / "none" / "x.html", "A night", [result])
