"""Row 0.11 of what rtm is asked to be able to do: secrets, in our drafts and in public."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from rtm.brand import Brand
from rtm.desk.checks import Checker, Scene
from rtm.desk.leaking import Leaking
from rtm.desk.leaks import Fingerprint, fingerprint, leaks_in
from rtm.draft import Draft
from rtm.store.store import Store
from tests.desk.secrets_told import CHOSEN_ON, HELD_BACK

OREO = Brand(name="Oreo")
SCENE = Scene(now=datetime(2013, 2, 3, 23, tzinfo=UTC), channels=("bluesky",))
SECRETS = tuple(secret for secret, *_ in HELD_BACK)
PARAPHRASES = tuple((secret, way) for secret, *ways in HELD_BACK for way in ways)
CHEAP = 2  # the least cost that scrypt takes: what it finds is the same


def kept() -> list[Fingerprint]:
    named = enumerate(SECRETS)
    return [fingerprint(one, one, b"sixteen bytes %02d" % n, CHEAP) for n, one in named]


def rules(text: str, prints: list[Fingerprint]) -> set[str]:
    """Return the rules by which a draft with this text is stopped."""
    told = tuple(leak.complaint(text) for leak in leaks_in(text, prints))
    scene = Scene(now=SCENE.now, channels=SCENE.channels, leaks=told)
    found = Checker(OREO).complaints_of(Draft(text=text), scene)
    return {one.rule for one in found if one.stops}


def in_public(texts: list[str], prints: list[Fingerprint]) -> set[tuple[str, str]]:
    """Return words and secrets of the posts of strangers that are told."""
    leaking = Leaking(OREO, lambda: prints, most_per_s=1e6, slow_s=1e6)
    posts = pl.DataFrame({"id": [str(n) for n, _ in enumerate(texts)], "text": texts})
    leaking.heed(posts)
    return {(one.text, one.label) for one in leaking.alarms(0.0)}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path)
    yield opened
    opened.close()


def test_0_11_every_planted_secret_stops_a_draft():
    assert all("leak" in rules(secret, kept()) for secret in SECRETS[:4])
    assert not any("leak" in rules(secret, []) for secret in SECRETS[:4])


def test_0_11_every_planted_secret_is_told_in_public():
    found = in_public([f"Oreo: {secret}" for secret in SECRETS], kept())

    assert found >= {(f"Oreo: {secret}", secret) for secret in SECRETS}


def test_0_11_nine_of_ten_paraphrases_are_told_in_public():
    found = in_public([f"Oreo: {way}" for _, way in PARAPHRASES], kept())

    told = [(f"Oreo: {way}", secret) in found for secret, way in PARAPHRASES]
    assert sum(told) >= 0.9 * len(told)


def test_0_11_other_secrets_and_posts_about_others_are_not_told():
    others = [f"Oreo: {secret}" for secret, *_ in CHOSEN_ON]
    elsewhere = [f"Twix: {secret}" for secret in SECRETS]

    assert in_public(others + elsewhere, kept()) == set()


def test_0_11_the_watcher_reads_what_the_store_keeps_and_the_store_keeps_no_secret(store, tmp_path):
    store.secrets.add("Chief engineer", SECRETS[0], "ada")

    found = in_public([f"Oreo: {SECRETS[0]}"], store.secrets.fingerprints())

    disk = b"".join(one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()).lower()
    assert {label for _, label in found} == {"Chief engineer"}
    assert not any(word in disk for word in (b"replac", b"monaco", b"race in"))
