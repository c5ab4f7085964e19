"""What everybody must see of a small realm: every route that reads, for every viewer.

ROUTES has a row for each route of the API, so that a new one cannot be forgotten: what it must
answer, the deed that is it, or why nobody's privacy is in it.
"""

import random
import time

from deeds import TAGS, WORDS
from truth import TEXT, same

NOBODY = "01890000-0000-7000-8000-000000000000"
WRITES = "a deed"


def by_pair(row):
    return row["user_id"], row["related_user_id"]


def unordered(value):
    """The same for what comes in an order that strengths decide, which are known only nearly."""
    if isinstance(value, dict):
        return {key: sorted(part, key=lambda row: str(sorted(row.items()))
                            if "related_user_id" not in row else str(by_pair(row)))
                if key in ("connections", "nodes", "edges") else part
                for key, part in value.items()}
    return [row | {"by": sorted(row["by"])} if row.get("reason") == "friend_of_friend" else row
            for row in value]


def edges(value):
    return {"nodes": sorted(value["nodes"], key=lambda node: node["id"]),
            "edges": sorted(value["edges"], key=lambda edge: (edge["source"], edge["target"]))}


def one(sees, show):
    """(status, body) of something single."""
    return (200, show()) if sees else (404, None)


# --- a row of these: (path, status, body), and how both bodies are brough


def me(w, v):
    yield "/api/v1/users/me", 200, w.truth.user(v, v)


def sessions(w, v):
    yield "/api/v1/users/sessions", 200, [{"is_current": True}], \
        lambda rows: [row["is_current"] for row in rows]


def privacy(w, v):
    yield "/api/v1/users/me/privacy", 200, w.truth.privacy(v)


def users(w, v):
    t = w.truth
    everybody = [t.user(v, user.id) for user in reversed(t.users.values()) if not user.erased]
    yield ("/api/v1/users", *((200, everybody) if t.is_staff(v) else (403, None)))


def user(w, v):
    t = w.truth
    for of in t.users.values():
        seen = t.is_staff(v) and not of.erased or t.there(v, of.id)
        yield (f"/api/v1/users/{of.id}", *one(seen, lambda: t.user(v, of.id)))
    yield "/api/v1/users/999", 404, None


def rooms(w, v):
    t = w.truth
    seen = t.rooms_of(v)
    public, joined, aeon = (w.eyes.choice((True, False)) for _ in range(3))
    word = w.eyes.choice(WORDS)
    for query in ("", f"&q={word[:3]}"):
        found = [room for room in seen if not query or word in f"{room.name} {room.topic}".lower()]
        for path, shown in (
                ("/rooms?", found),
                (f"/rooms?is_public={public}", [room for room in found if room.public == public]),
                (f"/rooms?joined={joined}&is_aeon_room={aeon}",
                 [room for room in found if room.inside(v) == joined and room.aeon == aeon])):
            yield path.lower() + query, 200, [t.summary(v, room) for room in shown]


def room(w, v):
    t = w.truth
    for place in t.rooms.values():
        yield (f"/rooms/{place.id}", *one(t.sees_room(v, place), lambda: t.room(v, place)))
    yield f"/rooms/{NOBODY}", 404, None


def messages(w, v):
    t = w.truth
    for place in t.rooms.values():
        yield (f"/rooms/{place.id}/messages", *one(t.reads(v, place),
                                                   lambda: t.history(v, place)))
    if t.rooms:
        place = w.eyes.choice(list(t.rooms.values()))
        after = w.eyes.randrange(len(place.log) + 1)
        yield (f"/rooms/{place.id}/messages?after={after}", *one(t.reads(v, place), lambda: [
            message for message in reversed(t.history(v, place)) if message["seq"] > after]))


def message(w, v):
    t = w.truth
    said = [(place, m) for place in t.rooms.values() for m in place.messages()]
    for place, m in w.eyes.sample(said, min(len(said), 4)):
        seen = t.reads(v, place) and not t.apart(v, m.sender)
        yield (f"/rooms/{place.id}/messages/{m.id}", *one(seen, lambda: t.message(v, place, m)))


def relationships(w, v):
    t = w.truth
    mine = sorted((r for r in t.relations.values() if r.author == v and t.sees_relation(r)),
                  key=lambda r: -r.id)
    yield "/relationships", 200, [t.shown_relation(v, r) for r in mine]
    kind = w.eyes.choice(("friend", "blocked"))
    yield f"/relationships?relationship_type={kind}", 200, [
        t.shown_relation(v, r) for r in mine if r.type == kind]


def relationship(w, v):
    t = w.truth
    for other in t.users:
        mine = t.relation(v, other)
        yield (f"/relationships/{other}", *one(mine and t.sees_relation(mine),
                                               lambda: t.shown_relation(v, mine)))


def relationships_of(w, v):
    t = w.truth
    for of in t.users:
        path = f"/users/{of}/relationships"
        if not t.there(v, of):
            yield path, 404, None
        elif not t.lets(of, v, "relationships"):
            yield path, 403, None
        else:
            theirs = sorted((r for r in t.relations.values() if r.author == of and
                             r.type != "blocked" and t.there(v, r.other)), key=lambda r: -r.id)
            yield path, 200, [t.shown_relation(None, r) for r in theirs]


def network(w, v):
    for depth in (1, 2):
        yield f"/social/network?depth={depth}", 200, w.truth.network(v, depth), unordered


def similar_users(w, v):
    yield "/social/similar-users", 200, w.truth.similar_users(v)


def active_users(w, v):
    yield "/social/active-users", 200, w.truth.active_users(v, time.time_ns() // 1000)


def suggestions(w, v):
    yield "/social/suggestions", 200, w.truth.suggestions(v), unordered


def graph(w, v):
    for depth in (1, 2):
        yield f"/social/graph?depth={depth}", 200, w.truth.graph(v, depth), edges


def analytics(w, v):
    def total(days):
        return {name: sum(day[name] for day in days) for name in w.truth.days(v)}
    yield "/social/analytics?days=2", 200, [w.truth.days(v)], total


def tags(w, v):
    yield "/knowledge/tags", 200, w.truth.tags(v)
    yield "/knowledge/tags?q=te", 200, w.truth.tags(v, "te")


def knowledge(w, v):
    t = w.truth
    seen = t.knowledge_of(v)
    creator, tag = w.eyes.choice(list(t.users)), w.eyes.choice(TAGS)

    def shown(where=lambda item: True, found=False):
        return [t.item(v, item, found) for item in seen if where(item)]
    yield "/knowledge", 200, shown()
    yield f"/knowledge?creator_id={creator}", 200, shown(lambda i: i.creator == creator)
    yield f"/knowledge?tag={tag}", 200, shown(lambda i: tag in i.tags)
    yield "/knowledge?visibility=public&knowledge_type=x", 200, shown(
        lambda i: i.visibility == "public" and i.type == "x")
    yield "/knowledge?visibility=friends", 200, shown(lambda i: i.visibility != "private")
    yield "/knowledge?visibility=private", 200, shown(lambda i: i.creator == v)
    query, fits = w.eyes.choice((("", lambda i: True), (f"&tag={tag}", lambda i: tag in i.tags),
                                 (f"&creator_id={creator}", lambda i: i.creator == creator)))
    best = sorted(filter(fits, seen), key=lambda i: (-i.score(), -i.id))
    yield f"/knowledge?sort=top{query}", 200, [t.item(v, i) for i in best]
    word, other = w.eyes.sample(WORDS, 2)

    def has(item, text):
        return text in item.content.split() + item.tags
    yield f"/knowledge?sort=new&q={word}", 200, shown(lambda i: has(i, word), True)
    yield f"/knowledge?sort=new&q={word}%20-{other}&visibility=friends", 200, shown(
        lambda i: has(i, word) and not has(i, other) and i.visibility != "private", True)

    def by_id(items):
        return sorted(items, key=lambda item: item["id"])
    yield f"/knowledge?q={word}%20{other}", 200, shown(
        lambda i: has(i, word) and has(i, other), True), by_id
    yield f"/knowledge?sort=top&q={word}", 200, shown(lambda i: has(i, word), True), by_id


def item(w, v):
    t = w.truth
    for i in t.knowledge.values():
        yield (f"/knowledge/{i.id}", *one(t.sees_knowledge(v, i), lambda: t.item(v, i)))
    yield "/knowledge/999", 404, None


def interactions(w, v):
    t = w.truth
    other, kind, public = w.eyes.choice(list(t.users)), w.eyes.choice("xy"), \
        w.eyes.choice((True, False))
    seen = t.interactions_of(v)
    mine = [i for i in seen if v in (i.author, i.target)]
    yield "/aeon/interactions", 200, [t.interaction(i) for i in mine]
    yield f"/aeon/interactions?with={other}&is_public={public}".lower(), 200, [
        t.interaction(i) for i in mine
        if (other in (i.author, i.target) and other != v) and i.public == public]
    yield f"/aeon/interactions?scope=public&interaction_type={kind}", 200, [
        t.interaction(i) for i in seen if i.public and i.type == kind]
    yield f"/aeon/interactions?scope=public&with={other}", 200, [
        t.interaction(i) for i in seen if i.public and other in (i.author, i.target)]


def interaction(w, v):
    t = w.truth
    for i in t.interactions.values():
        yield (f"/aeon/interactions/{i.id}", *one(t.sees_interaction(v, i),
                                                  lambda: t.interaction(i)))


def export(w, v):
    """Nothing of people who are not there, in what is else one's own."""
    t = w.truth
    parts = {
        "account": [t.user(v, v)], "privacy": [t.privacy(v)],
        "relationships": sorted((t.shown_relation(v, r) for r in t.relations.values()
                                 if r.author == v and t.sees_relation(r)),
                                key=lambda row: -row["id"]),
        "knowledge": [t.item(v, i) for i in t.knowledge_of(v, v)],
        "aeon_interactions": [t.interaction(i) for i in t.interactions_of(v, v)],
        "messages": sorted((t.message(v, place, m) for place in t.rooms.values()
                            for m in place.messages() if m.sender == v
                            and (not place.gone)), key=lambda row: row["message_id"]),
        "memberships": sorted(place.id for place in t.rooms.values() if v in place.members),
    }

    def pick(whole):
        if whole is parts:
            return whole
        gone = {place.id for place in t.rooms.values() if place.gone}
        return {name: whole[name] for name in parts} | {
            "messages": sorted((m for m in whole["messages"] if m["room_id"] not in gone),
                               key=lambda row: row["message_id"]),
            "memberships": sorted(row["room_id"] for row in whole["memberships"])}
    yield "/api/v1/users/me/export", 200, parts, pick


def events(w, v):
    told = [{"type": kind, "data": data} for kind, data in w.truth.told(v)]

    def heard(path):
        """All pages, without the positions."""
        found, pos = [], w.start
        while True:
            page = w.ask(v, "GET", f"/events?since={pos}&epoch={w.epoch}&limit=7").json
            assert not page["gaps"] and not page["epoch_changed"], page
            found += [{"type": e["type"], "data": e["data"]} for e in page["events"]]
            if page["pos"] == pos:
                return found
            pos = page["pos"]
    yield "/events", heard, told


PUBLIC = "tells of nobody"
ROUTES = {
    "GET /api/v1/users/me": me, "GET /api/v1/users/me/privacy": privacy,
    "GET /api/v1/users/me/export": export, "GET /api/v1/users/sessions": sessions,
    "GET /api/v1/users": users, "GET /api/v1/users/{id}": user,
    "GET /api/v1/phase3/rooms": rooms, "GET /api/v1/phase3/rooms/{room_id}": room,
    "GET /api/v1/phase3/rooms/{room_id}/messages": messages,
    "GET /api/v1/phase3/rooms/{room_id}/messages/{message_id}": message,
    "GET /api/v1/phase3/relationships": relationships,
    "GET /api/v1/phase3/relationships/{user_id}": relationship,
    "GET /api/v1/phase3/users/{user_id}/relationships": relationships_of,
    "GET /api/v1/phase3/social/network": network,
    "GET /api/v1/phase3/social/similar-users": similar_users,
    "GET /api/v1/phase3/social/active-users": active_users,
    "GET /api/v1/phase3/social/suggestions": suggestions,
    "GET /api/v1/phase3/social/graph": graph,
    "GET /api/v1/phase3/social/analytics": analytics,
    "GET /api/v1/phase3/knowledge/tags": tags, "GET /api/v1/phase3/knowledge": knowledge,
    "GET /api/v1/phase3/knowledge/{id}": item,
    "GET /api/v1/phase3/aeon/interactions": interactions,
    "GET /api/v1/phase3/aeon/interactions/{id}": interaction,
    "GET /api/v1/phase3/events": events,
    "GET /health": PUBLIC, "GET /api/v1/health/detailed": PUBLIC,
    "GET /api/v1/phase3/health/phase3": PUBLIC, "GET /openapi.json": PUBLIC, "GET /docs": PUBLIC,
    "GET /": PUBLIC,
    "POST /api/v1/users/register": PUBLIC, "POST /api/v1/users/login": PUBLIC,
    "POST /api/v1/users/logout": PUBLIC, "POST /api/v1/phase3/ws/ticket": PUBLIC,
    "PUT /api/v1/users/me": PUBLIC, "PATCH /api/v1/users/me": PUBLIC,
    "DELETE /api/v1/users/sessions/{id}": PUBLIC,
} | dict.fromkeys((
    "DELETE /api/v1/users/me", "PUT /api/v1/users/me/privacy", "PATCH /api/v1/users/{id}",
    "POST /api/v1/phase3/rooms", "PATCH /api/v1/phase3/rooms/{room_id}",
    "DELETE /api/v1/phase3/rooms/{room_id}", "POST /api/v1/phase3/rooms/{room_id}/join",
    "POST /api/v1/phase3/rooms/{room_id}/leave", "PUT /api/v1/phase3/rooms/{room_id}/read",
    "POST /api/v1/phase3/rooms/{room_id}/invitations",
    "PUT /api/v1/phase3/rooms/{room_id}/participants/{user_id}",
    "DELETE /api/v1/phase3/rooms/{room_id}/participants/{user_id}",
    "POST /api/v1/phase3/rooms/{room_id}/messages",
    "PATCH /api/v1/phase3/rooms/{room_id}/messages/{message_id}",
    "DELETE /api/v1/phase3/rooms/{room_id}/messages/{message_id}",
    "PUT /api/v1/phase3/rooms/{room_id}/messages/{message_id}/reactions/{key}",
    "DELETE /api/v1/phase3/rooms/{room_id}/messages/{message_id}/reactions/{key}",
    "POST /api/v1/phase3/relationships", "PATCH /api/v1/phase3/relationships/{user_id}",
    "DELETE /api/v1/phase3/relationships/{user_id}", "POST /api/v1/phase3/knowledge",
    "PATCH /api/v1/phase3/knowledge/{id}", "DELETE /api/v1/phase3/knowledge/{id}",
    "POST /api/v1/phase3/knowledge/{id}/upvote", "POST /api/v1/phase3/knowledge/{id}/downvote",
    "DELETE /api/v1/phase3/knowledge/{id}/vote", "POST /api/v1/phase3/knowledge/{id}/share",
    "POST /api/v1/phase3/aeon/interactions", "DELETE /api/v1/phase3/aeon/interactions/{id}",
    "POST /api/v1/phase3/aeon/interactions/{id}/respond"), WRITES)
SIGHTS = [sight for sight in ROUTES.values() if callable(sight)]

# What one is told of, and where the oracle has it from.
EVENTS = {"chat_message", "message_edited", "message_deleted", "reaction", "read_marker",
          "user_joined", "user_left", "knowledge_shared", "knowledge_voted",
          "interaction_created", "interaction_responded", "relationship_updated", "invitation",
          "room_updated", "room_removed", "hidden"}
OF_BRIDGES = {"room_gone", "blocked", "unblocked", "sessions_ended"}  # no client is told


def look(world, viewer):
    """Compares all that the viewer sees; the first difference fails."""
    world.eyes = random.Random(world.dice.random())
    for sight in SIGHTS:
        for path, status, expected, *order in sight(world, viewer):
            if callable(status):
                found = status(path)
            else:
                answer = world.ask(viewer, "GET", path)
                assert answer.status == status, \
                    f"{viewer} GET {path}: {status} expected, not {answer}"
                if expected is None:
                    continue
                found = answer.json
            if order:
                expected, found = order[0](expected), order[0](found)
            difference = same(expected, found)
            assert not difference, f"{viewer} GET {path}{difference}"


__all__ = ["ROUTES", "EVENTS", "OF_BRIDGES", "look", "TEXT"]
