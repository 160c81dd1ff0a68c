"""A picture as a network takes it: small enough, the right way up, and bare of what it told.

Be a picture: a phone wrote into you where you were taken and with what; none of it leaves. You are
turned as you were held, brought into the colours that screens show, and made smaller until you fit.
"""

import struct
import zlib
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO

from PIL import Image, ImageCms, ImageOps

from rtm.errors import PublishError
from rtm.publish.publisher import Attached, Limits

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_PIXELS = 40_000_000  # 160 MB while it is worked on
TOO_LARGE = f"The picture is too large; take one of at most {MOST_PIXELS:,} pixels."
QUALITIES = (90, 85, 80, 70, 60, 50)  # of JPEG, the best that fits
SMALLER = 0.8  # of each side, where no quality fits
SMALLEST_PX = 64

# what Pillow's readers raise for bytes that only begin like a picture
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    LookupError,
    TypeError,
    EOFError,
    OverflowError,
    MemoryError,
    struct.error,
    zlib.error,
)
_HUGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def fitted(content: bytes, limits: Limits, alt: str = "") -> Attached:
    """Return a picture as it goes out: JPEG, or PNG where it was one or one can see through it.

    Of a picture that moves, the first frame. The same bytes give the same picture.

    Raises PublishError that says what is wrong with it.
    """
    picture = _bare(_opened(content))
    side = limits.picture_px
    while side >= SMALLEST_PX:
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)
        for written, kind in _written(picture, is_png=content.startswith(b"\x89PNG")):
            if len(written) <= limits.picture_bytes:
                id_ = sha256(content).hexdigest()
                return Attached(id_, written, kind, picture.width, picture.height, alt)
        side = int(max(picture.size) * SMALLER)
    raise PublishError(f"The picture does not get below {limits.picture_bytes:,} bytes.")


def _opened(content: bytes) -> Image.Image:
    try:
        picture = Image.open(BytesIO(content), formats=FORMATS)
        if picture.width * picture.height > MOST_PIXELS:
            raise PublishError(TOO_LARGE)
        picture.load()
        turned = ImageOps.exif_transpose(picture)
    except _HUGE as error:
        raise PublishError(TOO_LARGE) from error
    except _BROKEN as error:
        words = "No picture that can be read; take a whole JPEG, PNG, WebP or GIF."
        raise PublishError(words) from error
    return turned


def _bare(picture: Image.Image) -> Image.Image:
    is_clear = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    profile = picture.info.get("icc_profile")
    shown = picture.convert("RGBA" if is_clear else "RGB") if picture.mode != "CMYK" else picture
    if profile:
        shown = _in_srgb(shown, profile, "RGBA" if is_clear else "RGB")
    if shown.mode == "CMYK":
        shown = shown.convert("RGB")
    if shown.mode == "RGBA" and shown.getchannel("A").getextrema() == (255, 255):
        shown = shown.convert("RGB")
    bare = Image.new(shown.mode, shown.size)
    bare.paste(shown)
    return bare


def _in_srgb(picture: Image.Image, profile: bytes, mode: str) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        seen = ImageCms.profileToProfile(
            picture, source, ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except (*_BROKEN, ImageCms.PyCMSError):
        return picture  # its profile is damaged or of another kind; its numbers are the best guess
    return seen or picture


def _written(picture: Image.Image, *, is_png: bool) -> Iterator[tuple[bytes, str]]:
    if is_png or picture.mode == "RGBA":
        written = BytesIO()
        picture.save(written, "PNG", optimize=True)
        yield written.getvalue(), "image/png"
    if picture.mode == "RGB":
        for quality in QUALITIES:
            written = BytesIO()
            picture.save(written, "JPEG", quality=quality, optimize=True, progressive=True)
            yield written.getvalue(), "image/jpeg"
