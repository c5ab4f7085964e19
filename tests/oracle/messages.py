"""Messages: the entries of a room's log, and read markers."""

from dataclasses import dataclass, field

from compare import TEXT, TIME, Expected, check, if_visible, time_if
from events import HIDDEN
from registry import action, erasure, export, view
from rooms import MEMBER, MODERATOR, has_rank, in_room
from world import WORDS

KEYS = ("+1", "heart")


@dataclass
class Message:
    seq: int
    id: str
    sender: int
    content: str
    reply_to: str = None
    edited: bool = False
    deleted: bool = False  # or removed
    removed: bool = False
    reactions: set = field(default_factory=set)  # of (user, key)
    former: list = field(default_factory=list)  # texts, newest first
    pinned: int = None  # the seq of the entry that pinned it
    mentions: set = field(default_factory=set)
    to_room: bool = False  # it mentions the whole room
    step: int = 0          # of the model
    knowledge: int = None  # what it shares; then it has no content
    is_aeon: bool = False  # the sender's twin has said it

    kind = "chat_message"

    def authors(self):
        return (self.sender,)


@dataclass
class Change:
    """An entry that says what happened to a message."""
    seq: int
    kind: str
    message: Message
    user: int
    key: str = None
    on: bool = None

    def authors(self):
        return self.user, self.message.sender


def messages_in(room):
    return [entry for entry in room.log if isinstance(entry, Message)]


@dataclass
class Messages:
    def append_entry(self, room, entry):
        room.log.append(entry)
        user, *other = entry.authors()
        self.append_event(entry.kind, lambda viewer: self.show_entry(viewer, room, entry),
                          room=room, user=user, other=other[0] if other else None, seq=entry.seq)

    def post(self, room, message, original=None):
        """It brings the sender nearer to the author of the message before, or of the one that it answers."""
        last = room.log[-1] if room.log and isinstance(room.log[-1], Message) else None
        partner = original or last
        self.append_entry(room, message)
        self.users[message.sender].counts["messages"] += 1
        if partner and partner.sender != message.sender:
            self.nudge(message.sender, partner.sender)

    def append_change(self, room, kind, message, user, **more):
        self.append_entry(room, Change(len(room.log) + 1, kind, message, user, **more))

    def withdraw_reactions(self, user):
        """The rooms are told."""
        rows = [(message.id, key, room, message) for room in self.rooms.values() for message in messages_in(room)
                for reactor, key in message.reactions if reactor == user]
        for _, key, room, message in sorted(rows, key=lambda row: row[:2]):
            message.reactions.remove((user, key))
            self.append_change(room, "reaction", message, user, key=key, on=False)

    def room_log(self, viewer, room):
        """All entries of the room, as (kind, data)."""
        for entry in room.log:
            if any(self.blocked(viewer, author) for author in entry.authors()):
                yield HIDDEN, {"room_id": room.id, "seq": entry.seq}
            else:
                yield entry.kind, self.show_entry(viewer, room, entry)

    def history(self, viewer, room):
        return [self.show_message(viewer, room, message) for message in reversed(messages_in(room))
                if not self.blocked(viewer, message.sender)]

    def show_pins(self, viewer, room):
        """Newest pin first; only a reader of the room sees them."""
        pinned = [message for message in messages_in(room) if message.pinned and
                  not self.blocked(viewer, message.sender)] if self.room_readable(viewer, room) else []
        return [{"message_id": message.id, "seq": message.seq, "sender_id": message.sender,
                 "sender_name": self.user_name(message.sender),
                 "sender_full_name": self.users[message.sender].full_name, "content": self.line(viewer, message),
                 "pinned_at": TIME}
                for message in sorted(pinned, key=lambda message: -message.pinned)]

    def shown_knowledge(self, viewer, message):
        """What the message shares, if the viewer may see it now."""
        item = self.knowledge.get(message.knowledge)
        return item if item and self.knowledge_visible(viewer, item) else None

    def show_shared(self, viewer, message):
        item = None if message.deleted else self.shown_knowledge(viewer, message)
        return item and {
            "knowledge_id": item.id, "title": item.title or item.content, "excerpt": item.content,
            "creator_id": item.creator, "creator_name": self.user_name(item.creator),
            "creator_full_name": self.users[item.creator].full_name,
            "visibility": item.visibility}

    def line(self, viewer, message):
        """The message in a line: its text, or the title of what it shares."""
        shared = self.show_shared(viewer, message)
        return shared["title"] if shared else message.content

    def show_entry(self, viewer, room, entry):
        if isinstance(entry, Message):
            return self.show_message(viewer, room, entry)
        return self.show_change(room, entry)

    def show_message(self, viewer, room, message):
        keys = [key for user, key in message.reactions if not self.blocked(viewer, user)]
        original = next((other for other in messages_in(room) if other.id == message.reply_to), None)
        reply = {"sender_name": self.user_name(original.sender), "sender_full_name": self.users[original.sender].full_name,
                 "excerpt": self.line(viewer, original)[:120], "is_aeon": original.is_aeon} if original and not original.deleted and \
            not self.blocked(viewer, original.sender) else None
        own = sorted(key for user, key in message.reactions if user == viewer)
        return {"message_id": message.id, "room_id": room.id, "seq": message.seq,
                "sender_id": message.sender, "sender_name": self.user_name(message.sender),
                "sender_full_name": self.users[message.sender].full_name,
                "content": message.content, "message_type": "knowledge" if message.knowledge else "text",
                "timestamp": TIME, "shared": self.show_shared(viewer, message),
                "edited_at": time_if(message.edited), "deleted_at": time_if(message.deleted),
                "removed": message.removed,
                "is_aeon_message": message.is_aeon, "meta_data": None, "client_id": None,
                "reply_to": message.reply_to, "reply": reply,
                "mentions": self.show_mentions(viewer, message),
                "mentions_room": message.to_room and not message.deleted,
                "reactions": {key: keys.count(key) for key in keys} or None,
                "my_reactions": own or None, "twin": None, "approved_by": None, "cites": None}

    def show_found(self, viewer, room, message):
        """As the result of a search."""
        return self.show_message(viewer, room, message) | {"room_name": room.name, "snippet": TEXT}

    def show_change(self, room, change):
        """An edit shows the content as it is now."""
        has_content = change.on is None and not change.message.deleted
        return {"room_id": room.id, "seq": change.seq, "message_id": change.message.id,
                "user_id": change.user, "username": self.user_name(change.user),
                **self.show_names(change.user), "timestamp": TIME,
                "content": change.message.content if has_content else None,
                "edited_at": time_if(has_content and change.message.edited), "key": change.key, "on": change.on}


@erasure
def erase_former_texts(model, user):
    """Messages stay."""
    for room in model.rooms.values():
        for message in messages_in(room):
            if message.sender == user:
                message.former = []


# --- actions ------------------------------------------------------------------------------------


def some_text(w, user):
    """A text that may name somebody."""
    name = w.dice.choice(["room", *(row.name for row in w.model.users.values() if not row.erased)])
    word = w.dice.choice(WORDS)
    return w.dice.choice((word, word, f"@{name} {word}", f"{word} @{name}.", f"{word} {user}@{name}"))


@action(11, "POST /rooms/{room_id}/messages", events=("chat_message", "mention", HIDDEN))
@in_room(has_rank(MEMBER))
def post_message(w, user, room, path):
    m = w.model
    original = w.dice.choice([None, None, *messages_in(room)])
    body = {"content": some_text(w, user)} | ({"reply_to": original.id} if original else {})
    status = m.room_refusal(user, room, MEMBER, writes=True)
    if not status and original and m.blocked(user, original.sender):
        status = 422
    if status:
        return w.must(status, user, "POST", path + "/messages", body)
    made = w.must(201, user, "POST", path + "/messages", body)
    message = Message(len(room.log) + 1, made["message_id"], user, body["content"],
                      original and original.id, step=next(m.steps))
    m.post(room, message, original)
    m.mention(room, message)
    return check(m.show_message(user, room, message) | {"reply": None} |
                 ({"mentions": None} if "@" in message.content else {}), made)


@action(4, "POST /rooms/{room_id}/messages", events=("chat_message", HIDDEN))
@in_room(lambda _, room, user: room.has(user) and room.aeon)
def post_as_twin(w, user, room, path):
    """No twins run in these worlds, so a message becomes a twin's by the database alone."""
    m, body = w.model, {"content": "x"}
    status = m.room_refusal(user, room, MEMBER, writes=True)
    if status or not room.aeon:
        return status and w.must(status, user, "POST", path + "/messages", body)
    made = w.must(201, user, "POST", path + "/messages", body)
    message = Message(len(room.log) + 1, made["message_id"], user, w.dice.choice(WORDS), step=next(m.steps),
                      is_aeon=True)
    w.realm.rows.change("UPDATE real_time_messages SET is_aeon_message = 1, content = ? WHERE id = ?",
                        message.content, message.id)
    return m.post(room, message)


def has_messages(_, room, user):
    return room.has(user) and messages_in(room)


def on_message(own):
    """Makes an action of a function (world, user, room, message, path, refusal).

    own: whether the message is mostly one of the user. refusal: the status for a user that cannot
    see the message as a member, or None.
    """
    def decorate(function):
        @in_room(has_messages)
        def run(w, user, room, path):
            message = w.pick(messages_in(room), lambda message: message.sender == user or not own)
            if message:
                refusal = w.model.room_refusal(user, room, MEMBER) or \
                    (404 if w.model.blocked(user, message.sender) else None)
                function(w, user, room, message, f"{path}/messages/{message.id}", refusal)
        run.__name__ = function.__name__
        return run
    return decorate


def must_show(w, status, user, method, path, body, room, message):
    """The answer is the status of a refusal, or else 200 with the message."""
    w.must(status or 200, user, method, path, body,
           None if status else w.model.show_message(user, room, message))


@action(2, "PATCH /rooms/{room_id}/messages/{message_id}", events=("message_edited", "mention", HIDDEN))
@on_message(own=True)
def edit_message(w, user, room, message, path, refusal):
    content = some_text(w, user)
    status = refusal or (
        403 if w.model.room_closed(room) or message.sender != user else 404 if message.deleted else
        403 if message.knowledge else None)
    if not status and content != message.content:
        message.former = [message.content, *message.former][:20]
        message.content, message.edited = content, True
        w.model.mention(room, message)
        w.model.append_change(room, "message_edited", message, user)
    must_show(w, status, user, "PATCH", path, {"content": content}, room, message)


@action(2, "DELETE /rooms/{room_id}/messages/{message_id}", events=("message_deleted", HIDDEN))
@on_message(own=True)
def delete_message(w, user, room, message, path, refusal):
    status = refusal or (
        403 if message.sender != user and w.model.acting_rank(user, room) < MODERATOR else None)
    if not status and not message.deleted:
        message.content, message.deleted, message.reactions, message.former = "", True, set(), []
        message.mentions = set()
        message.pinned = None
        w.model.append_change(room, "message_deleted", message, message.sender)
    must_show(w, status, user, "DELETE", path, None, room, message)


@action(4, "PUT /rooms/{room_id}/messages/{message_id}/reactions/{key}",
        "DELETE /rooms/{room_id}/messages/{message_id}/reactions/{key}",
        events=("reaction", HIDDEN))
@on_message(own=False)
def react(w, user, room, message, path, refusal):
    key, on = w.dice.choice(KEYS), w.chance(0.75)
    status = refusal or (403 if w.model.room_closed(room) else 404 if message.deleted else None)
    if not status and ((user, key) in message.reactions) != on:
        message.reactions ^= {(user, key)}
        w.model.append_change(room, "reaction", message, user, key=key, on=on)
    must_show(w, status, user, "PUT" if on else "DELETE", f"{path}/reactions/{key}", None, room,
              message)


@action(3, "PUT /rooms/{room_id}/pins/{message_id}", "DELETE /rooms/{room_id}/pins/{message_id}",
        events=("pin", HIDDEN))
@on_message(own=False)
def pin_message(w, user, room, message, path, refusal):
    on = w.chance(0.75)
    status = refusal or (403 if w.model.room_closed(room) or w.model.acting_rank(user, room) < MODERATOR else
                         404 if message.deleted else None)
    if not status and bool(message.pinned) != on:
        message.pinned = len(room.log) + 1 if on else None
        w.model.append_change(room, "pin", message, user, on=on)
    must_show(w, status, user, "PUT" if on else "DELETE", path.replace("/messages/", "/pins/"), None,
              room, message)


@action(2, "PUT /rooms/{room_id}/read", events=("read_marker",))
@in_room(has_rank(MEMBER))
def move_read_marker(w, user, room, path):
    m, last_seq = w.model, len(room.log)
    body = {"up_to_seq": w.dice.randrange(last_seq + 2)} | w.dice.choice(({}, {}, {"unread": True}))
    status = m.room_refusal(user, room, MEMBER)
    if status:
        return w.must(status, user, "PUT", path + "/read", body)
    membership, seq = room.memberships[user], min(body["up_to_seq"], last_seq)
    moved = seq != membership.read_seq if "unread" in body else seq > membership.read_seq
    membership.read_seq = seq if moved else membership.read_seq
    marker = m.show_member(user, room) | {"up_to_seq": membership.read_seq}
    w.must(200, user, "PUT", path + "/read", body, marker)
    return moved and m.append_event("read_marker", marker, room=room, user=user)


# --- views --------------------------------------------------------------------------------------


@view("GET /rooms/{room_id}/messages")
def history_of_rooms(w, viewer):
    m, rooms = w.model, list(w.model.rooms.values())
    for room in rooms:
        yield if_visible(f"/rooms/{room.id}/messages", m.room_readable(viewer, room),
                         lambda: m.history(viewer, room))
    if rooms:
        room = w.view_dice.choice(rooms)
        after = w.view_dice.randrange(len(room.log) + 1)
        yield if_visible(f"/rooms/{room.id}/messages?after={after}", m.room_readable(viewer, room),
                         lambda: [row for row in reversed(m.history(viewer, room))
                                  if row["seq"] > after])


def sum_of_days(days):
    return [sum(day["messages"] for day in days)]


@view("GET /rooms/{room_id}/activity")
def activity_of_rooms(w, viewer):
    m = w.model
    for room in m.rooms.values():
        count = sum(not message.deleted and not m.blocked(viewer, message.sender)
                    for message in messages_in(room))
        path = f"/rooms/{room.id}/activity?days=2"
        if m.room_readable(viewer, room):
            yield Expected(path, [{"messages": count}], order=sum_of_days)
        else:
            yield Expected(path, status=404)


@view("GET /rooms/{room_id}/messages/{message_id}")
def single_message(w, viewer):
    m = w.model
    pairs = [(room, message) for room in m.rooms.values() for message in messages_in(room)]
    for room, message in w.view_dice.sample(pairs, min(len(pairs), 4)):
        visible = m.room_readable(viewer, room) and not m.blocked(viewer, message.sender)
        yield if_visible(f"/rooms/{room.id}/messages/{message.id}", visible,
                         lambda: m.show_message(viewer, room, message))


@view("GET /rooms/{room_id}/messages/{message_id}/reactions")
def reactions_to_messages(w, viewer):
    m = w.model
    pairs = [(room, message) for room in m.rooms.values() for message in messages_in(room)]
    for room, message in w.view_dice.sample(pairs, min(len(pairs), 4)):
        visible = m.room_readable(viewer, room) and not m.blocked(viewer, message.sender)
        yield if_visible(f"/rooms/{room.id}/messages/{message.id}/reactions", visible, lambda: [
            {"key": key, "user_id": user, "username": m.user_name(user), **m.show_names(user), "created_at": TIME}
            for key, user in sorted((key, user) for user, key in message.reactions)
            if not m.blocked(viewer, user)])


@view("GET /rooms/{room_id}/messages/{message_id}/history")
def former_texts(w, viewer):
    m = w.model
    pairs = [(room, message) for room in m.rooms.values() for message in messages_in(room)]
    for room, message in w.view_dice.sample(pairs, min(len(pairs), 4)):
        visible = m.room_readable(viewer, room) and not m.blocked(viewer, message.sender)
        path = f"/rooms/{room.id}/messages/{message.id}/history"
        if visible and message.sender != viewer and m.acting_rank(viewer, room) < MODERATOR:
            yield Expected(path, status=403)
        else:
            yield if_visible(path, visible, lambda: [{"content": content, "replaced_at": TIME}
                                                     for content in message.former])


@view("GET /messages")
def search_of_messages(w, viewer):
    """A text is in the index a moment after it was written, so this looks now and then, and waits. It looks
    more often where twins have said something, for one of their words."""
    m, dice = w.model, w.view_dice
    readable = [room for room in m.rooms.values() if m.room_readable(viewer, room)]
    said = [word for room in readable for message in messages_in(room) if message.is_aeon
            for word in message.content.split() if word in WORDS]
    if dice.random() < (0.7 if said else 0.9):
        return
    word = dice.choice(said or WORDS)
    other = dice.choice([other for other in WORDS if other != word])

    def rows(where, rooms=readable):
        return [m.show_found(viewer, room, message) for room in rooms for message in messages_in(room)
                if where(message) and not m.blocked(viewer, message.sender) and
                not m.users[message.sender].erased]

    def by_id(rows):
        return sorted(rows, key=lambda row: row["message_id"])

    def has_word(message):
        return word in message.content.split()
    w.index_texts()
    yield Expected(f"/messages?q={word}", rows(has_word), order=by_id)
    yield Expected(f"/messages?q={word}%20{other}&sort=best", rows(
        lambda message: has_word(message) and other in message.content.split()), order=by_id)
    yield Expected(f"/messages?q={word}&sender_id={viewer}&sort=best", rows(
        lambda message: has_word(message) and message.sender == viewer), order=by_id)
    for room in dice.sample(list(m.rooms.values()), min(len(m.rooms), 2)):
        yield if_visible(f"/messages?q={word}&room_id={room.id}", room in readable,
                         lambda: rows(has_word, [room]), by_id)


@export("messages")
def exported_messages(w, user):
    """A deleted room goes step by step: its messages may or may not be gone, and are left out."""
    m = w.model
    deleted = {room.id for room in m.rooms.values() if room.deleted}

    def in_order(rows):
        return sorted((row for row in rows if row["room_id"] not in deleted),
                      key=lambda row: row["message_id"])
    return [m.show_message(user, room, message) for room in m.rooms.values()
            for message in messages_in(room) if message.sender == user], in_order


@export("former_texts")
def exported_former_texts(w, user):
    """A deleted room goes step by step."""
    rooms = w.model.rooms.values()
    deleted = {message.id for room in rooms if room.deleted for message in messages_in(room)}

    def in_order(rows):
        return sorted((row["message_id"], row["content"]) for row in rows
                      if row["message_id"] not in deleted)
    return [{"message_id": message.id, "content": content} for room in rooms
            for message in messages_in(room) if message.sender == user
            for content in message.former], in_order
