"""What people do in a small realm: each deed is done through the API and noted in the truth.

A deed knows what must be answered; so refusals are compared as well as what happens.
"""

import itertools
import json
import random
import time

import fastcgi
from truth import (Change, Interaction, Knowledge, Message, Relation, Room, same)

API = "/api/v1/phase3"
WORDS = ("amber", "birch", "cedar", "dune", "ember")
TAGS = ("tea", "teak", "moss", "amber")
KEYS = ("+1", "heart")


class World:
    """A realm that serves, the truth about it, and dice."""

    def __init__(self, realm, truth, seed):
        self.realm, self.truth, self.seed = realm, truth, seed
        self.dice = random.Random(seed)
        self.line = fastcgi.Connection(realm.run / "fast.sock")
        self.done = []  # for the report of a difference

    def ask(self, user, method, path, body=None):
        text = b"" if body is None else json.dumps(body).encode()
        path = path if path.startswith(("/api", "/health", "/openapi")) else API + path
        answer = self.line.ask(*fastcgi.request(
            self.realm, method, path, text, token=self.realm.tokens[self.truth.users[user].id]))
        if method != "GET":
            self.done.append(f"{user} {method} {path} {body} -> {answer.status}")
        return answer

    def must(self, status, user, method, path, body=None, shows=None):
        """Asks, and the answer must be that; `shows` is what must be in it."""
        answer = self.ask(user, method, path, body)
        assert answer.status == status, f"{status} expected, not {answer}"
        if shows is not None:
            difference = same(shows, answer.json)
            assert not difference, difference
        return answer.json if answer.body else None

    def acting(self):
        """Who can do something; the last one only looks."""
        return [user.id for user in list(self.truth.users.values())[:-1] if user.signed_in]

    def act(self):
        deed = self.dice.choices(DEEDS, WEIGHTS)[0]
        # With a bridge, presence is its own; and who goes takes events along that
        # it may not have told.
        if not self.truth.heard or deed not in (be_present, erase):
            deed(self, self.dice.choice(self.acting()))

    def any_of(self, things, likely=lambda thing: True):
        """One of them, if there is any; mostly one that is likely to do."""
        things = list(things)
        wanted = [thing for thing in things if likely(thing)]
        return self.dice.choice(wanted if wanted and chance(self, 0.8) else things or [None])

    def somebody(self, user, likely=lambda other: True):
        """Mostly somebody else."""
        return self.any_of(list(self.truth.users)[:-1],
                           lambda other: other != user and likely(other))


def chance(world, share=0.5):
    return world.dice.random() < share


# --- people ------------------------------------------------------------------------------------


def relate(w, user):
    other, t = w.somebody(user), w.truth
    kind = w.dice.choice(("friend", "friend", "friend", "colleague", "blocked"))
    strength = round(w.dice.uniform(0.1, 1), 2)
    body = {"related_user_id": other, "relationship_type": kind, "strength": strength,
            "shared_interests": [w.dice.choice(WORDS)], "meta_data": {"note": "mine"}}
    path = "/relationships"
    if other == user:
        return w.must(422, user, "POST", path, body)
    if not t.users[other].active or t.has_blocked(other, user):
        return w.must(404, user, "POST", path, body)
    known = t.relation(user, other)
    relation = known or Relation(0, user, other, kind, strength, [], {"note": "mine"})
    before = t.apart(user, other)
    relation.type, relation.strength = kind, strength
    relation.interests = body["shared_interests"]
    relation.count += known is not None
    t.relations[user, other] = relation
    answer = w.must(200 if known else 201, user, "POST", path, body)
    relation.id = answer["id"]
    related(w, user, other, before)
    return None


def related(w, user, other, before):
    """What follows from a relationship that is now another."""
    t = w.truth
    relation = t.relation(user, other)
    t.tell("relationship_updated", user=user, other=other,
           data=t.shown_relation(user, relation))
    if t.apart(user, other) and not before:
        for room in t.rooms.values():
            for guest, by in ((user, other), (other, user)):
                if room.invited.get(guest) == by:
                    del room.invited[guest]


def change_relation(w, user):
    t = w.truth
    relation = w.any_of(r for r in t.relations.values() if r.author == user)
    if not relation:
        return
    path = f"/relationships/{relation.other}"
    kind = w.dice.choice(("friend", "colleague", "blocked"))
    if not t.sees_relation(relation):
        w.must(404, user, "PATCH", path, {"relationship_type": kind})
        w.must(404, user, "DELETE", path)
    elif chance(w):
        before = t.apart(user, relation.other)
        relation.type = kind
        w.must(200, user, "PATCH", path, {"relationship_type": kind},
               t.shown_relation(user, relation))
        related(w, user, relation.other, before)
    else:
        del t.relations[user, relation.other]
        w.must(204, user, "DELETE", path)


def keep_private(w, user):
    of = w.truth.users[user]
    circles = ("everyone", "friends", "nobody")
    of.presence, of.relationships, of.network = (w.dice.choice(circles) for _ in range(3))
    of.discoverable = chance(w, 0.7)
    w.must(200, user, "PUT", "/api/v1/users/me/privacy", w.truth.privacy(user),
           w.truth.privacy(user))


def be_present(w, user):
    """As a bridge notes it; the API has no other way."""
    of, now = w.truth.users[user], time.time_ns() // 1000
    of.last_seen = now - w.dice.randrange(1, 36) * 3600_000_000 - user
    of.status = w.dice.choice(("connected", "away", "offline"))
    of.current_room = w.dice.choice([None, *w.truth.rooms])
    with w.realm.rows.transaction() as db:
        db.execute("INSERT OR REPLACE INTO user_presence (user_id, status, last_seen, current_room)"
                   " VALUES (?, ?, ?, ?)", (user, of.status, of.last_seen, of.current_room))
        db.execute("DELETE FROM connected_users WHERE user_id = ?", (user,))
        if of.status != "offline":
            db.execute("INSERT INTO connected_users VALUES (?, 1, ?)", (user, of.status))


def moderate(w, user):
    user = user if chance(w, 0.2) else 1  # mostly who may
    other, active, t = w.somebody(user), chance(w, 0.3), w.truth
    of, path = t.users[other], f"/api/v1/users/{other}"
    if not t.is_staff(user):
        return w.must(403, user, "PATCH", path, {"is_active": active})
    if of.erased:
        return w.must(404, user, "PATCH", path, {"is_active": active})
    if other == user:
        return w.must(200 if active else 409, user, "PATCH", path, {"is_active": active})
    of.signed_in = of.signed_in and active
    of.active = active
    return w.must(200, user, "PATCH", path, {"is_active": active}, t.user(user, other))


def erase(w, user):
    if w.truth.is_staff(user):
        w.must(409, user, "DELETE", "/api/v1/users/me")
    else:
        w.must(204, user, "DELETE", "/api/v1/users/me")
        w.truth.erase(user)


# --- rooms -------------------------------------------------------------------------------------


def make_room(w, user):
    t, name = w.truth, w.dice.choice(WORDS)
    body = {"name": name, "topic": w.dice.choice((None, *WORDS)), "is_public": chance(w),
            "is_aeon_room": chance(w, 0.3), "max_participants": w.dice.choice((2, 3, 50))}
    made = w.must(201, user, "POST", "/rooms", body)
    room = Room(made["id"], name, body["topic"], body["is_public"],
                body["is_aeon_room"], body["max_participants"], user)
    t.rooms[room.id] = room
    t.enter(user, room, "owner")
    difference = same(t.room(user, room), made)
    assert not difference, difference


def place(likely):
    """A deed in a room, mostly by somebody and in one for whom that is likely."""
    def in_a_room(function):
        def deed(w, _):
            user, room = w.any_of(
                itertools.product(w.acting(), w.truth.rooms.values()),
                lambda where: likely(w.truth, where[1], where[0]))
            function(w, user, room, f"/rooms/{room.id}")
        return deed
    return in_a_room


def is_in(rank):
    return lambda truth, room, user: room.rank(user) >= rank


def refusal(w, user, room, rank):
    """The status for who may not do that in the room, or None."""
    if not room.inside(user):
        return 403 if w.truth.sees_room(user, room) else 404
    return None if room.rank(user) >= rank else 403


def ask_in(w, user, room, path, guest):
    t = w.truth
    status = refusal(w, user, room, 1) or (404 if not t.there(user, guest) else None)
    if not status:
        room.banned.discard(guest)
        fresh = guest not in room.invited
        status = 409 if room.inside(guest) else 201 if fresh else 200
        if status != 409:
            room.invited.setdefault(guest, user)
    by = room.invited.get(guest)
    known = by is not None and (by == user or t.there(user, by))
    shown = {"room_id": room.id, "name": room.name, "user_id": guest,
             "invited_by": by if known else None, "username": t.name(by) if known else None,
             "created_at": w.truth.user(guest, guest)["created_at"]}
    w.must(status, user, "POST", path + "/invitations", {"user_id": guest},
           shown if status < 300 else None)
    if status == 201:
        t.tell("invitation", user=guest, other=user, thing=room, data=shown)


@place(is_in(1))
def invite(w, user, room, path):
    ask_in(w, user, room, path, w.somebody(user, lambda other: not room.inside(other)))


def waits_for_another(truth, room, user):
    """Whom somebody else has invited, and best somebody whom this user does not see."""
    waiting = {guest: by for guest, by in room.invited.items() if guest != user and by != user}
    return [guest for guest, by in waiting.items() if not truth.there(user, by)] or list(waiting)


@place(lambda truth, room, user: room.rank(user) >= 1 and waits_for_another(truth, room, user))
def invite_again(w, user, room, path):
    waiting = waits_for_another(w.truth, room, user)
    ask_in(w, user, room, path, w.somebody(user, lambda other: other in waiting))


@place(lambda truth, room, user: truth.sees_room(user, room) and not room.inside(user))
def join(w, user, room, path):
    t = w.truth
    if not t.sees_room(user, room):
        return w.must(404, user, "POST", path + "/join")
    if not room.inside(user):
        if user in room.banned:
            return w.must(403, user, "POST", path + "/join")
        if len(room.present()) >= room.most:
            return w.must(409, user, "POST", path + "/join")
        t.enter(user, room)
    return w.must(200, user, "POST", path + "/join", None, t.room(user, room))


@place(is_in(0))
def leave(w, user, room, path):
    if not w.truth.sees_room(user, room):
        return w.must(404, user, "POST", path + "/leave")
    w.must(200, user, "POST", path + "/leave")
    return w.truth.leave(user, room)


@place(lambda truth, room, user: room.rank(user) == 2 and len(room.present()) > 1)
def give_role(w, user, room, path):
    t, other = w.truth, w.somebody(user, room.inside)
    role = "moderator" if chance(w, 0.7) else "member"
    status = refusal(w, user, room, 2) or (
        404 if not room.inside(other) else 403 if room.rank(other) == 2 else 200)
    if status == 200:
        room.members[other].role = role
    w.must(status, user, "PUT", f"{path}/participants/{other}", {"role": role},
           t.room(user, room) if status == 200 else None)
    if status == 200:
        t.tell("room_updated", room=room, data=t.settings(room))


@place(is_in(1))
def remove(w, user, room, path):
    t, other, ban = w.truth, w.somebody(user, room.inside), chance(w)
    path = f"{path}/participants/{other}" + "?ban=true" * ban
    inside, invited = room.inside(other), other in room.invited
    status = refusal(w, user, room, 1)
    if not status and not inside and not invited and not ban:
        status = 404
    if not status and room.rank(other) >= room.rank(user):
        status = 403
    if not status and ban and not inside and not t.there(user, other):
        status = 404
    w.must(status or 204, user, "DELETE", path)
    if status:
        return
    if ban:
        room.banned.add(other)
    room.invited.pop(other, None)
    if inside:
        t.leave(other, room)
    if inside or invited:
        t.tell("room_removed", user=other, data={"room_id": room.id})


@place(is_in(1))
def change_room(w, user, room, path):
    t, body = w.truth, {"is_public": chance(w), "name": w.dice.choice(WORDS)}
    status = refusal(w, user, room, 1)
    if status:
        return w.must(status, user, "PATCH", path, body)
    room.public, room.name = body["is_public"], body["name"]
    w.must(200, user, "PATCH", path, body, t.room(user, room))
    return t.tell("room_updated", room=room, data=t.settings(room))


@place(is_in(2))
def remove_room(w, user, room, path):
    status = refusal(w, user, room, 2)
    if status or chance(w):
        return w.must(status, user, "DELETE", path) if status else None
    for other in [*room.present(), *room.invited]:
        w.truth.tell("room_removed", user=other, data={"room_id": room.id})
    for member in room.members.values():
        member.inside = False
    room.gone, room.invited = True, {}
    return w.must(204, user, "DELETE", path)


# --- what is said ------------------------------------------------------------------------------


@place(is_in(0))
def say(w, user, room, path):
    t = w.truth
    answered = w.dice.choice([None, None, *room.messages()])
    body = {"content": w.dice.choice(WORDS)} | \
        ({"reply_to": answered.id} if answered else {})
    status = refusal(w, user, room, 0)
    if not status and answered and t.apart(user, answered.sender):
        status = 422
    if status:
        return w.must(status, user, "POST", path + "/messages", body)
    last = room.log[-1] if room.log and isinstance(room.log[-1], Message) else None
    partner = answered or last
    made = w.must(201, user, "POST", path + "/messages", body)
    message = Message(len(room.log) + 1, made["message_id"], user, body["content"],
                      answered and answered.id)
    room.log.append(message)
    t.users[user].messages += 1
    if partner and partner.sender != user:
        t.nudge(user, partner.sender)
    difference = same(t.message(user, room, message), made)
    assert not difference, difference
    return t.tell("chat_message", room=room, user=user, entry=message)


def entry(w, user, room, kind, message, **how):
    change = Change(len(room.log) + 1, kind, message, user, **how)
    room.log.append(change)
    w.truth.tell(kind, room=room, user=user, other=message.sender, entry=change)


@place(lambda truth, room, user: room.inside(user) and room.messages())
def change_message(w, user, room, path):
    t, which = w.truth, w.dice.randrange(4)
    message = w.any_of(room.messages(), lambda said: said.sender == user or which > 1)
    if not message:
        return
    path = f"{path}/messages/{message.id}"
    status = refusal(w, user, room, 0) or (404 if t.apart(user, message.sender) else None)
    content, mine = w.dice.choice(WORDS), message.sender == user
    if which == 0:
        status = status or (403 if not mine else 404 if message.deleted else None)
        if not status and content != message.content:
            message.content, message.edited = content, True
            entry(w, user, room, "message_edited", message)
        w.must(status or 200, user, "PATCH", path, {"content": content},
               None if status else t.message(user, room, message))
    elif which == 1:
        status = status or (403 if not mine and room.rank(user) < 1 else None)
        if not status and not message.deleted:
            message.content, message.deleted, message.reactions = "", True, set()
            entry(w, user, room, "message_deleted", message)
        w.must(status or 200, user, "DELETE", path, None,
               None if status else t.message(user, room, message))
    else:
        key, on = w.dice.choice(KEYS), which == 2 or chance(w)
        status = status or (404 if message.deleted else None)
        if not status and ((user, key) in message.reactions) != on:
            message.reactions ^= {(user, key)}
            entry(w, user, room, "reaction", message, key=key, on=on)
        w.must(status or 200, user, "PUT" if on else "DELETE", f"{path}/reactions/{key}", None,
               None if status else t.message(user, room, message))


@place(is_in(0))
def read(w, user, room, path):
    t, to = w.truth, w.dice.randrange(len(room.log) + 2)
    status = refusal(w, user, room, 0)
    if status:
        return w.must(status, user, "PUT", path + "/read", {"up_to_seq": to})
    member = room.members[user]
    moved = min(to, len(room.log)) > member.read
    member.read = max(member.read, min(to, len(room.log)))
    marker = t.member(user, room) | {"up_to_seq": member.read}
    w.must(200, user, "PUT", path + "/read", {"up_to_seq": to}, marker)
    return moved and t.tell("read_marker", room=room, user=user, data=marker)


# --- knowledge ---------------------------------------------------------------------------------


def know(w, user):
    t = w.truth
    body = {"content": " ".join(w.dice.sample(WORDS, 2)), "knowledge_type": w.dice.choice("xy"),
            "tags": w.dice.sample(TAGS, w.dice.randrange(4)),
            "visibility": w.dice.choice(("public", "friends", "private"))}
    made = w.must(201, user, "POST", "/knowledge", body)
    item = Knowledge(made["id"], user, body["content"], body["knowledge_type"], body["tags"],
                     body["visibility"])
    t.knowledge[item.id] = item
    t.users[user].knowledge += 1
    difference = same(t.item(user, item), made)
    assert not difference, difference


def piece(own):
    """A deed to knowledge, mostly one's own or others': what is not there is not found."""
    def to_a_piece(function):
        def deed(w, user):
            item = w.any_of(w.truth.knowledge.values(), lambda item: own in (
                None, item.creator == user) and w.truth.sees_knowledge(user, item))
            if item:
                path = f"/knowledge/{item.id}"
                seen = w.truth.sees_knowledge(user, item)
                function(w, user, item, path, None if seen else 404)
        return deed
    return to_a_piece


@piece(own=True)
def change_knowledge(w, user, item, path, status):
    t, body = w.truth, w.dice.choice((
        {"visibility": w.dice.choice(("public", "friends", "private"))},
        {"tags": w.dice.sample(TAGS, 2)}, {"content": w.dice.choice(WORDS)}))
    status = status or (None if item.creator == user else 403)
    remove_it = chance(w, 0.2)
    if status:
        return w.must(status, user, *(("DELETE", path) if remove_it else ("PATCH", path, body)))
    if remove_it:
        del t.knowledge[item.id]
        return w.must(204, user, "DELETE", path)
    for name, value in body.items():
        setattr(item, name, value)
    return w.must(200, user, "PATCH", path, body, t.item(user, item))


@piece(own=False)
def vote(w, user, item, path, status):
    t, value = w.truth, w.dice.choice((1, 1, -1, None))
    method, path = {1: ("POST", path + "/upvote"), -1: ("POST", path + "/downvote"),
                    None: ("DELETE", path + "/vote")}[value]
    status = status or (409 if item.creator == user else None)
    if status:
        return w.must(status, user, method, path)
    old = item.votes.pop(user, None)
    if value:
        item.votes[user] = value
        t.users[user].votes += old is None
    counts = {"upvotes": item.count(1), "downvotes": item.count(-1)}
    answer = w.must(200, user, method, path)
    assert {k: answer[k] for k in counts} == counts, (answer, counts)
    if value != old:
        if value:
            t.nudge(user, item.creator)
        t.tell("knowledge_voted", user=item.creator, thing=item,
               data={"knowledge_id": item.id} | counts)
    return None


@piece(own=None)
def share(w, user, item, path, status):
    t, other = w.truth, w.somebody(user)
    room = w.any_of(t.rooms.values(), lambda room: room.inside(user)) if chance(w) else None
    target = {"room_id": room.id} if room else {"user_id": other}
    if room:
        status = status or refusal(w, user, room, 0) or \
            (None if item.visibility == "public" else 403)
    else:
        status = status or (None if t.there(user, other) else 404) or \
            (None if t.sees_knowledge(other, item) else 403)
    if status:
        return w.must(status, user, "POST", path + "/share", target)
    key = user, room.id if room else other
    fresh = key not in item.shares
    item.shares.add(key)
    w.must(200, user, "POST", path + "/share", target, t.item(user, item))
    if fresh:
        t.tell("knowledge_shared", room=room, user=user if room else other,
               other=item.creator if room else user, thing=item,
               data={"knowledge_id": item.id, "room_id": room.id if room else None,
                     "user_id": user, "username": t.name(user)})
    return None


# --- AEONs -------------------------------------------------------------------------------------


def address(w, user):
    t, other = w.truth, w.somebody(user)
    body = {"target_aeon_user_id": other, "interaction_type": w.dice.choice("xy"),
            "content": w.dice.choice(WORDS), "is_public": chance(w)}
    path = "/aeon/interactions"
    if other == user or not t.there(user, other):
        return w.must(422 if other == user else 404, user, "POST", path, body)
    made = w.must(201, user, "POST", path, body)
    item = Interaction(made["id"], user, other, body["interaction_type"], body["content"],
                       body["is_public"])
    t.interactions[item.id] = item
    t.users[user].interactions += 1
    t.nudge(user, other)
    difference = same(t.interaction(item), made)
    assert not difference, difference
    return t.tell("interaction_created", user=other, other=user, thing=item,
                  data=t.interaction(item))


def answer(w, user):
    t = w.truth
    item = w.any_of(t.interactions.values(), lambda item: item.target == user and not item.response)
    if not item:
        return
    path, text = f"/aeon/interactions/{item.id}", w.dice.choice(WORDS)
    status = None if t.sees_interaction(user, item) else 404
    if chance(w, 0.2):
        status = status or (None if user in (item.author, item.target) else 403)
        if not status:
            del t.interactions[item.id]
        w.must(status or 204, user, "DELETE", path)
        return
    status = status or (403 if item.target != user else 409 if item.response else None)
    w.must(status or 200, user, "POST", path + "/respond", {"response_content": text})
    if not status:
        item.response = text
        t.nudge(user, item.author)
        t.tell("interaction_responded", user=item.author, other=user, thing=item,
               data=t.interaction(item))


WEIGHED = {
    relate: 9, change_relation: 4, keep_private: 3, be_present: 3, moderate: 2, erase: 0.3,
    make_room: 6, invite: 6, invite_again: 3, join: 9, leave: 2, give_role: 5, remove: 2,
    change_room: 2, remove_room: 1.5, say: 11, change_message: 8, read: 2, know: 8,
    change_knowledge: 4, vote: 8, share: 4, address: 5, answer: 3,
}
DEEDS, WEIGHTS = list(WEIGHED), list(WEIGHED.values())
