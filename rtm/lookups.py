"""The look at links: whether what a draft points to is there, is public, and is what it says.

Be an address: you are asked once, with GET and without cookies, and nothing of your body is read.
Your name is resolved here, and the address that is truly connected to must be a public one, at
every redirect again: whoever writes a link must not make this machine knock at doors of its own
network. Redirects are followed by hand, each judged like a link that was written; one that ends
with another owner's site is told. An answer that says nothing (busy, not for machines) is told as
such and stops nobody.
"""

import asyncio
import socket
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp
import publicsuffixlist
from aiohttp.abc import AbstractResolver, ResolveResult

from rtm.desk.checks import Looked, wrong_with
from rtm.desk.checks.addresses import SHORTENERS, domain_of

EACH_S = 3.0  # an address, its redirects and all
ALL_S = 5.0  # all of a draft: somebody waits for it
MOST = 20  # addresses at once
MOST_REDIRECTS = 5
KEPT_S = 60.0
MOST_KEPT = 1_000  # addresses
RESOLVERS = 4  # threads: a name server that hangs must not hold up anybody else
MOST_BUFFERED = 1 << 12  # bytes of a body that nobody reads

_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_GONE = frozenset((404, 410))
_SURELY_NOT = frozenset((socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)))
_MAPPED_BY_NAT64 = IPv6Network("64:ff9b::/96")
_TUNNELS = (IPv6Network("2002::/16"), IPv6Network("2001::/32"))  # they hide where they end

Resolve = Callable[[str], list[str]]
"""Returns the IP addresses of a host's name; may block, raises OSError."""


class NotPublic(OSError):  # noqa: N818 - it says what happened
    """Say that an address stands in a network that is not everybody's."""


class Links:
    """Looks at addresses; what was seen is remembered for a minute.

    ``loopback`` is for tests only: it lets in this machine's own addresses, and http. ``each_s``
    is the longest that one address may take, ``all_s`` all that are asked for together.
    """

    def __init__(
        self,
        *,
        resolve: Resolve | None = None,
        loopback: bool = False,
        steady_s: Callable[[], float] | None = None,
        each_s: float = EACH_S,
        all_s: float = ALL_S,
    ) -> None:
        self._resolve = resolve or _addresses
        self._loopback = loopback
        self._steady_s = steady_s
        self._each_s, self._all_s = each_s, all_s
        self._seen: dict[str, tuple[float, Looked | None]] = {}
        self._pool = ThreadPoolExecutor(RESOLVERS, thread_name_prefix="names")
        self._session: aiohttp.ClientSession | None = None

    async def look(self, addresses: Iterable[str]) -> dict[str, Looked | None]:
        """Return what is wrong with each address, None for nothing; within five seconds."""
        now = self._now_s()
        self._seen = {one: kept for one, kept in self._seen.items() if now - kept[0] < KEPT_S}
        told: dict[str, Looked | None] = {}
        tasks: dict[str, asyncio.Task[Looked | None]] = {}
        for address in dict.fromkeys(addresses):
            if address in self._seen:
                told[address] = self._seen[address][1]
            elif len(tasks) < MOST:
                tasks[address] = asyncio.create_task(self._in_time(address))
            else:
                told[address] = _unchecked(f"more than {MOST} links at once")
        try:
            if tasks:
                await asyncio.wait(tasks.values(), timeout=self._all_s)
            for address, task in tasks.items():
                told[address] = task.result() if task.done() else _late(self._all_s)
                self._keep(address, now, told[address])
        finally:
            for task in tasks.values():
                task.cancel()
        return told

    async def close(self) -> None:
        """Let go of all connections."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        if self._session is not None:
            await self._session.close()

    def _keep(self, address: str, now: float, looked: Looked | None) -> None:
        if len(self._seen) >= MOST_KEPT:
            del self._seen[next(iter(self._seen))]
        self._seen[address] = (now, looked)

    def _now_s(self) -> float:
        return self._steady_s() if self._steady_s else asyncio.get_running_loop().time()

    async def _in_time(self, address: str) -> Looked | None:
        try:
            async with asyncio.timeout(self._each_s):
                return await self._followed(address)
        except TimeoutError:
            return _late(self._each_s)

    async def _followed(self, address: str) -> Looked | None:
        here = address
        passes_on = False
        for hop in range(MOST_REDIRECTS + 1):
            found = self._wrong(here) or await self._answer(here)
            if isinstance(found, Looked):
                words = f"leads to an address that {found.words}" if hop else found.words
                return Looked(words, found.stops)
            if found is None:
                return _passed_on(address, here) if passes_on else None
            here = found
            passes_on = passes_on or owner_of(here) != owner_of(address)
        return Looked(f"is passed on more than {MOST_REDIRECTS} times: mend it there.", True)

    def _wrong(self, address: str) -> Looked | None:
        if self._loopback and address.startswith("http://"):
            address = address.replace("http://", "https://", 1)
        return wrong_with(address)

    async def _answer(self, address: str) -> Looked | str | None:
        # where it is passed on to, or what is wrong, or None
        try:
            async with self._opened().get(address, allow_redirects=False) as response:
                location = response.headers.get("Location", "")
                if response.status in _REDIRECTS and location:
                    return urljoin(address, location)
                return _judged(response.status)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return _unreached(error)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                resolver=_Resolver(self._resolve, self._pool, self._is_open),
                socket_factory=self._socket,
                use_dns_cache=False,
                force_close=True,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,  # nothing small unfolds into something big
                headers={"User-Agent": "rtm", "Accept": "*/*"},
                read_bufsize=MOST_BUFFERED,
            )
        return self._session

    def _is_open(self, address: str) -> bool:
        return is_public(address) or (self._loopback and ip_address(address).is_loopback)

    def _socket(self, info: tuple[Any, ...]) -> socket.socket:
        # the last word before a connection, whatever was resolved and by whom
        family, kind, protocol, _, (address, *_) = info
        if not self._is_open(address):
            raise NotPublic
        return socket.socket(family, kind, protocol)


class _Resolver(AbstractResolver):
    def __init__(
        self, resolve: Resolve, pool: ThreadPoolExecutor, is_open: Callable[[str], bool]
    ) -> None:
        self._names, self._pool, self._is_open = resolve, pool, is_open

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._pool, self._names, host)
        if not all(map(self._is_open, found)):
            raise NotPublic
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in found
        ]

    async def close(self) -> None:
        pass


def is_public(address: str) -> bool:
    """Tell whether an IP address is everybody's, and no way around to one that is not.

    >>> is_public("93.184.215.14"), is_public("10.0.0.1"), is_public("::ffff:127.0.0.1")
    (True, False, False)
    """
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if any(ip in tunnel for tunnel in _TUNNELS):
            return False
        if ip in _MAPPED_BY_NAT64:
            ip = IPv4Address(int(ip) & 0xFFFFFFFF)
        elif ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def owner_of(address: str) -> str:
    """Return whose site an address is: its registered domain, or a customer's part of a shared one.

    >>> owner_of("https://www.oreo.co.uk/a"), owner_of("https://oreo.github.io")
    ('oreo.co.uk', 'oreo.github.io')
    """
    host = (urlsplit(address).hostname or "").removesuffix(".")
    return _suffixes().privatesuffix(host) or host


@cache
def _suffixes() -> Any:  # the library states no types
    return publicsuffixlist.PublicSuffixList()


def _addresses(host: str) -> list[str]:
    infos = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in infos))


def _judged(status: int) -> Looked | None:
    if status in _GONE:
        return Looked(f"is not there ({status}): mend it, or take it out.", True)
    return None if 200 <= status < 300 else _unchecked(f"it answered {status}")


def _unreached(error: Exception) -> Looked:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return Looked("has no valid certificate, and browsers warn of it: mend it.", True)
    if isinstance(error, aiohttp.ClientSSLError):
        return _unchecked("no secure connection came about")
    if not isinstance(error, aiohttp.ClientConnectorError):
        return _unchecked("its answer made no sense")
    cause = error.os_error
    if isinstance(cause, NotPublic):
        words = "stands in a private network, where nobody outside can open it: take it out."
        return Looked(words, True)
    if isinstance(cause, socket.gaierror) and cause.errno in _SURELY_NOT:
        return Looked("names a site that is not there: mend it, or take it out.", True)
    return _unchecked("it cannot be reached")


def _passed_on(address: str, there: str) -> Looked:
    where = urlsplit(there).hostname
    if domain_of(address) in SHORTENERS:
        return Looked(f"leads to {where}.", False)
    return Looked(f"leads on to another site, {where}: write its own address.", True)


def _late(within_s: float) -> Looked:
    return _unchecked(f"no answer within {within_s:g} s")


def _unchecked(why: str) -> Looked:
    return Looked(f"could not be checked ({why}): open it yourself.", False)
