"""What twins learn from what their owners write, with a model that is honest, lies, fails or waits."""

import json
import signal
import time

import pytest
from doubles.openai import extractors
from doubles.openai.double import OpenAI
from realm import wait_until
from twins import KEY, twins

MEMORIES = "/api/v1/aeon/memories"
PAUSE = 60  # seconds, after the first failure


def school(service, processes=1):
    """A realm with twins that learn by this model."""
    return twins(processes, openai_base_url=service.url, openai_api_key=KEY,
                 openai_model="gpt-4o-mini", twin_learning="yes")


@pytest.fixture(scope="module")
def realm(service):
    with school(service) as made:
        yield made


def make_due(realm):
    """What was written waits no longer."""
    realm.wait_indexed()
    realm.realm.rows.change("UPDATE learning SET due_at = 1 WHERE due_at > 0")


def learn(realm):
    make_due(realm)
    wait_until(lambda: not realm.realm.rows.select("SELECT 1 FROM learning WHERE due_at > 0"),
               "the lessons", realm.realm.processes["twin-1"])


def facts(realm, who):
    return realm.call(who, "GET", f"{MEMORIES}?memory_type=fact").json


def share(realm, who, text):
    return realm.call(who, "POST", "/api/v1/phase3/knowledge",
                      {"content": text, "knowledge_type": "note"}).json["id"]


def test_a_twin_learns_in_its_owners_words_and_forgets_with_them(realm, service, name):
    service.answer = extractors.honest
    ada = name("ada")
    realm.user(ada)
    kept, gone = (share(realm, ada, text) for text in (
        "Hello all. I do not live in Kassel. Do you?", "My cat is called Mia."))
    learn(realm)
    learned = facts(realm, ada)
    assert {(fact["content"], fact["quote"]) for fact in learned} == {
        ("I do not live in Kassel.", "I do not live in Kassel."),
        ("My cat is called Mia.", "My cat is called Mia.")}
    for fact in learned:
        assert fact["visibility"] == "private" and fact["times"] == 1
        assert fact["sources"][0]["kind"] == "knowledge"
    realm.call(ada, "DELETE", f"/api/v1/phase3/knowledge/{gone}")
    wait_until(lambda: [fact["sources"] for fact in facts(realm, ada)] ==
               [[{"kind": "knowledge", "id": str(kept)}]], "the fact to go")


def test_a_fact_that_its_owner_deletes_is_not_learned_again(realm, service, name):
    service.answer = extractors.honest
    ada = name("ada")
    realm.user(ada)
    share(realm, ada, "I live in Kassel.")
    learn(realm)
    realm.call(ada, "DELETE", f"{MEMORIES}/{facts(realm, ada)[0]['id']}")
    realm.realm.ctl("rebuild")
    share(realm, ada, "I own a barge.")
    learn(realm)
    assert [fact["content"] for fact in facts(realm, ada)] == ["I own a barge."]


@pytest.mark.parametrize("lie", extractors.LIES)
def test_of_a_lying_model_only_the_truth_is_kept(realm, service, name, lie):
    service.answer = extractors.lying(extractors.LIES[lie])
    ada, ben = name("ada"), name("ben")
    realm.user(ada), realm.user(ben, "off")
    share(realm, ben, "Kassel lies on the Fulda.")
    truths = {f"I do not live in Kassel, says {ada}.", f"My sister owns a barge, says {ada}."}
    share(realm, ada, " ".join(["Well.", *sorted(truths)]))
    learn(realm)
    assert {fact["content"] for fact in facts(realm, ada)} == truths
    assert facts(realm, ben) == []


def test_a_twin_that_is_off_sends_only_what_it_is_told(realm, service, name):
    service.answer = extractors.honest
    ada = name("ada")
    realm.user(ada, "off")
    home = f"I live in Kassel, says {ada}."
    share(realm, ada, "I own a secret barge.")
    before = len(service.bodies)
    realm.call(ada, "POST", "/api/v1/aeon/chat", {"message": home}, (200, 202))
    realm.wait_ended()
    learn(realm)
    asked = [json.loads(body) for body in service.bodies[before:]]
    lessons = [extractors.texts_of(body) for body in asked if extractors.is_lesson(body)]
    assert lessons == [[home]]
    assert [fact["content"] for fact in facts(realm, ada)] == [home]


def test_an_erased_user_leaves_no_byte_of_what_the_twin_learned(service):
    service.answer = extractors.honest
    with school(service) as own:
        own.user("olga"), own.user("ada")
        share(own, "ada", "Well. My cat is called Xanthippe.")
        own.call("ada", "POST", "/api/v1/aeon/chat", {"message": "I met Xanthippe today."}, (200, 202))
        own.wait_ended()
        learn(own)
        assert len(facts(own, "ada")) == 2
        own.call("ada", "DELETE", "/api/v1/users/me")
        bridge = own.realm.processes["bridge"]
        wait_until(lambda: not own.realm.rows.select("SELECT 1 FROM users WHERE erasing <> 0"),
                   "the erasure", bridge)
        for path in own.realm.directory.glob("*.*"):
            assert b"xanthippe" not in path.read_bytes().lower(), path


def test_learning_can_be_switched_off_while_the_realm_runs(service):
    service.answer = extractors.honest
    with school(service) as own:
        own.realm.ctl("set", "twin_learning", "no")
        own.user("ada"), own.user("ben")
        share(own, "ada", "I live in Kassel.")
        before = len(service.bodies)
        make_due(own)
        own.ask("ada", "ben", "Who won?")  # its answer shows that the process has looked again
        own.wait_ended()
        assert not any(extractors.is_lesson(json.loads(body)) for body in service.bodies[before:])
        own.realm.ctl("set", "twin_learning", "yes")
        learn(own)
        assert [fact["content"] for fact in facts(own, "ada")] == ["I live in Kassel."]


def test_twins_learn_while_there_are_always_questions(service):
    service.answer = extractors.honest
    with school(service) as own:
        own.user("ada"), own.user("ben")
        before = len(service.bodies)
        service.next("waits")
        own.call("ada", "POST", "/api/v1/aeon/chat?wait=0", {"message": "Think for a long time."})
        wait_until(lambda: service.in_work == 1, "a question that is never answered")
        make_due(own)
        for number in range(25):
            own.ask("ada", "ben", f"Question {number}?")
        wait_until(lambda: any(extractors.is_lesson(json.loads(body))
                               for body in service.bodies[before:]), "a lesson")
        assert service.in_work >= 1  # the question


def test_a_model_that_fails_is_asked_again_after_a_pause():
    with OpenAI(KEY) as failing, school(failing) as own:
        failing.next(*["no_json"] * 100)
        began = time.monotonic()
        own.user("ada"), own.user("ben")
        share(own, "ada", "I live in Kassel.")
        make_due(own)
        rows = own.realm.rows
        now = rows.select("SELECT unixepoch() * 1000000")[0][0]
        wait_until(lambda: rows.select("SELECT 1 FROM learning WHERE due_at > ? AND tries = 1", now)
                   and failing.in_work == 0, "the failure")
        wait_until(lambda: rows.select("SELECT 1 FROM twin_calls WHERE spent IS NOT NULL"), "the bill")
        share(own, "ben", "I own a barge.")
        own.wait_indexed()
        rows.change("UPDATE learning SET due_at = 1")
        own.ask("ada", "ben", "Who won?")  # its answer shows that the process has looked again
        own.wait_ended()
        lessons = [body for body in failing.bodies if extractors.is_lesson(json.loads(body))]
        assert len(lessons) == 1 or time.monotonic() - began > PAUSE, lessons


def test_a_lesson_of_a_killed_process_is_held_again_and_counts_once(service):
    service.answer = extractors.honest
    with school(service, 2) as own:
        service.next("nothing")
        own.user("ada")
        share(own, "ada", "I live in Kassel.")
        before = len(service.bodies)
        make_due(own)
        wait_until(lambda: len(service.bodies) > before, "the lesson")
        for number in (1, 2):
            own.realm.stop(f"twin-{number}", signal.SIGKILL)
        for number in (1, 2):
            own.realm.start_twin(number)
        learn(own)
        assert [fact["times"] for fact in facts(own, "ada")] == [1]
        reserved = own.realm.rows.select("SELECT spent IS NULL FROM twin_calls ORDER BY id")
        assert reserved == [(1,), (0,)]


def test_two_processes_learn_each_text_once(service):
    service.answer = extractors.honest
    with school(service, 2) as own:
        before = len(service.bodies)
        people = [f"person{i}" for i in range(12)]
        for who in people:
            own.user(who)
            share(own, who, f"I live in the town of {who}.")
        learn(own)
        sent = [text for body in service.bodies[before:] for text in
                extractors.texts_of(json.loads(body))]
        assert sorted(sent) == sorted(f"I live in the town of {who}." for who in people)
        assert own.realm.rows.select("SELECT count(*), max(times) FROM twin_memories") == [(12, 1)]
