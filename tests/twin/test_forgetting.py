"""Twenty twins use what one user has said, by a model that repeats it. Then it goes, with all of that.

The word that is forgotten may then be in no file of the realm: database, WAL, logs, shared memory.
"""

import itertools
import json
import re

import pytest

from doubles.openai import extractors
from realm import wait_until
from twins import KEY, ask_worker, twins

KNOWLEDGE = "/api/v1/phase3/knowledge"
MEMORIES = "/api/v1/aeon/memories"
CHAT = "/api/v1/aeon/chat?wait=0"
PEOPLE = [f"person{number:02}" for number in range(20)]


@pytest.fixture(scope="module")
def town(service):
    """The twins of half of the people answer at once, those of the others make drafts."""
    with twins(openai_base_url=service.url, openai_api_key=KEY, openai_model="gpt-4o-mini",
               openai_embedding_model="e5-passage", openai_embedding_query_model="e5-query",
               twin_learning="yes", model_calls=8) as made:
        made.realm.start_workers("fast", 1)
        for number, who in enumerate(PEOPLE):
            made.user(who, "on" if number % 2 else "draft")
        yield made


def repeating(word):
    """A model that repeats a word when it has read it, and is honest when it looks for facts."""
    numbers = itertools.count(1)

    def answer(body):
        if extractors.is_lesson(body):
            return extractors.honest(body)
        heard = word in json.dumps(body["messages"], ensure_ascii=False)
        return f"I have heard {word if heard else 'nothing'}, for the time {next(numbers)}."
    return answer


def wait_embedded(town):
    town.wait_indexed()
    town.wait_ended()
    rows = town.realm.rows
    wait_until(lambda: rows.select(
        "SELECT 1 FROM vector_models WHERE upto >= (SELECT max(id) FROM texts) AND name IS NOT NULL")
        and not rows.select("SELECT 1 FROM vector_work WHERE worker > 0"), "the vectors")


def learn(town):
    town.realm.rows.change("UPDATE learning SET due_at = 1 WHERE due_at > 0")
    wait_until(lambda: not town.realm.rows.select("SELECT 1 FROM learning WHERE due_at > 0"),
               "the lessons", town.realm.processes["twin-1"])


def ask_own_twins(town, question):
    for who in PEOPLE:
        town.call(who, "POST", CHAT, {"message": question})


def uses(town, word):
    """How many answers and drafts of how many twins have the word."""
    (answers, twins_of), = town.realm.rows.select(
        "SELECT count(*), count(DISTINCT twin_id) FROM twin_turns WHERE content LIKE ?",
        f"%{word}%")
    return answers, twins_of


def files_with(town, word):
    found = []
    for path in town.realm.directory.rglob("*"):
        if path.is_file() and re.search(word.encode(), path.read_bytes(), re.IGNORECASE):
            found.append(path.name)
    return found


def tables_with(town, word):
    """The tables with a row that has the word."""
    rows = town.realm.rows
    return [table for table in rows.tables()
            if any(word.lower() in str(row).lower() for row in rows.all(table))]


def wait_forgotten(town, word):
    bridge = town.realm.processes["bridge"]
    wait_until(lambda: tables_with(town, word) == [], "no row has the word", bridge)
    wait_until(lambda: files_with(town, word) == [], "no file has the word", bridge)


def test_a_deleted_message_leaves_no_byte(town, service):
    service.answer = repeating("Melusine")
    room = town.room(*PEOPLE)
    said = town.say(PEOPLE[0], room, "My ferry Melusine leaves at eight.")
    wait_embedded(town)
    ask_own_twins(town, "When does that ferry leave?")
    town.say(PEOPLE[1], room, f"@{PEOPLE[2]} @{PEOPLE[3]} When does that ferry leave?")
    wait_embedded(town)
    learn(town)
    assert uses(town, "Melusine")[1] == 20 and len(files_with(town, "Melusine")) >= 1
    facts = town.call(PEOPLE[0], "GET", f"{MEMORIES}?memory_type=fact").json
    assert "My ferry Melusine leaves at eight." in [fact["content"] for fact in facts]
    town.call(PEOPLE[0], "DELETE", f"/api/v1/phase3/rooms/{room}/messages/{said['message_id']}")
    wait_forgotten(town, "Melusine")
    facts = town.call(PEOPLE[0], "GET", f"{MEMORIES}?memory_type=fact").json
    assert not any("Melusine" in fact["content"] for fact in facts)


def test_a_deleted_memory_leaves_no_byte(town, service):
    """One twin has told it to all the others, and they go on with its answers."""
    service.answer = repeating("Undine")
    ada = "ada"
    town.user(ada)
    kept = town.call(ada, "POST", MEMORIES, {"content": "The boat of my aunt is called Undine.",
                                             "memory_type": "x", "visibility": "public"}).json
    wait_embedded(town)
    room = town.room(ada, *PEOPLE)
    for who in PEOPLE:
        town.ask(who, ada, "What is the name of the boat?", is_public=True)
    town.call(ada, "POST", CHAT, {"message": "What is the name of the boat?"})
    town.wait_ended()
    for who in (ada, *PEOPLE[:4]):
        town.say(PEOPLE[9], room, f"@{who} What is the name of that boat?")
        town.wait_ended()
    answers, twins_of = uses(town, "Undine")
    assert answers >= 23 and twins_of >= 3  # ada's twin has said it, and others after it
    town.call(ada, "DELETE", f"{MEMORIES}/{kept['id']}")
    wait_forgotten(town, "Undine")


def test_an_erased_user_leaves_no_byte_in_twenty_twins(town, service):
    service.answer = repeating("Xanthippe")
    eve = "eve"
    town.user(eve)
    for text in ("The harbour of Zwehren is kept by Xanthippe.", "My cat is called Xanthippe."):
        town.know(eve, text)
    town.call(eve, "POST", MEMORIES, {"content": "My barge is called Xanthippe.",
                                      "memory_type": "x", "visibility": "friends"})
    room = town.room(eve, *PEOPLE)
    wait_embedded(town)
    for who in PEOPLE:
        town.ask(eve, who, "What do you know of Xanthippe?")
    ask_own_twins(town, "Who keeps the harbour of Zwehren?")
    town.ask(PEOPLE[4], PEOPLE[5], "Who keeps the harbour of Zwehren?", is_public=True)
    town.say(PEOPLE[6], room, f"@{PEOPLE[7]} @eve Who keeps the harbour of Zwehren?")
    town.call(eve, "POST", CHAT, {"message": "I met Xanthippe. Who keeps the harbour?"})
    for who in (eve, PEOPLE[8]):
        word = "Xanthippe" if who == eve else "harbour"
        assert ask_worker(town, who, f"{MEMORIES}?q={word}").json["hits"]
    wait_embedded(town)
    learn(town)
    answers, twins_of = uses(town, "Xanthippe")
    assert answers >= 40 and twins_of == 21
    town.call(eve, "DELETE", "/api/v1/users/me")
    wait_until(lambda: not town.realm.rows.select("SELECT 1 FROM users WHERE erasing <> 0"),
               "the erasure", town.realm.processes["bridge"])
    wait_forgotten(town, "Xanthippe")
