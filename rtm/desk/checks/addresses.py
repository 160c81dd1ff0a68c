"""Checks of links: what an address itself gives away, and what a look at it has found.

An address is found as networks draw links: with its scheme, after www., or bare where its ending
is one of the Public Suffix List.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any
from urllib.parse import SplitResult, urlsplit

import publicsuffixlist
import regex

from rtm.desk.checks.known import Known
from rtm.desk.checks.scene import Complaint, Look, Looked
from rtm.draft import Draft
from rtm.text.links import registered_domain
from rtm.text.plain_letters import latin, plain

LONGEST_SHOWN = 80  # characters of an address in a sentence
LEAST_ALIKE = 4  # letters of a name that an address can look like
_SHORTENERS = """
adf.ly amzn.to bit.do bit.ly bitly.com bl.ink buff.ly clck.ru cutt.ly dlvr.it fb.me goo.gl hubs.ly
ift.tt is.gd j.mp lnkd.in ow.ly po.st qr.ae rb.gy rebrand.ly s.id short.gy short.io shorturl.at
snip.ly soo.gd t.co t.ly t2m.io tiny.cc tiny.one tinyurl.com tr.im trib.al u.to urlz.fr v.gd vk.cc
wp.me x.co
"""
SHORTENERS = frozenset(_SHORTENERS.split())

_ADDRESS = regex.compile(
    r"(?<![\w@.-])(?:(?P<scheme>[a-z][a-z0-9+.-]{0,19}:)//\S+|www\.\S+"
    r"|(?P<host>[\p{L}\p{N}][\p{L}\p{N}-]*(?:\.[\p{L}\p{N}][\p{L}\p{N}-]*)+)(?![\w@])(?:[/?#:]\S*)?)",
    regex.IGNORECASE,
)
_TAIL = ".,;:!?'\"\u201c\u201d\u2019\u00bb\u2026"
_LABEL = regex.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = regex.compile(r"\d+|0x[0-9a-f]*")
_DIGITS = str.maketrans("0134578", "oleastb")


@lru_cache(maxsize=256)  # several checks ask
def addresses_of(text: str) -> tuple[str, ...]:
    """Return the addresses that a network would make links of, each once, in order.

    >>> addresses_of("Dunk (oreo.com/dark), or http://oreo.com. Not at 3.5 or a.b@oreo.com")
    ('https://oreo.com/dark', 'http://oreo.com')
    """
    found = (_trimmed(match.group(), bool(match["scheme"])) for match in _ADDRESS.finditer(text))
    return tuple(dict.fromkeys(filter(None, found)))


def addresses_in(draft: Draft) -> tuple[str, ...]:
    """Return the addresses of a draft that are worth a look, in order of the alphabet."""
    found = {address for text in draft.texts for address in addresses_of(text)}
    return tuple(sorted(one for one in found if wrong_with(one) is None))


def wrong_with(address: str) -> Looked | None:
    """Return what an address itself shows to be wrong, for whichever brand; None: nothing.

    >>> wrong_with("http://oreo.com").words
    'has no https: everybody on the way could read and change it. Write https://'
    >>> wrong_with("https://oreo.com/dark")
    """
    if "\\" in address or any(unicodedata.category(char) in ("Cc", "Cf") for char in address):
        return Looked("has a sign in it that no address has: write it anew.", True)
    parts = _split(address)
    if parts is None or not parts.hostname:
        return Looked("cannot be read as an address: write it anew.", True)
    if parts.scheme != "https":
        remedy = "everybody on the way could read and change it. Write https://"
        return Looked(f"has no https: {remedy}", True)
    if "@" in parts.netloc:
        return Looked("holds a name or password before the @: write it without.", True)
    host = _ascii(parts.hostname)
    if ":" in parts.hostname or _NUMBER.fullmatch((host or "").rstrip(".").rpartition(".")[2]):
        return Looked("is a bare number, which nobody trusts: write the name of the site.", True)
    if host is None or not all(_LABEL.fullmatch(one) for one in host.rstrip(".").split(".")):
        return Looked("cannot be read as an address: write it anew.", True)
    if not registered_domain(host):
        return Looked("can be opened by nobody outside your house: write a public one.", True)
    return None


def domain_of(address: str) -> str:
    """Return the registered domain of an address, in ASCII; "" where it has none.

    >>> domain_of("https://www.oreo.co.uk/dark")
    'oreo.co.uk'
    """
    parts = _split(address)
    return registered_domain(_ascii(parts.hostname or "") or "") if parts else ""


def links(look: Look) -> Iterator[Complaint]:
    """Stop addresses that nobody should be sent to; tell of those that are worth a look."""
    for piece in look.pieces:
        for address in addresses_of(piece.text):
            wrong = wrong_with(address)
            found = [wrong] if wrong else [*_doubts(address, look.known)]
            if wrong is None and (seen := look.scene.links.get(address)) is not None:
                found.append(seen)
            for one in found:
                yield Complaint("links", f"{_shown(address)} {one.words}", piece.channel, one.stops)


def _doubts(address: str, known: Known) -> Iterator[Looked]:
    host = (urlsplit(address).hostname or "").removesuffix(".")
    if domain_of(address) in SHORTENERS:
        yield Looked("hides where it leads: people trust the address itself more.", False)
    labels = [_unicode(label) for label in host.split(".")]
    if any(_looks_like(label, name) for label in labels for name in known.own):
        yield Looked("looks like your own name in other letters: is it yours?", False)


def _looks_like(label: str, name: str) -> bool:
    if len(name) < LEAST_ALIKE or name in label.replace("-", ""):
        return False
    seen = plain(label).text
    alike = {seen, latin(seen) or seen, (latin(seen) or seen).translate(_DIGITS)}
    return any(plain(name).text in one.replace("-", "") for one in alike - {label})


def _trimmed(found: str, has_scheme: bool) -> str | None:
    address = found.rstrip(_TAIL)
    for opened, closed in ("()", "[]", "<>"):
        while address.endswith(closed) and opened not in address:
            address = address[:-1].rstrip(_TAIL)
    if has_scheme:
        return address if not address.endswith("://") else None
    host = _ascii(regex.split(r"[/?#:]", address, maxsplit=1)[0].lower())
    if host is None or _suffixes().privatesuffix(host) is None:
        return None
    return f"https://{address}"


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        return parts if parts.port != 0 else None
    except ValueError:
        return None


def _ascii(host: str) -> str | None:
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return None


def _unicode(label: str) -> str:
    try:
        return label[4:].encode().decode("punycode") if label.startswith("xn--") else label
    except UnicodeError:
        return label


def _shown(address: str) -> str:
    return address if len(address) <= LONGEST_SHOWN else f"{address[: LONGEST_SHOWN - 1]}\u2026"


@cache
def _suffixes() -> Any:  # the library states no types
    return publicsuffixlist.PublicSuffixList(accept_unknown=False, only_icann=True)
