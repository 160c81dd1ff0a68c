"""The few pages that need no board: login, invitation, and what went wrong."""

from base64 import b64encode
from hashlib import sha256
from html import escape
from string import Template

from aiohttp import web

# What follows # in an address is never sent to us: of a link to a card these hand it on. The same
# address with it would not be loaded anew; by way of the login it is.
_GO_ON = (
    "const { pathname, search } = document.querySelector('main a');"
    "location.replace('/login?next=' + encodeURIComponent(pathname + search) + location.hash)"
)
_KEEP = "document.querySelector('[name=next]').value += location.hash"


def _hash_of(script: str) -> str:
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


SCRIPTS = (_hash_of(_GO_ON), _hash_of(_KEEP))
"""Hashes of the scripts in these pages, as a policy names them."""

_PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark">
<link rel="icon" href="data:,">
<title>$title - rtm</title>
<style>
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px 16px;background:#0F141B;
color:#F3F6F9;font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}
main{width:100%;max-width:400px;background:#19212C;border:1px solid #33404F;border-radius:16px;
padding:32px 28px;overflow-wrap:anywhere}
h1{margin:0 0 8px;font-size:27px;line-height:1.2}
p{margin:0 0 16px;color:#B4C0CD}
label{display:block;margin:16px 0 6px}
input{width:100%;height:48px;padding:0 14px;border:1px solid #8A99AA;border-radius:10px;
background:#0F141B;color:#F3F6F9;font:inherit}
button{width:100%;height:60px;margin-top:24px;border:0;border-radius:12px;background:#F3F6F9;
color:#0F141B;font:inherit;font-size:17px;font-weight:600;cursor:pointer}
:focus-visible{outline:3px solid #56B4E9;outline-offset:2px}
a{color:#56B4E9}
.error{margin:16px 0 0;padding:12px 14px;border-left:4px solid #E69F00;background:#0F141B;
color:#F3F6F9}
</style>
$head</head>
<body><main>
<h1>$title</h1>
$body
</main></body>
</html>
""")

_LOGIN = Template("""<p>$note</p>
$error<form method="post" action="/login">
<input type="hidden" name="next" value="$next">
<label for="name">Name</label>
<input id="name" name="name" value="$name" autocomplete="username" autocapitalize="none"
 spellcheck="false" maxlength="100" required$to_name$invalid>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password"
 maxlength="500" required$to_password$invalid>
<button>Log in</button>
</form><script>$keep</script>""")

_INVITATION = Template("""<p>You are invited as $roles. Choose the name that will stand beside what
you decide, and a password.</p>
$error<form method="post">
<label for="name">Name</label>
<input id="name" name="name" value="$name" autocomplete="username" autocapitalize="none"
 spellcheck="false" maxlength="100" required$to_name$invalid>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="new-password"
 maxlength="500" required$to_password$invalid>
<label for="again">Password again</label>
<input id="again" name="again" type="password" autocomplete="new-password"
 maxlength="500" required$invalid>
<button>Come in</button>
</form>""")


def page(title: str, body: str, *, status: int = 200, head: str = "") -> web.Response:
    """Return a page in the board's look; ``body`` and ``head`` are HTML, ``title`` is text."""
    text = _PAGE.substitute(title=escape(title), body=body, head=head)
    return web.Response(text=text, status=status, content_type="text/html")


def said(title: str, text: str, *, status: int) -> web.Response:
    """Return a page that says one thing, in plain text, and leads back."""
    return page(title, f'<p>{escape(text)}</p><p><a href="/">To the board</a></p>', status=status)


def again(target: str) -> web.Response:
    """Return a page that opens ``target`` anew, as the site's own wish."""
    refresh = f'<meta http-equiv="refresh" content="0;url={escape(target)}">'
    body = f'<p><a href="{escape(target)}">Go on</a></p><script>{_GO_ON}</script>'
    return page("One moment", body, head=f"<noscript>{refresh}</noscript>\n")


def login_page(
    *, target: str, name: str = "", error: str = "", is_empty: bool = False, status: int = 200
) -> web.Response:
    """Return the login; ``is_empty``: nobody is known yet, so it says how to begin."""
    note = (
        "Nobody is known here yet. Open the link that rtm printed when it started."
        if is_empty
        else "Who decides stands in the record, so come in by name."
    )
    body = _LOGIN.substitute(
        note=note,
        next=escape(target),
        name=escape(name),
        keep=_KEEP,
        **_focus(name),
        **_error_parts(error),
    )
    return page("Log in", body, status=status)


def invitation_page(
    roles: frozenset[str], *, name: str = "", error: str = "", status: int = 200
) -> web.Response:
    """Return the form of an invitation."""
    body = _INVITATION.substitute(
        roles=escape(", ".join(sorted(roles))),
        name=escape(name),
        **_focus(name),
        **_error_parts(error),
    )
    return page("Welcome", body, status=status)


def _focus(name: str) -> dict[str, str]:
    # to what is left to write: after an error the name stands there already
    return {"to_name": "" if name else " autofocus", "to_password": " autofocus" if name else ""}


def _error_parts(error: str) -> dict[str, str]:
    if not error:
        return {"error": "", "invalid": ""}
    return {
        "error": f'<p class="error" id="error" role="alert">{escape(error)}</p>\n',
        "invalid": ' aria-invalid="true" aria-describedby="error"',
    }
