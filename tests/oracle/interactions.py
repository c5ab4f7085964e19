"""Interactions between AEONs: what one says to another, and the response."""

from dataclasses import dataclass, field

from compare import TIME, Expected, check, if_visible, time_if
from registry import action, erasure, export, view
from world import WORDS

PATH = "/aeon/interactions"
TYPES = "xy"


@dataclass
class Interaction:
    id: int
    author: int
    target: int
    type: str
    content: str
    public: bool
    response: str = None

    def users(self):
        return self.author, self.target


@dataclass
class Interactions:
    interactions: dict = field(default_factory=dict)

    def interaction_visible(self, viewer, item):
        return (item.public or viewer in item.users()) and \
            not any(self.blocked(viewer, user) for user in item.users())

    def visible_interactions(self, viewer, user=None):
        """Newest first; only those of the user, if one is given."""
        return [item for item in reversed(self.interactions.values())
                if user in (None, *item.users()) and self.interaction_visible(viewer, item)]

    def append_interaction_event(self, kind, item, user, other):
        self.append_event(kind, self.show_interaction(item), user=user, other=other,
                          visible=lambda _: item.id in self.interactions)

    def show_interaction(self, item):
        answered = item.response is not None
        return {"id": item.id, "aeon_user_id": item.author,
                "aeon_name": self.user_name(item.author),
                "aeon_full_name": self.users[item.author].full_name, "target_aeon_user_id": item.target,
                "target_aeon_name": self.user_name(item.target),
                "target_aeon_full_name": self.users[item.target].full_name, "interaction_type": item.type,
                "content": item.content, "context": None, "created_at": TIME,
                "response_content": item.response, "response_at": time_if(answered),
                "is_public": item.public, "parent_id": None,
                "responded_by": "user" if answered else None, "meta_data": None,
                "asked_by": "user", "twin": None, "approved_by": None, "cites": None}


@erasure
def erase_interactions(model, user):
    model.interactions = {number: item for number, item in model.interactions.items()
                          if user not in item.users()}


# --- actions ------------------------------------------------------------------------------------


@action(5, "POST /aeon/interactions", events=("account_changed", "interaction_created"))
def create_interaction(w, user):
    m, other = w.model, w.pick_user(user)
    body = {"target_aeon_user_id": other, "interaction_type": w.dice.choice(TYPES),
            "content": w.dice.choice(WORDS), "is_public": w.chance()}
    if refusal := 422 if other == user else m.contact_refusal(user, other):
        w.must(refusal, user, "POST", PATH, body)
        return
    made = w.must(201, user, "POST", PATH, body)
    item = Interaction(made["id"], user, other, body["interaction_type"], body["content"],
                       body["is_public"])
    m.interactions[item.id] = item
    m.users[user].counts["interactions"] += 1
    m.nudge(user, other)
    check(m.show_interaction(item), made)
    m.account_changed(user, "interaction", item.id)
    m.append_interaction_event("interaction_created", item, other, user)


def pick_unanswered(w, user):
    """Mostly an interaction that waits for the user's response."""
    return w.pick(w.model.interactions.values(),
                  lambda item: item.target == user and not item.response)


@action(2.4, "POST /aeon/interactions/{id}/respond",
        events=("account_changed", "interaction_responded"))
def respond(w, user):
    m, item = w.model, pick_unanswered(w, user)
    if not item:
        return
    body = {"response_content": w.dice.choice(WORDS)}
    status = None if m.interaction_visible(user, item) else 404
    status = status or (403 if item.target != user else 409 if item.response else None)
    w.must(status or 200, user, "POST", f"{PATH}/{item.id}/respond", body)
    if not status:
        item.response = body["response_content"]
        m.nudge(user, item.author)
        m.account_changed(user, "interaction", item.id)
        m.append_interaction_event("interaction_responded", item, item.author, user)


@action(0.6, "DELETE /aeon/interactions/{id}", events=("account_changed",))
def delete_interaction(w, user):
    m, item = w.model, pick_unanswered(w, user)
    if not item:
        return
    status = 404 if not m.interaction_visible(user, item) else \
        204 if user in item.users() else 403
    w.must(status, user, "DELETE", f"{PATH}/{item.id}")
    if status == 204:
        del m.interactions[item.id]
        m.account_changed(user, "interaction", item.id, deleted=True)


# --- views --------------------------------------------------------------------------------------


@view("GET /aeon/interactions")
def list_of_interactions(w, viewer):
    m, dice = w.model, w.view_dice
    other, wanted, public = dice.choice(list(m.users)), dice.choice(TYPES), \
        dice.choice((True, False))
    visible = m.visible_interactions(viewer)
    own = [item for item in visible if viewer in item.users()]

    def rows(items):
        return [m.show_interaction(item) for item in items]
    yield Expected(PATH, rows(own))
    yield Expected(f"{PATH}?with={other}&is_public={public}".lower(), rows(
        item for item in own
        if other in item.users() and other != viewer and item.public == public))
    yield Expected(f"{PATH}?scope=public&interaction_type={wanted}", rows(
        item for item in visible if item.public and item.type == wanted))
    yield Expected(f"{PATH}?scope=public&with={other}", rows(
        item for item in visible if item.public and other in item.users()))


@view("GET /aeon/interactions/{id}")
def single_interaction(w, viewer):
    m = w.model
    for item in m.interactions.values():
        yield if_visible(f"{PATH}/{item.id}", m.interaction_visible(viewer, item),
                         lambda: m.show_interaction(item))


@export("aeon_interactions")
def exported_interactions(w, user):
    m = w.model
    return [m.show_interaction(item) for item in m.visible_interactions(user, user)], None
