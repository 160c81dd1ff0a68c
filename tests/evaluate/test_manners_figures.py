"""The figures of manners, from what ships with the tests alone."""

from rtm.evaluate.manners import STYLES, UNSEEN, figures


def test_every_language_and_disguise_has_a_figure_and_most_known_words_are_caught(tmp_path):
    told = list(figures(tmp_path))

    planted = [figure for figure in told if "words caught" in figure.name]
    assert len(planted) == 5 * (len(STYLES) + 1 + len(UNSEEN))
    aimed = [figure for figure in planted if figure.aim is not None]
    values = [figure.estimate.value or 0.0 for figure in aimed]
    assert sum(values) / len(values) > 0.9
    assert all(figure.estimate.value == 1.0 for figure in aimed if "plain" in figure.name)


def test_a_set_that_is_not_there_says_so(tmp_path):
    missing = [figure for figure in figures(tmp_path) if figure.note == "the set is not there"]

    assert len(missing) == 3
    assert all(figure.estimate.value is None for figure in missing)
