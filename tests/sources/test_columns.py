"""Which column holds what."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.errors import ConfigError, SourceError
from rtm.sources.columns import Columns, columns_of, found, remember, remembered

PATH = Path("night.csv")


def test_options_become_columns():
    assert columns_of(["at = created_at", "text=a=b"]) == Columns(at="created_at", text="a=b")
    assert columns_of([]) == Columns()


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("created_at", "write OURS=THEIRS"),
        ("at=", "write OURS=THEIRS"),
        ("txt=body", 'unknown column "txt"; did you mean "text"?; known: id, at, text'),
        ("at=x\ny", "at is already time"),
    ],
)
def test_a_wrong_option_says_what_to_write(option, said):
    with pytest.raises(ConfigError) as caught:
        columns_of(["at=time", option])

    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("there", "chosen"),
    [
        (["created_at", "text", "author_followers"], ("created_at", "text", "author_followers")),
        (["createdAt", "Body", "user_followers"], ("createdAt", "Body", "user_followers")),
        (["time_us", "full_text", "text"], ("time_us", "text", None)),
        (["Timestamp", "content", "followers_count"], ("Timestamp", "content", "followers_count")),
        (["created_utc", "title", "ups"], ("created_utc", "title", None)),
    ],
)
def test_usual_names_are_found(there, chosen):
    columns = found(Columns(), there, PATH)

    assert (columns["at"], columns["text"], columns.get("followers")) == chosen


def test_an_option_goes_before_a_usual_name():
    assert found(Columns(at="posted"), ["at", "posted", "text"], PATH)["at"] == "posted"


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (["when", "what"], "no column found for at and text; name it by the column option at=NAME"),
        (["at", "what"], "no column found for text"),
        ([], "there are: none"),
        ([f"c{n}" for n in range(99)], "and 69 more"),
    ],
)
def test_a_file_without_time_or_text_says_which_options_to_give(there, said):
    with pytest.raises(SourceError) as caught:
        found(Columns(), there, PATH)

    assert said in str(caught.value)


@given(name=st.text(st.characters(codec="utf-8"), min_size=1))
def test_any_name_is_remembered_as_it_was(tmp_path_factory, name):
    path = tmp_path_factory.mktemp("memory") / "night.csv"

    remember(path, Columns(at=name, id="id"))

    assert remembered(path) == Columns(at=name, id="id")


def test_nothing_is_remembered_of_a_new_file(tmp_path):
    assert remembered(tmp_path / "night.csv") is None
