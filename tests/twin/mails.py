"""What the tests of mails share."""

import re

from realm import wait_until

USERS = "/api/v1/users"
ROOMS = "/api/v1/phase3/rooms"
SITE = "https://realm.example"
FROM = "realm@realm.example"
CODE = re.compile(r"\b[0-9a-z]{5}(?:-[0-9a-z]{5}){3}\b")
ADDRESS, PASSWORD, DIGEST = "Confirm your address", "A new password", "What you have missed"


def code_in(text):
    return CODE.search(text)[0]


def mails_to(server, name, subject):
    return [m for m in server.mails if m["To"].addresses[0].addr_spec == f"{name}@example.org"
            and m["Subject"] == subject]


def mail_to(server, name, subject, count=1):
    """The newest of so many mails, as (mail, text)."""
    wait_until(lambda: len(mails_to(server, name, subject)) >= count, f"a mail to {name}")
    found = mails_to(server, name, subject)
    assert len(found) == count
    return found[-1], found[-1].get_content()


def make_due(realm):
    return realm.rows.change("UPDATE mails SET due_at = 0 "
                             "WHERE sent_at IS NULL AND failed_at IS NULL")


def verified(realm, server, name):
    """A new user with a confirmed address."""
    user = realm.user(name)
    _, text = mail_to(server, name, ADDRESS)
    answer = realm.cgi("POST", USERS + "/email/verified", {"code": code_in(text)})
    assert answer.status == 200, answer
    return user


def direct_room(realm, name, other):
    answer = realm.cgi("PUT", f"/api/v1/phase3/direct/{other}", token=realm.tokens[name])
    assert answer.status in (200, 201), answer
    return answer.json["id"]


def say(realm, name, room, content):
    answer = realm.cgi("POST", f"{ROOMS}/{room}/messages", {"content": content},
                       token=realm.tokens[name])
    assert answer.status == 201, answer
