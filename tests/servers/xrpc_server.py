"""A small server of the AT Protocol on loopback that can fail in every way a network does."""

from typing import Any

from aiohttp import web

from rtm.publish.cid import cid_of
from tests.servers.faulty import Fault as Fault
from tests.servers.faulty import Faulty

DID = "did:plc:fake"


def refusal(status: int, error: str, message: str = "", **headers: str) -> web.Response:
    """Return a refusal as the network words it."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return web.json_response({"error": error, "message": message}, status=status, headers=names)


class XrpcServer(Faulty):
    """One account's server, and a view of the network; calls are named by their method.

    ``records`` are by key, ``commits`` counts what changed them, ``liked`` is what its view of the
    network counts for each post.
    """

    def __init__(self) -> None:
        super().__init__()
        self.handle = "brand.test"
        self.password = "a-secret-of-ours"
        self.records: dict[str, dict[str, Any]] = {}
        self.commits = 0
        self.people = {"ada.test": "did:plc:ada"}
        self.blobs: dict[str, bytes] = {}
        self.liked = 7
        self._tokens = 0

    def _name(self, request: web.Request) -> str:
        return request.path.rpartition(".")[2]

    async def _taken(self, name: str, request: web.Request) -> web.Response:
        token = request.headers.get("Authorization", "")
        match name:
            case "createSession":
                told = await request.json()
                if (told["identifier"], told["password"]) != (self.handle, self.password):
                    words = f"Invalid identifier or password {told['password']}"
                    return refusal(401, "AuthenticationRequired", words)
                return self._session()
            case "refreshSession":
                if token != f"Bearer refresh-{self._tokens}":
                    return refusal(400, "ExpiredToken")
                return self._session()
            case "resolveHandle":
                did = self.people.get(request.query["handle"])
                return web.json_response({"did": did}) if did else refusal(400, "InvalidRequest")
            case "getRecord":
                key = request.query["rkey"]
                if key not in self.records:
                    return refusal(400, "RecordNotFound")
                return web.json_response(self._told(key))
            case "getPosts" | "getProfile":
                return self._viewed(name, request)
        if token != f"Bearer access-{self._tokens}":
            return refusal(401, "InvalidToken")
        match name:
            case "putRecord":
                return self._put(await request.json())
            case "applyWrites":
                return self._applied((await request.json())["writes"])
            case "deleteRecord":
                if self.records.pop((await request.json())["rkey"], None):
                    self.commits += 1
                return web.json_response({})
            case "uploadBlob":
                return self._uploaded(await request.read(), request.content_type)
        return refusal(501, "MethodNotImplemented")

    def _put(self, told: dict[str, Any]) -> web.Response:
        key, record = told["rkey"], told["record"]
        if self.records.get(key) != record:
            if key in self.records and "swapRecord" in told:
                return refusal(400, "InvalidSwap", "Record was at something")
            if self._missing(record):
                return refusal(400, "BlobNotFound")
            self.records[key] = record
            self.commits += 1
        return web.json_response({"uri": _uri(key), "cid": cid_of(record)})

    def _applied(self, writes: list[dict[str, Any]]) -> web.Response:
        if any(write["rkey"] in self.records for write in writes):
            return refusal(500, "InternalServerError")
        if any(self._missing(write["value"]) for write in writes):
            return refusal(400, "BlobNotFound")
        self.records |= {write["rkey"]: write["value"] for write in writes}
        self.commits += 1
        return web.json_response({"results": [{"uri": _uri(write["rkey"])} for write in writes]})

    def _missing(self, record: dict[str, Any]) -> bool:
        images = record.get("embed", {}).get("images", [])
        return any(image["image"]["ref"]["$link"] not in self.blobs for image in images)

    def _uploaded(self, content: bytes, kind: str) -> web.Response:
        link = cid_of({"content": content.hex()})
        self.blobs[link] = content
        ref = {"$type": "blob", "ref": {"$link": link}, "mimeType": kind, "size": len(content)}
        return web.json_response({"blob": ref})

    def _told(self, key: str) -> dict[str, Any]:
        record = self.records[key]
        return {"uri": _uri(key), "cid": cid_of(record), "value": record}

    def _viewed(self, name: str, request: web.Request) -> web.Response:
        if name == "getProfile":
            return web.json_response({"handle": request.query["actor"], "followersCount": 42})
        uris = request.query.getall("uris")
        keys = [key for key in self.records if _uri(key) in uris]
        return web.json_response(
            {
                "posts": [
                    {
                        "uri": _uri(key),
                        "cid": cid_of(self.records[key]),
                        "record": self.records[key],
                        "likeCount": self.liked,
                        "repostCount": 1,
                        "replyCount": self._answers(_uri(key)),
                    }
                    for key in keys
                ]
            }
        )

    def _answers(self, uri: str) -> int:
        answers = [record["reply"] for record in self.records.values() if "reply" in record]
        return sum(answer["parent"]["uri"] == uri for answer in answers)

    def _session(self) -> web.Response:
        self._tokens += 1
        return web.json_response(
            {
                "did": DID,
                "accessJwt": f"access-{self._tokens}",
                "refreshJwt": f"refresh-{self._tokens}",
            }
        )


def _uri(key: str) -> str:
    return f"at://{DID}/app.bsky.feed.post/{key}"
