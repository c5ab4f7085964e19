"""Twins that answer with a language model, which is a double of OpenAI."""

import json
import pathlib
import signal
import subprocess
import sys

import pytest

from realm import wait_until
from twins import KEY, twins
from wsclient import Client

CHAT = "/api/v1/aeon/chat"
TURNS = "/api/v1/aeon/turns"
MEMORIES = "/api/v1/aeon/memories"


@pytest.fixture(scope="module")
def realm(service):
    with twins(openai_base_url=service.url, openai_api_key=KEY, openai_model="gpt-4o-mini") as made:
        yield made


@pytest.fixture
def own_realm(service):
    """For one test: a model that fails several times is not asked for a while."""
    with twins(openai_base_url=service.url, openai_api_key=KEY, openai_model="gpt-4o-mini") as made:
        yield made


@pytest.fixture(autouse=True)
def fresh(service):
    service.bodies.clear()
    service.personas.clear()
    service.may_go_on.clear()
    service.answer = lambda body: "I say nothing new."


def prompt_of(service, number=-1):
    """The texts of a request: that of the system, and what was said."""
    first, *rest = json.loads(service.bodies[number])["messages"]
    return first["content"], [(m["role"], m["content"]) for m in rest]


def asked(realm, who, other, text):
    """The end of the turn of an interaction: state, reason, engine, model."""
    number = realm.ask(who, other, text)
    realm.wait_ended()
    turn, = realm.turns("state, reason, engine, model",
                        f"cause_kind = 'interaction' AND cause_id = '{number}'")
    return turn, realm.interaction(who, number)


def chat(realm, who, text):
    """Says something to the own twin: the turn."""
    answer = realm.call(who, "POST", CHAT + "?wait=0", {"message": text}).json
    return answer["turn_id"]


def turn(realm, who, number):
    return realm.call(who, "GET", f"{TURNS}/{number}").json


# --- answers --------------------------------------------------------------------------------------

def test_a_model_answers_from_the_sources_and_cites_them(realm, service, name):
    ada, ben = name("ada"), name("ben")
    realm.user(ada, "off"), realm.user(ben, name="Bench", persona="Short of words.")
    realm.know(ben, "The harbour of Zwehren opens at nine.")
    realm.wait_indexed()
    service.answer = lambda body: " It opens at nine [1].\n"
    ended, interaction = asked(realm, ada, ben, "When does the harbour of Zwehren open?")
    assert ended == ("posted", None, "gpt-4o-mini", "gpt-4o-mini")
    assert interaction["response_content"] == "It opens at nine."
    assert interaction["responded_by"] == "twin" and len(interaction["cites"]) == 1
    system, said = prompt_of(service)
    assert f"You are Bench, the AI twin of {ben}" in system and "Short of words." in system
    assert f'[1] {ben}, ' in system and '"The harbour of Zwehren opens at nine."' in system
    assert said == [("user", f'{ada}: "When does the harbour of Zwehren open?"')]
    spent, = realm.realm.rows.select(
        "SELECT c.reserved, c.spent, t.prompt_tokens + t.reply_tokens FROM twin_calls c "
        "JOIN twin_turns t ON t.id = c.turn_id WHERE t.twin_id = ?", realm.ids[ben])
    assert 0 < spent[1] == spent[2] < spent[0]


def test_a_model_gets_what_was_said_before_in_the_room(realm, service, name):
    ada, ben = name("ada"), name("ben")
    realm.user(ada, "off"), realm.user(ben)
    room = realm.room(ada, ben)
    realm.say(ada, room, f"@{ben} Who goes to Fulda?")
    realm.wait_ended()
    service.answer = lambda body: "I do."
    realm.say(ada, room, f"@{ben} And who comes back?")
    realm.wait_ended()
    _, said = prompt_of(service)
    assert said == [("user", f'{ada}: "@{ben} Who goes to Fulda?"'),
                    ("assistant", "I say nothing new."),
                    ("user", f'{ada}: "@{ben} And who comes back?"')]
    assert [m["content"] for m in realm.history(ada, room)][-1] == "I do."


def test_the_owner_reads_an_answer_while_it_is_written(realm, service, name):
    ada, ben = name("ada"), name("ben")
    realm.user(ada, "off"), realm.user(ben)
    service.answer = lambda body: "one two three four five six seven eight"
    service.next("waits-midway")
    with Client(realm.realm, realm.realm.tokens[ada]) as client, \
            Client(realm.realm, realm.realm.tokens[ben]) as other:
        client.hear("room_participants"), other.hear("room_participants")
        number = chat(realm, ada, "Count, please.")
        text = ""
        while len(text) < 5:
            delta = client.hear("twin_delta", turn_id=number)
            assert delta["offset"] == len(text)
            text += delta["text"]
        so_far = turn(realm, ada, number)
        assert so_far["state"] == "running" and so_far["content"].startswith(text)
        service.go_on()
        assert client.hear("turn_updated", turn_id=number)["state"] == "posted"
        assert turn(realm, ada, number)["content"] == service.answer(None)
        heard = other.up_to_now(realm.room(ben))
        assert not [message for message in heard if message["type"] == "twin_delta"]


def test_a_text_that_goes_takes_the_answer_of_a_model_with_it(realm, service, name):
    ada = name("ada")
    realm.user(ada)
    kept = realm.call(ada, "POST", MEMORIES, {"content": "My locker has the code 4711.",
                                              "memory_type": "fact"}).json
    realm.wait_indexed()
    service.answer = lambda body: "It is 4711."  # cites nothing
    number = chat(realm, ada, "What is the code of my locker?")
    realm.wait_ended()
    assert turn(realm, ada, number)["content"] == "It is 4711."
    realm.call(ada, "DELETE", f"{MEMORIES}/{kept['id']}")
    wait_until(lambda: turn(realm, ada, number)["content"] is None, "the answer is forgotten")


# --- when the database fails ----------------------------------------------------------------------

def test_an_answer_that_a_busy_database_does_not_take_is_made_again_soon(service, name):
    ada, ben = name("ada"), name("ben")
    with twins(openai_base_url=service.url, openai_api_key=KEY, openai_model="gpt-4o-mini",
               store_wait_ms=500, model_total_seconds=3600) as realm:
        realm.user(ada, "off"), realm.user(ben)
        service.next("waits")
        number = realm.ask(ada, ben, "Who are you?")
        wait_until(lambda: service.bodies, "the model is asked")
        with realm.realm.rows.locked():
            service.go_on()
            wait_until(lambda: "turn_failed" in realm.realm.log("twin-1"), "the answer is refused")
        realm.wait_ended()  # not when its lease ends: that is after an hour
        assert realm.turns("state, attempts") == [("posted", 2)]
        assert realm.interaction(ada, number)["response_content"] == service.answer(None)


def test_a_turn_that_cannot_be_answered_ends_at_once_and_says_why(realm, service, name):
    ada, ben = name("ada"), name("ben")
    realm.user(ada, "off"), realm.user(ben)
    service.next("waits")
    realm.ask(ada, ben, "Who are you?")
    wait_until(lambda: service.bodies, "the model is asked")
    with realm.realm.rows.without("texts_waiting"):
        service.go_on()
        wait_until(lambda: not realm.turns("1", "state = 'running'"), "the end of the turn")
    assert realm.turns("state, reason", f"twin_id = {realm.ids[ben]}") == [("failed", "internal_error")]


# --- what is not posted ---------------------------------------------------------------------------

@pytest.mark.parametrize("persona, reason", [
    ("blank", "empty"), ("refusal", "refused"), ("filtered", "refused"),
    ("injection", "not_text"), ("never-stops", "too_big"), ("ten-megabytes", "too_big"),
])
def test_a_reply_that_says_nothing_fails_the_turn(realm, service, name, persona, reason):
    ada, ben = name("ada"), name("ben")
    realm.user(ada, "off"), realm.user(ben)
    service.next(persona)
    ended, interaction = asked(realm, ada, ben, "Who won?")
    assert ended[:2] == ("failed", reason) and interaction["response_content"] is None


@pytest.mark.parametrize("answer, reason", [
    ("word " * 500, "reply_too_long"), ("and so on " * 2000, "reply_too_long"),
])
def test_a_long_reply_fails_the_turn(realm, service, name, answer, reason):
    ada, ben = name("ada"), name("ben")
    realm.user(ada, "off"), realm.user(ben)
    service.answer = lambda body: answer
    ended, _ = asked(realm, ada, ben, "Who won?")
    assert ended[:2] == ("failed", reason)


def test_a_repeated_reply_fails_the_turn(realm, service, name):
    ada, ben = name("ada"), name("ben")
    realm.user(ada, "off"), realm.user(ben)
    assert asked(realm, ada, ben, "Who won?")[0][0] == "posted"
    assert asked(realm, ada, ben, "And then?")[0][:2] == ("failed", "repeated")


@pytest.mark.parametrize("persona", ["no-credit", "html", "empty", "closes", "other-json"])
def test_without_its_model_a_twin_recalls(own_realm, service, persona):
    realm, ada, ben = own_realm, "ada", "ben"
    realm.user(ada, "off"), realm.user(ben)
    realm.know(ben, f"Kassel lies on the Fulda, says {ben}.")
    realm.wait_indexed()
    service.next(persona)
    ended, interaction = asked(realm, ada, ben, f"Where is Kassel, {ben}?")
    assert ended == ("posted", None, "recall", None)
    assert "Kassel lies on the Fulda" in interaction["response_content"]


def test_a_twin_that_may_not_spend_says_until_when(service, name):
    with twins(openai_base_url=service.url, openai_api_key=KEY, openai_model="gpt-4o-mini",
               tokens_per_day=10) as realm:
        realm.user("ada"), realm.user("ben")
        assert asked(realm, "ada", "ben", "Who won?")[0][:2] == ("refused", "budget")
        until, = realm.turns("due_at")[0]
        assert until % 86_400_000_000 == 0 and until > 0
        assert service.bodies == []


# --- breaks ---------------------------------------------------------------------------------------

def test_a_model_that_breaks_off_leaves_the_text_so_far(own_realm, service):
    realm, ada = own_realm, "ada"
    realm.user(ada)
    service.next("closes")
    number = chat(realm, ada, "Tell me.")
    realm.wait_ended()
    ended = turn(realm, ada, number)
    assert ended["state"] == "interrupted" and ended["reason"] == "cut"
    assert ended["content"] == "I was about to "


def test_a_killed_model_server_leaves_the_text_so_far():
    double = pathlib.Path(sys.modules["doubles.openai.double"].__file__)
    server = subprocess.Popen([sys.executable, "-B", double, "--key", KEY], text=True,
                              stdout=subprocess.PIPE)
    with server:
        url = server.stdout.readline().split()[-1]
        with twins(openai_base_url=url, openai_api_key=KEY,
                   openai_model="persona-waits-midway") as realm:
            realm.user("ada")
            number = chat(realm, "ada", "Tell me all that you know.")
            wait_until(lambda: turn(realm, "ada", number)["content"], "the first words")
            server.kill()
            realm.wait_ended()
            ended = turn(realm, "ada", number)
            assert ended["state"] == "interrupted"
            assert ended["content"] and "You said: Tell me all".startswith(ended["content"][:10])


def test_a_killed_bridge_does_not_end_a_stream(realm, service, name):
    ada = name("ada")
    realm.user(ada)
    service.next("waits-midway")
    service.answer = lambda body: "one two three four five six seven eight"
    with Client(realm.realm, realm.realm.tokens[ada]) as client:
        client.hear("room_participants")
        number = chat(realm, ada, "Count, please.")
        client.hear("twin_delta", turn_id=number)
        realm.realm.stop("bridge", signal.SIGKILL)
    realm.realm.start_bridge()
    with Client(realm.realm, realm.realm.tokens[ada]) as client:
        client.hear("room_participants")
        so_far = turn(realm, ada, number)
        text = so_far["content"]
        assert so_far["state"] == "running" and text.startswith("one")
        service.go_on()
        *heard, end = client.until("turn_updated", turn_id=number)
        for delta in (message["data"] for message in heard if message["type"] == "twin_delta"):
            assert delta["offset"] <= len(text)
            text = text[:delta["offset"]] + delta["text"]
        assert service.answer(None).startswith(text) and end["data"]["state"] == "posted"
    assert turn(realm, ada, number)["content"] == service.answer(None)


def test_a_turn_with_a_bad_row_fails_alone(realm, service, name):
    ada, ben = name("ada"), name("ben")
    realm.user(ada), realm.user(ben)
    service.next("waits-midway", "waits-midway")
    service.answer = lambda body: "one two three four five six seven eight"
    good = chat(realm, ben, "Count.")
    wait_until(lambda: turn(realm, ben, good)["content"], "the first words")
    realm.realm.rows.change(f"""CREATE TRIGGER bad_row BEFORE UPDATE OF content ON twin_turns
        WHEN new.twin_id = {realm.ids[ada]} AND new.state = 'running' AND new.content <> ''
        BEGIN SELECT raise(ABORT, 'a bad row'); END""")
    bad = chat(realm, ada, "Count.")
    wait_until(lambda: turn(realm, ada, bad)["state"] == "failed", "the end of the bad turn")
    realm.realm.rows.change("DROP TRIGGER bad_row")
    assert turn(realm, ada, bad)["reason"] == "internal_error"
    assert turn(realm, ben, good)["state"] == "running"
    service.go_on()
    realm.wait_ended()
    assert turn(realm, ben, good)["content"] == service.answer(None)


def test_the_text_so_far_has_no_more_letters_than_an_answer(realm, service, name):
    ada = name("ada")
    realm.user(ada)
    service.next("long-and-waits")
    number = chat(realm, ada, "Tell me.")
    wait_until(lambda: turn(realm, ada, number)["content"] == "aü" * 1000, "the text so far")
    service.go_on()
    realm.wait_ended()
    ended = turn(realm, ada, number)
    assert (ended["state"], ended["reason"]) == ("failed", "reply_too_long")


def test_a_killed_process_answers_again_from_the_start(realm, service, name):
    ada = name("ada")
    realm.user(ada)
    service.next("waits-midway")
    service.answer = lambda body: "one two three four"
    number = chat(realm, ada, "Count.")
    wait_until(lambda: turn(realm, ada, number)["content"], "the first words")
    realm.realm.stop("twin-1", signal.SIGKILL)
    realm.realm.start_twin(1)
    realm.wait_ended()
    ended = turn(realm, ada, number)
    assert ended["state"] == "posted" and ended["content"] == "one two three four"
    spent = realm.realm.rows.select("SELECT reserved, spent FROM twin_calls WHERE turn_id = ?",
                                    number)
    assert [row[1] is None for row in spent] == [True, False]  # the first has cost what it may


def test_a_cancelled_turn_gives_up_its_call(realm, service, name):
    ada = name("ada")
    realm.user(ada)
    service.next("waits")
    number = chat(realm, ada, "Tell me.")
    wait_until(lambda: service.in_work == 1, "the call")
    realm.call(ada, "POST", f"{TURNS}/{number}/cancel")
    wait_until(lambda: service.in_work == 0, "the end of the call")
    assert turn(realm, ada, number)["state"] == "cancelled"


def test_an_owner_who_is_faster_overtakes_the_model(realm, service, name):
    ada, ben = name("ada"), name("ben")
    realm.user(ada, "off"), realm.user(ben)
    service.next("waits")
    number = realm.ask(ada, ben, "Who won?")
    wait_until(lambda: service.in_work == 1, "the call")
    realm.call(ben, "POST", f"/api/v1/phase3/aeon/interactions/{number}/respond",
               {"response_content": "I did."})
    wait_until(lambda: service.in_work == 0, "the end of the call")
    assert realm.interaction(ada, number)["responded_by"] == "user"
    assert realm.turns("state", f"cause_kind = 'interaction' AND cause_id = '{number}'") == [
        ("overtaken",)]


def test_a_source_that_is_edited_while_the_model_thinks_is_asked_for_again(realm, service, name):
    ada = name("ada")
    realm.user(ada)
    kept = realm.call(ada, "POST", MEMORIES, {"content": "My locker has the code 4711.",
                                              "memory_type": "fact"}).json
    realm.wait_indexed()
    service.next("waits")
    number = chat(realm, ada, "What is the code of my locker?")
    wait_until(lambda: service.in_work == 1, "the call")
    realm.call(ada, "PATCH", f"{MEMORIES}/{kept['id']}", {"content": "My locker has no code."})
    realm.wait_indexed()
    service.go_on()
    realm.wait_ended()
    assert len(service.bodies) == 2 and turn(realm, ada, number)["state"] == "posted"
    assert "4711" not in prompt_of(service)[0] and "no code" in prompt_of(service)[0]


def test_others_are_answered_while_a_model_thinks(realm, service, name):
    ada, ben, cleo = name("ada"), name("ben"), name("cleo")
    realm.user(ada, "off"), realm.user(ben), realm.user(cleo)
    service.next("waits", "waits")
    first = [realm.ask(ada, ben, f"Question {i}?") for i in range(3)]
    wait_until(lambda: service.in_work == 2, "two calls")
    number = realm.ask(cleo, ben, "Who won?")
    wait_until(lambda: realm.interaction(cleo, number)["response_content"], "an answer")
    assert service.in_work == 2  # the third question of the same user waits
    for asked_number in first:
        turn_id, = realm.turns("id", f"cause_kind = 'interaction' AND cause_id = '{asked_number}'")[0]
        realm.call(ben, "POST", f"{TURNS}/{turn_id}/cancel")
    realm.wait_ended()


# --- what an owner knows and chooses --------------------------------------------------------------

def providers(realm, who):
    return realm.call(who, "GET", "/api/v1/aeon/status").json["providers"]


def test_the_status_says_which_texts_leave_the_machine(realm, far, name):
    here, there = name("ada"), name("ben")
    realm.user(here), far.user(there)
    assert providers(realm, here) == [{"interface": "llm", "provider": "gpt-4o-mini", "host": None,
                                       "texts": "none"}]
    assert providers(far, there) == [{"interface": "llm", "provider": "gpt-4o-mini",
                                      "host": "models.example", "texts": "own"}]


def test_an_owner_chooses_among_the_models_of_the_realm(service):
    with twins(openai_base_url=service.url, openai_api_key=KEY, openai_model="gpt-4o-mini",
               twin_models="gpt-5-nano o3-mini") as realm:
        realm.user("ada", "off"), realm.user("ben")
        realm.call("ben", "PUT", "/api/v1/aeon/twin", {"model": "o3"}, (422,))
        realm.call("ben", "PUT", "/api/v1/aeon/twin", {"model": "gpt-5-nano"})
        assert asked(realm, "ada", "ben", "Who won?")[0] == ("posted", None, "gpt-5-nano",
                                                                "gpt-5-nano")
        realm.realm.rows.change("UPDATE twins SET model = 'o3'")  # not offered any more
        service.answer = lambda body: "I did."
        assert asked(realm, "ada", "ben", "And now?")[0][2] == "gpt-4o-mini"


# --- what may leave -------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def far(service):
    """A realm with a model on another machine. (The double is its proxy.)"""
    with twins(openai_base_url="http://models.example/v1", openai_api_key=KEY,
               openai_model="gpt-4o-mini",
               environment={"http_proxy": service.url.removesuffix("/v1")}) as made:
        yield made


def test_own_words_may_leave_and_what_others_said_in_private_may_not(far, service, name):
    realm, ada, ben = far, name("ada"), name("ben")
    realm.user(ada, "off"), realm.user(ben)
    for content, local in (("My bicycle is red.", False), ("My bicycle has the lock 4711.", True)):
        realm.call(ben, "POST", MEMORIES, {"content": content, "memory_type": "fact",
                                           "local_only": local})
    realm.ask(ada, ben, "Is the bicycle that I gave you in private still there?")
    realm.wait_indexed()
    realm.wait_ended()
    assert service.bodies == []  # the question was private, so the twin recalled
    number = chat(realm, ben, "What is with my bicycle?")
    realm.wait_ended()
    assert turn(realm, ben, number)["engine"] == "gpt-4o-mini"
    system, said = prompt_of(service)
    assert "My bicycle is red." in system
    assert "4711" not in system and "gave you" not in system
    assert said == [("user", "What is with my bicycle?")]


def test_no_provider_gets_a_local_memory_not_even_as_a_quote(realm, service, name):
    ada = name("ada")
    realm.user(ada)
    realm.call(ada, "POST", MEMORIES, {"content": "My locker has the code 4711.",
                                       "memory_type": "fact", "local_only": True})
    realm.wait_indexed()
    service.next("no-credit")
    first = realm.call(ada, "POST", CHAT + "?wait=0", {"message": "What code has my locker?"}).json
    realm.wait_ended()
    assert "4711" in turn(realm, ada, first["turn_id"])["content"]  # recalled
    realm.call(ada, "POST", CHAT + "?wait=0", {"message": "Is that code of my locker good?",
                                               "conversation_id": first["conversation_id"]})
    realm.wait_ended()
    assert len(service.bodies) == 2 and not any(b"4711" in body for body in service.bodies)
