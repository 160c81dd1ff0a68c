"""Duty and the rota, over HTTP."""

from datetime import timedelta
from typing import Any

import pytest

from rtm.desk.newsroom import Shift
from rtm.desk.rota import NO_ROTA, Reach, shift_id
from rtm.orders import DutyBegan, DutyEnded, ShiftDropped, ShiftPlanned
from tests.web.fakes import ADA, NOW, WINNIE
from tests.web.site import Site

HOUR = timedelta(hours=1)
MINE = {
    "person": "WINNIE",
    "role": "writer",
    "start": "2026-12-01T12:00:00+02:00",
    "end": "2026-12-01T20:00:00+02:00",
}
PLANNED = Shift(NOW + 2 * HOUR, NOW + 10 * HOUR, "winnie", "writer")


@pytest.fixture
async def admin(site_of):
    site = await site_of()
    await site.login(ADA)
    return site


def planned(site: Site, *shifts: Shift) -> None:
    site.room.newsroom.shifts.update(shifts)


async def test_a_person_goes_on_duty_and_off(site):
    on = await site.post("/api/duty", {"on": True}, key="k1")
    off = await site.post("/api/duty", {"on": False}, key="k2")

    assert await on.json() == {"done": "on", "on_duty": {"winnie": "2026-12-01T08:00:00Z"}}
    assert await off.json() == {"done": "off", "on_duty": {}}
    assert site.room.kept == [
        DutyBegan(at=NOW, who="winnie"),
        DutyEnded(at=NOW, who="winnie"),
    ]


async def test_asked_again_with_the_same_key_nothing_is_done_again(site):
    for _ in range(2):
        await site.post("/api/duty", {"on": True}, key="k1")
    for _ in range(2):
        assert (await site.post("/api/duty", {"on": False}, key="k2")).status == 200

    assert len(site.room.kept) == 2


async def test_who_is_not_on_duty_cannot_go_off_it(site):
    assert (await site.post("/api/duty", {"on": False})).status == 409


async def test_a_moderator_or_admin_takes_somebody_off_duty_and_it_is_told_by_whom(admin):
    admin.room.newsroom.tell(DutyBegan(at=NOW, who="winnie"))

    answer = await admin.post("/api/duty", {"on": False, "who": "winnie"})

    assert answer.status == 200
    assert admin.room.kept == [DutyEnded(at=NOW, who="winnie", by="ada")]


async def test_a_writer_takes_nobody_else_off_duty(site):
    site.room.newsroom.tell(DutyBegan(at=NOW, who="abe"))

    assert (await site.post("/api/duty", {"on": False, "who": "abe"})).status == 403
    assert site.room.kept == []


async def test_nobody_is_put_on_duty_by_somebody_else(admin):
    assert (await admin.post("/api/duty", {"on": True, "who": "winnie"})).status == 403
    assert (await admin.post("/api/duty", {"on": True, "who": "ada"})).status == 200


@pytest.mark.parametrize("body", [{}, {"on": 1}, {"on": True, "who": ""}, {"on": True, "more": 1}])
async def test_a_wish_for_duty_that_makes_no_sense_is_refused(site, body):
    assert (await site.post("/api/duty", body)).status == 400


async def test_the_rota_is_told_with_holes_and_who_is_missing(site):
    planned(site, Shift(NOW - HOUR, NOW + HOUR, "winnie", "writer"), PLANNED)
    site.room.newsroom.tell(DutyBegan(at=NOW, who="abe"))

    answer = await (await site.client.get("/api/rota")).json()

    assert answer["roles"] == ["writer"]
    assert answer["holes"][0] == {
        "start": "2026-12-01T09:00:00Z",
        "end": "2026-12-01T10:00:00Z",
        "role": "writer",
    }
    assert answer["alarms"] == [
        "Nobody is planned as writer from 2026-12-01 09:00 to 2026-12-01 10:00 UTC, in 1 h."
    ]
    assert [one["person"] for one in answer["missing"]] == ["winnie"]
    assert answer["on_duty"] == [
        {"who": "abe", "roles": ["approver"], "since": "2026-12-01T08:00:00Z"}
    ]
    assert answer["shifts"][1]["id"] == shift_id(PLANNED)
    assert answer["note"] is None


async def test_what_needs_nobody_is_no_hole(site):
    planned(site, PLANNED)
    site.room.reach = Reach(is_always=False)

    answer = await (await site.client.get("/api/rota")).json()

    assert (answer["holes"], answer["alarms"]) == ([], [])


async def test_where_no_rota_is_kept_it_is_said_in_a_sentence(site):
    answer = await (await site.client.get("/api/rota")).json()

    assert (answer["note"], answer["alarms"], answer["shifts"]) == (NO_ROTA, [], [])


async def test_an_admin_plans_and_drops_a_shift(admin):
    made = await admin.post("/api/rota/shifts", MINE, key="k1")
    again = await admin.post("/api/rota/shifts", MINE, key="k1")
    twice = await admin.post("/api/rota/shifts", MINE, key="k2")
    path = f"/api/rota/shifts/{shift_id(PLANNED)}/drop"
    dropped = [await admin.post(path, {}, key=key) for key in ("k3", "k3", "k4")]

    assert await made.json() == {"done": "planned", "shift": shift_id(PLANNED)}
    assert [made.status, again.status, twice.status] == [200, 200, 409]
    assert [answer.status for answer in dropped] == [200, 200, 404]
    times: dict[str, Any] = {"start": PLANNED.start, "end": PLANNED.end}
    assert admin.room.kept == [
        ShiftPlanned(at=NOW, who="ada", person="winnie", role="writer", **times),
        ShiftDropped(at=NOW, who="ada", person="winnie", role="writer", **times),
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"person": "bob"}, "nobody who may log in has this name"),
        ({"role": "moderator"}, "has not the role moderator"),
        ({"role": "king"}, "king"),
        ({"start": "2026-12-01T12:00:00"}, "timezone"),
        ({"end": "2026-12-01T12:00:00+02:00"}, "ends after it begins"),
        ({"end": "2027-12-01T12:00:00Z"}, "at most 7 days"),
        ({"start": "2026-11-30T12:00:00Z", "end": "2026-11-30T13:00:00Z"}, "is over"),
        ({"start": "0001-01-01T00:00:00+14:00"}, ""),
        ({"end": "9999-12-31T23:59:59-14:00"}, ""),
    ],
)
async def test_a_shift_that_cannot_be_is_refused_in_words(admin, changes, words):
    answer = await admin.post("/api/rota/shifts", {**MINE, **changes})

    assert answer.status == 400
    assert words in (await answer.json())["error"]
    assert admin.room.kept == []


async def test_who_is_no_admin_plans_nothing(site):
    planned(site, PLANNED)

    assert "admin" not in WINNIE.roles
    assert (await site.post("/api/rota/shifts", MINE)).status == 403
    dropped = await site.post(f"/api/rota/shifts/{shift_id(PLANNED)}/drop", {})
    assert dropped.status == 403
    assert site.room.kept == []
