"""Relationships: who is a friend, who has blocked, and which relationships are visible."""

from dataclasses import dataclass, field

from compare import TIME, Expected, if_visible
from registry import action, erasure, export, view
from world import WORDS

NUDGE = 0.05  # of the way to 1
TYPES = ("friend", "friend", "friend", "colleague", "blocked")


@dataclass
class Relationship:
    id: int
    author: int
    other: int
    type: str
    strength: float
    interests: list
    note: dict
    count: int = 1


@dataclass
class Relationships:
    relationships: dict = field(default_factory=dict)  # by (author, other)

    def relationship(self, author, other):
        return self.relationships.get((author, other))

    def has_blocked(self, author, other):
        found = self.relationship(author, other)
        return found is not None and found.type == "blocked"

    def blocked(self, one, other):
        """Whether one of the two has blocked the other: they are hidden from each other."""
        return self.has_blocked(one, other) or self.has_blocked(other, one)

    def is_friend(self, author, reader):
        found = self.relationship(author, reader)
        return found is not None and found.type == "friend"

    def relationship_visible(self, relationship):
        """Whether its author can see it."""
        return self.users[relationship.other].active and \
            not self.has_blocked(relationship.other, relationship.author)

    def relationships_of(self, author):
        """Those that the author can see, newest first."""
        return sorted((row for row in self.relationships.values()
                       if row.author == author and self.relationship_visible(row)),
                      key=lambda row: -row.id)

    def nudge(self, one, other):
        """What both do together makes their relationships stronger."""
        if self.blocked(one, other):
            return
        for found in (self.relationship(one, other), self.relationship(other, one)):
            if found:
                found.strength += (1 - found.strength) * NUDGE
                found.count += 1

    def show_relationship(self, viewer, row):
        return {"id": row.id, "user_id": row.author, "related_user_id": row.other,
                "related_username": self.user_name(row.other), **self.show_names(row.other, "related_"), "relationship_type": row.type,
                "strength": float(row.strength), "created_at": TIME, "last_interaction": TIME,
                "interaction_count": row.count, "shared_interests": row.interests,
                "meta_data": row.note if viewer == row.author else None}


@erasure
def erase_relationships(model, user):
    model.relationships = {pair: row for pair, row in model.relationships.items()
                           if user not in pair}


# --- actions ------------------------------------------------------------------------------------


@action(9, "POST /relationships", events=("relationship_updated", "account_changed", "room_removed"))
def set_relationship(w, user):
    m, other = w.model, w.pick_user(user)
    body = {"related_user_id": other, "relationship_type": w.dice.choice(TYPES),
            "strength": round(w.dice.uniform(0.1, 1), 2),
            "shared_interests": [w.dice.choice(WORDS)], "meta_data": {"note": "mine"}}
    if other == user:
        return w.must(422, user, "POST", "/relationships", body)
    if not m.users[other].active or m.has_blocked(other, user) or \
            not m.has_something_in_common(user, other):
        return w.must(404, user, "POST", "/relationships", body)
    known, were_blocked = m.relationship(user, other), m.blocked(user, other)
    row = known or Relationship(0, user, other, "", 0, [], body["meta_data"])
    row.type, row.strength = body["relationship_type"], body["strength"]
    row.interests = body["shared_interests"]
    row.count += known is not None
    m.relationships[user, other] = row
    row.id = w.must(200 if known else 201, user, "POST", "/relationships", body)["id"]
    return relationship_changed(m, row, were_blocked)


def relationship_changed(m, row, were_blocked):
    user, other = row.author, row.other

    def visible(_):
        current = m.relationship(user, other)
        return current is not None and m.relationship_visible(current)
    m.append_event("relationship_updated", m.show_relationship(user, row), user=user,
                   visible=visible)
    block_changed(m, user, other, were_blocked)


def block_changed(m, user, other, were_blocked):
    """The other user's clients ask again for the rooms with messages of the user."""
    are_blocked = m.blocked(user, other)
    if are_blocked and not were_blocked:
        m.withdraw_invitations(user, [other])
        m.withdraw_invitations(other, [user])
    if are_blocked != were_blocked and m.has_heard(other, user):
        m.account_changed(other, "relationship")


def pick_relationship(w, user):
    return w.pick(row for row in w.model.relationships.values() if row.author == user)


@action(2.5, "PATCH /relationships/{user_id}", events=("relationship_updated", "account_changed", "room_removed"))
def change_relationship(w, user):
    m, row = w.model, pick_relationship(w, user)
    if not row:
        return
    path = f"/relationships/{row.other}"
    body = {"relationship_type": w.dice.choice(("friend", "colleague", "blocked"))}
    if not m.relationship_visible(row):
        w.must(404, user, "PATCH", path, body)
        return
    were_blocked = m.blocked(user, row.other)
    row.type = body["relationship_type"]
    w.must(200, user, "PATCH", path, body, m.show_relationship(user, row))
    relationship_changed(m, row, were_blocked)


@action(2, "DELETE /relationships/{user_id}", events=("account_changed",))
def delete_relationship(w, user):
    row = pick_relationship(w, user)
    if not row:
        return
    visible = w.model.relationship_visible(row)
    w.must(204 if visible else 404, user, "DELETE", f"/relationships/{row.other}")
    if visible:
        were_blocked = w.model.blocked(user, row.other)
        del w.model.relationships[user, row.other]
        w.model.account_changed(user, "relationship", row.other, deleted=True)
        block_changed(w.model, user, row.other, were_blocked)


# --- views --------------------------------------------------------------------------------------


@view("GET /relationships")
def own_relationships(w, viewer):
    m = w.model
    rows, wanted = m.relationships_of(viewer), w.view_dice.choice(("friend", "blocked"))
    yield Expected("/relationships", [m.show_relationship(viewer, row) for row in rows])
    yield Expected(f"/relationships?relationship_type={wanted}",
                   [m.show_relationship(viewer, row) for row in rows if row.type == wanted])


@view("GET /relationships/{user_id}")
def own_relationship(w, viewer):
    m = w.model
    for other in m.users:
        row = m.relationship(viewer, other)
        yield if_visible(f"/relationships/{other}", row and m.relationship_visible(row),
                         lambda: m.show_relationship(viewer, row))


@view("GET /users/{user_id}/relationships")
def relationships_of_another(w, viewer):
    m = w.model
    for author in m.users:
        path = f"/users/{author}/relationships"
        if not m.user_known(viewer, author):
            yield Expected(path, status=404)
        elif not m.allows(author, viewer, "relationships"):
            yield Expected(path, status=403)
        else:
            rows = sorted((row for row in m.relationships.values() if row.author == author and
                           row.type != "blocked" and m.user_known(viewer, row.other)),
                          key=lambda row: -row.id)
            yield Expected(path, [m.show_relationship(None, row) for row in rows])


@export("relationships")
def exported_relationships(w, user):
    m = w.model
    return [m.show_relationship(user, row) for row in m.relationships_of(user)], None
