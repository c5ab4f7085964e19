"""What is so in a small realm, and who may see it: plain lists and loops, after the documented rules.

It shares nothing with the programs. What the API answers is told here once more from the rules, so
that a difference is a mistake of one of the two.
"""

import datetime
import itertools
import math
from dataclasses import dataclass, field

DAY = 86400_000_000  # microseconds
NUDGE = 0.05         # of the way to 1


class Unsaid:
    """Equal to what cannot be known beforehand: a time, or a text that is only there or not."""

    def __init__(self, kind):
        self.kind = kind

    def __repr__(self):
        return f"<a {self.kind}>"


TIME, TEXT, ANYTHING = Unsaid("time"), Unsaid("text"), Unsaid("anything")


def when(happened):
    return TIME if happened else None


def moment(microseconds):
    at = datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=microseconds)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def same(expected, found, where=""):
    """None, or where and how the two differ."""
    if isinstance(expected, Unsaid):
        return None if expected is ANYTHING or isinstance(
            found, str) else f"{where}: {expected} expected, not {found!r}"
    if isinstance(expected, dict) and isinstance(found, dict):
        if expected.keys() != found.keys():
            return f"{where}: fields {sorted(expected.keys() ^ found.keys())}"
        pairs = ((key, expected[key], found[key]) for key in expected)
    elif isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            return f"{where}: {len(expected)} expected, not {len(found)}: {expected} / {found}"
        pairs = ((i, *pair) for i, pair in enumerate(zip(expected, found)))
    elif isinstance(expected, float) and isinstance(found, (int, float)):
        return None if math.isclose(expected, found, abs_tol=2e-4) else \
            f"{where}: {expected} expected, not {found}"
    else:
        return None if expected == found and type(expected) is type(found) else \
            f"{where}: {expected!r} expected, not {found!r}"
    return next(filter(None, (same(a, b, f"{where}.{key}") for key, a, b in pairs)), None)


@dataclass
class User:
    id: int
    name: str
    role: str = "user"
    active: bool = True
    erased: bool = False
    signed_in: bool = True
    full_name: str = None
    presence: str = "everyone"       # the four settings of privacy
    relationships: str = "friends"
    network: str = "friends"
    discoverable: bool = True
    last_seen: int = None            # was never there
    status: str = "offline"
    current_room: str = None
    messages: int = 0                # done, by now
    votes: int = 0
    knowledge: int = 0
    interactions: int = 0


@dataclass
class Relation:
    id: int
    author: int
    other: int
    type: str
    strength: float
    interests: list
    note: dict
    count: int = 1


@dataclass
class Member:
    role: str
    joined: int
    inside: bool = True
    read: int = 0


@dataclass
class Message:
    seq: int
    id: str
    sender: int
    content: str
    reply_to: str = None
    edited: bool = False
    deleted: bool = False
    reactions: set = field(default_factory=set)  # of (user, key)


@dataclass
class Change:
    seq: int
    kind: str
    message: Message
    user: int
    key: str = None
    on: bool = None


@dataclass
class Room:
    id: str
    name: str
    topic: str
    public: bool
    aeon: bool
    most: int
    creator: int = None
    description: str = None
    gone: bool = False
    members: dict = field(default_factory=dict)
    invited: dict = field(default_factory=dict)  # user: by whom
    banned: set = field(default_factory=set)
    log: list = field(default_factory=list)

    def inside(self, user):
        return user in self.members and self.members[user].inside

    def rank(self, user):
        return ("member", "moderator", "owner").index(self.members[user].role) \
            if self.inside(user) else -1

    def present(self):
        return [user for user, member in self.members.items() if member.inside]

    def messages(self):
        return [entry for entry in self.log if isinstance(entry, Message)]


@dataclass
class Knowledge:
    id: int
    creator: int
    content: str
    type: str
    tags: list
    visibility: str
    votes: dict = field(default_factory=dict)
    shares: set = field(default_factory=set)

    def count(self, value):
        return sum(vote == value for vote in self.votes.values())

    def score(self):
        """The lower end of the Wilson score interval at 95 %, in millionths."""
        up, n, z = self.count(1), len(self.votes), 1.96
        if up == 0:
            return 0
        share = up / n
        return round(1e6 * (share + z * z / (2 * n) -
                            z * math.sqrt((share * (1 - share) + z * z / (4 * n)) / n)) /
                     (1 + z * z / n))


@dataclass
class Interaction:
    id: int
    author: int
    target: int
    type: str
    content: str
    public: bool
    response: str = None


@dataclass
class Event:
    """For those in a room or, without one, for a user; in a room the user is whom it is about."""
    kind: str
    room: Room = None
    user: int = None
    other: int = None
    entry: object = None  # of the room's log
    data: dict = None     # as it was then
    thing: object = None  # what it points to


class Truth:
    def __init__(self, users):
        self.users = {user.id: user for user in users}
        self.relations = {}  # (author, other)
        self.rooms = {}
        self.knowledge = {}
        self.interactions = {}
        self.events = []
        self.heard = {}      # live: viewer to what was told
        self.steps = itertools.count()

    # --- who is there for whom ----------------------------------------------------------------

    def relation(self, author, other):
        return self.relations.get((author, other))

    def has_blocked(self, author, other):
        relation = self.relation(author, other)
        return relation is not None and relation.type == "blocked"

    def apart(self, one, other):
        return self.has_blocked(one, other) or self.has_blocked(other, one)

    def there(self, viewer, user):
        """Somebody whom the viewer can have to do with."""
        return user in self.users and self.users[user].active and not self.apart(viewer, user)

    def is_friend(self, author, reader):
        relation = self.relation(author, reader)
        return relation is not None and relation.type == "friend"

    def lets(self, user, viewer, setting):
        circle = getattr(self.users[user], setting)
        return user == viewer or circle == "everyone" or \
            (circle == "friends" and self.is_friend(user, viewer))

    def is_staff(self, viewer):
        return self.users[viewer].role != "user"

    # --- what is there for whom ---------------------------------------------------------------

    def reads(self, viewer, room):
        return not room.gone and (room.public or room.inside(viewer))

    def sees_room(self, viewer, room):
        return self.reads(viewer, room) or (not room.gone and viewer in room.invited)

    def sees_knowledge(self, viewer, item):
        if item.creator == viewer:
            return True
        return not self.apart(viewer, item.creator) and (
            item.visibility == "public" or
            (item.visibility == "friends" and self.is_friend(item.creator, viewer)))

    def sees_interaction(self, viewer, item):
        return (item.public or viewer in (item.author, item.target)) and \
            not self.apart(viewer, item.author) and not self.apart(viewer, item.target)

    def sees_relation(self, relation):
        """Whether it is there for its author."""
        return self.users[relation.other].active and \
            not self.has_blocked(relation.other, relation.author)

    def rooms_of(self, viewer):
        return [room for room in reversed(self.rooms.values()) if self.sees_room(viewer, room)]

    def knowledge_of(self, viewer, creator=None):
        return [item for item in reversed(self.knowledge.values())
                if creator in (None, item.creator) and self.sees_knowledge(viewer, item)]

    def interactions_of(self, viewer, side=None):
        return [item for item in reversed(self.interactions.values())
                if side in (None, item.author, item.target) and self.sees_interaction(viewer, item)]

    def connections(self, viewer):
        """The viewer's relationships to people who are there."""
        return [relation for relation in self.relations.values()
                if relation.author == viewer and self.there(viewer, relation.other)]

    def beyond(self, viewer):
        """Those of the viewer's connections who let the viewer come by them, with each that led there."""
        return [(near, far) for near in self.connections(viewer)
                if self.lets(near.other, viewer, "network")
                for far in self.relations.values()
                if far.author == near.other and far.type != "blocked" and far.other != viewer
                and self.there(viewer, far.other)]

    def tags_of(self, viewer, creator):
        return {tag for item in self.knowledge_of(viewer, creator) for tag in item.tags}

    # --- what happens by itself ---------------------------------------------------------------

    def nudge(self, one, other):
        if self.apart(one, other):
            return
        for relation in (self.relation(one, other), self.relation(other, one)):
            if relation:
                relation.strength += (1 - relation.strength) * NUDGE
                relation.count += 1

    def tell(self, kind, **how):
        event = Event(kind, **how)
        self.events.append(event)
        for viewer, heard in self.heard.items():
            heard += self.told_of(viewer, event)

    def leave(self, user, room):
        """Whoever decides about a room and goes has an heir; who comes again is a member."""
        room.invited.pop(user, None)
        if not room.inside(user):
            return self.abandon(room)
        heirs = sorted((room.members[other].role == "member", room.members[other].joined, other)
                       for other in room.present()
                       if other != user and self.users[other].active)
        if room.rank(user) < 2:
            room.members[user].role = "member"
        elif heirs:
            room.members[user].role = "member"
            room.members[heirs[0][2]].role = "owner"
        room.members[user].inside = False
        self.tell("user_left", room=room, user=user, data=self.member(user, room))
        self.abandon(room)

    def abandon(self, room):
        if not room.public and not room.present() and not room.invited:
            room.gone = True

    def enter(self, user, room, role="member"):
        if user not in room.members:
            room.members[user] = Member(role, 0)
        room.members[user].inside = True
        room.members[user].joined = next(self.steps)
        room.invited.pop(user, None)
        self.tell("user_joined", room=room, user=user, data=self.member(user, room))

    def erase(self, user):
        """All but what was said in rooms."""
        gone = self.users[user]
        gone.active, gone.erased, gone.signed_in = False, True, False
        self.events = [event for event in self.events
                       if event.entry or user not in (event.user, event.other)]
        gone.name, gone.full_name = "deleted user", None
        for room in self.rooms.values():
            if room.inside(user):
                self.leave(user, room)
            room.members.pop(user, None)
            room.banned.discard(user)
            room.invited = {guest: by for guest, by in room.invited.items()
                            if user not in (guest, by)}
            room.creator = None if room.creator == user else room.creator
            for message in room.messages():
                message.reactions = {(who, key) for who, key in message.reactions if who != user}
        self.knowledge = {i: item for i, item in self.knowledge.items() if item.creator != user}
        for item in self.knowledge.values():
            item.votes.pop(user, None)
            item.shares = {(by, target) for by, target in item.shares if by != user}
        self.interactions = {i: item for i, item in self.interactions.items()
                             if user not in (item.author, item.target)}
        self.relations = {pair: relation for pair, relation in self.relations.items()
                          if user not in pair}
        gone.last_seen = None

    # --- as the API shows it ------------------------------------------------------------------

    def name(self, user):
        return self.users[user].name

    def user(self, viewer, user):
        of = self.users[user]
        full = viewer == user or self.is_staff(viewer)
        return {"id": of.id, "username": of.name,
                "email": f"{of.name}@example.org" if full else None, "full_name": of.full_name,
                "bio": None, "role": of.role, "is_active": of.active, "created_at": TIME,
                "updated_at": TIME}

    def privacy(self, user):
        of = self.users[user]
        return {name: getattr(of, name)
                for name in ("presence", "relationships", "network", "discoverable")}

    def shown_relation(self, viewer, relation):
        return {"id": relation.id, "user_id": relation.author, "related_user_id": relation.other,
                "related_username": self.name(relation.other),
                "relationship_type": relation.type, "strength": float(relation.strength),
                "created_at": TIME, "last_interaction": TIME,
                "interaction_count": relation.count, "shared_interests": relation.interests,
                "meta_data": relation.note if viewer == relation.author else None}

    def settings(self, room):
        return {"id": room.id, "name": room.name, "description": room.description, "topic": room.topic,
                "is_public": room.public, "max_participants": room.most,
                "is_aeon_room": room.aeon}

    def summary(self, viewer, room):
        creator = room.creator
        return self.settings(room) | {
            "created_by": None if creator is None or self.apart(viewer, creator) else creator,
            "created_at": TIME, "last_seq": len(room.log),
            "current_participants": sum(not self.apart(viewer, user) for user in room.present())}

    def room(self, viewer, room):
        present = sorted(room.present(), key=lambda user: room.members[user].joined)
        return self.summary(viewer, room) | {
            "participants": [self.participant(viewer, room, user) for user in present
                             if self.there(viewer, user)]}

    def participant(self, viewer, room, user):
        of = self.users[user]
        seen = of.last_seen is not None and self.lets(user, viewer, "presence")
        place = self.rooms.get(of.current_room)
        presence = {"status": of.status if seen else "offline",
                    "last_seen": moment(of.last_seen) if seen else None,
                    "current_room": of.current_room
                    if seen and place and self.sees_room(viewer, place) else None}
        if self.heard:  # a bridge knows
            presence = dict.fromkeys(presence, ANYTHING)
        return presence | {"user_id": user, "username": of.name, "is_aeon": False,
                           "role": room.members[user].role, "read_seq": room.members[user].read}

    def member(self, user, room):
        return {"user_id": user, "username": self.name(user), "room_id": room.id}

    def message(self, viewer, room, message):
        keys = [key for user, key in message.reactions if not self.apart(viewer, user)]
        mine = sorted(key for user, key in message.reactions if user == viewer)
        return {"message_id": message.id, "room_id": room.id, "seq": message.seq,
                "sender_id": message.sender, "sender_name": self.name(message.sender),
                "content": message.content, "message_type": "text", "timestamp": TIME,
                "edited_at": when(message.edited), "deleted_at": when(message.deleted),
                "is_aeon_message": False, "meta_data": None, "client_id": None,
                "reply_to": message.reply_to,
                "reactions": {key: keys.count(key) for key in keys} or None,
                "my_reactions": mine or None}

    def history(self, viewer, room):
        return [self.message(viewer, room, message) for message in reversed(room.messages())
                if not self.apart(viewer, message.sender)]

    def change(self, room, change):
        now = change.kind == "message_edited" and not change.message.deleted
        return {"room_id": room.id, "seq": change.seq, "message_id": change.message.id,
                "user_id": change.user, "username": self.name(change.user), "timestamp": TIME,
                "content": change.message.content if now else None, "edited_at": when(now),
                "key": change.key, "on": change.on}

    def item(self, viewer, item, found=False):
        return {"id": item.id, "creator_id": item.creator, "creator_name": self.name(item.creator),
                "content": item.content, "knowledge_type": item.type, "tags": sorted(item.tags),
                "visibility": item.visibility, "created_at": TIME, "updated_at": TIME,
                "upvotes": item.count(1), "downvotes": item.count(-1),
                "share_count": len(item.shares),
                "my_vote": {1: "up", -1: "down", None: None}[item.votes.get(viewer)],
                "meta_data": None, "snippet": TEXT if found else None}

    def interaction(self, item):
        answered = item.response is not None
        return {"id": item.id, "aeon_user_id": item.author, "aeon_name": self.name(item.author),
                "target_aeon_user_id": item.target, "target_aeon_name": self.name(item.target),
                "interaction_type": item.type, "content": item.content, "context": None,
                "created_at": TIME, "response_content": item.response,
                "response_at": when(answered), "is_public": item.public, "parent_id": None,
                "responded_by": "user" if answered else None, "meta_data": None}

    def similar(self, viewer):
        mine, found = self.tags_of(viewer, viewer), []
        for other in self.users.values():
            theirs = self.tags_of(viewer, other.id)
            if other.id == viewer or not other.discoverable or not mine & theirs or \
                    not self.there(viewer, other.id):
                continue
            seen = other.last_seen if self.lets(other.id, viewer, "presence") else None
            score = len(mine & theirs) / max(len(mine), len(theirs))
            found.append((-score, -(seen or 0), other.id, sorted(mine & theirs)))
        return [(other, -score, tags) for score, _, other, tags in sorted(found)]

    def similar_users(self, viewer):
        mine, rows = self.tags_of(viewer, viewer), []
        for other, score, tags in self.similar(viewer):
            items = self.knowledge_of(viewer, other)
            rows.append({"user_id": other, "username": self.name(other), "similarity_score": score,
                         "common_tags": tags, "total_knowledge_count": len(items),
                         "common_knowledge_count": sum(bool(mine & set(i.tags)) for i in items)})
        return rows

    def suggestions(self, viewer):
        """Friends of friends and similar strangers, by turns."""
        ways = {}
        for near, far in self.beyond(viewer):
            if near.type == far.type == "friend" and self.users[far.other].discoverable and \
                    not self.relation(viewer, far.other):
                ways.setdefault(far.other, []).append(self.name(near.other))
        friends = [{"user_id": other, "username": self.name(other), "reason": "friend_of_friend",
                    "score": float(len(by)), "by": sorted(by)}
                   for other, by in sorted(ways.items(), key=lambda way: (-len(way[1]), way[0]))]
        like = [{"user_id": other, "username": self.name(other), "reason": "similar",
                 "score": score, "by": tags}
                for other, score, tags in self.similar(viewer)
                if other not in ways and not self.relation(viewer, other)]
        return [row for pair in itertools.zip_longest(friends, like) for row in pair if row]

    def active_users(self, viewer, now):
        seen = [user for user in self.users.values()
                if user.last_seen and user.last_seen > now - DAY and self.there(viewer, user.id)
                and self.lets(user.id, viewer, "presence")]
        return [{"user_id": user.id, "username": user.name, "status": user.status,
                 "last_seen": moment(user.last_seen), "is_aeon": False,
                 "knowledge_count": len(self.knowledge_of(viewer, user.id)),
                 "interaction_count": len(self.interactions_of(viewer, user.id))}
                for user in sorted(seen, key=lambda user: -user.last_seen)]

    def network(self, viewer, depth):
        near = self.connections(viewer)
        far = {(way.author, way.other): way for _, way in self.beyond(viewer)} if depth > 1 else {}
        items = self.knowledge_of(viewer, viewer)
        mine = self.interactions_of(viewer, viewer)
        votes = sum(item.count(1) for item in items)
        return {"user_id": viewer,
                "connections": [self.shown_relation(viewer, way) for way in [*near, *far.values()]],
                "shared_knowledge": [self.item(viewer, item) for item in items],
                "aeon_interactions": [self.interaction(item) for item in mine],
                "network_strength": sum(way.strength for way in near) / len(near) if near else 0.0,
                "influence_score": votes * 0.7 + len(mine) * 0.3,
                "totals": {"connections": len(near), "shared_knowledge": len(items),
                           "upvotes": votes, "aeon_interactions": len(mine)},
                "last_updated": TIME}

    def graph(self, viewer, depth):
        edges = {(viewer, way.other): way for way in self.connections(viewer)}
        distance = {other: 1 for _, other in edges} | {viewer: 0}
        for _, way in self.beyond(viewer) if depth > 1 else ():
            edges[way.author, way.other] = way
            distance.setdefault(way.other, 2)
        return {"nodes": [{"id": user, "username": self.name(user), "distance": far}
                          for user, far in distance.items()],
                "edges": [{"source": a, "target": b, "type": way.type, "strength": way.strength}
                          for (a, b), way in edges.items()]}

    def tags(self, viewer, prefix=""):
        used = [tag for item in self.knowledge_of(viewer) for tag in item.tags
                if tag.startswith(prefix)]
        return [{"tag": tag, "count": used.count(tag)}
                for tag in sorted(set(used), key=lambda tag: (-used.count(tag), tag))]

    def days(self, viewer):
        of = self.users[viewer]
        return {name: getattr(of, name)
                for name in ("messages", "votes", "knowledge", "interactions")}

    def told(self, viewer):
        """What the log tells the viewer now, as (type, data)."""
        return [row for event in self.events for row in self.told_of(viewer, event)]

    def told_of(self, viewer, event):
        """One row, or none."""
        if event.room and (event.room.gone or not event.room.inside(viewer)):
            return []
        if event.user != viewer if not event.room else event.user == viewer and not event.entry:
            return []
        hidden = any(who is not None and self.apart(viewer, who)
                     for who in (event.user, event.other))
        if event.kind == "relationship_updated":
            relation = self.relation(viewer, event.other)
            hidden = not relation or not self.sees_relation(relation)
        if hidden and event.entry:
            return [("hidden", {"room_id": event.room.id, "seq": event.entry.seq})]
        if hidden or not self.still_there(viewer, event):
            return []
        return [(event.kind, self.render(viewer, event))]

    def log(self, viewer, room):
        """A room's log, as (type, data)."""
        for entry in room.log:
            kind = "chat_message" if isinstance(entry, Message) else entry.kind
            people = (entry.sender,) if isinstance(entry, Message) else \
                (entry.user, entry.message.sender)
            if any(self.apart(viewer, who) for who in people):
                yield "hidden", {"room_id": room.id, "seq": entry.seq}
            else:
                yield kind, self.render(viewer, Event(kind, room, entry=entry))

    def mates(self, viewer):
        """Who is with the viewer in rooms."""
        return [self.member(user, room) | {"joined_at": TIME, "read_seq": room.members[user].read}
                for room in sorted(self.rooms.values(), key=lambda room: room.id)
                if room.inside(viewer)
                for user in sorted(room.present()) if self.there(viewer, user)]

    def still_there(self, viewer, event):
        thing = event.thing
        if event.kind == "invitation":
            return self.sees_room(viewer, thing)
        if isinstance(thing, Knowledge):
            return thing.id in self.knowledge and self.sees_knowledge(viewer, thing)
        return not isinstance(thing, Interaction) or thing.id in self.interactions

    def render(self, viewer, event):
        if isinstance(event.entry, Message):
            return self.message(viewer, event.room, event.entry)
        return self.change(event.room, event.entry) if event.entry else event.data
