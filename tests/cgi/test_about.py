"""What everybody may know of the realm before signing in."""

import pytest
from realm import Realm

ABOUT = "/api/v1/realm"


@pytest.fixture(scope="module")
def realm():
    with Realm() as made:
        made.user("ada")
        made.user("ben")
        yield made


def about(realm, token=None, **settings):
    answer = realm.cgi("GET", ABOUT, token=token, headers={f"AEON_{key.upper()}": value
                                                           for key, value in settings.items()})
    assert answer.status == 200, answer
    return answer.json


def test_a_visitor_learns_the_name_the_welcome_and_how_to_register(realm, tmp_path):
    plain = about(realm)
    assert (plain["name"], plain["welcome"], plain["registration"], plain["contact"]) == \
        ("AEON Realm", None, "open", None)
    text = "# Welcome\nTo *all*: grüß Gott\n"
    welcome = tmp_path / "welcome.md"
    welcome.write_text(text, encoding="utf-8")
    told = about(realm, realm_name="Tide", welcome_file=str(welcome), registration="invite",
                 contact="mailto:ada@example.org", openai_model="one", twin_models="two three", twins="0")
    assert (told["name"], told["welcome"], told["registration"], told["contact"]) == \
        ("Tide", text, "invite", "mailto:ada@example.org")
    assert (plain["sends_mail"], about(realm, smtp_url="smtp://127.0.0.1:1")["sends_mail"]) == (False, True)
    assert told["twins"] == {"enabled": False, "models": ["one", "two", "three"], "texts": "own"}
    assert told["limits"]["message_characters"] == 4000


@pytest.mark.parametrize("content", [b"x" * 8193, b"\xff", b"a\0b"], ids=["too long", "not UTF-8", "a NUL"])
def test_a_welcome_that_cannot_be_shown_is_left_out(realm, tmp_path, content):
    welcome = tmp_path / "welcome.md"
    welcome.write_bytes(content)
    assert about(realm, welcome_file=str(welcome))["welcome"] is None
    assert about(realm, welcome_file=str(tmp_path))["welcome"] is None
    assert about(realm, welcome_file=str(tmp_path / "missing"))["welcome"] is None


def test_only_administrators_learn_the_version(realm):
    assert "version" in about(realm, realm.tokens["ada"])
    for token in (None, realm.tokens["ben"], "wrong"):
        assert "version" not in about(realm, token)
