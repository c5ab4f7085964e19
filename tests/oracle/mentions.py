"""Mentions: the members of a room that a message names, or the whole room."""

import re

from compare import Expected
from messages import messages_in
from registry import erasure, export, view
from rooms import MODERATOR


def texts_behind_signs(text):
    """What may be names: a sentence may end behind one."""
    for run in re.findall(r"(?<![\w.-])@([\w.-]+)", text, re.ASCII):
        yield run
        while run[-1] in ".-":
            run = run[:-1]
            yield run


class Mentions:
    def find_mentions(self, room, sender, text):
        """(users, whether the text mentions the whole room)."""
        names = list(texts_behind_signs(text))
        return ({user for user in room.members() if self.user_name(user) in names and user != sender},
                "room" in names and self.acting_rank(sender, room) >= MODERATOR)

    def mention(self, room, message):
        """The message mentions the users that its text names now. That of a twin does not mention the whole room."""
        users, to_room = self.find_mentions(room, message.sender, message.content)
        message.to_room = to_room and not message.is_aeon
        before, message.mentions = message.mentions, users
        for user in sorted(before - users):
            self.tell_mention(room, message, user, False)
        for user in sorted(users - before):
            self.tell_mention(room, message, user, True)

    def tell_mention(self, room, message, user, is_mentioned):
        self.append_event("mention", {
            "room_id": room.id, "message_id": message.id, "message_seq": message.seq,
            "user_id": message.sender, "username": self.user_name(message.sender),
            **self.show_names(message.sender), "is_mentioned": is_mentioned}, user=user, other=message.sender,
            visible=lambda viewer: self.room_visible(viewer, room))

    def show_mentions(self, viewer, message):
        if message.deleted:
            return []
        return sorted(user for user in message.mentions if not self.blocked(viewer, user))

    def is_mentioned(self, viewer, room, message):
        """Whether the message mentions the viewer, who may read it."""
        if message.deleted or not self.room_readable(viewer, room) or self.blocked(viewer, message.sender):
            return False
        return viewer in message.mentions or (
            message.to_room and message.sender != viewer and room.has(viewer) and
            room.memberships[viewer].joined < message.step)


@erasure
def erase_mentions(model, user):
    for room in model.rooms.values():
        for message in messages_in(room):
            message.mentions = message.mentions - {user}


@view("GET /api/v1/users/me/mentions")
def own_mentions(w, viewer):
    m = w.model
    rows = [m.show_message(viewer, room, message) | {"room_name": m.show_room_in_list(viewer, room)["name"]}
            for room in m.rooms.values() for message in messages_in(room)
            if m.is_mentioned(viewer, room, message)]
    yield Expected("/api/v1/users/me/mentions",
                   sorted(rows, key=lambda row: row["message_id"], reverse=True))


@export("mentions")
def exported_mentions(w, user):
    m = w.model
    return [{"message_id": message.id, "room_id": room.id}
            for room in m.rooms.values() for message in messages_in(room)
            if user in message.mentions and m.is_mentioned(user, room, message)], \
        lambda rows: sorted(rows, key=lambda row: row["message_id"])
