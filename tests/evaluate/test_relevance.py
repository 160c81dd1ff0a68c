"""Figures of relevance: clicks by a person who errs, on stories that no scorer was told of."""

from pathlib import Path

import polars as pl
import pytest

from rtm.evaluate import relevance as measured
from rtm.evaluate.places import corpus
from rtm.score.learner import Learner
from rtm.score.relevance import contributions
from rtm.text.patterns import Mark

DATA = Path(__file__).parents[2].parent / "shared" / "data"
is_there = corpus(DATA, measured.SET) is not None


def case(number: int, *, is_wanted: bool, posts: int) -> measured.Case:
    subject = "category food" if is_wanted else "category sport"
    stated = contributions({Mark.THEME: posts}, measured.TOGETHER, "", None)
    return measured.Case(f"s{number}", {subject: 1.0}, stated, is_wanted)


def cases(first: int, count: int) -> list[measured.Case]:
    """Stories whose subject tells what their marks do not."""
    return [case(n, is_wanted=n % 2 == 0, posts=1 + n % 3) for n in range(first, first + count)]


def test_a_set_that_is_absent_is_told_as_such(tmp_path):
    (figure,) = measured.figures(tmp_path)

    assert figure.estimate.value is None
    assert measured.SET in figure.note


def test_clicks_make_it_better_where_a_subject_tells_more_than_the_marks():
    found, prior = measured.clicked(cases(0, 900), cases(900, 200), seed=1)

    assert len(found) == len(measured.CLICKS)
    assert found[0] == prior == pytest.approx(0.5, abs=0.1)
    assert found[-1] > 0.95


def test_without_a_prior_nothing_is_known_before_the_first_click():
    found, _ = measured.clicked(cases(0, 900), cases(900, 200), seed=1, has_prior=False)

    assert found[0] == 0.5
    assert found[-1] > 0.95


def test_results_by_chance_do_not_hurt_and_would_if_they_weighed_much(monkeypatch):
    def least(*, has_results: bool) -> float:
        told = cases(0, 900), cases(900, 200)
        runs = [measured.clicked(*told, seed, has_results=has_results)[0] for seed in range(3)]
        return min(found[-1] for found in runs)

    calm, lucky = (least(has_results=has) for has in (False, True))
    monkeypatch.setattr(measured, "result_weight", lambda interactions, before: 50.0)
    heavy = least(has_results=True)

    assert lucky > calm - 0.01
    assert heavy < calm - 0.1


def test_the_same_seed_gives_the_same_clicks():
    assert measured.clicked(cases(0, 300), cases(900, 50), 3) == measured.clicked(
        cases(0, 300), cases(900, 50), 3
    )


def test_brands_want_different_subreddits_and_none_is_a_theme_of_another():
    wanted = [brand.subreddits for brand in measured.BRANDS]

    assert all(not one & other for n, one in enumerate(wanted) for other in wanted[n + 1 :])


def test_a_case_tells_what_the_judge_tells():
    assert case(0, is_wanted=True, posts=3).relevance(Learner("x")) == pytest.approx(0.7 * 3 / 5)


@pytest.mark.skipif(not is_there, reason="the corpus is not here")
def test_stories_are_posts_in_a_row_of_one_subreddit():
    path = corpus(DATA, measured.SET)
    assert path is not None

    posts = measured.gathered(path).head(50 * measured.TOGETHER)

    stories = posts.group_by("subreddit", "story").len()
    assert stories["len"].unique().to_list() == [measured.TOGETHER]
    assert posts["at"].is_sorted()
    assert posts.select((pl.col("created_at") <= pl.col("at")).all()).item()
