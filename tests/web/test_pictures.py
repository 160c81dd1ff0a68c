"""Pictures of drafts: put up by whoever may log in, given back without what a camera wrote."""

import asyncio
from io import BytesIO
from time import sleep
from typing import Any

from PIL import Image

from rtm.publish.pictures import fitted
from rtm.publish.publisher import Attached
from rtm.web import pictures
from tests.web.fakes import ABE


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


async def test_few_pictures_are_worked_on_at_once(site, monkeypatch):
    await site.login()
    under_way, most = [], 0

    def slow(*given: Any) -> Attached:
        nonlocal most
        under_way.append(given)
        most = max(most, len(under_way))
        sleep(0.1)
        under_way.pop()
        return fitted(*given)

    monkeypatch.setattr(pictures, "fitted", slow)
    headers = {**site.origin, "Content-Type": "image/jpeg"}

    told = await asyncio.gather(
        *(
            site.client.post("/api/pictures", data=picture(40 + n), headers=headers)
            for n in range(8)
        )
    )

    assert [one.status for one in told] == [200] * 8
    assert most == pictures.AT_ONCE


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


async def test_who_writes_nothing_puts_nothing_up_and_checks_nothing(site_of):
    site = await site_of()
    await site.login(ABE)

    picked = await site.client.post(
        "/api/pictures", data=picture(), headers={**site.origin, "Content-Type": "image/jpeg"}
    )
    checked = await site.post("/api/cards/o1/check", {"draft": {"text": "what leaks?"}})

    assert (picked.status, checked.status) == (403, 403)
