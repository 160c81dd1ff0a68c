"""One POST to an address that is a secret: it was taken, or a PublishError says why not."""

from collections.abc import Mapping

from rtm.errors import PublishError
from rtm.publish.http import Failed, Http, wait_s
from rtm.publish.service import Place

PATIENCE_S = 10.0
LONGEST_WORDS = 100  # of the server's, in our sentences


async def post(place: Place, body: bytes, headers: Mapping[str, str], *, now_s: float) -> None:
    """Send a body once; ``now_s`` is Unix time.

    Raises
    ------
    PublishError
        When it was not taken, or nobody knows; ``retry_after_s`` where another try makes sense:
        the same alert twice is better than none.
    """
    http = Http(PATIENCE_S)
    try:
        answer = await http.call("POST", place.url, body=body, headers=headers)
    except Failed as error:
        raise PublishError(f"{place.host} {error}", 0.0) from error
    finally:
        await http.close()
    if answer.is_fine:
        return
    words = answer.words
    for secret in sorted(place.secrets, key=len, reverse=True):  # one may hold another
        words = words.replace(secret, "…")
    said = f" ({words[:LONGEST_WORDS]})" if words else ""
    may_pass = answer.status in (408, 425, 429) or answer.status >= 500
    raise PublishError(
        f"{place.host} answered {answer.status}{said}",
        wait_s(answer, now_s, usual_s=0.0) if may_pass else None,
    )
