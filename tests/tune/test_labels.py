"""Labels: what a file may hold, and how whoever wrote it is told what is wrong."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rtm.errors import ConfigError
from rtm.tune.labels import labels_of, load_labels

CORPORA = Path(__file__).parents[3] / "shared" / "data" / "corpora"
ONE = {
    "start": "2013-02-04T01:38:00Z",
    "end": "2013-02-04T02:12:00Z",
    "keywords": ["blackout", "lights"],
    "title": "Power outage",
    "kind": "event",
}


def refusal(*labels: object) -> str:
    with pytest.raises(ConfigError) as refused:
        labels_of(json.dumps(labels).encode(), "night.json")
    return str(refused.value)


def test_a_label_is_read_with_its_defaults():
    read = labels_of(json.dumps([ONE]).encode(), "night.json")

    (label,) = read.labels
    assert label.start == datetime(2013, 2, 4, 1, 38, tzinfo=UTC)
    assert (label.uncertain, label.matching_posts, label.is_negative) == (False, None, False)
    assert read.notes == ()


def test_labels_come_in_order_of_their_start():
    early = {**ONE, "start": "2013-02-04T01:00:00Z", "title": "Half-time"}

    read = labels_of(json.dumps([ONE, early]).encode(), "night.json")

    assert [label.title for label in read.labels] == ["Half-time", "Power outage"]


def test_times_without_a_zone_are_utc_and_noted():
    naive = {**ONE, "start": "2013-02-04T01:38:00"}

    read = labels_of(json.dumps([naive]).encode(), "night.json")

    assert read.labels == labels_of(json.dumps([ONE]).encode(), "night.json").labels
    assert read.notes == ("night.json: 1 of 1 labels have times without a zone, taken as UTC",)


def test_an_unknown_key_is_named_with_the_nearest_one():
    said = refusal(ONE, {**ONE, "keyword": ["lights"]})

    assert said.startswith("night.json: label #2 keyword")
    assert "did you mean keywords?" in said


@pytest.mark.parametrize(
    ("change", "place", "remedy"),
    [
        ({"kind": "evnt"}, 'label #1 kind = "evnt"', 'did you mean "event"?'),
        ({"start": "tonight"}, 'label #1 start = "tonight"', "2013-02-04T01:38:00Z"),
        ({"keywords": []}, "label #1 keywords = []", "at least 1"),
        ({"keywords": ["lights", 5]}, "label #1 keywords #2 = 5", "text in quotes"),
        ({"end": "2013-02-04T01:38:00Z"}, "label #1 end = 2013", "a moment after start"),
        ({"uncertain": "no"}, 'label #1 uncertain = "no"', "true or false"),
    ],
)
def test_a_wrong_value_is_named_with_its_place_and_remedy(change, place, remedy):
    said = refusal({**ONE, **change})

    assert place in said
    assert remedy in said
    assert "\n" not in said


@pytest.mark.parametrize("missing", ["start", "end", "keywords", "title", "kind"])
def test_a_missing_key_is_named(missing):
    said = refusal({key: value for key, value in ONE.items() if key != missing})

    assert f"label #1 {missing} is missing" in said


@pytest.mark.parametrize("raw", [b"", b"[", b"{}", b"\xff", b"3", b"[3]", b"[" * 100_000])
def test_what_is_no_list_of_labels_is_refused_in_one_line(raw):
    with pytest.raises(ConfigError) as refused:
        labels_of(raw, "night.json")

    assert str(refused.value).startswith("night.json: ")
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.json: cannot be read \(No such file"):
        load_labels(tmp_path / "none.json")


@pytest.mark.skipif(not CORPORA.exists(), reason=f"{CORPORA} is not on this machine")
def test_the_labels_of_all_corpora_are_read():
    files = sorted(CORPORA.glob("*.events.json"))

    read = [load_labels(file) for file in files]

    assert len(files) >= 7
    assert all(one.labels and not one.notes for one in read)
