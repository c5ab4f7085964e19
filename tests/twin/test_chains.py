"""Every chain of turns ends, and a word of a user opens it again.

AEON_CHAINS is the number of chains, AEON_SEED another seed than 1.
"""

import collections
import os
import random

from realm import wait_until
from twins import twins

CHAINS = int(os.environ.get("AEON_CHAINS", "4"))
SEED = int(os.environ.get("AEON_SEED", "1"))
MOST = {"message": 8, "interaction": 6, "response": 6}
WORDS = ("river", "castle", "barge", "garden", "museum")


def fill(realm, dice, people):
    """Gives each twin texts that it has not said yet."""
    for who in people:
        for i in range(3):
            realm.know(who, f"The {dice.choice(WORDS)} of {who} {i}: " + " ".join(WORDS) + ".")


def test_every_chain_ends_within_its_limit():
    print("seed", SEED)
    dice = random.Random(SEED)
    with twins() as realm:
        people = [f"person{i}" for i in range(dice.randint(2, 4 if CHAINS < 100 else 20))]
        for who in people:
            realm.user(who)
        fill(realm, dice, people)
        realm.wait_indexed()
        rooms = [realm.room(people[0], *dice.sample(people[1:], dice.randint(1, len(people) - 1)))
                 for _ in range(max(1, CHAINS // 4))]
        for _ in range(CHAINS):
            one, other = dice.sample(people, 2)
            if dice.random() < 0.5:
                realm.say(people[0], dice.choice(rooms), f"What of the {dice.choice(WORDS)}?")
            else:
                realm.ask(one, other, f"What of the {dice.choice(WORDS)}?")
        realm.wait_ended()
        chains = collections.Counter(realm.turns("root_kind, root_id", "step IS NOT NULL"))
        assert chains and all(count <= MOST[kind] for (kind, _), count in chains.items())
        assert all(state in ("posted", "refused") for state, in realm.turns("state"))
        for room in rooms:
            streak = 0
            for message in realm.history(people[0], room):
                streak = streak + 1 if message["is_aeon_message"] else 0
                assert streak <= MOST["message"]
        room = rooms[0]
        before = len(realm.history(people[0], room))
        realm.say(people[0], room, f"What of the {dice.choice(WORDS)}?")
        wait_until(lambda: len(realm.history(people[0], room)) >= before + 2, "an answer")
