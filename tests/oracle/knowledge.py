"""Knowledge: its visibility, votes, shares, tags and search."""

import functools
import math
from dataclasses import dataclass, field

from compare import TEXT, TIME, Expected, check, if_visible
from events import HIDDEN
from messages import Message, messages_in
from registry import action, erasure, export, view
from rooms import MEMBER
from world import WORDS

TAGS = ("tea", "teak", "moss", "amber")
VISIBILITIES = ("public", "friends", "private")
TYPES = "xy"
UP, DOWN = 1, -1


@dataclass
class KnowledgeItem:
    id: int
    creator: int
    content: str
    type: str
    tags: list
    visibility: str
    title: str | None
    votes: dict = field(default_factory=dict)  # user: UP or DOWN
    shares: set = field(default_factory=set)   # of (user, room or user)

    def count(self, value):
        return sum(vote == value for vote in self.votes.values())

    def score(self):
        """The lower end of the Wilson score interval at 95 %, in millionths."""
        up, n, z = self.count(UP), len(self.votes), 1.96
        if up == 0:
            return 0
        share = up / n
        return round(1e6 * (share + z * z / (2 * n) -
                            z * math.sqrt((share * (1 - share) + z * z / (4 * n)) / n)) /
                     (1 + z * z / n))

    def contains(self, word):
        return word in (self.title or "").split() + self.content.split() + self.tags


@dataclass
class Knowledge:
    knowledge: dict = field(default_factory=dict)
    told_later: set = field(default_factory=set)  # items whose votes are told at some time

    def knowledge_visible(self, viewer, item):
        if item.creator == viewer:
            return True
        return not self.blocked(viewer, item.creator) and (
            item.visibility == "public" or
            (item.visibility == "friends" and self.is_friend(item.creator, viewer)))

    def visible_knowledge(self, viewer, creator=None):
        """Newest first."""
        return [item for item in reversed(self.knowledge.values())
                if creator in (None, item.creator) and self.knowledge_visible(viewer, item)]

    def visible_tags(self, viewer, creator):
        return {tag for item in self.visible_knowledge(viewer, creator) for tag in item.tags}

    def append_knowledge_event(self, kind, item, data, **more):
        self.append_event(kind, {"knowledge_id": item.id} | data, **more,
                          visible=lambda viewer: item.id in self.knowledge and
                          self.knowledge_visible(viewer, item))

    def show_knowledge(self, viewer, item, found=False, full=True):
        """found: as the result of a search, with a snippet; full: with the whole text."""
        return {"id": item.id, "creator_id": item.creator,
                "creator_name": self.user_name(item.creator),
                "creator_full_name": self.users[item.creator].full_name,
                "title": item.title or item.content, "content": item.content if full else None,
                "excerpt": item.content,
                "knowledge_type": item.type, "tags": sorted(item.tags),
                "visibility": item.visibility, "created_at": TIME, "updated_at": TIME,
                "upvotes": item.count(UP), "downvotes": item.count(DOWN),
                "share_count": len(item.shares),
                "my_vote": {UP: "up", DOWN: "down", None: None}[item.votes.get(viewer)],
                "meta_data": None, "citing_twins": 0, "citing_askers": 0, "approvals": 0,
                "rejections": 0, "usefulness": round(item.score() / 1e6, 4), "snippet": TEXT if found else None}

    def show_tags(self, viewer, prefix=""):
        used = [tag for item in self.visible_knowledge(viewer) for tag in item.tags
                if tag.startswith(prefix)]
        return [{"tag": tag, "count": used.count(tag)}
                for tag in sorted(set(used), key=lambda tag: (-used.count(tag), tag))]


@erasure
def erase_knowledge(model, user):
    model.knowledge = {number: item for number, item in model.knowledge.items()
                       if item.creator != user}
    for item in model.knowledge.values():
        if item.votes.pop(user, None):
            model.told_later.add(item.id)
        item.shares = {share for share in item.shares if share[0] != user}


# --- actions ------------------------------------------------------------------------------------


@action(8, "POST /knowledge", events=("account_changed",))
def create_knowledge(w, user):
    m = w.model
    body = {"content": " ".join(w.dice.sample(WORDS, 2)), "knowledge_type": w.dice.choice(TYPES),
            "tags": w.dice.sample(TAGS, w.dice.randrange(4)),
            "visibility": w.dice.choice(VISIBILITIES)}
    if w.dice.random() < 0.3:
        body["title"] = w.dice.choice(WORDS)
    made = w.must(201, user, "POST", "/knowledge", body)
    item = KnowledgeItem(made["id"], user, body["content"], body["knowledge_type"], body["tags"],
                         body["visibility"], body.get("title"))
    m.knowledge[item.id] = item
    m.users[user].counts["knowledge"] += 1
    check(m.show_knowledge(user, item), made)
    m.account_changed(user, "knowledge", item.id)


def on_knowledge(own):
    """Makes an action of a function (world, user, item, path, refusal).

    own: whether the item is mostly the user's own; None when it does not matter. refusal: 404 when
    the item is invisible to the user, or None.
    """
    def decorate(function):
        @functools.wraps(function)
        def run(w, user):
            m = w.model
            item = w.pick(m.knowledge.values(), lambda item: own in (
                None, item.creator == user) and m.knowledge_visible(user, item))
            if item:
                refusal = None if m.knowledge_visible(user, item) else 404
                function(w, user, item, f"/knowledge/{item.id}", refusal)
        return run
    return decorate


@action(3.2, "PATCH /knowledge/{id}", events=("account_changed",))
@on_knowledge(own=True)
def change_knowledge(w, user, item, path, refusal):
    body = w.dice.choice((
        {"visibility": w.dice.choice(VISIBILITIES)}, {"tags": w.dice.sample(TAGS, 2)},
        {"content": w.dice.choice(WORDS)}, {"title": w.dice.choice((None, *WORDS))}))
    status = refusal or (None if item.creator == user else 403)
    if status:
        return w.must(status, user, "PATCH", path, body)
    for name, value in body.items():
        setattr(item, name, value)
    w.model.account_changed(user, "knowledge", item.id)
    return w.must(200, user, "PATCH", path, body, w.model.show_knowledge(user, item))


@action(0.8, "DELETE /knowledge/{id}", events=("account_changed",))
@on_knowledge(own=True)
def delete_knowledge(w, user, item, path, refusal):
    status = refusal or (204 if item.creator == user else 403)
    w.must(status, user, "DELETE", path)
    if status == 204:
        del w.model.knowledge[item.id]
        w.model.account_changed(user, "knowledge", item.id, deleted=True)


@action(8, "POST /knowledge/{id}/upvote", "POST /knowledge/{id}/downvote",
        "DELETE /knowledge/{id}/vote", events=("account_changed", "knowledge_voted"))
@on_knowledge(own=False)
def vote(w, user, item, path, refusal):
    m, value = w.model, w.dice.choice((UP, UP, DOWN, None))
    method, path = {UP: ("POST", path + "/upvote"), DOWN: ("POST", path + "/downvote"),
                    None: ("DELETE", path + "/vote")}[value]
    status = refusal or (409 if item.creator == user else None)
    if status:
        w.must(status, user, method, path)
        return
    old = item.votes.pop(user, None)
    if value:
        item.votes[user] = value
        m.users[user].counts["votes"] += old is None
    counts = {"upvotes": item.count(UP), "downvotes": item.count(DOWN)}
    answer = w.must(200, user, method, path)
    check(counts, {name: answer[name] for name in counts}, path)
    if value and value != old:
        m.nudge(user, item.creator)
    if value != old:
        m.account_changed(user, "vote", item.id, deleted=not value)
        m.append_knowledge_event("knowledge_voted", item, counts, user=item.creator)


@action(4, "POST /knowledge/{id}/share", events=("knowledge_shared", "chat_message", HIDDEN))
@on_knowledge(own=None)
def share(w, user, item, path, refusal):
    m, other = w.model, w.pick_user(user)
    room = w.pick(m.rooms.values(), lambda room: room.has(user)) if w.chance() else None
    if room:
        body, receiver = {"room_id": room.id}, room.id
        status = refusal or m.room_refusal(user, room, MEMBER, writes=True) or \
            (None if item.visibility == "public" else 403)
    else:
        body, receiver = {"user_id": other}, other
        status = refusal or m.contact_refusal(user, other) or \
            (None if m.knowledge_visible(other, item) else 403)
    if status:
        w.must(status, user, "POST", path + "/share", body)
        return
    is_new = (user, receiver) not in item.shares
    item.shares.add((user, receiver))
    w.must(200, user, "POST", path + "/share", body, m.show_knowledge(user, item))
    if room:
        share_with_room(w, user, room, item)
    elif is_new:
        m.append_knowledge_event("knowledge_shared", item, {"user_id": user, "username": m.user_name(user)} | m.show_names(user),
                                 user=other, other=user)


def share_with_room(w, user, room, item):
    """By a message, unless there is one that the user has not deleted."""
    m = w.model
    if any(message.knowledge == item.id and message.sender == user and (message.removed or not message.deleted)
           for message in messages_in(room)):
        return
    newest = w.ask(user, "GET", f"/rooms/{room.id}/messages?limit=1").json[0]
    message = Message(len(room.log) + 1, newest["message_id"], user, "", step=next(m.steps), knowledge=item.id)
    m.post(room, message)
    check(m.show_message(user, room, message), newest)


# --- views --------------------------------------------------------------------------------------


@view("GET /knowledge")
def list_of_knowledge(w, viewer):
    m, dice = w.model, w.view_dice
    items = m.visible_knowledge(viewer)
    creator, tag = dice.choice(list(m.users)), dice.choice(TAGS)

    def rows(where=lambda item: True, full=False):
        return [m.show_knowledge(viewer, item, full=full) for item in items if where(item)]
    yield Expected("/knowledge", rows())
    yield Expected("/knowledge?content=full", rows(full=True))
    yield Expected(f"/knowledge?creator_id={creator}", rows(lambda item: item.creator == creator))
    yield Expected(f"/knowledge?tag={tag}", rows(lambda item: tag in item.tags))
    yield Expected("/knowledge?visibility=public&knowledge_type=x",
                   rows(lambda item: item.visibility == "public" and item.type == "x"))
    yield Expected("/knowledge?visibility=friends", rows(lambda item: item.visibility != "private"))
    yield Expected("/knowledge?visibility=private", rows(lambda item: item.creator == viewer))
    query, fits = dice.choice((
        ("", lambda item: True), (f"&tag={tag}", lambda item: tag in item.tags),
        (f"&creator_id={creator}", lambda item: item.creator == creator)))
    best = sorted(filter(fits, items), key=lambda item: (-item.score(), -item.id))
    for sort in ("top", "useful"):  # without an answer of a twin both are the same
        yield Expected(f"/knowledge?sort={sort}{query}",
                       [m.show_knowledge(viewer, item, full=False) for item in best])


@view("GET /knowledge")
def search_of_knowledge(w, viewer):
    m = w.model
    word, other = w.view_dice.sample(WORDS, 2)

    def rows(where):
        return [m.show_knowledge(viewer, item, found=True, full=False)
                for item in m.visible_knowledge(viewer) if where(item)]

    def by_id(rows):
        return sorted(rows, key=lambda row: row["id"])
    yield Expected(f"/knowledge?sort=new&q={word}", rows(lambda item: item.contains(word)))
    yield Expected(f"/knowledge?sort=new&q={word}%20-{other}&visibility=friends", rows(
        lambda item: item.contains(word) and not item.contains(other) and
        item.visibility != "private"))
    yield Expected(f"/knowledge?q={word}%20{other}", rows(
        lambda item: item.contains(word) and item.contains(other)), order=by_id)
    for sort in ("top", "useful"):
        yield Expected(f"/knowledge?sort={sort}&q={word}", rows(lambda item: item.contains(word)),
                       order=by_id)


@view("GET /knowledge/{id}")
def single_knowledge(w, viewer):
    m = w.model
    for item in m.knowledge.values():
        yield if_visible(f"/knowledge/{item.id}", m.knowledge_visible(viewer, item),
                         lambda: m.show_knowledge(viewer, item))
    yield Expected("/knowledge/999", status=404)


@view("GET /knowledge/tags")
def tags(w, viewer):
    for query, prefix in (("", ""), ("?q=te", "te")):
        yield Expected("/knowledge/tags" + query, w.model.show_tags(viewer, prefix))


@export("knowledge")
def exported_knowledge(w, user):
    m = w.model
    return [m.show_knowledge(user, item) for item in m.visible_knowledge(user, user)], None
