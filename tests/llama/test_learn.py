"""What twins learn by a real language model, and what is left when its server is killed."""

from conftest import KEY, llama
from realm import wait_until
from twins import twins

MEMORIES = "/api/v1/aeon/memories"
CHAT = "/api/v1/aeon/chat?wait=0"
# A base model keeps to no format, so the grammar does. It offers sentences of both users, too.
FACTS = r'''root ::= "{\"facts\":[" fact ("," fact){0,3} "]}"
fact ::= "{\"fact\":\"" text "\",\"quote\":\"" text "\"}"
text ::= "I live in Kassel." | "My cat is called Mia." | "Kassel lies on the Fulda." | [a-zA-Z ,.]{8,60}'''
LONG = "root ::= [a-z ] root"
OWN = ("I live in Kassel. My sister owns a barge.", "My cat is called Mia. Do you like tea?",
       "I do not like winter. I work in a bakery.", "Ben told me that Kassel lies on the Fulda.")


def realm_with(server, **settings):
    return twins(openai_base_url=server.url, openai_api_key=KEY, openai_model="gemma",
                 model_first_byte_seconds=600, model_total_seconds=600, **settings)


def test_every_fact_stands_in_the_owners_words(tmp_path):
    with llama(tmp_path, "--grammar", FACTS) as server, \
            realm_with(server, twin_learning="yes") as realm:
        realm.user("ada"), realm.user("ben", "off")
        realm.know("ben", "Kassel lies on the Fulda. I own a mill.")
        for text in OWN:
            realm.know("ada", text)
        realm.wait_indexed()
        rows = realm.realm.rows
        rows.change("UPDATE learning SET due_at = 1 WHERE due_at > 0")
        wait_until(lambda: not rows.select("SELECT 1 FROM learning WHERE due_at > 0"), "the lesson",
                   realm.realm.processes["twin-1"])
        facts = [fact["content"] for fact in
                 realm.call("ada", "GET", f"{MEMORIES}?memory_type=fact").json]
        print(len(facts), "facts:", facts)
        assert [fact for fact in facts if not any(fact in text for text in OWN)] == []
        assert rows.select("SELECT 1 FROM twin_calls WHERE provider = 'llm' AND spent > 0")


def test_a_killed_server_leaves_the_text_so_far(tmp_path):
    with llama(tmp_path, "--grammar", LONG) as server, realm_with(server) as realm:
        realm.user("ada")
        number = realm.call("ada", "POST", CHAT, {"message": "Tell me a long story."}).json["turn_id"]
        so_far = wait_until(lambda: realm.turns("content", f"id = {number}")[0][0], "the first words")
        server.process.kill()
        realm.wait_ended()
        (state, content), = realm.turns("state, content", f"id = {number}")
        print(state, content)
        assert state == "interrupted" and content.startswith(so_far)
