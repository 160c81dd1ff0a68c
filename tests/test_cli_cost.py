"""``rtm cost``: what a planner reads before an event is staffed."""

import json

import pytest

from rtm import build
from rtm.cli import main

PROFILE = """
name = "Oreo"
[seats]
count = 15
rate_eur_per_hour = 150.0
[desk]
paid_eur_per_thousand = 8.0
"""


@pytest.fixture
def asked(capfd):
    """Return a function that runs ``rtm cost``: exit code, stdout, stderr."""

    def run(*arguments) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["cost", *map(str, arguments)])
        out, err = capfd.readouterr()
        return int(ended.value.code or 0), out, err

    return run


@pytest.fixture
def brand(tmp_path):
    path = tmp_path / "oreo.toml"
    path.write_text(PROFILE)
    return path


def test_a_planner_is_told_all_before_an_event(asked, brand):
    code, out, _ = asked(brand, "--event", build.EVENT, "--followers", 69_000)

    assert code == 0
    assert out.splitlines() == [
        "15 seats at EUR 150 an hour: EUR 2,250 an hour.",
        "Super Bowl XLVII: Ravens v 49ers, New Orleans, 7 h: EUR 15,750.",
        "Bought at EUR 8 a thousand, EUR 15,750 is 1,968,750 impressions: with fewer the room is "
        "dearer than bought media, with more it is cheaper.",
        "At 69,000 followers that is 28.5 impressions for each of them. (Oreo's post of 3 February "
        "2013, a rare success, had 43.5: over 3,000,000 at 69,000.)",
    ]


def test_the_sources_own_figures_come_out_without_a_profile(asked):
    room = ("--seats", 15, "--rate", 150)

    _, minutes, _ = asked(*room, "--minutes", 34)
    _, told, _ = asked(*room, "--hours", 17, "--impressions", 3_002_355, "--followers", 69_000)
    _, solved, _ = asked(*room, "--impressions", 3_002_355, "--paid", 12.74)

    assert "34 min: EUR 1,275." in minutes
    assert "3,002,355 impressions would cost EUR 12.74 a thousand." in told
    assert "3,002,355 impressions at 69,000 followers: 43.5 for each of them." in told
    assert "the room may work 17 h in all." in solved


def test_options_go_before_the_profile_and_the_event(asked, brand):
    options = ("--seats", 2, "--rate", 100, "--hours", 3, "--minutes", 30, "--paid", 10)

    _, out, _ = asked(brand, "--event", build.EVENT, *options)

    assert "2 seats at EUR 100 an hour: EUR 200 an hour." in out
    assert "\n3 h 30 min: EUR 700." in out
    assert "70,000 impressions" in out


@pytest.mark.parametrize(("reached", "word"), [(1_000_000, "dearer"), (3_000_000, "cheaper")])
def test_it_says_whether_the_room_is_dearer_than_bought_media(asked, brand, reached, word):
    _, out, _ = asked(brand, "--event", build.EVENT, "--impressions", reached)

    assert f"a thousand, {word} than bought media." in out


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        ((), "Add --event, --hours or --minutes"),
        (("--hours", 7), "say with --paid"),
        (("--hours", 7, "--paid", 8), "Add --followers"),
    ],
)
def test_what_is_missing_is_asked_for(asked, arguments, hint):
    code, out, _ = asked("--seats", 15, *arguments)

    assert code == 0
    assert hint in out.splitlines()[-1]


def test_two_events_at_once_are_paid_once(asked, brand):
    _, out, _ = asked(brand, "--event", build.EVENT, "--event", build.EVENT)

    assert "7 h: EUR 15,750." in out


def test_json_has_the_same_figures(asked, brand):
    _, out, _ = asked(brand, "--event", build.EVENT, "--followers", 69_000, "--json")

    plan = json.loads(out)
    assert (plan["eur_per_hour"], plan["hours"], plan["eur"]) == (2_250, 7, 15_750)
    assert (plan["break_even"], round(plan["amplification_needed"], 1)) == (1_968_750, 28.5)
    assert plan["impressions"] is None


def test_people_who_cost_nothing_are_never_dear(asked):
    _, out, _ = asked("--rate", 0, "--hours", 1, "--paid", 8, "--impressions", 10)

    assert "cheaper than bought media" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--seats", 0), "--seats 0: write a number above 0"),
        (("--rate", -1), "--rate -1: write 0 or more"),
        (("--hours", 0), "--hours 0: write a number above 0"),
        (("--minutes", -5), "--minutes -5: write a number above 0"),
        (("--impressions", 0), "--impressions 0: write a number above 0"),
        (("--followers", -3), "--followers -3: write a number above 0"),
        (("--paid", 0), "--paid 0: write a number above 0"),
        (("--paid", "nan"), "--paid nan: write a number above 0"),
        (("--paid", 1e13), "--paid 1e+13: write a number above 0, at most 1e+12"),
        (("--hours", 1e11), "write at most 10,000 hours in all"),
        (("no-such.toml",), "no-such.toml"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_line(asked, arguments, said):
    code, out, err = asked(*arguments)

    assert (code, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) == 1
