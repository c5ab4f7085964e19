"""Full-text search in shared knowledge."""

import itertools
import unicodedata
import urllib.parse

import pytest
from conftest import Caller, all_pages, faults
from realm import Realm, wait_until

HERE, THERE = "\x02", "\x03"


@pytest.fixture(scope="module")
def realm():
    with Realm() as made:
        made.ids = {name: made.user(name) for name in ("ada", "ben", "cleo")}
        yield made


@pytest.fixture
def topic():
    """A word that occurs only in the texts of one test."""
    return f"topic{next(numbers)}x"


numbers = itertools.count(1)


def share(caller, content, **more):
    answer = caller("POST", "/knowledge", {"content": content, "knowledge_type": "x", **more})
    assert answer.status == 201, answer
    return answer.json["id"]


def search(caller, q, **more):
    query = urllib.parse.urlencode({"q": q, **more})
    return caller("GET", f"/knowledge?content=full&{query}")


def found(caller, q, **more):
    answer = search(caller, q, **more)
    assert answer.status == 200, answer
    return [item["content"] for item in answer.json]


def test_a_search_ignores_case_accents_and_endings(ada, topic):
    share(ada, f"{topic} Running in the CAFÉ")
    for words in ("running", "RUN", "cafe", "Café runs", topic.upper()):
        assert found(ada, f"{topic} {words}"), words
    assert found(ada, f"{topic} ran") == []
    assert found(ada, f"{topic} tea") == []


def test_all_words_must_occur_and_quoted_ones_in_this_order(ada, topic):
    for text in ("red apple pie", "pie of apple, red", "red pear"):
        share(ada, f"{topic} {text}")
    assert len(found(ada, f"{topic} red")) == 3
    assert len(found(ada, f"{topic} red apple")) == 2
    assert found(ada, f'{topic} "red apple"') == [f"{topic} red apple pie"]
    assert found(ada, f'{topic} "apple red"') == [f"{topic} pie of apple, red"]
    assert found(ada, f'{topic} "red apple') == [f"{topic} red apple pie"], "a quote left open"


def test_an_excluded_word_must_not_occur(ada, topic):
    for text in ("red apple", "green apple", "red pear"):
        share(ada, f"{topic} {text}")
    assert found(ada, f"{topic} -green -pear") == [f"{topic} red apple"]
    assert found(ada, f'{topic} -"red apple" -"green apple"') == [f"{topic} red pear"]
    assert found(ada, "-green") == [], "nothing was asked for"
    assert len(found(ada, f"{topic} - red")) == 2, "a dash alone is no word"


def test_a_script_without_spaces_is_searched_by_parts(ada, topic):
    share(ada, f"{topic} 東京都に住んでいます")
    share(ada, f"{topic} 京都の紅葉")
    share(ada, f"{topic} 한국어를 배웁니다")
    assert len(found(ada, f"{topic} 京都")) == 2
    assert found(ada, f"{topic} 東京都") == [f"{topic} 東京都に住んでいます"]
    assert found(ada, f"{topic} 葉") == [f"{topic} 京都の紅葉"], "one letter, at the end"
    assert found(ada, f"{topic} 東") == [f"{topic} 東京都に住んでいます"], "and at the beginning"
    assert found(ada, f"{topic} 都京") == []
    assert found(ada, f"{topic} 한국어") == [f"{topic} 한국어를 배웁니다"]
    share(ada, f"{topic} SQLiteは小さい")
    assert found(ada, f"{topic} sqlite 小さい") == [f"{topic} SQLiteは小さい"]


@pytest.mark.parametrize("text, words", [
    ("3月の会議について", "3月"), ("X線検査の結果", "X線"), ("2024年に開始", "2024年"), ("A型の血液", "A型"),
    ("今天是10月的第一天", "10月"), ("我买了5本书", "5本"), ("오늘 3월에 만나요", "3월"),
    ("AI時代の教育", "AI時"), ("日本語、中国語", "語、中"), ("X線検査", '"X線"'), ("X線検査の結果", "X線 結果"),
    ("3月5日に会う", "3月5日"),
    ("เขากำลังกินข้าวเช้าที่บ้าน", "กินข้าว"), ("เขากำลังกินข้าวเช้าที่บ้าน", "บ้าน"),
    ("ฉันชอบอ่านหนังสือทุกวัน", "หนังสือ"), ("ຂ້ອຍມັກກິນເຂົ້າຫນຽວ", "ເຂົ້າ"), ("ສະບາຍດີ", "ບາຍດີ"),
    ("မြန်မာစာ", "မာစာ"), ("ភាសាខ្មែរ", "ខ្មែរ"),
])
def test_a_part_of_a_text_that_goes_on_is_found(ada, topic, text, words):
    share(ada, f"{topic} {text}")
    assert found(ada, f"{topic} {words}") == [f"{topic} {text}"]


def test_an_excluded_word_that_ends_in_one_letter_is_excluded_everywhere(ada, topic):
    for text in ("X線検査二", "普通検査二"):
        share(ada, f"{topic} {text}")
    assert found(ada, f"{topic} 検査二 -X線") == [f"{topic} 普通検査二"]


@pytest.mark.parametrize("text, words", [
    ("서울특별시", "서울"), ("ガラスの靴", "ガラス"), ("Йогурт и чай", "йогурт"),
    ("café au lait", "café"), ("Tiếng Việt", "Việt")])
def test_composed_and_decomposed_letters_find_each_other(ada, topic, text, words):
    decomposed = unicodedata.normalize("NFD", text)
    share(ada, f"{topic} {decomposed}")
    assert found(ada, f"{topic} {words}") == [f"{topic} {text}"], "stored as NFC"
    assert found(ada, f"{topic} {unicodedata.normalize('NFD', words)}") == [f"{topic} {text}"]


@pytest.mark.parametrize("q", [
    "AND", "OR NOT", "NEAR(a b)", "content:x", "{content tags}: x", "^x", "x*", "(", ")", '"', '""',
    "-", "--", "a AND (b OR c)", "'; DROP TABLE users; --", "\\", "%", "_", "x'00'", "+ + +", "¿¡",
    "​", "a" * 200,
    "- - -a", '-"', '"" "" ""', "knowledge_text", "rank:1", " ".join("x" * 100), "𝔘𝔫𝔦", "é" * 200,
])
def test_hostile_input_is_only_searched_for(ada, q):
    assert search(ada, q).status == 200
    assert search(ada, q, sort="top").status == 200
    assert search(ada, q, sort="new").status == 200


def test_a_search_text_that_is_too_long_is_refused(ada):
    assert faults(search(ada, "x" * 201)) == [("string_too_long", ("query", "q"))]


def test_operators_of_the_engine_are_plain_words(ada, topic):
    share(ada, f"{topic} this and that")
    assert found(ada, f"{topic} AND that")
    assert found(ada, f"{topic} OR nothing") == []


def test_a_search_finds_only_what_the_viewer_may_see(realm, ada, ben, cleo, topic):
    share(ada, f"{topic} public")
    share(ada, f"{topic} friends", visibility="friends")
    share(ada, f"{topic} private", visibility="private")
    ada("POST", "/relationships", {"related_user_id": ben.id, "relationship_type": "friend"})
    for sort in ("relevant", "new", "top", "useful"):
        for caller, count in ((ada, 3), (ben, 2), (cleo, 1)):
            assert len(found(caller, topic, sort=sort)) == count, (sort, caller.name)
    ada("POST", "/relationships", {"related_user_id": cleo.id, "relationship_type": "blocked"})
    assert found(cleo, topic) == []
    ada("DELETE", f"/relationships/{cleo.id}")
    ada("DELETE", f"/relationships/{ben.id}")


def test_the_index_follows_updates_and_deletions(ada, topic):
    item = share(ada, f"{topic} before", tags=["old tag"])
    assert found(ada, f"{topic} before") and found(ada, f"{topic} old")
    ada("PATCH", f"/knowledge/{item}", {"content": f"{topic} after", "tags": ["new"]})
    assert not found(ada, f"{topic} before") and not found(ada, f"{topic} old")
    assert found(ada, f"{topic} after") and found(ada, f"{topic} new")
    ada("DELETE", f"/knowledge/{item}")
    assert not found(ada, topic)


def test_matches_are_marked_in_the_answer(ada, topic):
    share(ada, "Long before " * 50 + f"comes the {topic} Apple" + " and long after" * 50)
    item, = search(ada, f"{topic} apples").json
    assert f"{HERE}{topic} Apple{THERE}" in item["snippet"].replace(f"{THERE} {HERE}", " ")
    assert len(item["snippet"]) < 300
    assert ada("GET", f"/knowledge/{item['id']}").json["snippet"] is None


def test_a_snippet_shows_the_place_with_most_words(ada, topic):
    share(ada, f"{topic} first. " + "Much else. " * 30 + f"The {topic} and an apple. " + "More. " * 30)
    item, = search(ada, f"{topic} apple").json
    assert f"{HERE}{topic}{THERE} and an {HERE}apple{THERE}" in item["snippet"]
    assert item["snippet"][0] == item["snippet"][-1] == "…"


def test_a_snippet_marks_neighbouring_letters_together(ada, topic):
    share(ada, f"{topic} 私は東京都に住んでいます")
    item, = search(ada, f"{topic} 東京都").json
    assert f"私は{HERE}東京都{THERE}に" in item["snippet"]
    item, = search(ada, f"{topic} 東").json
    assert f"{HERE}東京{THERE}" in item["snippet"]


@pytest.mark.parametrize("content, snippet", [
    ("{0}" + "x" * 19000, None),
    ("🙂" * 9000 + " {0}", None),
    ("short, found by its tag", "short, found by its tag"),
    ("a " * 9000 + "{0}", None),
], ids=["a long word", "no word", "a tag", "far behind"])
def test_a_snippet_is_short_and_valid_whatever_the_text_is(ada, topic, content, snippet):
    share(ada, content.format(topic + " "), tags=[topic])
    item, = search(ada, topic).json
    assert len(item["snippet"].encode()) < 1100 and (snippet or item["snippet"]) == item["snippet"]


def test_equal_words_count_once_and_too_many_different_ones_are_refused(ada, topic):
    share(ada, f"{topic} run")
    assert found(ada, f"{topic} " + "run running RUNS " * 10)
    letters = "abcdefghijklmnop"
    assert search(ada, " ".join(letters)).status == 200
    for q in (" ".join(letters + "q"), " -".join(letters + "q"), "一" + "二三" * 33,
              '"' + "x y " * 33):
        answer = search(ada, q)
        assert faults(answer) == [("value_error", ("query", "q"))], q
        assert "16 different words" in answer.body.decode()


WORST = {
    "one letter": "z " * 10000,
    "one word in a row": "zz" * 10000,
    "sixteen letters": "a b c d e f g h i j k l m n o p " * 625,
    "words of every text": "the of and to in a is it " * 800,
    "two letters of a script without spaces": "一二" * 10000,
    "mixed scripts": "一a二b" * 5000,
    "marks": '"-*():^ ' * 2500,
}


def test_no_search_in_the_worst_texts_is_too_expensive():
    """With FTS5's own snippets each of the searches took from seconds to minutes."""
    with Realm() as realm:
        realm.ids = {"ada": realm.user("ada"), "ben": realm.user("ben")}
        ada, ben = Caller(realm, "ada"), Caller(realm, "ben")
        for content in WORST.values():
            for _ in range(3):
                share(ada, content)
        for q in ("z", "z " * 100, '"' + "z " * 60, "a b c d e f g h i j k l m n o p",
                  '"a b c d e f g h" "b c d e f g h i" "i j k l"', "the of and to in",
                  '"the of" "of and" "and to" "to in"', "一", "一二一二一二一二", "a 一 b 二"):
            for sort in ("relevant", "new", "top", "useful"):
                answer = search(ben, q, sort=sort)
                assert answer.status == 200 and answer.json, (q, sort, answer)


def test_a_long_text_is_indexed_soon_and_by_a_bridge_that_starts_later():
    with Realm() as realm:
        realm.ids = {"ada": realm.user("ada")}
        ada = Caller(realm, "ada")

        def write(word):
            ada.ask_worker("POST", "/knowledge", {"content": f"{word} " + "long " * 1000,
                                                  "knowledge_type": "x"})

        def listed(word):
            return [item["content"].split()[0] for item in search(ada, word).json]
        realm.start_workers("fast", 1)  # does no maintenance
        write("early")
        assert realm.rows.select("SELECT count(*) FROM knowledge_unindexed") == [(1,)]
        bridge = realm.start_bridge()
        wait_until(lambda: not realm.rows.select("SELECT 1 FROM knowledge_unindexed"), "the index",
                   bridge)
        assert listed("early") == ["early"]
        write("later")
        wait_until(lambda: not realm.rows.select("SELECT 1 FROM knowledge_unindexed"), "the index",
                   bridge)
        assert listed("later") == ["later"]
        share(ada, "own " + "long " * 1000)  # a plain CGI program indexes it after its answer
        assert listed("own") == ["own"]


def test_filters_and_tags_narrow_a_search(ada, ben, topic):
    share(ada, f"{topic} a", tags=["fruit"])
    share(ben, f"{topic} b", tags=["fruit"])
    share(ada, f"{topic} c", tags=["tree"])
    for sort in ("relevant", "new", "top", "useful"):
        assert len(found(ada, topic, tag="Fruit", sort=sort)) == 2
        assert len(found(ada, topic, creator_id=ada.id, sort=sort)) == 2
        assert len(found(ada, topic, visibility="private", sort=sort)) == 2
        assert found(ada, topic, tag="tree", creator_id=ben.id, sort=sort) == []


def test_a_text_with_more_matches_is_more_relevant(ada, topic):
    share(ada, f"{topic} and very much else that is not of interest to anybody at all here")
    share(ada, f"{topic} {topic} {topic}")
    assert found(ada, topic)[0] == f"{topic} {topic} {topic}"
    assert found(ada, topic, sort="new")[0] == f"{topic} {topic} {topic}"


@pytest.mark.parametrize("sort", ["relevant", "new", "top", "useful"])
def test_results_are_paged(ada, topic, sort):
    made = {f"{topic} number {number}" for number in range(7)}
    for text in made:
        share(ada, text)
    pages = all_pages(ada, f"/knowledge?q={topic}&sort={sort}&limit=3&content=full")
    assert [len(page) for page in pages] == [3, 3, 1]
    assert {item["content"] for page in pages for item in page} == made


def test_very_common_words_are_found_but_not_ranked(ada, topic):
    """A word of more than 500 texts is not ranked by, so the newest texts come first."""
    for number in range(505):
        assert ada("POST", "/knowledge", {"content": f"common{topic} {number}",
                                          "knowledge_type": "x"}).status == 201
    share(ada, f"common{topic} rare{topic}")
    share(ada, f"rare{topic} alone")
    assert found(ada, f"common{topic} rare{topic}") == [f"common{topic} rare{topic}"]
    assert found(ada, f"common{topic} 300") == [f"common{topic} 300"]
    assert found(ada, f"common{topic}", limit=2) == [
        f"common{topic} rare{topic}", f"common{topic} 504"]
    assert len(found(ada, f"common{topic} -504 -503", limit=1)) == 1


# --- messages -------------------------------------------------------------------------------------

def said(caller, q, **more):
    query = urllib.parse.urlencode({"q": q, **more})
    return caller("GET", f"/messages?{query}")


def test_a_message_is_found_with_its_room_and_a_snippet_and_not_by_its_old_text(realm, ada, ben, topic):
    room = realm.room("ada", is_public=False)
    path = f"/rooms/{room}/messages"
    message = ada("POST", path, {"content": f"Where is the {topic} bicycle?"}).json
    wait_until(lambda: said(ada, topic).json, "the indexing of a message")
    [found] = said(ada, f"BICYCLES {topic}", sort="best", room_id=room).json
    assert found["message_id"] == message["message_id"] and found["room_name"]
    assert found["snippet"] == f"Where is the {HERE}{topic}{THERE} {HERE}bicycle{THERE}?"
    assert said(ben, topic).json == []
    assert said(ben, topic, room_id=room).status == 404
    ada("PATCH", f"{path}/{message['message_id']}", {"content": "nothing"})
    assert said(ada, topic).json == []


def test_messages_of_blocked_users_do_not_shorten_pages(realm, ada, ben, topic):
    room = realm.room("ada")
    ben("POST", f"/rooms/{room}/join")
    for who in (ada, ben, ben, ben):
        who("POST", f"/rooms/{room}/messages", {"content": f"{topic} of {who.name}"})
    wait_until(lambda: len(said(ada, topic).json) == 4, "the indexing of four messages")
    ada("POST", "/relationships", {"related_user_id": ben.id, "relationship_type": "blocked"})
    pages = {sort: all_pages(ada, f"/messages?q={topic}&limit=1&sort={sort}") for sort in ("new", "best")}
    ada("DELETE", f"/relationships/{ben.id}")
    for sort, found in pages.items():
        assert [[m["content"] for m in page] for page in found] == [[f"{topic} of ada"]], sort


def test_the_query_of_a_search_in_messages_is_validated(ada):
    assert faults(ada("GET", "/messages")) == [("missing", ("query", "q"))]
    assert faults(said(ada, "x", sort="worst", after="yesterday", sender_id="me")) == [
        ("int_parsing", ("query", "sender_id")), ("datetime_parsing", ("query", "after")),
        ("enum", ("query", "sort"))]
    many = " ".join(f"word{n}" for n in range(17))
    assert faults(said(ada, many)) == [("value_error", ("query", "q"))]
    assert said(ada, "the . \U0001f389").json == []


def test_found_messages_come_in_pages_the_last_written_first(realm, ada, topic):
    path = f"/rooms/{realm.room('ada')}/messages"
    for n in range(5):
        ada("POST", path, {"content": f"{topic} {n}"})
    wait_until(lambda: len(said(ada, topic).json) == 5, "the indexing of five messages")
    for sort in ("new", "best"):
        pages = all_pages(ada, f"/messages?q={topic}&limit=2&sort={sort}")
        assert [[int(m["content"][-1]) for m in page] for page in pages] == [[4, 3], [2, 1], [0]]


def test_the_index_keeps_no_word_of_what_is_gone_or_private(realm, ada, topic):
    path = f"/rooms/{(room := realm.room('ada'))}"
    one, other = (ada("POST", f"{path}/messages", {"content": f"{topic} {word}"}).json["message_id"]
                  for word in ("copper", "silver"))
    wait_until(lambda: len(said(ada, topic).json) == 2, "the indexing of two messages")
    ada("DELETE", f"{path}/messages/{one}")
    ada("PATCH", f"{path}/messages/{other}", {"content": f"{topic} gold"})
    wait_until(lambda: said(ada, f"{topic} gold").json, "the indexing of an edited message")

    def indexed():
        return realm.rows.select("""
            SELECT count(*) FROM public_words WHERE text NOT IN (SELECT id FROM texts)
            UNION ALL SELECT count(*) FROM public_words p, chat_rooms r WHERE r.number = p.place AND r.id = ?""", room)
    assert indexed() == [(0,), (2,)]
    ada("PATCH", path, {"is_public": False})
    wait_until(lambda: said(ada, "gold").json and indexed() == [(0,), (0,)], "the end of what all may search")
    ada("PATCH", path, {"is_public": True})
    wait_until(lambda: said(ada, "gold").json and indexed() == [(0,), (2,)], "the return of what all may search")
