"""What a team teaches, over HTTP."""

import pytest

from tests.web.fakes import WINNIE

LABEL = {"post": "at://asked", "what": "negative", "is_so": True}


async def test_the_team_is_told_what_it_is_asked_and_what_it_should_know(site):
    answer = await (await site.client.get("/api/questions")).json()

    (question,) = answer["questions"]
    assert (question["id"], question["text"]) == ("at://asked", "is this bad?")
    assert answer["notes"] == [{"at_ms": 1_000, "text": "The mood has changed."}]


async def test_a_label_is_kept_with_who_gave_it(site):
    answer = await site.post("/api/labels", LABEL)

    assert answer.status == 200
    assert site.room.said == [(WINNIE.name, "at://asked", "negative", True)]


@pytest.mark.parametrize(
    ("label", "status"),
    [
        ({**LABEL, "post": "at://gone"}, 404),
        ({**LABEL, "post": "x" * 2_000}, 400),
        ({**LABEL, "post": ""}, 400),
        ({**LABEL, "what": "rude"}, 400),
        ({**LABEL, "is_so": "yes"}, 400),
        ({**LABEL, "more": 1}, 400),
    ],
)
async def test_a_label_that_makes_no_sense_is_refused(site, label, status):
    assert (await site.post("/api/labels", label)).status == status
    assert site.room.said == []


async def test_what_was_learned_can_be_taken_home(site):
    answer = await site.client.get("/api/learned")

    assert answer.content_type == "application/json"
    assert "learned.json" in answer.headers["Content-Disposition"]
    assert await answer.json() == {"relevance": {}, "mood": {}}


async def test_only_an_admin_has_all_forgotten(site):
    assert (await site.post("/api/forget", {"what": "mood"})).status == 403
    assert site.room.said == []


@pytest.mark.parametrize("path", ["/api/questions", "/api/learned"])
async def test_a_stranger_learns_nothing(stranger, path):
    assert (await stranger.client.get(path)).status == 401
