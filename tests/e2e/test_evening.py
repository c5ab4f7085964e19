"""An ordinary evening: nothing that real clients do is refused by the default limits.

Each part is a burst that a person causes within some seconds. Here it runs at full speed, by a user
whose budget is full, so it takes less time than any person needs. The devices of a user are in one
network. The limits in nginx for that network hold, too.
"""

import asyncio
import json
import pathlib
import sys

import httpx
import pytest
import websockets

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from realm import PASSWORD, PATIENCE, UNLIMITED, Realm  # noqa: E402

API = "/api/v1/phase3"
ROOMS = 20
FRIENDS = 25
# With sanitizers each request costs several times its processor time, and takes that from the budget.
pytestmark = pytest.mark.skipif(PATIENCE > 120, reason="the programs are slower than real ones")
NETWORK = {"X-Forwarded-For": "198.51.100.7"}
CONNECTIONS = 6  # that a browser opens to a server


@pytest.fixture(scope="module")
def evening():
    """A realm with ben, who has written in twenty rooms, with his friends, and with guests in all rooms."""
    with Realm(trusted_proxies="127.0.0.1") as made:
        def call(user, path, **body):
            answer = made.cgi("POST", API + path, body, token=made.tokens[user])
            assert answer.status < 300, answer
            return answer.json
        made.call = call
        made.user("ben")
        made.rooms = [made.room("ben", f"Room {number}") for number in range(ROOMS)]
        made.messages = [call("ben", f"/rooms/{room}/messages", content="Good evening")["message_id"]
                         for room in made.rooms]
        made.knowledge = [call("ben", "/knowledge", content=f"Fact {number}", knowledge_type="fact",
                               tags=["evening"])["id"] for number in range(FRIENDS)]
        made.guests = [f"guest{number}" for number in range(5)]
        for guest in made.guests:
            made.user(guest)
            for room in made.rooms:
                call(guest, f"/rooms/{room}/join")
        for name in UNLIMITED:  # from here on the limits are those of a new realm
            made.environment.pop(f"AEON_{name.upper()}")
        made.start_all()
        yield made


class Device:
    """A client of the user. It asks over as many connections as a browser."""

    def __init__(self, realm, name):
        self.realm, self.name = realm, name
        self.web = httpx.AsyncClient(base_url=realm.url, headers=NETWORK, timeout=PATIENCE,
                                     limits=httpx.Limits(max_connections=CONNECTIONS))

    async def ask(self, method, path, **body):
        path = path if path.startswith("/api") else API + path
        answer = await self.web.request(method, path, **body)
        assert answer.status_code < 300, (method, path, answer.status_code, answer.text)
        return answer.json() if answer.content else None

    async def gather(self, *paths):
        return await asyncio.gather(*(self.ask("GET", path) for path in paths))

    async def sign_in(self):
        login = await self.ask("POST", "/api/v1/users/login",
                               data={"username": self.name, "password": PASSWORD})
        self.web.headers["Authorization"] = f"Bearer {login['access_token']}"

    async def connect(self):
        ticket = (await self.ask("POST", "/ws/ticket"))["ticket"]
        self.socket = await websockets.connect(
            f"ws://127.0.0.1:{self.realm.port}{API}/ws/me", extra_headers=NETWORK,
            subprotocols=["aeon.v1", f"ticket.{ticket}"])
        welcome = await self.hear("welcome")
        self.position = {"epoch": welcome["epoch"], "pos": welcome["pos"]}

    async def hear(self, kind, **wanted):
        """The data of the next message of this kind. An error fails the test."""
        while True:
            message = json.loads(await asyncio.wait_for(self.socket.recv(), PATIENCE))
            assert message["type"] != "error", message
            data = message.get("data")
            if message["type"] == kind and all(data[key] == value for key, value in wanted.items()):
                return data

    async def say(self, kind, **message):
        await self.socket.send(json.dumps({"type": kind, **message}))

    async def start(self):
        """Opens the client: it signs in, and loads all that it can show."""
        await self.sign_in()
        await self.connect()
        await self.gather("/api/v1/users/me", "/rooms?joined=true&limit=50", "/relationships",
                          "/knowledge?limit=20", "/social/network", "/social/suggestions",
                          "/social/active-users", "/social/similar-users", "/knowledge/tags",
                          "/aeon/interactions")
        await self.gather(*(f"/rooms/{room}" for room in self.realm.rooms),
                          *(f"/rooms/{room}/messages?limit=50" for room in self.realm.rooms))

    async def close(self):
        await self.socket.close()
        await self.web.aclose()


    async def wake(self, rooms):
        """What clients/js does when a laptop wakes: a new connection goes on at the last position, and
        asks for what is missing in these rooms."""
        position = self.position
        await self.connect()
        await self.say("resume", **position)
        await self.hear("resumed")
        for room in rooms:
            await self.say("join_room", room_id=room, since=0)
        for room in rooms:
            await self.hear("room_info")
        for room in self.realm.rooms:
            await self.say("read", room_id=room, up_to_seq=1)
        await self.gather("/rooms?joined=true&limit=50", "/aeon/interactions", "/social/active-users")


def play(realm, part, devices=1):
    """A new user plays the part with so many devices. The budget of a new user is full."""
    guest = realm.guests.pop()

    async def run():
        own = [Device(realm, guest) for _ in range(devices)]
        await part(*own)
        await asyncio.gather(*(device.close() for device in own))
    asyncio.run(run())


def test_three_devices_start_at_the_same_time(evening):
    async def part(*devices):
        await asyncio.gather(*(device.start() for device in devices))
    play(evening, part, devices=3)


def test_three_devices_come_back_after_the_network_was_away(evening):
    async def part(*devices):
        await asyncio.gather(*(device.sign_in() for device in devices))
        await asyncio.gather(*(device.connect() for device in devices))
        for device in devices:
            await device.socket.close()
        await asyncio.gather(*(device.wake(evening.rooms[:1]) for device in devices))
    play(evening, part, devices=3)


def test_a_laptop_wakes_after_longer_than_the_realm_keeps_its_events(evening):
    async def part(laptop):
        await laptop.sign_in()
        await laptop.connect()
        await laptop.socket.close()
        await laptop.wake(evening.rooms)
    play(evening, part)


def test_a_lively_conversation_with_three_devices_open(evening):
    """Twenty messages, which each device marks as read, with typing and reactions."""
    room = evening.rooms[0]

    async def part(*devices):
        await asyncio.gather(*(device.sign_in() for device in devices))
        await asyncio.gather(*(device.connect() for device in devices))
        phone = devices[0]
        for number in range(20):
            await phone.say("typing", room_id=room, is_typing=True)
            await phone.say("chat_message", room_id=room, content=f"And {number}?", client_id=str(number))
            shown = await asyncio.gather(*(device.hear("chat_message", content=f"And {number}?")
                                           for device in devices))
            for device in devices:
                await device.say("read", room_id=room, up_to_seq=shown[0]["seq"])
            if number % 4 == 0:
                await phone.say("react", room_id=room, message_id=shown[0]["message_id"], key="\N{WAVING HAND SIGN}",
                                on=True, client_id=f"wave {number}")
        await phone.say("ping", id="end")
        await phone.hear("pong", id="end")
    play(evening, part, devices=3)


def test_scrolling_back_reacting_voting_and_inviting(evening):
    async def part(device):
        await device.sign_in()
        await device.connect()
        for room, message in zip(evening.rooms, evening.messages):
            for page in range(3):
                await device.ask("GET", f"/rooms/{room}/messages?limit=50&before={1000 - 50 * page}")
            await device.ask("PUT", f"/rooms/{room}/messages/{message}/reactions/%F0%9F%91%8D")
        for item in evening.knowledge:
            await device.ask("POST", f"/knowledge/{item}/upvote")
    play(evening, part)
