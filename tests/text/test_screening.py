"""A brand's own words on manners."""

from rtm.brand import Brand
from rtm.text.manners import NOT_FIT
from rtm.text.screening import Screening, screening_of


def test_a_brands_own_names_are_always_said():
    brand = Brand(name="Dick's", handles=("@cockandbull",), not_rude=("Moby Dick",))
    screening = screening_of(brand)

    assert screening.why("new shoes at dick's by @cockandbull, and moby dick") is None
    assert screening.why("what a dick") is not None
    assert Screening().why("new shoes at dick's") is not None


def test_what_a_brand_never_shows_is_told_as_its_own():
    screening = screening_of(Brand(name="Oreo", rude=("stale crumbs",)))

    assert screening.why("so many stale crumbs") == "brand: the brand never shows it"
    assert screening.shown("so many stale crumbs") == NOT_FIT
    assert screening.shown("so many crumbs") == "so many crumbs"


def test_an_authors_name_counts_as_what_is_written():
    assert Screening().why_post("hello", "fuckface") == "the author's name"
    assert Screening().why_post("hello", "kind") is None
