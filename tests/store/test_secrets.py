"""Secrets in the store: fingerprints and labels, and no word of the texts on the disk."""

import io
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from rtm.cli import main
from rtm.errors import StoreError
from rtm.store.database import MIGRATIONS, Database
from rtm.store.secrets import Secrets
from rtm.store.store import Store

SECRET = "We launch the walnut filling in spring with a margin of 12 percent"


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file()).lower()


def test_a_secret_is_known_again_and_stands_nowhere(store, tmp_path):
    store.secrets.add("Fresh idea", SECRET, "ada")
    store.secrets.add("Codename", "Walnut Launch", "ada")

    disk = on_disk(tmp_path)

    assert store.secrets.leak_in("walnut filling in spring, margin 12 percent").name == "Fresh idea"
    assert store.secrets.leak_in("milk and cookies for the final") is None
    assert b"fresh idea" in disk
    assert not any(word in disk for word in (b"walnu", b"launc", b"filli", b"sprin", b"margin"))


def test_what_was_removed_is_guarded_no_more(store):
    store.secrets.add("Fresh idea", SECRET, "ada")

    store.secrets.remove("Fresh idea")

    assert store.secrets.leak_in(SECRET) is None
    with pytest.raises(StoreError, match="no secret"):
        store.secrets.remove("Fresh idea")


@pytest.mark.parametrize(
    ("label", "secret", "why"),
    [
        ("Fresh idea", SECRET, "taken"),
        ("Project Walnut", "walnut project", "gives the secret away"),
        ("", SECRET, "label"),
        ("Dots", "...", "no word"),
    ],
)
def test_what_cannot_be_guarded_is_refused(store, label, secret, why):
    store.secrets.add("Fresh idea", SECRET, "ada")

    with pytest.raises(StoreError, match=why):
        store.secrets.add(label, secret, "ada")

    assert [kept.label for kept in store.secrets.all()] == ["Fresh idea"]


def test_a_fingerprint_that_cannot_be_read_lets_nothing_pass(store):
    store.secrets.add("Fresh idea", SECRET, "ada")
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE secrets SET fingerprint = '{}'")

    with pytest.raises(StoreError, match="add it again"):
        store.secrets.leak_in("milk")


def test_a_store_from_before_there_were_secrets_is_brought_up_to_date(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'rtm.db'}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    database.close()

    store = Store.open(tmp_path)

    assert isinstance(store.secrets, Secrets)
    assert store.secrets.all() == []
    store.close()


def test_the_command_reads_a_secret_from_standard_input(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.StringIO(SECRET))
    options = ["--data", str(tmp_path)]

    codes = [
        _code(["secret", "add", "Fresh idea", "--who", "ada", *options]),
        _code(["secret", "list", *options]),
        _code(["secret", "remove", "Fresh idea", *options]),
        _code(["secret", "remove", "Fresh idea", *options]),
    ]

    told = capsys.readouterr()
    assert codes == [0, 0, 0, 2]
    assert "Fresh idea (ada, " in told.out
    assert "walnut" not in told.out + told.err
    assert b"walnut" not in on_disk(tmp_path)


def _code(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)
