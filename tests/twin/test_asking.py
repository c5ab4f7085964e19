"""A twin that knows too little asks the twin of another user, with the real processes."""

from doubles.openai.double import OpenAI
from realm import wait_until
from twins import twins

KEY = "sk-test-0123456789"
FACT = "The ferry landing is behind the mill."
QUESTION = "Where is the ferry landing?"
AEON, KNOWLEDGE = "/api/v1/aeon", "/api/v1/phase3/knowledge"


def friends(realm):
    """ada asks ben's twin, which does not know it. cleo, a friend of ben, knows it."""
    realm.user("ada", "off"), realm.user("ben", asks_others="always"), realm.user("cleo")
    for who in ("ada", "cleo"):
        realm.call("ben", "POST", "/api/v1/phase3/relationships",
                   {"related_user_id": realm.ids[who], "relationship_type": "friend"})
    realm.call("cleo", "POST", f"{AEON}/memories", {
        "content": FACT, "memory_type": "fact", "visibility": "public"})
    realm.wait_indexed()


def answer(realm, number):
    wait_until(lambda: realm.interaction("ada", number)["response_content"], "an answer")
    return realm.interaction("ada", number)


def test_both_owners_read_the_step_and_the_reader_sees_the_cite():
    with twins(processes=2) as realm:
        friends(realm)
        answered = answer(realm, realm.ask("ada", "ben", QUESTION))
        assert answered["response_content"] == f"cleo said: “{FACT}”"
        assert [cite["kind"] for cite in answered["cites"]] == ["memory"]
        asking, = realm.call("ben", "GET", f"{AEON}/turns").json
        assert asking["exchange"] == {"user_id": realm.ids["cleo"], "username": "cleo",
                                      "state": "posted", "reason": None}
        draft, asked = realm.call("cleo", "GET", f"{AEON}/turns").json
        assert (asked["cause_kind"], asked["asker_name"], asked["state"]) == (
            "exchange", "ben", "posted")
        assert QUESTION not in str(asked) and "ada" not in str(asked)
        assert realm.call("cleo", "GET", f"{AEON}/drafts").json == [draft]
        shared = realm.call("cleo", "POST", f"{AEON}/drafts/{draft['id']}/approve", {}).json
        item = realm.call("ada", "GET", f"{KNOWLEDGE}/{shared['answer_id']}").json
        assert (item["creator_name"], item["content"]) == ("cleo", FACT)
        assert item["meta_data"] == {"sources": draft["sources"] and [
            {"kind": "memory", "id": draft["cause_id"]}]}
        realm.call("cleo", "POST", "/api/v1/phase3/relationships",
                   {"related_user_id": realm.ids["ben"], "relationship_type": "blocked"})
        asking, = realm.call("ben", "GET", f"{AEON}/turns").json
        assert asking["exchange"] is None


def test_a_model_names_the_author_of_what_another_twin_has_told():
    with OpenAI(KEY) as service, twins(openai_base_url=service.url, openai_api_key=KEY,
                                       openai_model="gpt-4o-mini", twin_texts="all") as realm:
        service.answer = lambda body: "It is behind the mill [1]."
        friends(realm)
        answered = answer(realm, realm.ask("ada", "ben", QUESTION))
        assert answered["response_content"] == "It is behind the mill. (cleo)"
        assert len(service.bodies) == 1, "the twin that is asked needs no model"
        assert FACT.encode() in service.bodies[0]


def test_a_killed_process_asks_no_twin_twice():
    with twins(processes=2) as realm:
        friends(realm)
        for _ in range(6):
            number = realm.ask("ada", "ben", QUESTION)
            realm.realm.stop("twin-1", 9)
            realm.realm.start_twin(1)
            assert FACT in answer(realm, number)["response_content"]
        realm.wait_ended()
        asked = realm.turns("cause_id", "cause_kind = 'exchange'")
        assert len(asked) == len(set(asked)) == 6
