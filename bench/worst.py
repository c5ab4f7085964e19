"""The worst requests for bench/abuse: for every route of the OpenAPI document, and every command of
the AsyncAPI document.

Every route gets what its schema allows at most: each text at its full length, each list full. Routes
whose cost depends on the question have cases of their own below. @N@ in a request is a number that
no other request has, and @M@ one from 1 to 1000.
"""

import json

UUID = "01a21541-68c5-79e7-b577-e119d921be83"
STOP_WORDS = "the of and to in is it that for was on are as with they be at one have".split()


NEED_ANOTHER = ("parent_id", "reply_to")  # properties that name a thing which does not exist


def chinese(length):
    """Letters that are words of their own for the search index, all different."""
    return "".join(chr(0x4E00 + i * 7919 % 20902) for i in range(length))


def pairs(length):
    """Short words, no two alike."""
    words, size = [], 0
    for i in range(length):
        words.append(f"{i:x}")
        size += len(words[-1]) + 1
        if size > length:
            return " ".join(words[:-1])[:length]


TEXTS = {
    "one word": "z " * 9999 + "z",
    "stop words": (" ".join(STOP_WORDS) + " ") * 280,
    "Chinese": chinese(20000),
    "different words": pairs(20000),
    "quotes": '"' * 10000 + "(NEAR * AND" * 900,  # 19,900
}
QUERIES = {
    "z": "z",
    "16 times z": " ".join(["z"] * 16),
    "16 different stop words": " ".join(STOP_WORDS[:16]),
    "a phrase of z": '"' + " ".join(["z"] * 30) + '"',
    "Chinese": chinese(60),
    "one letter": "e",
    "16 words of one letter": " ".join("abcdefghijklmnop"),
    "quotes": '"("" NEAR* OR - ^{',
}


def text_of(schema, name):
    length = schema.get("maxLength", 8000)
    pattern = schema.get("pattern", "")
    if schema.get("format") == "date-time":
        return "2999-12-31T12:00:00Z"
    if pattern.startswith("^[0-9a-f]{8}"):
        return UUID
    if name == "email":
        return "a@N@" + "@example.org".rjust(min(length, 255) - 20, "x")
    if name == "username":
        return "u" * (length - 12) + "@N@"
    if name == "client_id":
        return "@N@"
    if pattern:
        return "a" * length
    return chinese(min(length, 20000))


def value_of(schema, name="", depth=0):
    """The largest value that the schema allows."""
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    if kind == "string":
        return text_of(schema, name)
    if kind == "integer":
        return "@M@" if name.endswith("_id") else min(schema.get("maximum", 1000), 10**12)
    if kind == "number":
        return schema.get("maximum", 1)
    if kind == "boolean":
        return True
    if kind == "array":
        return [unique(value_of(schema["items"], name), i)
                for i in range(schema.get("maxItems", 50))]
    if "properties" in schema:
        return {key: value_of(each, key) for key, each in schema["properties"].items()
                if key not in NEED_ANOTHER}
    return {f"{i:03}": chinese(10) for i in range(170)}  # 8 KiB


def unique(value, number):
    return f"{number:03}{value[3:]}" if isinstance(value, str) else value


class Attack:
    """One kind of request. {name}s in the path are things of the attacker, as bench/abuse makes them."""

    def __init__(self, name, method, path, body=None, query=None, anonymous=False, headers=None):
        self.name = name + (", anonymous" if anonymous else "")
        self.method, self.path, self.body = method, path, body
        self.query, self.anonymous, self.headers = query or {}, anonymous, headers or {}


class Command:
    """A frame over WebSocket, or only connecting, again and again, without a frame."""

    def __init__(self, name, frame):
        self.name, self.frame = f"WebSocket {name}", frame


class Held:
    """Connections that are held. `drip`: each sends one more byte a second after the request."""

    def __init__(self, name, count, request, drip=False):
        self.name, self.count, self.request, self.drip = name, count, request, drip


def queries(path, name, key="q", **more):
    return [Attack(f"{name}: {what}", "GET", path, query={key: text, "limit": 200, **more})
            for what, text in QUERIES.items()]


API = "/api/v1"


def special(operations):
    """operationId to attacks, where the general one is not the worst."""
    me, login = API + "/users/me", API + "/users/login"
    rooms, knowledge = API + "/phase3/rooms", API + "/phase3/knowledge"
    social, events = API + "/phase3/social", API + "/phase3/events"
    relationships, interactions = API + "/phase3/relationships", API + "/phase3/aeon/interactions"
    post = rooms + "/{arena}/messages"
    guess = {"username": "u@N@", "password": "x" * 128}
    change = {"password": "y" * 128, "old_password": "x" * 128}
    tags = [f"tag {i} @N@ {chinese(40)}" for i in range(32)]

    def content(name, method, path, **more):
        return [Attack(f"{name}: {what}", method, path, {"content": text, **more})
                for what, text in TEXTS.items()]

    cases = {
        "login": [
            Attack("login: wrong password", "POST", login, {**guess, "username": "victim"},
                   anonymous=True),
            Attack("login: unknown user", "POST", login, guess, anonymous=True),
            Attack("login: unknown user, with a slash", "POST", login + "/", guess, anonymous=True),
            Attack("login: form of 256 KB", "POST", login, "&a=b" * 60_000, anonymous=True),
            Attack("login: form", "POST", login, "username=u@N@&password=" + "x" * 128,
                   anonymous=True),
        ],
        "patch_me": [
            Attack("patch_me: wrong password", "PATCH", me, change),
            Attack("patch_me: wrong password, If-Match", "PATCH", me, change, headers={"If-Match": "*"}),
            Attack("patch_me: addresses", "PATCH", me, {"email": "a@N@@example.org"}),
        ],
        "put_me": [Attack("put_me: profile", "PUT", me,
                          {"full_name": chinese(100), "bio": chinese(500)})],
        "list_knowledge": [
            *queries(knowledge, "list_knowledge"),
            *queries(knowledge, "list_knowledge, relevant", sort="relevant")[:3],
            *(Attack(f"list_knowledge: {what}", "GET", knowledge, query={"limit": 200, **query})
              for what, query in {
                  "newest": {}, "best": {"sort": "top"}, "most useful": {"sort": "useful"}, "common tag": {"tag": "tag-1"},
                  "best for friends": {"sort": "top", "visibility": "friends"}}.items()),
        ],
        "list_rooms": [*queries(rooms, "list_rooms")[:2],
                       Attack("list_rooms", "GET", rooms, query={"limit": 200})],
        "list_tags": queries(knowledge + "/tags", "list_tags")[:1],
        "get_network": [Attack("get_network", "GET", social + "/network",
                               query={"depth": 2, "limit": 200})],
        "get_graph": [Attack("get_graph", "GET", social + "/graph",
                             query={"depth": 2, "limit": 200})],
        "list_events": [
            Attack("list_events: from the start", "GET", events, query={"since": 0, "limit": 200}),
            Attack("list_events: waiting", "GET", events + "?wait=25&{position}"),
        ],
        "create_knowledge": [
            *content("create_knowledge", "POST", knowledge, knowledge_type="note"),
            Attack("create_knowledge: 32 new tags", "POST", knowledge,
                   {"content": "x", "knowledge_type": "note", "tags": tags}),
            Attack("create_knowledge: Idempotency-Key", "POST", knowledge,
                   {"content": TEXTS["Chinese"], "knowledge_type": "note"},
                   headers={"Idempotency-Key": "@N@"}),
        ],
        "update_knowledge": [
            *content("update_knowledge", "PATCH", knowledge + "/{knowledge}")[2:4],
            Attack("update_knowledge: 32 new tags", "PATCH", knowledge + "/{knowledge}",
                   {"tags": tags}),
        ],
        "post_message": [
            Attack("post_message: 4,000 Chinese letters", "POST", post, {"content": chinese(4000)}),
            Attack("post_message: short", "POST", post, {"content": "z"}),
        ],
        "create_relationship": [
            Attack("create_relationship: friends", "POST", relationships, {
                "related_user_id": "@M@", "relationship_type": "friend",
                "shared_interests": [f"{i} " + chinese(90) for i in range(50)]}),
            Attack("create_relationship: blocks", "POST", relationships, {
                "related_user_id": "@M@", "relationship_type": "blocked"}),
        ],
        "share_knowledge": [
            Attack("share_knowledge: users", "POST", knowledge + "/{knowledge}/share",
                   {"user_id": "@M@"}),
            Attack("share_knowledge: a room", "POST", knowledge + "/{knowledge}/share",
                   {"room_id": "{arena}"}),
        ],
        "respond_to_interaction": [Attack(
            "respond_to_interaction", "POST", interactions + "/{interaction}/respond",
            {"response_content": chinese(8000)})],
        "create_interaction": [Attack("create_interaction: public", "POST", interactions, {
            "target_aeon_user_id": "@M@", "interaction_type": "question",
            "content": chinese(8000), "is_public": True})],
    }
    return {name: attacks for name, attacks in cases.items() if name in operations}


# In these routes the path's room is the attacker's own, else a large one of others.
OWN_ROOM = ("update_room", "delete_room", "invite_to_room", "set_room_role", "remove_from_room",
            "pin_message", "unpin_message")


def general(name, method, path, operation):
    """The attack on a route that has no cases above."""
    content = (operation.get("requestBody") or {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    query = {each["name"]: value_of(each["schema"], each["name"])
             for each in operation.get("parameters", [])
             if each["in"] == "query" and each["name"] not in ("cursor", "before", "after")}
    owns = name in OWN_ROOM
    for old, new in (("/interactions/{id}", "/interactions/{interaction}"),
                     ("/knowledge/{id}", "/knowledge/{knowledge}" if method in ("PATCH", "DELETE")
                      else "/knowledge/@M@"),
                     ("{room_id}", "{room}" if owns else "{arena}"),
                     ("{message_id}", "{room_message}" if owns else "{message}"),
                     ("{user_id}", "@M@"), ("{id}", "@M@"), ("{key}", "%F0%9F%91%8D@M@")):
        path = path.replace(old, new)
    return [Attack(name, method, path, value_of(schema) if schema else None, query,
                   anonymous=not operation.get("security"))]


HELD = (
    Held("1,000 idle connections", 1000, b""),
    Held("500 half heads", 500, b"GET /health HTTP/1.1\r\nHost: local", drip=True),
    Held("500 slow bodies", 500, b"POST /api/v1/users/login HTTP/1.1\r\nHost: localhost\r\n"
                                 b"X-Forwarded-For: @ADDRESS@\r\n"
                                 b"Content-Length: 200000\r\n\r\n{", drip=True),
    Held("300 slow readers", 300, b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n"
                                  b"X-Forwarded-For: @ADDRESS@\r\n\r\n"),
)


def attacks(openapi):
    """All attacks, those that only read first: what is written makes later answers larger."""
    operations = {operation["operationId"]: (method.upper(), path, operation)
                  for path, methods in openapi["paths"].items()
                  for method, operation in methods.items()}
    cases = special(operations)
    found = []
    for name, (method, path, operation) in operations.items():
        found += cases.get(name) or general(name, method, path, operation)
    found += [
        Attack("no route, 256 KB", "POST", "/nowhere", {"x": "x" * 250_000}, anonymous=True),
        Attack("no token, 256 KB", "POST", API + "/phase3/rooms", {"name": "x" * 250_000},
               anonymous=True),
        Attack("a wrong token", "GET", API + "/users/me", anonymous=True,
               headers={"Authorization": "Bearer " + "x" * 43}),
        Attack("wrong fields, 256 KB", "POST", API + "/phase3/rooms",
               {f"{i}": [[[[[]]]]] for i in range(12000)}),
    ]
    return sorted(found, key=lambda attack: attack.method != "GET")


def commands(asyncapi):
    """Each WebSocket command, and connecting alone."""
    messages = asyncapi["components"]["messages"]
    found = [Command("connect", "")]
    for reference in asyncapi["operations"]["command"]["messages"]:
        name = reference["$ref"].rpartition("/")[2]
        schema = messages[name]["payload"]["properties"]
        frame = {key: value_of(each, key) for key, each in schema.items()
                 if key not in NEED_ANOTHER}
        if "room_id" in frame:
            frame["room_id"] = "{arena}"
        if "message_id" in frame:
            frame["message_id"] = "{message}"
        text = json.dumps(frame, ensure_ascii=False).replace('"@M@"', "@M@")
        found.append(Command(name.removeprefix("client."), text))
    return found
