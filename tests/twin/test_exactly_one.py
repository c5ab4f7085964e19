"""A cause is answered once, though processes race and are killed.

AEON_CAUSES is the number of causes, AEON_SEED another seed than 1.
"""

import os
import random
import signal
import time

from realm import wait_until
from twins import INTERACTIONS, twins

CAUSES = int(os.environ.get("AEON_CAUSES", "30"))
SEED = int(os.environ.get("AEON_SEED", "1"))
PROCESSES = 2
OWNERS = ("ben", "cleo", "dora")
ASKERS = ("ada", "emil", "fay", "gus")


def kill_one(realm, dice):
    number = dice.randint(1, PROCESSES)
    realm.realm.stop(f"twin-{number}", signal.SIGKILL)
    realm.realm.start_twin(number)


def test_each_cause_has_one_answer_or_a_reason():
    print("seed", SEED)
    dice = random.Random(SEED)
    with twins(PROCESSES) as realm:
        for who in (*ASKERS, *OWNERS):
            realm.user(who)
        asked = {}
        for i in range(CAUSES):
            owner = dice.choice(OWNERS)
            number = realm.ask(dice.choice(ASKERS), owner, f"Question {i}?")
            asked[number] = owner
            if dice.random() < 0.3:
                realm.call(owner, "POST", f"{INTERACTIONS}/{number}/respond",
                           {"response_content": "myself"}, (200, 409))
            if dice.random() < 0.2:
                kill_one(realm, dice)
        realm.wait_ended()
        rows = realm.realm.rows.select(
            "SELECT id, response_content, responded_by, coalesce(response_turn_id, 0) "
            "FROM aeon_interactions")
        assert {row[0] for row in rows} == set(asked)
        for number, text, by, turn in rows:
            turns = realm.turns("id, state, reason",
                                f"cause_kind = 'interaction' AND cause_id = '{number}'")
            assert len(turns) == 1, turns
            if by == "user":
                assert text == "myself" and turns[0][1:] == ("overtaken", "owner_answered")
            elif by is None:
                assert turns[0][1:] in (("refused", "busy"), ("failed", "interrupted"))
            else:
                assert by == "twin" and text and turns[0] == (turn, "posted", None)


def test_a_process_with_a_long_queue_stops_when_it_is_told_to():
    with twins() as realm:
        realm.user("ada", "off"), realm.user("ben")
        realm.realm.stop("twin-1")
        with realm.realm.rows.transaction() as db:
            for number in range(1, 3001):
                db.execute("INSERT INTO aeon_interactions (id, aeon_user_id, target_aeon_user_id, "
                           "interaction_type, content, created_at) VALUES (?, ?, ?, 'x', 'Who?', 1)",
                           (number, realm.ids["ada"], realm.ids["ben"]))
                db.execute("INSERT INTO twin_turns (twin_id, cause_kind, cause_id, root_kind, root_id, "
                           "step, asker_id, due_at, created_at) VALUES "
                           "(?, 'interaction', ?, 'interaction', ?, 1, ?, 1, ?)",
                           (realm.ids["ben"], number, number, realm.ids["ada"],
                            int(time.time() * 1e6)))
        realm.realm.start_twin(1)
        wait_until(lambda: realm.turns("1", "state = 'posted'"), "the first answer")
        assert realm.realm.stop("twin-1") == 0
        assert realm.turns("1", "state = 'queued'"), "it has not answered all of them first"
