"""Two users and their twins talk in a room, with a real language model."""

from conftest import KEY, ONE_LINE, llama
from twins import twins


def talk(realm, who, room):
    return [(m["sender_name"] + ("'s twin" if m["is_aeon_message"] else ""), m["content"])
            for m in realm.history(who, room)]


def test_two_twins_talk_and_end(tmp_path):
    with llama(tmp_path, "--grammar", ONE_LINE, "--temp", "0") as server, twins(
            openai_base_url=server.url, openai_api_key=KEY, openai_model="gemma",
            model_first_byte_seconds=600, model_total_seconds=600) as realm:
        realm.user("ada"), realm.user("ben")
        realm.know("ben", "The harbour of Zwehren opens at nine in the morning.")
        realm.know("ada", "Before the harbour of Zwehren opens, the ferry leaves at eight.")
        realm.wait_indexed()
        room = realm.room("ada", "ben")
        realm.say("ada", room, "When does the harbour of Zwehren open?")
        realm.wait_ended()
        said = talk(realm, "ada", room)
        print(*(f"{who}: {text}" for who, text in said), sep="\n")
        turns = realm.turns("state, reason, engine, step")
        print(turns)
        assert said[0] == ("ada", "When does the harbour of Zwehren open?")
        assert [who for who, _ in said[1:]] and all(who.endswith("twin") for who, _ in said[1:])
        assert len(said) <= 9 and {row[0] for row in turns} <= {"posted", "refused", "failed"}
        assert any(row[2] == "gemma" for row in turns)
