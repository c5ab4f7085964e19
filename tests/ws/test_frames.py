"""RFC 6455 frame by frame: over a unix socket, over TCP and through nginx.

The frames are built here byte by byte, because a correct client builds none of most of them. Where
the RFC leaves a choice to the server, or libwebsockets makes it, the name of the test says so.
"""

import contextlib
import os
import socket
import struct

import pytest

from wsclient import BINARY, CLOSE, PING, PONG, TEXT, Client, Closed, Refused
from conftest import People
from realm import Realm, free_port, wait_until

FIN, MORE = 0x80, 0
CONTINUATION = 0
EURO = "€".encode()
SILENT = None  # the connection ended without a close frame
RESET = struct.pack("ii", 1, 0)  # for SO_LINGER


@pytest.fixture(scope="module", params=["unix", "tcp", "nginx"])
def realm(request):
    with Realm() as made:
        if request.param == "tcp":
            made.ws = ("127.0.0.1", free_port())
        made.start_bridge()
        if request.param == "nginx":
            made.start_nginx()
            made.ws = ("127.0.0.1", made.port)
        yield made
        assert made.stop("bridge") == 0, made.log("bridge")


@pytest.fixture(scope="module")
def token(realm):
    realm.user("ada")
    return realm.tokens["ada"]


def greeted(realm, token):
    """A connection, as soon as the bridge has noticed that enough earlier ones have closed."""
    clients = []

    def connects():
        clients.append(Client(realm, token))
        try:
            return clients[-1].hear("room_participants") is not None
        except Closed as end:
            assert end.code == 4012
    wait_until(connects, "a free place")
    return clients[-1]


@pytest.fixture
def ada(realm, token):
    with greeted(realm, token) as client:
        yield client


def frame(first, payload=b"", *, masked=True, size=None, width=None):
    """`size` is the length that the header states, and `width` its size in bytes."""
    size = len(payload) if size is None else size
    if width is None:
        width = 0 if size < 126 else 2 if size < 65536 else 8
    short = {0: size, 2: 126, 8: 127}[width]
    head = bytes([first, short | (0x80 if masked else 0)])
    head += size.to_bytes(width, "big") if width else b""
    key = os.urandom(4) if masked else b""
    if masked:
        payload = bytes(byte ^ key[i % 4] for i, byte in enumerate(payload))
    return head + key + payload


def ping(id, padding=0):
    """A `ping` message of JSON, which is answered, with that many spaces in it."""
    return b'{"type":"ping","id":"%s"%s}' % (str(id).encode(), b" " * padding)


def pieces(*parts):
    """One message in these fragments."""
    last = len(parts) - 1
    return b"".join(frame((TEXT if i == 0 else CONTINUATION) | (FIN if i == last else MORE), part)
                    for i, part in enumerate(parts))


def next_pong(client):
    first, payload = client.next_frame()
    assert first == FIN | PONG
    return payload


def goes_on(client):
    client.socket.sendall(frame(FIN | TEXT, ping("on")))
    client.hear("pong", id="on")


def close_code(client):
    """Reads up to the close frame. Returns its code, 0 without a code, SILENT without a frame."""
    try:
        while True:
            first, payload = client.next_frame()
            if first == FIN | CLOSE:
                return int.from_bytes(payload[:2], "big")
    except Closed:
        return SILENT


def ending(client):
    """The same, up to the end of the TCP connection. Nothing may follow the close frame."""
    code = close_code(client)
    if code is not SILENT:
        with contextlib.suppress(OSError):
            client.socket.sendall(frame(FIN | CLOSE, code.to_bytes(2, "big")))
        with pytest.raises(Closed):
            print("after the close frame:", client.next_frame())
    return code


# --- pings ----------------------------------------------------------------------------------------

@pytest.mark.parametrize("payload", [b"", b"hello", b"\xff\0", b"x" * 125], ids=len)
def test_a_ping_is_answered_with_its_payload(ada, payload):
    ada.socket.sendall(frame(FIN | PING, payload))
    assert next_pong(ada) == payload
    goes_on(ada)


def test_a_pong_that_nobody_asked_for_is_ignored(ada):
    ada.socket.sendall(frame(FIN | PONG, b"x") + frame(FIN | PONG))
    goes_on(ada)


def test_the_last_of_several_pings_is_answered_and_so_is_a_later_one(ada):
    pings = [b"ping %d" % i for i in range(10)]
    ada.socket.sendall(b"".join(frame(FIN | PING, each) for each in pings))
    assert next_pong(ada) in pings
    ada.socket.sendall(frame(FIN | PING, b"later"))
    while next_pong(ada) != b"later":
        pass


def test_a_ping_within_a_message_is_answered_before_it_ends(ada):
    text = ping(1)
    ada.socket.sendall(frame(TEXT, text[:7]) + frame(FIN | PING, b"within"))
    assert next_pong(ada) == b"within"
    ada.socket.sendall(frame(FIN | PONG, b"x") + frame(FIN | CONTINUATION, text[7:]))
    ada.hear("pong", id="1")


def test_a_pong_is_not_in_the_middle_of_a_large_message(realm, token, ada):
    people = People(realm)
    people.names["ada"] = "ada"
    room = people.room("ada")
    for i in range(90):
        ada.say("chat_message", room_id=room, content="x" * 4000, client_id=str(i))
        ada.hear("ack", client_id=str(i))
    ada.say("join_room", room_id=room, since=0)
    first = [ada.next_frame() for _ in range(2)]
    for i in range(5):
        ada.socket.sendall(frame(FIN | PING, b"torn?"))
    rest = []
    while FIN | PONG not in [kind for kind, _ in rest] or len(first + rest) < 92:
        rest.append(ada.next_frame())
    kinds = {kind for kind, _ in first + rest}
    assert kinds == {FIN | TEXT, FIN | PONG}
    assert {payload for kind, payload in rest if kind == FIN | PONG} == {b"torn?"}


# --- messages -------------------------------------------------------------------------------------

@pytest.mark.parametrize("parts", [
    [ping(1)[:9], ping(1)[9:]],
    [bytes([byte]) for byte in ping(1)],
    [b"", b"", ping(1)[:9], b"", ping(1)[9:], b""],
    [ping(1), b""],
    [b'{"type":"ping","id":"1","x":"' + EURO[:1], EURO[1:2], EURO[2:] + b'"}'],
    [b" "] * 5000 + [ping(1)],
    [b""] * 20_000 + [ping(1)],
], ids=["two", "bytes", "empty ones", "empty end", "within a letter", "5000", "20000 empty ones"])
def test_a_message_may_come_in_fragments(ada, parts):
    ada.socket.sendall(pieces(*parts))
    ada.hear("pong", id="1")


def test_messages_in_one_segment_are_answered_in_order(ada):
    ada.socket.sendall(b"".join(frame(FIN | TEXT, ping(i)) for i in range(50)))
    assert [ada.hear("pong")["id"] for _ in range(50)] == [str(i) for i in range(50)]


def test_bytes_may_come_one_at_a_time(ada):
    sent = pieces(ping(1)[:5], ping(1)[5:]) + frame(FIN | PING, b"slow")
    sent += frame(FIN | TEXT, ping(2, padding=200))
    for byte in sent:
        ada.socket.sendall(bytes([byte]))
    heard = [ada.next_frame() for _ in range(3)]
    heard.remove((FIN | PONG, b"slow"))
    assert b'"id":"1"' in heard[0][1] and b'"id":"2"' in heard[1][1]


def test_a_message_of_the_limit_is_taken_and_one_byte_more_is_closed_with_1009(ada):
    room = 65536 - len(ping(1))
    ada.socket.sendall(frame(FIN | TEXT, ping(1, room)))
    ada.hear("pong", id="1")
    ada.socket.sendall(pieces(*[ping(1, room)[i:i + 1000] for i in range(0, 65536, 1000)]))
    ada.hear("pong", id="1")
    ada.socket.sendall(frame(FIN | TEXT, ping(1, room + 1)))
    assert ending(ada) == 1009


@pytest.mark.parametrize("parts", [[b"x" * 40_000] * 2, [b"x"] * 65_537], ids=len)
def test_the_size_limit_counts_all_fragments_of_a_message(ada, parts):
    ada.socket.sendall(pieces(*parts, b""))
    assert ending(ada) == 1009


@pytest.mark.parametrize("size", [65_537, 1 << 27, 1 << 32, 1 << 40, (1 << 63) - 1])
def test_an_announced_size_over_the_limit_is_refused(ada, size):
    ada.socket.sendall(frame(FIN | TEXT, b"x" * 1500, size=size))
    assert close_code(ada) == 1009


@pytest.mark.parametrize("how", [{"masked": False}, {"width": 2}, {"width": 8}], ids=str)
def test_an_unmasked_frame_or_a_long_length_form_is_handled_as_the_library_does(ada, how):
    ada.socket.sendall(frame(FIN | TEXT, ping(1), **how))
    first, payload = ada.next_frame()
    if first == FIN | CLOSE:
        assert payload[:2] == (1002).to_bytes(2, "big")
    else:
        assert first == FIN | TEXT and b'"id":"1"' in payload
        goes_on(ada)


# --- faults ---------------------------------------------------------------------------------------

FAULTS = {
    "a ping in fragments": frame(MORE | PING, b"x"),
    "a close frame in fragments": frame(MORE | CLOSE, b"\x03\xe8"),
    "a continuation of nothing": frame(FIN | CONTINUATION, b"x"),
    "a fragment of nothing": frame(MORE | CONTINUATION, b"x"),
    "a continuation after the end": pieces(b"{}", b"") + frame(FIN | CONTINUATION, b"x"),
    "a message within one": frame(MORE | TEXT, b"{") + frame(FIN | TEXT, ping(1)),
    "the start of one within one": frame(MORE | TEXT, b"{") + frame(MORE | TEXT, b"{"),
    "a message after an empty start": frame(MORE | TEXT) + frame(FIN | TEXT, ping(1)),
    "binary within text": frame(MORE | TEXT, b"{") + frame(FIN | BINARY, b"x"),
    "a reserved bit in a continuation": frame(TEXT, b"{") + frame(FIN | 0x40, b"}"),
    **{f"reserved bit {bit:#x} with {kind}": frame(FIN | bit | kind, b"{}")
       for bit in (0x40, 0x20, 0x10, 0x70) for kind in (TEXT, PING, CLOSE)},
    **{f"opcode {code}": frame(FIN | code, b"x") for code in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)},
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_protocol_error_is_closed_with_1002(ada, fault):
    ada.socket.sendall(fault)
    assert close_code(ada) == 1002


@pytest.mark.parametrize("fault", [
    frame(FIN | PING, b"x" * 126), frame(FIN | PONG, b"x" * 70_000),
    frame(FIN | CLOSE, b"\x03\xe8" + b"x" * 124), frame(FIN | PING, b"x", width=2),
    frame(FIN | CLOSE, b"\x03\xe8\xff"),
    frame(FIN | TEXT, b"x", size=1 << 63), frame(FIN | TEXT, b"x", size=(1 << 64) - 1),
], ids=["ping", "pong", "close", "ping's length", "close not UTF-8", "2^63", "2^64-1"])
def test_the_library_ends_some_connections_without_a_close_frame(ada, fault):
    ada.socket.sendall(fault)
    assert ending(ada) in (SILENT, 1002, 1007, 1009)


@pytest.mark.parametrize("start", [frame(FIN | BINARY, b"{}"), frame(FIN | BINARY),
                                   frame(MORE | BINARY, b"{")], ids=["whole", "empty", "fragment"])
def test_binary_is_closed_with_1003(ada, start):
    ada.socket.sendall(start)
    assert ending(ada) == 1003


NOT_UTF8 = {
    "a wrong byte": pieces(b'"\xff"'),
    "a continuation alone": pieces(b'"\x80"'),
    "an overlong form": pieces(b'"\xc0\xaf"'),
    "a surrogate": pieces(b'"\xed\xa0\x80"'),
    "behind the last letter": pieces(b'"\xf4\x90\x80\x80"'),
    "five bytes": pieces(b'"\xf8\x88\x80\x80\x80"'),
    "a letter cut by the end": pieces(b'"' + EURO[:2]),
    "a letter cut by an empty end": pieces(b'"' + EURO[:2], b""),
    "a letter cut by empty fragments": pieces(b'"', EURO[:1], b"", b""),
    "a letter not gone on with": pieces(b'"' + EURO[:2], b'a"'),
    "before the end of a message": frame(MORE | TEXT, b'"\xff'),
    "before the end of a frame": frame(FIN | TEXT, b'"\xff' + b"x" * 2000, size=4000),
}


@pytest.mark.parametrize("text", NOT_UTF8.values(), ids=NOT_UTF8)
def test_text_that_is_not_utf8_is_closed_with_1007(ada, text):
    ada.socket.sendall(text)
    assert close_code(ada) == 1007


@pytest.mark.parametrize("realm", ["unix"], indirect=True)  # TCP makes it slow
def test_nothing_is_accepted_or_sent_after_a_fault_and_the_connection_ends(realm, token, ada):
    people = People(realm)
    people.names["ada"] = "ada"
    room = people.room("ada", "ben")
    ben = people.connect("ben")
    ada.socket.sendall(frame(FIN | 3, b"x") + frame(FIN | TEXT, ping(1)))
    assert close_code(ada) == 1002
    ben.say("chat_message", room_id=room, content="Still there?", client_id="1")
    ben.hear("ack")
    ada.socket.sendall(frame(FIN | TEXT, ping(2)) + frame(FIN | CLOSE, b"\x03\xea"))
    with pytest.raises(Closed):
        print("after the close frame:", ada.next_frame())


# --- the end of a connection ----------------------------------------------------------------------

GOOD_BYES = [(b"", 0), (b"\x03\xe8", 1000), (b"\x03\xe8" + b"x" * 123, 1000),
             (b"\x03\xe9leaving", 1001), (b"\x03\xf3", 1011), (b"\x0b\xb8", 3000),
             (b"\x13\x87", 4999), (b"\x03\xe8" + EURO, 1000)]


@pytest.mark.parametrize("payload, code", GOOD_BYES, ids=[f"{c}-{len(p)}" for p, c in GOOD_BYES])
def test_a_close_frame_is_answered_with_its_code_and_the_connection_ends(ada, payload, code):
    ada.socket.sendall(frame(FIN | CLOSE, payload))
    assert ending(ada) == code


@pytest.mark.parametrize("code", [0, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 65535])
def test_a_close_frame_with_a_code_that_may_not_be_sent_is_answered_with_1002(ada, code):
    ada.socket.sendall(frame(FIN | CLOSE, code.to_bytes(2, "big")))
    assert ending(ada) == 1002


def test_a_close_frame_of_one_byte_is_answered_with_1002(ada):
    ada.socket.sendall(frame(FIN | CLOSE, b"\x03"))
    assert ending(ada) == 1002


def test_a_reason_that_ends_within_a_letter_is_answered_with_1007(ada):
    ada.socket.sendall(frame(FIN | CLOSE, b"\x03\xe8" + EURO[:2]))
    assert ending(ada) == 1007


@pytest.mark.parametrize("late", [frame(FIN | TEXT, ping(1)), frame(FIN | PING, b"late"),
                                  frame(FIN | CLOSE, b"\x03\xe9"), frame(FIN | 3, b"x"), b"\xff"],
                         ids=["text", "ping", "close", "fault", "byte"])
def test_data_after_a_close_frame_is_ignored(ada, late):
    ada.socket.sendall(frame(FIN | CLOSE, b"\x03\xe8") + late)
    assert ada.next_frame() == (FIN | CLOSE, b"\x03\xe8")
    assert ending(ada) is SILENT


def test_requests_before_a_close_frame_are_answered_before_it(ada):
    ada.socket.sendall(frame(FIN | TEXT, ping(1)) + frame(FIN | CLOSE))
    ada.hear("pong", id="1")
    assert ada.next_frame() == (FIN | CLOSE, b"")


@pytest.mark.parametrize("start", [b"", frame(FIN | TEXT, ping(1))[:5], frame(TEXT, b"{")],
                         ids=["between", "within a frame", "within a message"])
@pytest.mark.parametrize("resets", [False, True], ids=["half closed", "reset"])
def test_a_client_that_vanishes_leaves_nothing_behind(realm, token, start, resets):
    for _ in range(20):  # more than the connections that a user may have
        with greeted(realm, token) as client:
            client.socket.sendall(start)
            if resets:
                client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            else:
                client.socket.shutdown(socket.SHUT_WR)
                assert ending(client) is SILENT


# --- subprotocols ---------------------------------------------------------------------------------

@pytest.mark.parametrize("offer", [
    "aeon.v1", "aeon.v1, other", "other, aeon.v1", "other,aeon.v1", "aeon.v1" + ", x" * 30,
])
def test_a_known_subprotocol_is_chosen_among_others(realm, token, offer):
    with Client(realm, token, v1=False, headers={"Sec-WebSocket-Protocol": offer}) as client:
        assert "\r\nSec-WebSocket-Protocol: aeon.v1" in client.head
        client.hear("welcome")


@pytest.mark.parametrize("offer", [
    "other", "other, another", "AEON.V1", "aeon.v11", "x" * 127, "x" * 900, "aeon.v1, " + "x" * 120,
    "x" * 120 + ", aeon.v1", ", ".join(f"p{i}" for i in range(30)),
], ids=lambda offer: f"{offer[:10]}-{len(offer)}")
def test_an_offer_without_a_known_subprotocol_or_over_127_bytes_is_refused(realm, token, offer):
    with pytest.raises(Refused) as refused:
        Client(realm, token, v1=False, headers={"Sec-WebSocket-Protocol": offer})
    assert refused.value.status == 400


def test_a_client_that_offers_none_gets_no_subprotocol(realm, token):
    with Client(realm, token, v1=False) as client:
        assert "Sec-WebSocket-Protocol" not in client.head
        client.hear("room_participants")
