"""The figures of language and mentions: what they count, and what they say when a set is absent."""

import csv
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from rtm.evaluate import language, mentions
from rtm.evaluate.text import PARTS

SHARED = Path(__file__).parents[3] / "shared/data"


def test_without_data_each_set_says_that_it_is_not_there(tmp_path):
    told = list(language.figures(tmp_path))

    assert len(told) == 5
    assert all(figure.estimate.value is None and "not there" in figure.note for figure in told)


def test_language_counts_what_is_right_and_tells_what_is_too_short(tmp_path):
    (tmp_path / "corpora").mkdir()
    texts = ["why is the bus always late, honestly", "miks on buss alati hiljaks jäänud", "ok"]
    posts = pl.DataFrame({"text": texts, "lang": ["en"] * 3})
    posts.write_parquet(tmp_path / "corpora" / "us_airlines_2015.parquet")

    figure = next(one for one in language.figures(tmp_path) if "airlines" in one.name)

    assert figure.estimate.value == 0.5
    assert figure.estimate.of == 2
    assert figure.note == "33.3% too short to tell"


def test_a_folder_without_written_sentences_says_so(tmp_path):
    (figure,) = mentions.written_figures(tmp_path / "absent")

    assert figure.estimate.value is None
    assert "checkout" in figure.note


def test_precision_and_recall_are_counted(tmp_path):
    (tmp_path / "brands.toml").write_text('[Oreo]\nname = "Oreo"\n')
    rows = ["part\tbrand\tmeant\ttext", "report\tOreo\t1\tmy oreos", "report\tOreo\t0\toreo ore"]
    rows += ["report\tOreo\t1\tcookies", "tune\tOreo\t1\tcookies"]
    (tmp_path / "en.tsv").write_text("\n".join(rows))
    for other in ("et", "pl", "cs", "sl"):
        (tmp_path / f"{other}.tsv").write_text(rows[0])

    told = {figure.name: figure.estimate.value for figure in mentions.written_figures(tmp_path)}

    assert told["precision, English"] == 0.5
    assert told["recall, English"] == 0.5
    assert told["precision, Estonian"] is None


def test_the_written_sentences_are_as_their_readme_says():
    for code in mentions.WRITTEN_IN:
        with (mentions.WRITTEN / f"{code}.tsv").open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
        parts = Counter(row["part"] for row in rows)

        assert len(rows) >= 60
        assert set(parts) == {"tune", "report"}
        assert min(parts.values()) >= 25
        assert len({row["text"] for row in rows}) == len(rows)
        assert {row["meant"] for row in rows} == {"0", "1"}


def test_sentences_to_tune_by_are_judged_nearly_all_right():
    told = {one.name: one for one in mentions.written_figures(mentions.WRITTEN, "tune")}

    assert (told["precision, all languages"].estimate.value or 0) > 0.97
    assert (told["recall, all languages"].estimate.value or 0) > 0.95


@pytest.mark.skipif(not (SHARED.parent / "sources").is_dir(), reason="no source documents there")
def test_names_stand_in_the_source_documents_as_often_as_we_read_them():
    sentences = list(language.source_sentences(SHARED))

    counted = {
        (code, name, form): sum(
            one == code and mentions.stands(form, text) for one, text in sentences
        )
        for code, expected in mentions.INFLECTED.items()
        for name, form, _ in expected
    }

    assert counted == {
        (code, name, form): count
        for code, expected in mentions.INFLECTED.items()
        for name, form, count in expected
    }


def test_both_parts_are_registered():
    assert PARTS["language"] is language.figures
    assert PARTS["mentions"] is mentions.figures
