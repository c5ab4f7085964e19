"""What a language model answers when it is asked for facts about a person: honestly, or with a lie.

Each takes the body of a request, and gives the answer's text for `OpenAI.answer`. A liar also tells
what is true, so that a test sees that its lies alone are dropped. What is no lesson has another answer.
"""

import json
import re


def is_lesson(body):
    return body["messages"][0]["content"].startswith("You note facts")


def texts_of(body):
    return json.loads(body["messages"][-1]["content"])["texts"]


def truths(texts):
    """Each sentence that begins with "I" or "My"."""
    return [{"fact": sentence, "quote": sentence} for text in texts
            for sentence in re.findall(r"(?:^|(?<=\. ))(?:I|My) [^.?]+\.", text)]


def answer(facts):
    return json.dumps({"facts": facts}, ensure_ascii=False)


def honest(body):
    return answer(truths(texts_of(body))) if is_lesson(body) else "As you say."


def lying(lie):
    """A model that tells what lie(text) gives for each text, and then the truth."""
    def lies(body):
        if not is_lesson(body):
            return "As you say."
        texts = texts_of(body)
        return answer([fact for text in texts for fact in lie(text, body)] + truths(texts))
    return lies


def invents(text, _):
    """It makes the fact up, and the quote or only the fact."""
    return [{"fact": "She owns a castle.", "quote": "She owns a castle."},
            {"fact": "She owns a castle.", "quote": text[:40]}]


def paraphrases(text, _):
    """It says the same in other words, in the quote or in the fact."""
    other = text.replace("live", "dwell").replace("own", "possess").replace("not ", "")
    return [{"fact": text, "quote": other}, {"fact": other + " Gladly.", "quote": text}]


def quotes_the_twin(_, __):
    """It quotes what a twin said, which is not in the request."""
    return [{"fact": "I have nothing on that.", "quote": "I have nothing on that."},
            {"fact": "Kassel lies on the Fulda.", "quote": "Kassel lies on the Fulda."}]


def quotes_the_prompt(_, body):
    task, data = (message["content"] for message in body["messages"])
    return [{"fact": task[:60], "quote": task[:60]}, {"fact": data[:30], "quote": data[:30]}]


LIES = {"invents": invents, "paraphrases": paraphrases, "quotes the twin": quotes_the_twin,
        "quotes the prompt": quotes_the_prompt}
