"""The command ``rtm new``: six questions, two files, and what they would have shown.

Questions stand on stderr and answers come from stdin, so that a script can answer as a person does.
"""

import shlex
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from rtm.brand import Brand
from rtm.clock import Clock, WallClock
from rtm.errors import ConfigError
from rtm.event import WatchedEvent
from rtm.new import STARTS, brand_text, brand_with, event_text, event_with, slug_of, titled
from rtm.remedies import one_line
from rtm.sources.beside import put
from rtm.timeline import plain

T = TypeVar("T")
Answer = str | None

ANSWER = "your answer"  # where what is wrong was given, unless it was an option


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked, an answer for example, and what saying nothing means."""

    text: str
    example: str
    empty: str


QUESTIONS: Mapping[str, Question] = {
    "brand": Question(
        "1 of 6: Which brand? After a comma, other names that people really type.",
        "Oreo, Oreos, Oreo cookie",
        "not possible here",
    ),
    "languages": Question(
        "2 of 6: Which languages can you answer in?", "Estonian, English", "English"
    ),
    "about": Question(
        "3 of 6: What do you sell or talk about? Words and short phrases.",
        "cookie, glass of milk, dunk, dessert",
        "only posts that name you, or your event, fit you",
    ),
    "rivals": Question("4 of 6: Who are your rivals?", "Keebler, Famous Amos", "none named"),
    "never": Question(
        "5 of 6: What do you never touch, however large it gets?",
        "funeral, election, alcohol",
        "only rtm's own list of grave matters is kept off",
    ),
    "event": Question("6 of 6: Tonight's event?", "Super Bowl XLVII", "no event"),
    "from": Question(
        "When does it start? Early enough that the talk before it is no surprise.",
        "20:00, or 2026-11-24 20:00",
        f"today {STARTS}",
    ),
    "to": Question(
        "When does it end?", "23:30, or 2026-11-25 02:00", "at midnight after it started"
    ),
    "words": Question(
        "Which words do people use for it? Up to four words each; tags, teams, people.",
        "super bowl, #sb47, ravens, halftime show",
        "its title, as it stands",
    ),
}


def new(
    folder: Annotated[Path, typer.Argument(help="Where the files are written.")] = Path("."),
    brand: Annotated[
        Answer, typer.Option(metavar="NAME,ALIAS...", help="The brand, and its other names.")
    ] = None,
    languages: Annotated[
        Answer, typer.Option(metavar="LIST", help="Names or two letters: Estonian, en.")
    ] = None,
    about: Annotated[
        Answer, typer.Option(metavar="LIST", help="What you sell or talk about.")
    ] = None,
    rivals: Annotated[Answer, typer.Option(metavar="LIST", help="Whom you compete with.")] = None,
    never: Annotated[Answer, typer.Option(metavar="LIST", help="What you never touch.")] = None,
    event: Annotated[
        Answer, typer.Option(metavar="TITLE", help='Tonight\'s event; "" for none.')
    ] = None,
    since: Annotated[
        Answer, typer.Option("--from", metavar="TIME", help="20:00, or 2026-11-24 20:00.")
    ] = None,
    until: Annotated[
        Answer, typer.Option("--to", metavar="TIME", help="When the event ends, likewise.")
    ] = None,
    words: Annotated[
        Answer, typer.Option(metavar="LIST", help="What people call the event.")
    ] = None,
    has_preview: Annotated[
        bool, typer.Option("--preview/--no-preview", help="Try them on the night of the demo.")
    ] = True,
    force: Annotated[bool, typer.Option("--force", help="Write over files that exist.")] = False,
) -> None:
    """Ask six questions and write a brand profile and a watched event from the answers."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")  # refused in words, not by a traceback
    clock = WallClock()
    about_brand = {"languages": languages, "about": about, "rivals": rivals, "never": never}
    about_event = {"event": event, "from": since, "to": until, "words": words}
    with _nothing_half_done():
        profile = _asked("brand", brand, lambda said, file: brand_with(None, "brand", said, file))
        place = _free(folder / f"{slug_of(profile.name, 'brand')}.toml", force)
        profile = _described(profile, about_brand)
        watched = _planned(about_event, clock.now().astimezone())
        files = {place: brand_text(profile)}
        if watched is not None:
            other = folder / f"{slug_of(watched.title, 'event')}.toml"
            if other == place:
                other = other.with_name(f"{other.stem}-event.toml")
            files[_free(other, force)] = event_text(watched)
    _write(files)
    _tell([f"{file}: written." for file in files])
    if watched is not None and watched.end <= clock.now():
        _ask(["Mind that the event is over already; change start and end in its file."])
    if has_preview:
        _show(profile, watched, clock)
    brand_file, *event_files = (shlex.quote(str(file)) for file in files)
    options = "".join(f" --event {file}" for file in event_files)
    _tell(["Next:", f"  rtm check {' '.join([brand_file, *event_files])}"])
    _tell([f"  rtm live --brand {brand_file}{options}"])


def _described(brand: Brand, answers: dict[str, Answer]) -> Brand:
    for key, given in answers.items():

        def check(said: str, file: str, so_far: Brand = brand, key: str = key) -> Brand:
            return brand_with(so_far, key, said, file)

        brand = _asked(key, given, check)
    return brand


def _planned(answers: dict[str, Answer], now: datetime) -> WatchedEvent | None:
    today = now.date()
    title, *rest = answers.items()
    event = _asked(*title, lambda said, file: titled(said, today, _local, file))
    for key, given in rest if event else ():

        def check(
            said: str, file: str, so_far: WatchedEvent | None = event, key: str = key
        ) -> WatchedEvent:
            assert so_far is not None
            return event_with(so_far, key, said, today, _local, file)

        event = _asked(key, given, check)
    return event


def _asked(key: str, given: Answer, check: Callable[[str, str], T]) -> T:
    if given is not None:
        return check(given.strip(), f"--{key}")
    question = QUESTIONS[key]
    _ask(["", question.text, f"  such as: {question.example}", f"  empty: {question.empty}"])
    while True:
        # typer writes the last character of a prompt to stdout, where only results belong
        suffix = "> " if sys.stdin.isatty() else ""
        said = typer.prompt("", default="", prompt_suffix=suffix, show_default=False, err=True)
        try:
            return check(said.strip(), ANSWER)
        except ConfigError as error:
            _ask([str(error)])


def _local(wall: datetime) -> datetime:
    return wall.astimezone()  # of a time without zone: the machine's own on that day


def _free(file: Path, force: bool) -> Path:
    try:
        is_free = force or not file.exists()
    except OSError as error:
        raise _unwritable(file, error) from error
    if is_free:
        return file
    question = f"{plain(str(file))} exists; write over it?"
    if sys.stdin.isatty() and typer.confirm(question, err=True):
        return file
    remedy = "exists and is kept; add --force to write over it, or name another folder"
    raise ConfigError(one_line(f"{file}: {remedy}"))


def _write(files: dict[Path, str]) -> None:
    for file, text in files.items():
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            put(file, text)
        except OSError as error:
            raise _unwritable(file, error) from error


def _unwritable(file: Path, error: OSError) -> ConfigError:
    return ConfigError(
        one_line(f"{file}: cannot be written ({error.strerror}); name another folder")
    )


@contextmanager
def _nothing_half_done() -> Iterator[None]:
    try:
        yield
    except typer.Abort:
        _ask(["", "Stopped before the last answer: nothing was written."])
        raise


def _show(brand: Brand, event: WatchedEvent | None, clock: Clock) -> None:
    _ask(["Trying it on the night of Super Bowl XLVII, which takes some seconds ..."])
    from rtm.preview import account, preview  # a second or two, of which --no-preview needs nothing

    _tell(account(preview(brand, event, clock), brand, event))


def _ask(lines: list[str]) -> None:
    typer.echo("\n".join(_clean(line) for line in lines), err=True)


def _tell(lines: list[str]) -> None:
    typer.echo("\n".join(_clean(line) for line in lines))


def _clean(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" "))] + plain(line)
