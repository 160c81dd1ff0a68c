"""Pictures of kits: there, and pictures, before the night begins."""

from pathlib import Path

import pytest

from rtm.check import check
from rtm.errors import ConfigError
from rtm.pictures import LARGEST, load_event

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
PICTURES = {
    "a.png": PNG,
    "b.jpg": b"\xff\xd8\xff\xe0" + bytes(40),
    "c.gif": b"GIF89a" + bytes(40),
    "d.webp": b"RIFF\x10\0\0\0WEBPVP8 ",
    "sub/e.png": PNG,
}


def event(folder: Path, image: str) -> Path:
    """Write an event whose second kit has a picture."""
    path = folder / "game.toml"
    path.write_text(
        'title = "Game"\nterms = ["game"]\n'
        "start = 2013-02-03T22:00:00Z\nend = 2013-02-04T05:00:00Z\n"
        '[[kit]]\nname = "One"\nterms = ["one"]\ntext = "1"\n'
        f'[[kit]]\nname = "Two"\nterms = ["two"]\ntext = "2"\nimage = "{image}"\nalt = "A jar"\n',
        "utf-8",
    )
    return path


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_beside_the_event_is_taken(tmp_path, name):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(PICTURES[name])
    path = event(tmp_path, name)

    assert load_event(path).kits[1].image == name
    assert any("with a picture" in line for line in check(path))


@pytest.mark.parametrize(
    ("image", "why"),
    [
        ("gone.png", "no such file; put the picture there"),
        ("words.png", "not a picture; save it as PNG, JPEG, GIF or WebP"),
        ("empty.png", "not a picture; save it as PNG, JPEG, GIF or WebP"),
        ("folder", "this is a folder; name a picture in it"),
        ("/etc/hostname", "write its path as seen from this file"),
        ("huge.png", "20.0 MB; save it smaller, up to 20 MB"),
        ("a\\u0000b", "cannot be read; put a picture there that can"),
    ],
)
@pytest.mark.parametrize("read", [load_event, check])
def test_what_is_no_picture_is_refused_with_file_key_and_remedy(tmp_path, image, why, read):
    (tmp_path / "words.png").write_text("<html>")
    (tmp_path / "empty.png").touch()
    (tmp_path / "folder").mkdir()
    with (tmp_path / "huge.png").open("wb") as file:
        file.write(PNG)
        file.truncate(LARGEST + 1)
    path = event(tmp_path, image)

    with pytest.raises(ConfigError) as caught:
        read(path)

    message = str(caught.value)
    assert message.startswith(f"{path}: [[kit]] #2 image = ")
    assert message.endswith(f"; {why}")


def test_the_largest_picture_is_taken(tmp_path):
    with (tmp_path / "large.png").open("wb") as file:
        file.write(PNG)
        file.truncate(LARGEST)

    assert load_event(event(tmp_path, "large.png")).kits
