"""Pictures leave small, upright and bare; what is no picture is refused in words."""

import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from rtm.errors import PublishError
from rtm.publish.pictures import FORMATS, fitted
from rtm.publish.publisher import Attached, Limits

WIDE = Limits(300, None)
BRAND = "TakenAt59.437N24.753E"


def noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Return what compresses worst."""
    depth = len(Image.new(mode, (1, 1)).getbands())
    pixels = np.random.default_rng(7).integers(0, 256, (height, width, depth), np.uint8)
    return Image.fromarray(pixels if depth > 1 else pixels[:, :, 0])


def written(picture: Image.Image, kind: str, **more: object) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **more)
    return file.getvalue()


def read(picture: Attached) -> Image.Image:
    shown = Image.open(BytesIO(picture.content))
    shown.load()
    return shown


@pytest.mark.parametrize("kind", FORMATS)
def test_every_kind_of_picture_goes_out_as_jpeg_or_png(kind):
    picture = fitted(written(noise(80, 60), kind), WIDE, "noise")

    shown = read(picture)

    assert picture.kind == ("image/png" if kind == "PNG" else "image/jpeg")
    assert f"image/{(shown.format or '').lower()}" == picture.kind
    assert shown.size == (picture.width, picture.height) == (80, 60)
    assert picture.alt == "noise"


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "I;16"])
def test_every_kind_of_colours_is_brought_to_those_of_screens(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"

    shown = read(fitted(written(Image.new(mode, (40, 30)), kind), WIDE))

    assert shown.mode == "RGB"


def test_a_picture_lies_as_it_was_held_and_tells_nothing():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010E] = BRAND
    exif.get_ifd(0x8825)[2] = (59.0, 26.0, 13.0)  # where it was taken
    content = written(noise(80, 60), "JPEG", exif=exif, comment=BRAND)
    assert BRAND.encode() in content
    assert BRAND.encode() in written(Image.open(BytesIO(content)), "JPEG")  # unless one sees to it

    picture = fitted(content, WIDE)

    assert (picture.width, picture.height) == (60, 80)
    assert BRAND.encode() not in picture.content
    assert not read(picture).getexif()
    assert "comment" not in read(picture).info


def test_text_within_a_png_does_not_leave():
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    told.add_text("Author", BRAND)

    picture = fitted(written(noise(20, 20), "PNG", pnginfo=told), WIDE)

    assert BRAND.encode() not in picture.content


def test_the_colours_of_another_profile_are_those_that_were_seen():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain = Image.new("RGB", (20, 20), (200, 30, 30))

    same = read(fitted(written(plain, "PNG", icc_profile=srgb), WIDE))
    broken = read(fitted(written(plain, "PNG", icc_profile=b"no profile"), WIDE))

    for shown in (same, broken):
        assert np.abs(np.asarray(shown, int) - (200, 30, 30)).max() <= 2
        assert "icc_profile" not in shown.info


def test_what_one_can_see_through_stays_so():
    clear = Image.new("RGBA", (40, 40), (255, 0, 0, 0))
    solid = Image.new("RGBA", (40, 40), (255, 0, 0, 255))

    assert read(fitted(written(clear, "WEBP"), WIDE)).mode == "RGBA"
    assert read(fitted(written(solid, "WEBP"), WIDE)).mode == "RGB"


def test_of_a_picture_that_moves_the_first_frame_goes_out():
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    content = written(frames[0], "GIF", save_all=True, append_images=frames[1:])

    shown = read(fitted(content, WIDE))

    red, _, blue = np.asarray(shown, int).mean(axis=(0, 1))
    assert red > 200 > 50 > blue


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_picture_is_made_smaller_until_it_fits(mode):
    narrow = Limits(300, None, picture_bytes=60_000, picture_px=500)

    picture = fitted(written(noise(900, 300, mode), "PNG"), narrow)

    assert len(picture.content) <= 60_000
    assert max(picture.width, picture.height) <= 500
    assert picture.width / picture.height == pytest.approx(3, abs=0.1)
    assert read(picture).size == (picture.width, picture.height)


def test_a_small_picture_is_not_blown_up():
    assert fitted(written(noise(10, 5), "PNG"), WIDE).width == 10


def test_a_picture_that_cannot_fit_is_refused():
    with pytest.raises(PublishError, match="does not get below 10 bytes"):
        fitted(written(noise(300, 300), "PNG"), Limits(300, None, picture_bytes=10))


def test_the_same_bytes_give_the_same_picture():
    content = written(noise(700, 700), "JPEG")

    assert fitted(content, WIDE) == fitted(content, WIDE)


@pytest.mark.parametrize("side", [6_400, 10_000, 20_000, 1 << 30])
def test_a_picture_that_says_it_is_huge_is_refused_unread(side):
    small = written(Image.new("1", (8, 8)), "PNG")
    said = b"IHDR" + struct.pack(">II", side, side) + small[24:29]
    huge = small[:12] + said + struct.pack(">I", zlib.crc32(said)) + small[33:]

    with pytest.raises(PublishError, match="The picture is too large"):
        fitted(huge, WIDE)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<svg/>", b"\xff\xd8\xff", b"%PDF-1.4"])
def test_what_is_no_picture_is_refused_in_words(content):
    with pytest.raises(PublishError, match="No picture that can be read"):
        fitted(content, WIDE)


WHOLE = {kind: written(noise(24, 18), kind) for kind in FORMATS}


@given(st.sampled_from(FORMATS), st.data())
@settings(max_examples=300)
def test_a_damaged_picture_is_read_or_refused_and_nothing_else(kind, data):
    content = bytearray(WHOLE[kind])
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))

    try:
        picture = fitted(bytes(content[:cut]), WIDE)
    except PublishError:
        return

    assert read(picture).size == (picture.width, picture.height)
