"""Pictures of drafts: put up by whoever may log in, given back without what a camera wrote."""

from io import BytesIO

from PIL import Image


def picture(width: int = 40, height: int = 30) -> bytes:
    out = BytesIO()
    image = Image.new("RGB", (width, height), "navy")
    exif = image.getexif()
    exif[0x010E] = "taken at home"
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


async def test_a_picture_is_kept_and_given_back_without_its_notes(site):
    await site.login()

    told = await site.client.post(
        "/api/pictures", data=picture(), headers={**site.origin, "Content-Type": "image/jpeg"}
    )

    said = await told.json()
    assert (told.status, said["width"], said["height"]) == (200, 40, 30)
    shown = await site.client.get(f"/api/pictures/{said['id']}")
    body = await shown.read()
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert b"taken at home" in picture()
    assert b"taken at home" not in body


async def test_what_is_no_picture_is_refused_in_words(site):
    await site.login()

    told = await site.client.post(
        "/api/pictures", data=b"<svg/>", headers={**site.origin, "Content-Type": "image/png"}
    )

    assert told.status == 400
    assert "picture" in (await told.json())["error"]


async def test_an_unknown_picture_is_not_there(site):
    await site.login()

    assert (await site.client.get(f"/api/pictures/{'0' * 64}")).status == 404


async def test_a_stranger_puts_nothing_up(site_of):
    site = await site_of()
    told = await site.client.post(
        "/api/pictures", data=picture(), headers={**site.origin, "Content-Type": "image/jpeg"}
    )

    assert told.status == 401
