"""What models may cost: never more than the ceilings, whatever the model says and whatever dies when.

AEON_SPENDS is the number of questions, AEON_SEED another seed than 1.
"""

import os
import random
import signal

from doubles.openai.double import OpenAI
from realm import wait_until
from twins import KEY, twins

SPENDS = int(os.environ.get("AEON_SPENDS", "40"))
SEED = int(os.environ.get("AEON_SEED", "1"))
PROCESSES = 8 if SPENDS > 100 else 3
CHAT = "/api/v1/aeon/chat?wait=0"
MOST = 2500  # about the largest reservation: a short prompt and the answer
CEILINGS = {"tokens_per_day": SPENDS * MOST // 3, "tokens_per_twin": SPENDS * MOST // 8,
            "tokens_per_asker": SPENDS * MOST // 8}
PEOPLE = [f"person{i}" for i in range(6)]
PERSONAS = ["ok"] * 8 + [
    "usage-zero", "usage-negative", "usage-huge", "usage-large", "usage-long", "usage-text",
    "usage-absent", "names-another", "injection", "another-model", "blank", "refusal", "filtered",
    "half-letter", "ends-early", "never-stops", "white-space", "ten-megabytes", "closes", "html",
    "429", "500", "nothing"]
WORDS = ["in Kassel", "天气怎么样，今天会下雨吗", "🙂🦊🎉" * 20, "ğüşıöç", "в городе", "once more"]


def spent_by(realm, column):
    """The tokens by the ledger: of the twins or of the askers."""
    return realm.realm.rows.select(
        f"SELECT {column}, sum(coalesce(spent, reserved)) FROM twin_calls GROUP BY 1")


def ask_around(realm, dice):
    """One question: to another twin or to the own one."""
    one, other = dice.sample(PEOPLE, 2)
    text = f"Who is {dice.choice(WORDS)} {dice.randrange(1 << 30)}?"
    if dice.random() < 0.3:
        realm.call(one, "POST", CHAT, {"message": text})
    else:
        realm.ask(one, other, text)


def test_no_ceiling_is_passed():
    print("seed", SEED)
    dice = random.Random(SEED)
    numbers = random.Random(SEED)
    with OpenAI(KEY) as service, twins(
            PROCESSES, openai_base_url=service.url, openai_api_key=KEY,
            openai_model="gpt-4o-mini", model_first_byte_seconds=1, **CEILINGS) as realm:
        service.answer = lambda body: f"I say {numbers.randrange(1 << 40)} " + "word " * 50
        for who in PEOPLE:
            realm.user(who)
        for i in range(SPENDS):
            service.next(dice.choice(PERSONAS))
            ask_around(realm, dice)
            if dice.random() < 0.15:
                number = dice.randint(1, PROCESSES)
                realm.realm.stop(f"twin-{number}", signal.SIGKILL)
                realm.realm.start_twin(number)
        realm.wait_ended()
        calls, = realm.realm.rows.select(
            "SELECT count(*), sum(coalesce(spent, reserved)), sum(spent IS NULL) FROM twin_calls")
        print("calls, spent, of killed processes:", calls, "true cost:",
              sum(service.costs), "ceilings:", CEILINGS)
        assert 0 < calls[1] <= CEILINGS["tokens_per_day"]
        assert sum(service.costs) <= calls[1]
        assert sum(used for _, used in spent_by(realm, "asker_id")) == calls[1]
        for _, used in spent_by(realm, "asker_id"):
            assert used <= CEILINGS["tokens_per_asker"]
        for _, used in spent_by(realm, "twin_id"):
            assert used <= CEILINGS["tokens_per_twin"]


def test_one_asker_leaves_something_for_others():
    with OpenAI(KEY) as service, twins(
            openai_base_url=service.url, openai_api_key=KEY, openai_model="gpt-4o-mini",
            tokens_per_asker=2 * MOST, tokens_per_twin=100 * MOST) as realm:
        numbers = iter(range(1000))
        service.answer = lambda body: f"I say {next(numbers)}. " + "word " * 300
        realm.user("ada", "off"), realm.user("ben"), realm.user("cleo", "off")
        for i in range(12):
            realm.ask("ada", "ben", f"Question {i}?")
            realm.wait_ended()
        ends = [row[0] for row in realm.turns("coalesce(reason, state)")]
        assert "posted" in ends and ends[-1] == "budget"
        number = realm.ask("cleo", "ben", "Who won?")
        wait_until(lambda: realm.interaction("cleo", number)["response_content"], "an answer")
