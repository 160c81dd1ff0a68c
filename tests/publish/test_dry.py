"""The dry channel keeps each post once, through crashes and restarts."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rtm.draft import Poll
from rtm.publish.dry import FILE, Dry
from rtm.publish.publisher import Outgoing
from tests.contracts.publisher import picture, refuses

AT = datetime(2013, 2, 4, 1, 48, 18, tzinfo=UTC)
POST = Outgoing("3aovl6s6b622b", AT, "You can still dunk\nin the dark")


async def kept(folder: Path, *posts: Outgoing) -> None:
    channel = Dry(folder)
    for post in posts:
        await channel.publish(post)
    await channel.close()


async def test_a_post_is_one_line_of_what_would_have_gone_out(tmp_path):
    await kept(tmp_path, POST)

    (line,) = (tmp_path / FILE).read_text(encoding="utf-8").splitlines()

    assert json.loads(line) == {
        "key": POST.key,
        "at": "2013-02-04T01:48:18Z",
        "text": POST.text,
    }


async def test_the_same_key_is_one_line_after_a_restart_too(tmp_path):
    await kept(tmp_path, POST, POST)
    await kept(tmp_path, POST, Outgoing("3aovl6s6b622c", AT, "another"))

    lines = (tmp_path / FILE).read_text(encoding="utf-8").splitlines()

    assert [json.loads(line)["text"] for line in lines] == [POST.text, "another"]


async def test_a_line_cut_off_by_a_crash_was_not_kept_and_is_written_whole(tmp_path):
    await kept(tmp_path, POST)
    path = tmp_path / FILE
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:20])
    channel = Dry(tmp_path)

    is_found = await channel.find(POST) is not None
    await channel.close()

    assert is_found
    assert path.read_bytes() == whole


async def test_a_line_that_somebody_wrote_is_left_alone(tmp_path):
    (tmp_path / FILE).write_text("# rehearsal\n", encoding="utf-8")

    await kept(tmp_path, POST)

    assert (tmp_path / FILE).read_text(encoding="utf-8").startswith("# rehearsal\n{")


async def test_a_folder_that_cannot_be_written_refuses(tmp_path):
    (tmp_path / "file").touch()

    error = await refuses(Dry(tmp_path / "file"), POST)

    assert "cannot be kept" in str(error)


async def test_without_a_folder_posts_stand_in_memory():
    channel = Dry(None)

    await channel.publish(POST)

    assert [post.text for post in channel.sent] == [POST.text]


async def test_all_that_belongs_to_a_post_is_kept(tmp_path):
    shown = picture(alt="A cookie")
    post = Outgoing(
        "3aovl6s6b622b",
        AT,
        "one",
        more=("two",),
        pictures=(shown,),
        reply_to="https://bsky.app/profile/ada.test/post/1",
        poll=Poll(options=("dunk", "lick")),
        visibility="unlisted",
    )

    error = await refuses(Dry(tmp_path), post)
    await kept(tmp_path, replace(post, poll=None))

    line = json.loads((tmp_path / FILE).read_text(encoding="utf-8"))
    assert "poll and pictures" in str(error)
    assert line["more"] == ["two"]
    assert line["pictures"] == [
        {"id": shown.id, "kind": "image/png", "size": len(shown.content), "alt": "A cookie"}
    ]
    assert line["visibility"] == "unlisted"


async def test_a_line_of_an_older_rtm_is_read(tmp_path):
    old = {"key": POST.key, "at": "2013-02-04T01:48:18Z", "text": POST.text}
    (tmp_path / FILE).write_text(json.dumps(old) + "\n", encoding="utf-8")
    channel = Dry(tmp_path)

    is_found = await channel.find(POST) is not None
    await channel.close()

    assert is_found


async def test_a_post_that_was_deleted_stays_deleted_after_a_restart(tmp_path):
    await kept(tmp_path, POST)
    first, second = Dry(tmp_path), Dry(tmp_path)
    await first.delete(f"dry:{POST.key}")
    await first.close()

    found = await second.find(POST)
    await second.close()

    assert found is None


async def test_two_dry_channels_keep_a_file_each(tmp_path):
    channel = Dry(tmp_path, "rehearsal")

    await channel.publish(POST)
    await channel.close()

    assert [path.name for path in tmp_path.iterdir()] == ["rehearsal.ndjson"]
