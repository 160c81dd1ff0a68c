"""The rules of the house: Markdown that a team writes, read into rules and drawn as safe HTML.

A heading that ends in ``{grave}`` begins the rule with the id ``grave``, by which a step that broke
it is kept in the record, and at which a link lands (``/rules#grave``). Ids of the desk's own checks
are in ``CHECKED``; a team may use others, too.
"""

import re
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from rtm.errors import ConfigError
from rtm.remedies import one_line, shown

MAX_BYTES = 200_000  # of UTF-8; a book of 30,000 words, which nobody would read
LONGEST_LINE = 10_000  # characters; a paragraph is one, and the reader of Markdown slows with it
KEPT = 8  # versions drawn, in memory

# of the desk: what it checks of itself, under the ids by which it tells of a breach
CHECKED = (
    "rules",
    "duty",
    "moderator",
    "approval",
    "lock",
    "crisis",
    "leak",
    "no-go",
    "manners",
    "rival",
    "links",
    "alt",
    "promotion",
    "offer",
    "length",
    "slot",
    "empty",
)

_LINKED = ("http", "https", "mailto")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_AT_END = re.compile(r"\s*\{([^{}]*)\}\s*\Z")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its id, its heading without it, and what stands below that, as Markdown."""

    id: str
    title: str
    words: str


def tidied(text: str) -> str:
    r"""Return the text as it is kept: what no reader sees makes no other version of it.

    >>> tidied("\ufeffBe kind.  \r\n\r\n\r\n")
    'Be kind.\n'
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return (
        "\n".join(line if line.endswith("  ") else line.rstrip() for line in lines).strip() + "\n"
    )


def rules_of(text: str) -> list[Rule]:
    r"""Return the rules with an id, in order.

    Raises
    ------
    ConfigError
        In one line: which line is wrong and what to write, or that it is too long, or nothing.

    >>> rules_of("# Ours\n## No jokes on graves {grave}\nNever.\n## More\n")
    [Rule(id='grave', title='No jokes on graves', words='Never.')]
    """
    _check(text)
    lines = text.split("\n")
    tokens = _READER.parse(text)
    headings = [(token, inline) for token, inline in pairwise(tokens) if _is_heading(token)]
    begins = [_span(token)[0] for token, _ in headings] + [len(lines)]
    found: dict[str, Rule] = {}
    for (token, inline), end in zip(headings, begins[1:], strict=True):
        begin, below = _span(token)
        where, name = f"line {begin + 1}", str(token.attrGet("id") or "")
        if not name:
            if (at_end := _AT_END.search(inline.content)) is not None:
                remedy = "write an id of a-z, 0-9 and - between the braces, such as {no-jokes}"
                raise ConfigError(one_line(f"{where}: {shown(at_end[1])} is no id; {remedy}"))
            continue
        if name in found:
            raise ConfigError(f"{where}: {{{name}}} stands at an earlier heading, too; rename one")
        found[name] = Rule(name, _plain(inline), "\n".join(lines[below:end]).strip())
    return list(found.values())


@lru_cache(maxsize=KEPT)
def html_of(text: str) -> str:
    """Return rules as HTML that can do a page no harm: no tags of its own, no scripts, no pictures.

    Headings with an id carry it; links lead to web pages, mail or another rule (``#grave``).
    """
    return str(_READER.render(text))


def _check(text: str) -> None:
    size = len(text.encode(errors="surrogatepass"))
    if size > MAX_BYTES:
        remedy = f"write at most {MAX_BYTES:,}; link to what is longer"
        raise ConfigError(f"{size:,} bytes; {remedy}")
    if not text.strip():
        raise ConfigError("nothing is written; write the rules, or see rtm rules starter")
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > LONGEST_LINE:
            raise ConfigError(f"line {number}: {len(line):,} characters; break it into paragraphs")
        odd = next((c for c in line if (c < " " and c != "\t") or "\ud800" <= c <= "\udfff"), None)
        if odd is not None:
            raise ConfigError(f"line {number}: {odd!a} is no letter; save it as plain UTF-8")


def _is_heading(token: Token) -> bool:
    return token.type == "heading_open" and token.level == 0  # none within a quotation or a list


def _plain(inline: Token) -> str:
    words = (part.content or " " * (part.type == "softbreak") for part in inline.children or ())
    return "".join(words).strip()


def _span(token: Token) -> tuple[int, int]:
    assert token.map is not None  # blocks have one
    return token.map[0], token.map[1]


def _is_linked(url: str) -> bool:
    if url.startswith("#"):
        return bool(_ID.fullmatch(url[1:]))
    try:
        return urlsplit(url.strip()).scheme.lower() in _LINKED
    except ValueError:
        return False


def _give_ids(state: Any) -> None:  # the reader's StateCore
    for token, inline in pairwise(state.tokens):
        if not _is_heading(token) or (at_end := _AT_END.search(inline.content)) is None:
            continue
        if _ID.fullmatch(at_end[1]):
            token.attrSet("id", at_end[1])
            inline.content = inline.content[: at_end.start()]


def _open_link(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    place: int,
    options: OptionsDict,
    _env: MutableMapping[str, Any],
) -> str:
    tokens[place].attrSet("rel", "noopener noreferrer")
    return str(renderer.renderToken(tokens, place, options, _env))


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    reader.validateLink = _is_linked  # type: ignore[method-assign]  # so its documentation says
    reader.core.ruler.before("inline", "ids", _give_ids)
    reader.add_render_rule("link_open", _open_link)
    return reader


_READER = _reader()
