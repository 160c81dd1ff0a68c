"""The shipped tables: what Python's Unicode data say, and what the reader relies on."""

import unicodedata

import numpy as np
import pytest

from rtm.text.alphabet import (
    APOSTROPHE,
    BREAK,
    DIGIT,
    IDEOGRAPH,
    LOWER,
    MARK,
    SHAPES,
    TABLED,
    UPPER,
    ZERO,
    class_of,
    fold_of,
    generate,
    tables,
)


def _shape(text: str) -> str:
    return "".join(SHAPES[class_of(ord(char))] for char in text)


def _fold(text: str) -> str:
    return "".join(chr(fold_of(ord(char))) for char in text)


def test_the_shipped_tables_are_those_of_the_same_unicode_version():
    shipped = tables()
    version = ".".join(str(part) for part in shipped["unicode"])
    if version != unicodedata.unidata_version:
        pytest.skip(f"shipped for Unicode {version}, this Python has {unicodedata.unidata_version}")

    made = generate()

    assert np.array_equal(made["classes"], shipped["classes"])
    codes = np.arange(TABLED, dtype=np.uint32)
    assert np.array_equal(codes + made["shifts"], shipped["folds"])


def test_folding_twice_changes_nothing_more():
    folds = tables()["folds"]

    assert np.array_equal(folds[folds], folds)


def test_folding_keeps_the_class_but_for_case():
    shipped = tables()
    classes = shipped["classes"].copy()
    after = classes[shipped["folds"]]
    classes[classes == UPPER] = LOWER

    is_changed = (after != classes) & (after != UPPER)

    assert not is_changed.any()


def test_every_digit_folds_to_ascii_and_nothing_else_does():
    shipped = tables()

    is_ascii_digit = (shipped["folds"] >= ord("0")) & (shipped["folds"] <= ord("9"))

    assert np.array_equal(is_ascii_digit, shipped["classes"] == DIGIT)


def test_every_apostrophe_folds_to_the_plain_one_and_nothing_else_does():
    shipped = tables()

    assert np.array_equal(shipped["folds"] == ord("'"), shipped["classes"] == APOSTROPHE)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("Aa0_#@'", "Aa0_#@'"),
        ("\u00f5\u0160\u0142\u00df", "aAaa"),
        ("\u0634\u05e9\u0928", "aaa"),
        ("\u0301\u0947\u064b", "mmm"),
        ("\u4eac\u30aa\u3042\u0e2a\U00020000", "iiiii"),
        ("\uc815", "a"),
        ("\u200b\u200d\ufeff\ufe0f\u202e\U000e0041", "zzzzzz"),
        ("\u0663\uff11", "00"),
        ("\u2019\u02bc\uff07", "'''"),
        ("\U0001f600\u2764.!?\u2026", "......"),
        ("-,/&", ",,,,"),
        (" \t\u00a0\u3000", "wwww"),
        ("\n\r\u2028\x85", "nnnn"),
        ('")]>\u00bb', ")))))"),
        ("\uff03", "#"),
    ],
)
def test_a_character_has_its_class(text, shape):
    assert _shape(text) == shape


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("OREO", "oreo"),
        ("\u0160\u00d5\u0141", "\u0161\u00f5\u0142"),
        ("\u03a3\u03c2", "\u03c3\u03c3"),
        ("\u0661\u0967\uff11", "111"),
        ("\u0130", "i"),
        ("\u4eac\U0001f600", "\u4eac\U0001f600"),
    ],
)
def test_a_character_folds(text, folded):
    assert _fold(text) == folded


def test_beyond_the_tables_there_are_ideographs_and_signs_and_nothing_with_case():
    assert class_of(0x2A700) == IDEOGRAPH
    assert class_of(0xE0100) == ZERO
    assert class_of(0x10FFFF) == BREAK
    assert fold_of(0x10FFFF) == 0x10FFFF


def test_a_mark_never_starts_a_word_by_class():
    assert MARK not in (LOWER, UPPER, DIGIT, IDEOGRAPH)
