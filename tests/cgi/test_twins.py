"""Twins through the REST interface: settings, memories, conversations, turns and forgetting."""

import json
import time

import pytest
from conftest import NOBODY, Caller, faults, refused
from fastcgi import Connection, request
from realm import Realm, wait_until

AEON, HOME = "/api/v1/aeon", "/api/v1/phase3/home"
INTERACTIONS = "/aeon/interactions"


@pytest.fixture(scope="module")
def realm():
    with Realm(quota_memories=3, quota_conversations=2, twins=1) as made:
        made.ids = {name: made.user(name) for name in ("ada", "ben", "cleo", "dora", "eve", "finn", "gil")}
        yield made


def relate(user, other, kind):
    answer = user("POST", "/relationships", {"related_user_id": other.id, "relationship_type": kind})
    assert answer.status in (200, 201), answer


def remember(caller, content, **more):
    return caller("POST", AEON + "/memories", {"content": content, "memory_type": "fact"} | more)


def say(caller, message, **more):
    return caller("POST", AEON + "/chat", {"message": message} | more)


def say_once(caller, message, key, **more):
    return caller("POST", AEON + "/chat", {"message": message} | more,
                  headers={"HTTP_IDEMPOTENCY_KEY": key})


# --- settings -----------------------------------------------------------------------------------


def test_only_the_given_settings_change_and_null_empties_one(realm, ada):
    before = ada("GET", AEON + "/twin").json
    assert (before["name"], before["autopilot"], before["traits"]) == ("ada", "off", {})
    quiet = {"from": "22:05", "to": "07:00", "utc_offset": 60}
    changed = ada("PUT", AEON + "/twin", {"name": "Echo", "quiet_hours": quiet,
                                          "max_replies_per_day": 7}).json
    assert changed == before | {"name": "Echo", "quiet_hours": quiet, "max_replies_per_day": 7,
                                "max_replies_per_person": 4}
    again = ada("PUT", AEON + "/twin", {"name": None, "quiet_hours": None}).json
    assert again == changed | {"name": "ada", "quiet_hours": None}


@pytest.mark.parametrize("quiet", ({}, {"from": "24:00", "to": "07:00"}, {"from": "22:00"},
                                   {"from": "22:00", "to": "07:00", "utc_offset": 900}))
def test_quiet_hours_that_are_none_are_refused(realm, ada, quiet):
    answer = ada("PUT", AEON + "/twin", {"quiet_hours": quiet})
    assert faults(answer) == [("value_error", ("body", "quiet_hours"))]


# --- rooms --------------------------------------------------------------------------------------


def test_a_member_brings_the_twin_into_an_aeon_room_and_both_leave_together(realm, ada, ben):
    room, other = realm.room("ada", is_aeon_room=True), realm.room("ada")

    def inside():
        return [p["is_aeon"] for p in ada("GET", f"/rooms/{room}").json["participants"]]
    refused(ben("POST", f"/rooms/{room}/twin"), 403, "forbidden")
    ben("POST", f"/rooms/{room}/join")
    assert ben("POST", f"/rooms/{room}/twin").json["is_inside"] and inside() == [False, True]
    assert ben("DELETE", f"/rooms/{room}/twin").status == 204 and inside() == [False, False]
    ben("POST", f"/rooms/{room}/twin")
    ben("POST", f"/rooms/{room}/leave")
    ben("POST", f"/rooms/{room}/join")
    assert inside() == [False, False]
    refused(ada("POST", f"/rooms/{other}/twin"), 409, "not_aeon_room")


# --- memories -----------------------------------------------------------------------------------


def test_the_same_text_again_strengthens_a_memory(realm, ada):
    first = remember(ada, "I like tea", importance=7)
    again = remember(ada, "I like tea", importance=3)
    assert (first.status, again.status) == (201, 200)
    assert first.headers["location"].endswith(f"{AEON}/memories/{first.json['id']}")
    assert again.json["times"] == 2 and again.json["importance"] == 7
    other = remember(ada, "I like coffee").json["id"]
    refused(ada("PATCH", f"{AEON}/memories/{other}", {"content": "I like tea"}), 409, "memory_exists")


def test_a_memory_exists_for_its_owner_alone_even_a_public_one(realm, ben, cleo):
    path = f"{AEON}/memories/{remember(ben, 'Ben has a boat', visibility='public').json['id']}"
    for answer in (cleo("GET", path), cleo("PATCH", path, {"content": "x"}), cleo("DELETE", path)):
        refused(answer, 404, "not_found")
    assert cleo("GET", AEON + "/memories").json == []
    assert ben("DELETE", path).status == 204
    refused(ben("GET", path), 404, "not_found")


def test_a_search_has_the_texts_that_the_twin_may_use_and_no_hidden_one(realm, ben, cleo):
    remember(ben, "The zeppelin lands at noon")
    cleo("POST", "/knowledge", {"content": "A zeppelin is an airship", "knowledge_type": "x"})
    cleo("POST", "/knowledge", {"content": "Hidden zeppelin", "knowledge_type": "x",
                                "visibility": "private"})
    found = ben("GET", AEON + "/memories?q=When+does+the+zeppelin+land").json
    assert {hit["kind"] for hit in found["hits"]} == {"memory", "knowledge"}
    assert len(found["hits"]) == 2 and "text" in found["ranked_by"]


def test_what_a_twin_held_back_is_told_to_its_owner_alone_until_a_block(realm, ben, cleo):
    realm.ids["hana"] = realm.user("hana")
    hana = Caller(realm, "hana")
    hana("PUT", AEON + "/twin", {"autopilot": "draft"})
    key = remember(hana, "The lighthouse key is under the stone").json["id"]
    remember(hana, "The lighthouse has a green door", visibility="public")
    asked = {"target_aeon_user_id": hana.id, "interaction_type": "question",
             "content": "Where is the lighthouse key?"}
    assert ben("POST", INTERACTIONS, asked).status == 201
    turn, = hana("GET", AEON + "/turns").json
    path = f"{AEON}/turns/{turn['id']}/held-back"
    assert hana("GET", path).json == [
        {"kind": "memory", "id": str(key), "author_id": hana.id, "author_name": "hana",
         "content": "The lighthouse key is under the stone"}]
    for other in (ben, cleo):
        refused(other("GET", path), 404, "not_found")
    assert hana("PATCH", f"{AEON}/memories/{key}", {"visibility": "public"}).status == 200
    assert hana("GET", path).json == []
    cleo("POST", "/knowledge", {"content": "The lighthouse key is heavy", "knowledge_type": "x"})
    room = realm.room("hana", is_public=False)
    for user in (ben, cleo):
        hana("POST", f"/rooms/{room}/invitations", {"user_id": user.id})
        assert user("POST", f"/rooms/{room}/join").status == 200
    cleo("POST", f"/rooms/{room}/messages", {"content": "I lost the lighthouse key"})
    cleo("POST", "/knowledge", {"content": "The lighthouse key has a twin", "knowledge_type": "x",
                                "visibility": "friends"})
    for user in (hana, ben):
        relate(cleo, user, "friend")
    assert hana("GET", path).json == []
    relate(ben, cleo, "blocked")
    assert hana("GET", path).json == [], "a text that ben may read tells hana of the block"
    ben("DELETE", f"/relationships/{cleo.id}")
    cleo("DELETE", f"/relationships/{ben.id}")
    relate(ben, cleo, "blocked")
    assert [text["author_id"] for text in hana("GET", path).json] == [cleo.id]
    ben("DELETE", f"/relationships/{cleo.id}")
    realm.rows.change("UPDATE twin_turns SET state = 'draft', content = 'x' WHERE id = ?", turn["id"])
    assert [draft["id"] for draft in hana("GET", AEON + "/drafts").json] == [turn["id"]]
    assert hana("GET", HOME).json["drafts_waiting"] == 1
    relate(ben, hana, "blocked")
    refused(hana("GET", path), 404, "not_found")
    refused(hana("GET", f"{AEON}/turns/{turn['id']}"), 404, "not_found")
    assert hana("GET", AEON + "/turns").json == hana("GET", AEON + "/drafts").json == []
    assert hana("GET", HOME).json["drafts_waiting"] == 0
    ben("DELETE", f"/relationships/{hana.id}")


def test_the_quotas_of_memories_and_conversations_and_bytes(realm):
    dora = Caller(realm, "dora")
    assert [remember(dora, str(i)).status for i in range(4)] == [201, 201, 201, 409]
    assert [say(dora, "x").status for _ in range(3)] == [202, 202, 409]
    ((had,),) = realm.rows.select("SELECT text_bytes FROM user_counts WHERE user_id = ?", dora.id)
    assert had == 5
    realm.ctl("set", "quota_bytes", "6")
    talk = dora("GET", AEON + "/conversations").json[0]["id"]
    refused(say(dora, "too long", conversation_id=talk), 409, "quota_exceeded")
    realm.ctl("unset", "quota_bytes")
    assert realm.ctl("check").returncode == 0


# --- conversations ------------------------------------------------------------------------------


def test_a_program_that_cannot_wait_answers_with_the_turn(realm, ada, ben):
    answer = say(ada, "Where is my boat?")
    assert answer.status == 202 and answer.json["message"] is None
    turn = f"{AEON}/turns/{answer.json['turn_id']}"
    assert answer.headers["location"].endswith(turn)
    assert ada("GET", turn).json["state"] == "queued"
    talk = f"{AEON}/conversations/{answer.json['conversation_id']}"
    assert [m["content"] for m in ada("GET", talk).json["messages"]] == ["Where is my boat?"]
    for reply in (ben("GET", turn), ben("POST", turn + "/cancel"), ben("GET", talk),
                  ben("DELETE", talk), say(ben, "x", conversation_id=NOBODY)):
        refused(reply, 404, "not_found")
    assert ada("POST", turn + "/cancel").json["state"] == "cancelled"
    refused(ada("POST", turn + "/cancel"), 409, "turn_ended")
    assert ada("DELETE", talk).status == 204
    refused(ada("GET", talk), 404, "not_found")


def test_no_more_than_ten_messages_wait_for_a_twin(realm):
    eve = Caller(realm, "eve")
    talk = say(eve, "0").json["conversation_id"]
    answers = [say(eve, str(i), conversation_id=talk).status for i in range(1, 11)]
    assert answers == [202] * 9 + [429]


def test_a_message_with_an_idempotency_key_is_said_once(realm):
    gil = Caller(realm, "gil")
    first, again = (say_once(gil, "Where is my boat?", "k") for _ in range(2))
    assert (first.status, again.status) == (202, 202) and first.json == again.json
    assert first.headers["location"] == again.headers["location"]
    talk = f"{AEON}/conversations/{first.json['conversation_id']}"
    assert [m["content"] for m in gil("GET", talk).json["messages"]] == ["Where is my boat?"]
    refused(say_once(gil, "Where is my bicycle?", "k"), 409, "idempotency_conflict")
    refused(say_once(gil, "Where is my boat?", "k", context={}), 409, "idempotency_conflict")
    gil("POST", f"{AEON}/turns/{first.json['turn_id']}/cancel")
    ended = say_once(gil, "Where is my boat?", "k")
    assert ended.status == 200 and ended.json["state"] == "cancelled"
    assert ended.json["turn_id"] == first.json["turn_id"]
    gil("DELETE", talk)
    refused(say_once(gil, "Where is my boat?", "k"), 404, "not_found")
    assert gil("GET", AEON + "/conversations").json == []


def test_a_worker_waits_for_the_answer_and_nothing_is_said_twice(realm):
    finn = Caller(realm, "finn")
    remember(finn, "My boat lies in Kassel")
    finn("GET", AEON + "/twin")  # after it, the memory is in the index
    realm.start_workers("fast", 1)
    asked = request(realm, "POST", AEON + "/chat",
                    json.dumps({"message": "Where is my boat?"}).encode(), realm.tokens["finn"],
                    HTTP_IDEMPOTENCY_KEY="boat")
    waiting = say_once(finn, "Where is my boat?", "boat")
    with Connection(realm.run / "fast.sock") as connection:
        connection.send(*asked)  # a repeat waits, too
        realm.start_twin()
        answer = connection.receive()
        again = connection.ask(*asked)
    realm.stop("twin-1"), realm.stop("fast")
    assert answer.status == 200, answer
    told = answer.json
    assert again.json == told and told["turn_id"] == waiting.json["turn_id"]
    assert told["state"] == "posted" and "lies in Kassel" in told["message"]
    assert [cite["kind"] for cite in told["memory_accessed"]] == ["memory"]
    talk = finn("GET", f"{AEON}/conversations/{told['conversation_id']}").json
    assert [m["is_aeon"] for m in talk["messages"]] == [True, False] and talk["message_count"] == 2
    sources = finn("GET", f"{AEON}/turns/{told['turn_id']}").json["sources"]
    assert sources[0]["cited"] and sources[0]["text_rank"] == 1
    status = finn("GET", AEON + "/status").json
    assert (status["conversations"], status["messages"], status["memories"]) == (1, 2, 1)
    forget_memory(realm, finn, told)


def forget_memory(realm, caller, told):
    """The answer goes with the memory that it was made from, and the owner's devices hear of it."""
    talk = f"{AEON}/conversations/{told['conversation_id']}"
    caller("DELETE", f"{AEON}/memories/{told['memory_accessed'][0]['id']}")
    wait_until(lambda: len(caller("GET", talk).json["messages"]) == 1, "forgetting")
    ((event,),) = realm.rows.select("SELECT data FROM realm_events WHERE kind = 'twin_changed' "
                                    "AND user_id = ? ORDER BY pos DESC LIMIT 1", caller.id)
    assert json.loads(event) == {"part": "conversation", "id": told["conversation_id"],
                                 "is_deleted": False}


# --- what a turn answers ------------------------------------------------------------------------


def add_turn(realm, owner, asker, kind, cause, room=None):
    realm.rows.change(
        "INSERT INTO twin_turns (twin_id, cause_kind, cause_id, root_kind, root_id, step, asker_id, room_id, "
        "state, due_at, content, created_at) VALUES (?, ?, ?, ?, ?, 1, ?, ?, 'draft', 1, 'x', 1)",
        owner.id, kind, str(cause), kind, str(cause), asker.id, room)


def answered(owner):
    """What the owner's newest turn answers."""
    return owner("GET", AEON + "/turns?limit=1").json[0]["question"]


def test_a_turn_has_the_message_that_it_answers_while_its_owner_may_read_it(realm, ada, ben):
    room = realm.room("ada", is_public=False)
    ada("POST", f"/rooms/{room}/invitations", {"user_id": ben.id})
    ben("POST", f"/rooms/{room}/join")
    message = ada("POST", f"/rooms/{room}/messages", {"content": "Who won? " + "é" * 1000}).json["message_id"]
    add_turn(realm, ben, ada, "message", message, room)
    assert answered(ben) == {"content": "Who won? " + "é" * 991, "twin": None}
    ben("POST", f"/rooms/{room}/leave")
    assert answered(ben) is None
    ada("POST", f"/rooms/{room}/invitations", {"user_id": ben.id})
    ben("POST", f"/rooms/{room}/join")
    assert answered(ben)
    ada("DELETE", f"/rooms/{room}/messages/{message}")
    assert answered(ben) is None


def test_a_turn_has_what_a_twin_has_asked_or_responded(realm, ada, ben):
    number = ada("POST", INTERACTIONS, {"target_aeon_user_id": ben.id, "interaction_type": "x",
                                        "content": "Who won?"}).json["id"]
    add_turn(realm, ben, ada, "interaction", number)
    assert answered(ben) == {"content": "Who won?", "twin": None}
    turn = realm.rows.select("SELECT max(id) FROM twin_turns")[0][0]
    realm.rows.change("UPDATE aeon_interactions SET turn_id = ? WHERE id = ?", turn, number)
    assert answered(ben) == {"content": "Who won?", "twin": {"name": "ada"}}
    ada("PUT", AEON + "/twin", {"name": "Marram"})
    assert answered(ben) == {"content": "Who won?", "twin": {"name": "Marram"}}

    add_turn(realm, ada, ben, "response", number)
    assert answered(ada) is None
    assert ben("POST", f"{INTERACTIONS}/{number}/respond", {"response_content": "Nobody"}).status == 200
    assert answered(ada) == {"content": "Nobody", "twin": None}


# --- what twins say, and forgetting -------------------------------------------------------------


class Said:
    """What ben's twin has said from one text of cleo, everywhere."""

    def __init__(self, realm, ben, cleo, ada, source, engine="recall", cited=1):
        self.realm, self.ben, self.ada = realm, ben, ada
        self.room = realm.room("ada", is_aeon_room=True)
        ben("POST", f"/rooms/{self.room}/join")
        self.message = ben("POST", f"/rooms/{self.room}/messages", {"content": "Said so"}
                           ).json["message_id"]
        self.interaction = ada("POST", INTERACTIONS, {
            "target_aeon_user_id": ben.id, "interaction_type": "x", "content": "?"}).json["id"]
        self.path = f"/rooms/{self.room}/messages/{self.message}"
        self.turns = []
        with realm.rows.transaction() as db:
            for cause, state, answer in (("message", "posted", self.message),
                                         ("interaction", "posted", str(self.interaction)),
                                         ("interaction", "draft", None)):
                turn = db.execute(
                    "INSERT INTO twin_turns (twin_id, cause_kind, cause_id, root_kind, root_id, step,"
                    " asker_id, room_id, state, due_at, content, answer_id, engine, created_at,"
                    " finished_at) VALUES (?, ?, hex(randomblob(8)), ?, hex(randomblob(8)), 1, ?, ?,"
                    " ?, 1, 'Said so', ?, ?, 1, ?)",
                    (ben.id, cause, cause, ada.id, self.room if cause == "message" else None, state,
                     answer, engine, int(time.time() * 1e6) if answer else None)).lastrowid
                db.execute("INSERT INTO turn_sources (turn_id, kind, source, author_id, cited, score)"
                           " VALUES (?, ?, ?, ?, ?, 1)", (turn, *source, cleo.id, cited))
                self.turns.append(turn)
            db.execute("UPDATE real_time_messages SET turn_id = ?, is_aeon_message = 1 WHERE id = ?",
                       (self.turns[0], self.message))
            db.execute("UPDATE aeon_interactions SET response_content = 'Said so', response_at = 1, "
                       "responded_by = 'twin', response_turn_id = ? WHERE id = ?",
                       (self.turns[1], self.interaction))

    def wait_forgotten(self):
        """Each request does a part of the maintenance."""
        wait_until(lambda: not self.is_said(), "forgetting")

    def is_said(self):
        answer = self.ada("GET", self.path)
        assert answer.status == 200, answer
        return answer.json["content"] == "Said so"

    def assert_forgotten(self):
        assert self.ada("GET", self.path).json["deleted_at"]
        shown = self.ada("GET", f"{INTERACTIONS}/{self.interaction}").json
        assert shown["response_content"] is None and shown["responded_by"] is None
        states = [self.ben("GET", f"{AEON}/turns/{turn}").json for turn in self.turns]
        assert [turn["content"] for turn in states] == [None] * 3
        assert states[2]["reason"] == "source_gone"
        assert self.realm.rows.select("SELECT 1 FROM turn_sources WHERE turn_id IN (?, ?, ?)",
                                      *self.turns) == []


def note(caller, content, visibility="public"):
    return caller("POST", "/knowledge", {"content": content, "knowledge_type": "x",
                                         "visibility": visibility}).json["id"]


def cited_message(realm, cleo):
    room = realm.room("cleo")
    return "message", cleo("POST", f"/rooms/{room}/messages", {"content": "x"}).json["message_id"]


def cited_note(realm, cleo):
    return "knowledge", note(cleo, "x", "friends")


def cited_memory(realm, cleo):
    return "memory", remember(cleo, "x", visibility="friends").json["id"]


def cited_public_memory(realm, cleo):
    return "memory", remember(cleo, "x", visibility="public").json["id"]


def cited_question(realm, cleo):
    return "question", cleo("POST", INTERACTIONS, {
        "target_aeon_user_id": realm.ids["dora"], "interaction_type": "x", "content": "x",
        "is_public": True}).json["id"]


def relate(cleo, ada, kind):
    cleo("POST", "/relationships", {"related_user_id": ada.id, "relationship_type": kind})


OF_ROOM = "(SELECT room_id FROM real_time_messages WHERE id = ?)"


@pytest.mark.parametrize("cited, hide", [
    (cited_message, "UPDATE real_time_messages SET deleted_at = 1 WHERE id = ?"),
    (cited_message, f"UPDATE chat_rooms SET deleted_at = 1 WHERE id = {OF_ROOM}"),
    (cited_message, f"UPDATE chat_rooms SET removed_at = 1 WHERE id = {OF_ROOM}"),
    (cited_message, f"UPDATE chat_rooms SET is_public = 0 WHERE id = {OF_ROOM}"),
    (cited_message, "blocked"), (cited_note, "blocked"), (cited_memory, "blocked"),
    (cited_public_memory, "blocked"), (cited_question, "blocked"),
    (cited_note, "colleague"), (cited_memory, "colleague"),
    (cited_question, "UPDATE aeon_interactions SET is_public = 0 WHERE id = ?"),
])
def test_a_cite_goes_when_its_text_is_hidden(realm, ada, ben, cleo, cited, hide):
    relate(cleo, ada, "friend")
    kind, number = cited(realm, cleo)
    said = Said(realm, ben, cleo, ada, (kind, str(number)))
    try:
        assert ada("GET", said.path).json["cites"] == [{"kind": kind, "id": str(number)}]
        if "UPDATE" in hide:
            realm.rows.change(hide, number)
        else:
            relate(cleo, ada, hide)
        assert ada("GET", said.path).json["cites"] == []
    finally:
        cleo("DELETE", f"/relationships/{ada.id}")
        if kind == "memory":
            cleo("DELETE", f"{AEON}/memories/{number}")


def test_a_cite_goes_from_an_answer_to_the_owner(realm, ben, cleo):
    number = note(cleo, "x")
    turn = say_once(ben, "x", "cite").json["turn_id"]
    realm.rows.change("UPDATE twin_turns SET state = 'posted', content = 'x', finished_at = 1 "
                      "WHERE id = ?", turn)
    realm.rows.change("INSERT INTO turn_sources (turn_id, kind, source, author_id, cited, score) "
                      "VALUES (?, 'knowledge', ?, ?, 1, 1)", turn, str(number), cleo.id)
    cites = [{"kind": "knowledge", "id": str(number)}]
    assert say_once(ben, "x", "cite").json["memory_accessed"] == cites
    relate(cleo, ben, "blocked")
    assert say_once(ben, "x", "cite").json["memory_accessed"] == []
    cleo("DELETE", f"/relationships/{ben.id}")


def test_a_cite_of_a_conversation_is_for_its_owner_alone(realm, ada, ben, cleo):
    say(ben, "x")
    (number,), = realm.rows.select("SELECT max(id) FROM twin_chat WHERE is_aeon = 0")
    said = Said(realm, ben, ben, ada, ("chat", str(number)))
    assert ben("GET", said.path).json["cites"] == [{"kind": "chat", "id": str(number)}]
    assert ada("GET", said.path).json["cites"] == []


def test_a_cite_is_shown_to_those_who_may_see_the_text_now(realm, ada, ben, cleo):
    cleo("POST", "/relationships", {"related_user_id": ben.id, "relationship_type": "friend"})
    number = note(cleo, "for friends", "friends")
    said = Said(realm, ben, cleo, ada, ("knowledge", str(number)))
    ben("PUT", AEON + "/twin", {"name": "Echo"})
    seen = {who.name: who("GET", said.path).json for who in (ada, ben)}
    assert seen["ben"]["cites"] == [{"kind": "knowledge", "id": str(number)}]
    assert seen["ada"]["cites"] == []
    assert seen["ada"]["twin"] == {"name": "Echo"} and seen["ada"]["is_aeon_message"]
    assert seen["ada"]["meta_data"]["turn_id"] == said.turns[0]
    shown = ada("GET", f"{INTERACTIONS}/{said.interaction}").json
    assert (shown["cites"], shown["asked_by"], shown["responded_by"]) == ([], "user", "twin")
    sources = ben("GET", f"{AEON}/turns/{said.turns[0]}").json["sources"]
    cleo("POST", "/relationships", {"related_user_id": ben.id, "relationship_type": "blocked"})
    assert [source["id"] for source in sources] == [str(number)]
    assert ben("GET", f"{AEON}/turns/{said.turns[0]}").json["sources"] == []
    cleo("DELETE", f"/relationships/{ben.id}")


@pytest.mark.parametrize("change", ("edit", "hide", "delete"))
def test_an_answer_goes_with_the_text_that_it_was_made_from(realm, ada, ben, cleo, change):
    number = note(cleo, "a source")
    said = Said(realm, ben, cleo, ada, ("knowledge", str(number)))
    assert said.is_said()
    {"edit": lambda: cleo("PATCH", f"/knowledge/{number}", {"content": "another"}),
     "hide": lambda: cleo("PATCH", f"/knowledge/{number}", {"visibility": "private"}),
     "delete": lambda: cleo("DELETE", f"/knowledge/{number}")}[change]()
    said.wait_forgotten()
    said.assert_forgotten()
    assert ada("GET", said.path).json["meta_data"] is None
    kinds = realm.rows.select("SELECT kind FROM message_changes WHERE room_id = ?", said.room)
    assert kinds == [("message_deleted",)]


def test_an_answer_stays_while_its_text_stays_the_same(realm, ada, ben, cleo):
    number = note(cleo, "a source")
    said = Said(realm, ben, cleo, ada, ("knowledge", str(number)))
    cleo("PATCH", f"/knowledge/{number}", {"knowledge_type": "y"})
    ben("POST", f"/knowledge/{number}/upvote")
    assert said.is_said()


def test_a_model_may_repeat_a_text_that_it_does_not_cite_and_the_recall_engine_does_not(
        realm, ada, ben, cleo):
    number = note(cleo, "a source")
    recalled = Said(realm, ben, cleo, ada, ("knowledge", str(number)), "recall", cited=0)
    made = Said(realm, ben, cleo, ada, ("knowledge", str(number)), "a model", cited=0)
    cleo("DELETE", f"/knowledge/{number}")
    made.wait_forgotten()
    made.assert_forgotten()
    assert recalled.is_said()


def test_what_a_twin_said_cannot_be_restored_after_its_removal(realm, ada, ben, cleo):
    said = Said(realm, ben, cleo, ada, ("knowledge", str(note(cleo, "a source"))))
    for kind, thing in (("message", said.message), ("interaction", str(said.interaction))):
        ada("POST", "/api/v1/admin/remove", {"kind": kind, "id": thing, "reason": "x"})
    assert realm.rows.select("SELECT 1 FROM removals WHERE content LIKE '%Said so%'") == []
    refused(ada("POST", "/api/v1/admin/restore", {"kind": "message", "id": said.message}),
            404, "not_found")
    back = ada("POST", "/api/v1/admin/restore", {"kind": "interaction",
                                                 "id": str(said.interaction)})
    assert back.status == 204, back
    assert ada("GET", f"{INTERACTIONS}/{said.interaction}").json["response_content"] is None


@pytest.mark.parametrize("gone", ("the author", "the owner"))
def test_an_erased_account_takes_along_what_twins_made_of_it(gone):
    with Realm() as realm:
        realm.ids = {name: realm.user(name) for name in ("ada", "ben", "cleo")}
        ada, ben, cleo = (Caller(realm, name) for name in realm.ids)
        said = Said(realm, ben, cleo, ada, ("knowledge", str(note(cleo, "a source"))))
        (cleo if gone == "the author" else ben)("DELETE", "/api/v1/users/me")
        said.wait_forgotten()
        assert ada("GET", said.path).json["deleted_at"]
        if gone == "the author":
            said.assert_forgotten()
