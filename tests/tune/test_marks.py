"""Marks: written to be answered by a person, read back, and found again under other settings."""

from datetime import timedelta

import pytest

from rtm.errors import ConfigError
from rtm.tune.marks import Mark, load_marks, real_ids, write_marks
from rtm.tune.session import Asked, Session
from tests.streams import START
from tests.tune.nights import LABELS, SETTINGS, night, story


def mark(second: float, *terms: str, real: bool | None = True) -> Mark:
    return Mark(opened_at=START + timedelta(seconds=second), terms=terms, real=real)


@pytest.mark.parametrize("name", ["marks.toml", "marks.json"])
def test_what_is_written_is_read_back(tmp_path, name):
    path = tmp_path / name
    stories = [story(100, "a", "b", id="s1"), story(9000, 'odd "term"\\', id="s2")]

    left = write_marks(path, stories, [mark(3000, "c", real=False)])

    assert left == 2
    read = load_marks(path)
    assert [(one.terms, one.real) for one in read] == [
        (("a", "b"), None),
        (("c",), False),
        (('odd "term"\\',), None),
    ]
    assert read[0].opened_at == stories[0].opened_at


def test_a_story_that_is_marked_already_is_not_asked_again(tmp_path):
    path = tmp_path / "marks.toml"
    known = mark(130, "a", "b", real=None)

    assert write_marks(path, [story(100, "a", "b")], [known]) == 1
    assert load_marks(path) == (known,)


@pytest.mark.parametrize(
    ("second", "terms", "is_same"),
    [
        (100, ("a", "b", "c"), True),
        (100, ("a", "x", "y"), False),  # one term is not enough
        (100 + 1800, ("a", "b"), True),
        (100 + 1801, ("a", "b"), False),
        (100 - 1801, ("a", "b"), False),
    ],
)
def test_a_mark_is_found_by_time_and_two_terms(second, terms, is_same):
    assert (
        real_ids([story(second, *terms)], [mark(100, "a", "b", "z")]) == {"s1": True}
    ) is is_same


def test_a_mark_of_one_term_needs_only_that():
    assert real_ids([story(100, "a", "x")], [mark(100, "a")]) == {"s1": True}
    assert real_ids([story(100, "b", "x")], [mark(100, "a")]) == {}


def test_unanswered_marks_say_nothing_and_the_nearest_answer_holds():
    marks = [mark(100, "a", real=None), mark(400, "a", real=False), mark(1000, "a", real=True)]

    assert real_ids([story(120, "a")], marks) == {"s1": False}
    assert real_ids([story(120, "a")], marks[:1]) == {}


def test_a_story_marked_real_raises_precision(tmp_path):
    session = Session(night(), LABELS[:1])
    before = session.told(SETTINGS)
    path = tmp_path / "marks.json"
    write_marks(path, before.unmatched(), [])
    answered = tuple(
        Mark(opened_at=one.opened_at, terms=one.terms, real="singer" in one.terms)
        for one in load_marks(path)
    )

    after = Session(night(), LABELS[:1], Asked(marks=answered)).run(SETTINGS)

    found = {line.real for line in after.unmatched if "singer" in line.terms}
    assert found == {True}
    assert (after.measures.precision.value or 0) > (
        session.measured(before).measures.precision.value or 0
    )


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("m.toml", "[[mark]]\nopened_at = 2013-02-04T01:00:00Z\ntermz = []", "did you mean terms"),
        ("m.json", '{"mark": [{"opened_at": "x", "terms": ["a"]}]}', "opened_at"),
        ("m.json", "[]", "no table of marks"),
        ("m.json", "{", "not JSON"),
    ],
)
def test_a_wrong_file_is_named_with_what_is_wrong(tmp_path, name, text, said):
    path = tmp_path / name
    path.write_text(text)

    with pytest.raises(ConfigError, match=said) as refused:
        load_marks(path)

    assert name in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.json: cannot be read"):
        load_marks(tmp_path / "none.json")
    with pytest.raises(ConfigError, match="cannot be written"):
        write_marks(tmp_path / "no" / "m.json", [], [])
