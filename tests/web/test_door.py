import asyncio

from aiohttp import ClientResponse

from rtm.desk.roles import Person
from rtm.errors import StoreError
from rtm.web.attempts import FREE, LONGEST_PAUSE_S, MOST, Attempts
from tests.web.fakes import ABE, PASSWORD, WINNIE
from tests.web.site import Site


async def test_a_right_password_opens_with_a_strict_cookie(stranger):
    answer = await stranger.login()

    cookie = answer.headers["Set-Cookie"]
    assert (answer.status, answer.headers["Location"]) == (303, "/desk")
    for part in ("HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=2592000"):
        assert part in cookie
    assert "Secure" not in cookie
    assert (await stranger.client.get("/api/me")).status == 200


async def test_behind_tls_the_cookie_is_secure(stranger):
    origin = stranger.origin["Origin"].replace("http:", "https:")
    answer = await stranger.client.post(
        "/login",
        data={"name": "winnie", "password": PASSWORD},
        headers={"Origin": origin},
        allow_redirects=False,
    )

    assert "Secure" in answer.headers["Set-Cookie"]


async def test_a_wrong_password_is_told_in_words_beside_the_field(stranger):
    answer = await stranger.login(password="<wrong>")

    text = await answer.text()
    assert answer.status == 403
    assert 'role="alert"' in text
    assert 'aria-describedby="error"' in text
    assert 'value="winnie"' in text
    assert text.index("autofocus") > text.index('id="password"')
    assert "wrong&gt;" not in text
    assert "Set-Cookie" not in answer.headers


async def test_a_name_cannot_write_html(stranger):
    answer = await stranger.client.post(
        "/login", data={"name": '"><script>', "next": '/"><b>'}, headers=stranger.origin
    )

    text = await answer.text()
    assert '"><script>' not in text
    assert text.count("<script>") == 1  # our own
    assert "<b>" not in text


async def test_the_login_leads_to_no_other_site(stranger):
    answer = await stranger.client.post(
        "/login",
        data={"name": "winnie", "password": PASSWORD, "next": "//evil.example"},
        headers=stranger.origin,
        allow_redirects=False,
    )

    assert answer.headers["Location"] == "/"


async def test_who_is_in_need_not_log_in_again(site):
    answer = await site.client.get("/login?next=/wall", allow_redirects=False)

    assert (answer.status, answer.headers["Location"]) == (302, "/wall")


async def test_with_nobody_known_the_login_says_how_to_begin(stranger):
    assert "Nobody is known" not in await (await stranger.client.get("/login")).text()

    stranger.people.known.clear()

    assert "Nobody is known" in await (await stranger.client.get("/login")).text()


async def test_a_person_switched_off_meanwhile_is_not_let_in(stranger):
    stranger.people.begin = _refuse

    answer = await stranger.login()

    assert answer.status == 403


async def test_the_sixth_wrong_try_waits_and_the_right_one_after_it_does_not_get_around(stranger):
    tries = [(await stranger.login(password="x")).status for _ in range(FREE)]
    waiting = await stranger.login()
    stranger.clock.now_s += 2
    allowed = await stranger.login()

    assert tries == [403] * FREE
    assert waiting.status == 429
    assert waiting.headers["Retry-After"] == "1"
    assert "Wait 1 s" in await waiting.text()
    assert allowed.status == 303
    assert stranger.people.checks == FREE + 1


async def test_many_tries_at_once_are_no_way_around(stranger):
    answers = await asyncio.gather(*(stranger.login(password="x") for _ in range(30)))

    assert sum(answer.status == 403 for answer in answers) == FREE


def test_pauses_grow_to_a_minute_and_are_forgotten():
    attempts, now_s, pauses = Attempts(), 0.0, []
    for _ in range(FREE + 9):
        wait_s = attempts.begin("winnie", "", now_s)
        pauses.append(wait_s)
        now_s += wait_s
        if wait_s:
            attempts.begin("winnie", "", now_s)

    assert pauses[:FREE] == [0.0] * FREE
    assert pauses[FREE:] == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert pauses[-1] == LONGEST_PAUSE_S
    assert attempts.begin("winnie", "", now_s + 1_000) == 0.0
    assert attempts.begin("winnie", "", now_s + 1_000) == 0.0


def test_one_name_from_many_addresses_and_many_names_from_one_address_both_wait():
    names, addresses = Attempts(), Attempts()
    for k in range(FREE):
        names.begin(f"n{k}", "10.0.0.1", 0.0)
        addresses.begin("winnie", f"10.0.0.{k}", 0.0)

    assert names.begin("other", "10.0.0.1", 0.0) > 0
    assert names.begin("other", "10.0.0.2", 0.0) == 0
    assert addresses.begin("Winnie", "10.9.9.9", 0.0) > 0
    assert addresses.begin("abe", "10.9.9.9", 0.0) == 0


def test_people_who_know_their_passwords_never_wait():
    attempts = Attempts()
    for _ in range(100):
        assert attempts.begin("winnie", "10.0.0.1", 0.0) == 0
        attempts.succeeded("winnie", "10.0.0.1")


def test_a_flood_of_names_takes_bounded_memory():
    attempts = Attempts()
    for k in range(3 * MOST):
        attempts.begin(f"n{k}", f"a{k}", float(k))

    assert len(attempts._tries) <= 2 * MOST


async def test_logout_ends_the_session_and_the_socket(site):
    screen = await site.screen()

    out = await site.client.post("/logout", headers=site.origin, allow_redirects=False)
    await site.clock.go(4)
    while not screen.closed:
        await screen.receive(timeout=5)

    assert (out.status, out.headers["Location"]) == (303, "/login")
    assert site.people.sessions == {}
    assert (await site.client.get("/api/me")).status == 401
    assert screen.close_code == 4401


async def test_logout_asks_for_our_own_page(site):
    assert (await site.client.post("/logout")).status == 403
    assert len(site.people.sessions) == 1


async def test_an_invitation_is_accepted_exactly_once(stranger):
    stranger.people.invites["t1"] = frozenset({"writer", "admin"})
    form = {"name": "new", "password": PASSWORD, "again": PASSWORD}

    shown = await (await stranger.client.get("/invite/t1")).text()
    answers = await asyncio.gather(*(_accept(stranger, form) for _ in range(5)))

    assert "admin, writer" in shown
    assert sum(answer.status == 303 for answer in answers) == 1
    assert (await (await stranger.client.get("/api/me")).json())["name"] == "new"
    assert (await stranger.client.get("/invite/t1")).status == 410


async def test_what_is_wrong_with_an_acceptance_is_said_and_uses_nothing_up(stranger):
    stranger.people.invites["t1"] = frozenset({"writer"})
    wrong = [
        ({"name": "", "password": "a", "again": "a"}, "Write the name"),
        ({"name": "new", "password": "a", "again": "b"}, "differ"),
        ({"name": "winnie", "password": "a", "again": "a"}, "taken"),
        ({"name": "n" * 101, "password": "a", "again": "a"}, "at most 100"),
        ({"name": "new", "password": "a" * 501, "again": "a" * 501}, "at most 500"),
    ]

    for form, words in wrong:
        answer = await _accept(stranger, form)
        assert answer.status == 400
        assert words in await answer.text()
    assert list(stranger.people.invites) == ["t1"]


async def test_a_form_that_is_no_text_is_refused(stranger):
    headers = stranger.origin | {"Content-Type": "application/x-www-form-urlencoded"}
    for body in (b"\xff\xfe", b"name=%ff", b"&".join(b"a%d=1" % k for k in range(50))):
        assert (await stranger.client.post("/login", data=body, headers=headers)).status == 400


async def test_two_people_are_two_people(site_of):
    site = await site_of()
    await site.login(WINNIE)
    first = await (await site.client.get("/api/me")).json()
    await site.login(ABE)
    second = await (await site.client.get("/api/me")).json()

    assert (first["name"], second["name"]) == ("winnie", "abe")


async def _accept(site: Site, form: dict[str, str]) -> ClientResponse:
    return await site.client.post(
        "/invite/t1", data=form, headers=site.origin, allow_redirects=False
    )


def _refuse(person: Person) -> str:
    raise StoreError("switched off")
