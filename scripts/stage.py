"""The stage of scripts/demo: people who use a realm by its public API, and the pace at which they do."""

import asyncio
import json
import random
import urllib.error
import urllib.parse
import urllib.request
import uuid

import websockets

API = "/api/v1"
PHASE3 = API + "/phase3"
PATIENCE = 300  # seconds to wait for the realm, also on a slow machine
SEED = 1815
TYPED = 18  # characters in a second
LONGEST_TYPING = 5  # seconds
BROWSER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Refused(Exception):
    """The realm has refused a call. Its text is a sentence."""


class Pace:
    """How long people think and type. The pauses are the same each time."""

    def __init__(self, fast):
        self.fast = fast
        self.chance = random.Random(SEED)

    async def wait(self, seconds):
        await asyncio.sleep(0 if self.fast else seconds)

    async def think(self):
        await self.wait(self.chance.uniform(1.0, 2.5))

    async def type(self, text):
        await self.wait(min(LONGEST_TYPING, len(text) / TYPED))


class Person:
    """A user of the realm, with a REST client and a WebSocket."""

    def __init__(self, realm, name, pace):
        self.realm, self.name, self.pace = realm, name, pace
        self.token = self.socket = self.reader = self.id = None
        self.full_name = name
        self.heard = []
        self.news = asyncio.Event()

    @property
    def first_name(self):
        return self.full_name.split()[0]

    def call(self, method, path, body=None):
        """The JSON of an answer. The path is below /api/v1/phase3, unless it begins with /api."""
        address = self.realm + (path if path.startswith("/api") else PHASE3 + path)
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(address, data, headers, method=method)
        try:
            with BROWSER.open(request, timeout=PATIENCE) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            raise Refused(f"{self.name} was refused: {method} {path} gave {error.code} "
                          f"{error.read().decode()}") from None
        except OSError as error:
            raise Refused(f"The realm at {self.realm} does not answer: {error}") from None
        return json.loads(text) if text else None

    def get(self, path, **query):
        return self.call("GET", path + ("?" + urllib.parse.urlencode(query) if query else ""))

    def register(self, password, full_name):
        self.call("POST", API + "/users/register", {
            "username": self.name, "email": f"{self.name}@guests.example", "password": password,
            "full_name": full_name})

    async def sign_in(self, password):
        self.token = self.call("POST", API + "/users/login", {
            "username": self.name, "password": password})["access_token"]
        me = self.get(API + "/users/me")
        self.id, self.full_name = me["id"], me["full_name"] or self.name
        ticket = self.call("POST", "/ws/ticket")["ticket"]
        self.socket = await websockets.connect(
            self.realm.replace("http", "ws", 1) + PHASE3 + "/ws/me",
            subprotocols=["aeon.v1", f"ticket.{ticket}"], open_timeout=PATIENCE)
        self.reader = asyncio.create_task(self._read())
        await self.hear("welcome")

    async def _read(self):
        async for frame in self.socket:
            self.heard.append(json.loads(frame))
            self.news.set()

    async def hear(self, kind, **wanted):
        """The data of the oldest message of this kind that was not asked for before."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while True:
            self.news.clear()
            for place, message in enumerate(self.heard):
                data = message.get("data")
                if message["type"] == "error" and kind == "ack":
                    raise Refused(f"{self.name} was refused: {data}")
                if message["type"] == kind and all(data.get(key) == value
                                                   for key, value in wanted.items()):
                    del self.heard[place]
                    return data
            left = deadline - asyncio.get_running_loop().time()
            try:
                await asyncio.wait_for(self.news.wait(), max(0, left))
            except asyncio.TimeoutError:
                raise Refused(f"{self.name} waited in vain for {kind} {wanted}") from None

    async def send(self, kind, **fields):
        await self.socket.send(json.dumps({"type": kind, **fields}))

    async def say(self, room, text, **more):
        """Types and sends a message. Returns its acknowledgement."""
        await self.pace.think()
        await self.send("typing", room_id=room, is_typing=True)
        await self.pace.type(text)
        client_id = str(uuid.UUID(int=self.pace.chance.getrandbits(128)))
        await self.send("chat_message", room_id=room, content=text, client_id=client_id, **more)
        return await self.hear("ack", client_id=client_id)

    async def leave(self):
        if self.socket:
            await self.socket.close()
            await asyncio.gather(self.reader, return_exceptions=True)


class Stage:
    """The realm's people and rooms by their names, and the voice that tells what happens."""

    def __init__(self, realm, password, pace, tell):
        self.realm, self.password, self.pace, self.tell = realm, password, pace, tell
        self.people, self.rooms = {}, {}

    async def person(self, name):
        """Someone of `aeonctl demo`, who signs in when first needed."""
        if name not in self.people:
            self.people[name] = someone = Person(self.realm, name, self.pace)
            await someone.sign_in(self.password)
        return self.people[name]

    async def cast(self, *names):
        return [await self.person(name) for name in names]

    async def guest(self, name, password):
        """A new user, for the person who watches."""
        self.people[name] = someone = Person(self.realm, name, self.pace)
        someone.register(password, "A Guest")
        await someone.sign_in(password)
        return someone

    def room(self, someone, name):
        """The id of a room that this person may see."""
        if name not in self.rooms:
            found = [room for room in someone.get("/rooms", q=name) if room["name"] == name]
            if not found:
                raise Refused(f"There is no room {name}: fill the realm by 'aeonctl demo' first")
            self.rooms[name] = found[0]["id"]
        return self.rooms[name]

    async def close(self):
        await asyncio.gather(*(someone.leave() for someone in self.people.values()))
