"""The web application: one port, one guard, and what stands behind it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import TYPE_CHECKING

from aiohttp import web

from rtm.clock import Beat
from rtm.text.screening import Screening
from rtm.web import alerts as alerting
from rtm.web import api, moments, stop, teaching
from rtm.web import pictures as kept_pictures
from rtm.web.door import Door
from rtm.web.guard import HOSTS, LONGEST_BODY, LOOPBACK, Answer, guard, headers
from rtm.web.hub import Hub
from rtm.web.pages import SCRIPTS
from rtm.web.parts import DESK, PEOPLE, PICTURES, ROOM, Desk, Pace, People, Pictures, Room
from rtm.web.results import Reckoning, ResultsDoor
from rtm.web.rota import RotaDoor
from rtm.web.rules import RulesDoor
from rtm.web.screens import ScreenDoor
from rtm.web.sessions import SESSIONS, Sessions
from rtm.web.wsgi import Bridge

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

HUB = web.AppKey("hub", Hub)
GOODBYE_S = 3.0  # for answers that are under way when the server stops


def steady_s() -> float:
    """Return seconds of the event loop's own clock, which nobody sets."""
    return asyncio.get_running_loop().time()


def create_app(
    room: Room,
    desk: Desk,
    people: People,
    pictures: Pictures,
    *,
    clock: Beat,
    wsgi: "WSGIApplication | None" = None,
    pace: Pace | None = None,
    scripts: Iterable[str] = (),
    allowed_hosts: Iterable[str] = (),
    now_s: Callable[[], float] = steady_s,
    screening: Screening | None = None,
    reckoning: Reckoning | None = None,
    alerts: alerting.Alerts | None = None,
) -> web.Application:
    """Build the application.

    Parameters
    ----------
    wsgi
        Answers whatever has no answer here: Dash's Flask server.
    pace
        How a recording goes on; None when the watch is live.
    scripts
        Hashes of inline scripts that pages may run, as ``'sha256-...'`` in quotes: what Dash calls
        ``csp_hashes()``, asked for after all callbacks are registered.
    allowed_hosts
        Names under which browsers reach us, besides loopback and the address that is bound.
    now_s
        A steady clock in seconds, by which sessions are remembered and logins slowed.
    screening
        What public screens may show.
    reckoning
        Where results are kept and cost is known; None leaves both out.
    alerts
        Who tells people away from the board; None where nobody does.
    """
    sessions = Sessions(people, now_s)
    hub = Hub(room, sessions, clock, screening)
    door = Door(now_s)
    public: tuple[Answer, ...] = (
        door.login_form,
        door.login,
        door.invitation_form,
        door.accept,
        healthz,
    )
    app = web.Application(middlewares=[guard(public)], client_max_size=LONGEST_BODY)
    app[ROOM], app[DESK], app[PEOPLE], app[PICTURES] = room, desk, people, pictures
    app[SESSIONS], app[HUB] = sessions, hub
    app[kept_pictures.TURNS] = asyncio.Semaphore(kept_pictures.AT_ONCE)
    app[HOSTS] = set(LOOPBACK) | {host.lower() for host in allowed_hosts}
    app.on_response_prepare.append(headers((*scripts, *SCRIPTS)))
    app.on_shutdown.append(_goodbye)
    app.cleanup_ctx.append(_listening)
    if reckoning is not None:  # before the steps of a card, which would take it for one
        results = ResultsDoor(reckoning)
        app.router.add_post("/api/cards/{card}/impressions", results.impressions)
        app.router.add_get("/api/cards/{card}/results", results.results)
        app.router.add_get("/api/costs", results.costs)
    app.add_routes(
        [
            web.get("/login", door.login_form),
            web.post("/login", door.login),
            web.post("/logout", door.logout),
            web.get("/invite/{token}", door.invitation_form),
            web.post("/invite/{token}", door.accept),
            web.get("/healthz", healthz),
            web.get("/ws", ScreenDoor(hub).answer, allow_head=False),
            web.get("/api/me", api.me),
            web.get("/api/stories", api.stories),
            web.get("/api/questions", teaching.questions),
            web.post("/api/labels", teaching.label),
            web.get("/api/learned", teaching.learned),
            web.post("/api/forget", teaching.forget),
            web.post("/api/cards/{card}/check", api.look_over),
            web.post("/api/moments", moments.open_moment),
            web.post("/api/moments/{card}/close", moments.close_moment),
            web.post("/api/cards/{card}/{step}", api.step),
            web.post("/api/pictures", kept_pictures.keep),
            web.get("/api/pictures/{picture}", kept_pictures.show),
            web.post("/api/stop", stop.stop),
            web.post("/api/resume", stop.resume),
            web.post("/api/crisis", stop.crisis),
            *_house(),
            web.get("/", _home),
        ]
    )
    if pace is not None:
        app.router.add_post("/api/pace", api.PaceDoor(pace, hub.tell_tick).answer)
    if alerts is not None:
        app.add_routes(alerting.routes(alerts))
    app.router.add_route("*", "/api/{rest:.*}", api.nothing)
    if wsgi is not None:
        bridge = Bridge(wsgi)
        app.router.add_route("*", "/{rest:.*}", bridge.answer)
        app.on_cleanup.append(_shutting(bridge))
    return app


def _house() -> list[web.RouteDef]:
    rules, rota = RulesDoor(), RotaDoor()
    return [
        web.get("/rules", rules.show),
        web.post("/rules", rules.sign),
        web.get("/api/rules", rules.rules),
        web.post("/api/rules", rules.set),
        web.post("/api/rules/acknowledge", rules.acknowledge),
        web.post("/api/duty", rota.duty),
        web.get("/api/rota", rota.rota),
        web.post("/api/rota/shifts", rota.plan),
        web.post("/api/rota/shifts/{shift}/drop", rota.drop),
    ]


async def serve(app: web.Application, host: str, port: int) -> tuple[web.AppRunner, str]:
    """Listen; the runner, to be cleaned up in the end, and the board's address.

    Port 0 takes any that is free.
    """
    app[HOSTS].add(host.lower())
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=GOODBYE_S)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        await runner.cleanup()
        raise
    bound = runner.addresses[0][1]
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    return runner, f"http://{f'[{shown}]' if ':' in shown else shown}:{bound}/"


async def healthz(request: web.Request) -> web.StreamResponse:
    """Answer GET /healthz: 503 when the watch or the screens stand still."""
    room = request.app[ROOM]
    is_well = getattr(room, "is_well", True) and request.app[HUB].is_well
    answer = {"status": "ok" if is_well else "failed", "epoch": room.epoch}
    return api.told(answer, 200 if is_well else 503)


async def _home(request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound("/wall" if "wall" in request.query else "/desk")


async def _listening(app: web.Application) -> AsyncIterator[None]:
    app[HUB].start()
    yield
    await app[HUB].stop()


async def _goodbye(app: web.Application) -> None:
    app[HUB].close_screens()


def _shutting(bridge: Bridge) -> Callable[[web.Application], Awaitable[None]]:
    async def shut(_app: web.Application) -> None:
        bridge.shut()

    return shut
