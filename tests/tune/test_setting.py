"""Settings as people write them: understood, or refused with what to write instead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.errors import ConfigError
from rtm.trends.settings import Settings
from rtm.tune.setting import KINDS, with_given, with_table


def test_numbers_become_what_the_setting_is():
    settings = with_given(Settings(), ["story_floor=6", "judge_s=5", "hot_floor = 4.25"])

    assert (settings.story_floor, settings.judge_s, settings.hot_floor) == (6.0, 5, 4.25)
    assert isinstance(settings.story_floor, float)
    assert isinstance(settings.judge_s, int)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("story_flor=5", "did you mean story_floor?"),
        ("xyz=5", "settings are "),
        ("story_floor", "write name=value"),
        ("story_floor=high", 'story_floor = "high"; expected a number'),
        ("story_floor=nan", "expected a number"),
        ("story_floor=-1", "expected a number of at least 0"),
        ("judge_s=1.5", "expected a whole number"),
        ("row_bits=40", "write a whole number from 4 to 28"),
        ("row_bits=3", "write a whole number from 4 to 28"),
        ("story_floor=", "expected a number"),
    ],
)
def test_what_cannot_be_is_refused_with_a_remedy(given, said):
    with pytest.raises(ConfigError) as refused:
        with_given(Settings(), [given])

    assert str(refused.value).startswith("--set ")
    assert said in str(refused.value)


def test_a_truth_value_is_no_number():
    with pytest.raises(ConfigError, match="story_floor = true"):
        with_table(Settings(), {"story_floor": True}, "sweep.toml: [base]")


@given(st.sampled_from(sorted(KINDS)))
def test_every_setting_takes_its_own_default_and_changes_nothing(name):
    usual = Settings()

    assert with_given(usual, [f"{name}={getattr(usual, name)}"]) == usual


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_under_any_name_is_refused_in_one_line(name, value):
    with pytest.raises(ConfigError) as refused:
        with_given(Settings(), [f"?{name}={value}"])

    assert "\n" not in str(refused.value)
