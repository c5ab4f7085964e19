"""What two users and their twins say to each other."""

import signal

from realm import wait_until
from twins import twins
from wsclient import Client


def said(realm, who, room):
    return [(m["sender_name"], m["is_aeon_message"]) for m in realm.history(who, room)]


def test_an_interaction_is_answered_by_the_twin(realm, name):
    ada, ben = name("ada"), name("ben")
    realm.user(ada), realm.user(ben)
    realm.know(ben, "Kassel lies on the Fulda.")
    realm.wait_indexed()
    number = realm.ask(ada, ben, "Where is Kassel?")
    wait_until(lambda: realm.interaction(ada, number)["response_content"], "an answer")
    answered = realm.interaction(ada, number)
    assert answered["response_content"] == f"{ben} said: “Kassel lies on the Fulda.”"
    assert answered["responded_by"] == "twin" and answered["response_at"]


def test_a_conversation_begins_cites_and_ends_and_a_user_opens_it_again(realm, name):
    ada, ben = name("ada"), name("ben")
    realm.user(ada), realm.user(ben)
    realm.know(ben, "Zwehren lies on the Ahna.")
    realm.know(ada, "A barge lies on the Ahna.")
    realm.wait_indexed()
    room = realm.room(ada, ben)
    first = realm.say(ada, room, "Where is Zwehren?")
    realm.wait_ended()
    talk = realm.history(ada, room)
    assert [(m["sender_name"], m["is_aeon_message"]) for m in talk] == [
        (ada, False), (ben, True), (ada, True)]
    assert talk[1]["content"] == f"{ben} said: “Zwehren lies on the Ahna.”"
    assert talk[1]["reply_to"] == first["message_id"] and talk[2]["reply_to"] == talk[1]["message_id"]
    assert f"{ada} said: “A barge lies on the Ahna.”" in talk[2]["content"]
    cited = realm.realm.rows.select(
        "SELECT count(*) FROM turn_sources s JOIN real_time_messages m ON m.turn_id = s.turn_id "
        "WHERE m.room_id = ? AND s.cited = 1", room)
    assert cited == [(2,)]
    realm.say(ada, room, f"@{ben} And where is Zwehren again?")
    realm.wait_ended()
    assert said(realm, ada, room)[3:5] == [(ada, False), (ben, True)]


def test_the_room_sees_a_twin_type_and_its_message(realm, name):
    ada, ben = name("ada"), name("ben")
    realm.user(ada), realm.user(ben)
    room = realm.room(ada, ben)
    with Client(realm.realm, realm.realm.tokens[ben]) as client:
        client.hear("room_participants")
        realm.say(ada, room, f"@{ben} Who won?")
        heard = {}  # an indicator is no event: nothing says which of them comes first
        while not {"typing_indicator", "chat_message", "turn_updated"} <= heard.keys():
            message = client.next()
            if message["data"].get("sender_name") != ada:
                heard.setdefault(message["type"], message["data"])
        typing, told = heard["typing_indicator"], heard["turn_updated"]
        assert typing["is_aeon"] and typing["is_typing"] and typing["username"] == ben
        assert heard["chat_message"]["is_aeon_message"] and heard["chat_message"]["sender_name"] == ben
        assert told["state"] == "posted" and told["room_id"] == room and told["answer_id"]


def test_a_draft_waits_for_its_owner(realm, name):
    ada, ben = name("ada"), name("ben")
    realm.user(ada), realm.user(ben, "draft")
    with Client(realm.realm, realm.realm.tokens[ben]) as client:
        client.hear("room_participants")
        number = realm.ask(ada, ben, "Who won?")
        assert client.hear("draft_waiting")["cause_id"] == str(number)
    assert realm.interaction(ada, number)["response_content"] is None


def test_a_user_who_asks_a_twin_that_is_off_gets_no_answer(realm, name):
    ada, ben = name("ada"), name("ben")
    realm.user(ada), realm.user(ben, "off")
    realm.ask(ada, ben, "Who won?")
    assert realm.turns("1", f"twin_id = {realm.ids[ben]}") == []


def test_health_follows_the_processes_of_twins():
    with twins() as own:
        own.user("ada")

        def part():
            answer = own.realm.cgi("GET", "/api/v1/health/detailed",
                                   headers={"REMOTE_ADDR": "127.0.0.1"})
            return answer.json["components"]["twins"]
        assert part() == {"status": "up", "reason": None, "running": 1}
        own.realm.stop("twin-1", signal.SIGKILL)
        assert part() == {"status": "down", "reason": "0 of 1 are running", "running": 0}


def test_a_process_ends_on_sigterm_and_another_one_of_its_number_is_refused():
    with twins() as own:
        second = own.realm.start("again", own.realm.processes["twin-1"].args[0])
        assert second.wait() == 75 and "Stop it first" in own.realm.log("again")
        own.realm.processes.pop("again")
        assert own.realm.stop("twin-1") == 0
        assert not (own.realm.run / "twin-1.sock").exists()


def test_the_twins_of_the_demo_talk():
    with twins() as own:
        own.realm.ctl("demo")
        own.wait_indexed()
        own.wait_ended()
        answers = own.realm.rows.select(
            "SELECT u.username, m.content FROM real_time_messages m "
            "JOIN users u ON u.id = m.sender_id WHERE m.is_aeon_message = 1 ORDER BY m.seq")
        assert {"priya", "ada"} <= {name for name, _ in answers}, answers
        assert any("becomes a memory of the telling" in text for _, text in answers)
        assert any("Restore your backup once a month" in text for _, text in answers)


def test_an_owner_talks_with_the_own_twin_although_it_is_off(realm, name):
    ada = name("ada")
    realm.user(ada, "off")
    realm.call(ada, "POST", "/api/v1/aeon/memories",
               {"content": "My bicycle stands behind the bakery.", "memory_type": "fact"})
    realm.wait_indexed()
    asked = realm.call(ada, "POST", "/api/v1/aeon/chat", {"message": "Where is my bicycle?"}, (200, 202))
    turn = f"/api/v1/aeon/turns/{asked.json['turn_id']}"
    wait_until(lambda: realm.call(ada, "GET", turn).json["state"] == "posted", "the answer")
    said = realm.call(ada, "GET", turn).json
    assert said["content"] == f"{ada} said: “My bicycle stands behind the bakery.”"
    assert said["engine"] == "recall"


def test_an_owner_rejects_a_draft_and_nothing_is_posted(realm, name):
    ada, ben = name("ada"), name("ben")
    realm.user(ada), realm.user(ben, "draft", max_replies_per_person=1)
    number = realm.ask(ada, ben, "Who won?")
    draft = wait_until(lambda: realm.call(ben, "GET", "/api/v1/aeon/drafts").json, "a draft")[0]
    path = f"/api/v1/aeon/drafts/{draft['id']}/reject"
    realm.call(ada, "POST", path, status=(404,))
    with Client(realm.realm, realm.realm.tokens[ben]) as device:
        device.hear("room_participants")
        assert realm.call(ben, "POST", path).json["state"] == "rejected"
        assert device.hear("turn_updated")["state"] == "rejected"
    assert realm.call(ben, "POST", path, status=(409,)).json["code"] == "turn_ended"
    approve = f"/api/v1/aeon/drafts/{draft['id']}/approve"
    assert realm.call(ben, "POST", approve, {}, (409,)).json["code"] == "turn_ended"
    assert realm.call(ben, "GET", "/api/v1/aeon/drafts").json == []
    assert realm.interaction(ada, number)["response_content"] is None
    realm.ask(ada, ben, "And who lost?")  # a rejected answer counts, since it has been made
    realm.wait_ended()
    assert realm.turns(where=f"twin_id = {realm.ids[ben]}")[1] == ("refused", "person_limit")


def test_an_owner_edits_and_approves_a_draft(realm, name):
    ada, ben = name("ada"), name("ben")
    realm.user(ada), realm.user(ben, "draft")
    number = realm.ask(ada, ben, "Who won?")
    drafts = wait_until(lambda: realm.call(ben, "GET", "/api/v1/aeon/drafts").json, "a draft")
    realm.call(ben, "POST", f"/api/v1/aeon/drafts/{drafts[0]['id']}/approve", {"content": "Nobody won."})
    answered = realm.interaction(ada, number)
    assert answered["response_content"] == "Nobody won." and answered["responded_by"] == "twin"
