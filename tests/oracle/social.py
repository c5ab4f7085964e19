"""The social graph: connections, suggestions, similar and active users, analytics."""

import itertools
import math
import time
from dataclasses import dataclass

from compare import TIME, Expected, iso_time, same
from registry import view
from world import WORDS

DAY = 86400_000_000  # microseconds
NEARLY = 2e-4  # strengths are known no better
PATH_STEPS = 4
COUNTED = ("messages", "votes", "knowledge", "interactions")


def product(path):
    return math.prod((row.strength for row in path), start=1.0)


@dataclass
class Social:
    def connections(self, viewer):
        """The viewer's relationships with visible users."""
        return [row for row in self.relationships.values()
                if row.author == viewer and self.user_visible(viewer, row.other)]

    def second_degree(self, viewer):
        """Pairs of a connection and a relationship of that user, who lets the viewer see it."""
        return [(first, second) for first in self.connections(viewer)
                if self.allows(first.other, viewer, "network")
                for second in self.relationships.values()
                if second.author == first.other and second.type != "blocked"
                and second.other != viewer and self.user_known(viewer, second.other)]

    def paths(self, viewer, to):
        """All paths of at most 4 visible steps, as lists of relationships."""
        found, open_ends = [], [[row] for row in self.connections(viewer)]
        while open_ends:
            path = open_ends.pop()
            end = path[-1].other
            if end == to:
                found.append(path)
            elif len(path) < PATH_STEPS and self.allows(end, viewer, "network"):
                users = {viewer, *(row.other for row in path)}
                open_ends += [[*path, row] for row in self.relationships.values()
                              if row.author == end and row.type != "blocked"
                              and row.other not in users and self.user_known(viewer, row.other)]
        return found

    def show_path(self, viewer, to, path):
        return {"user_id": to, "username": self.user_name(to), **self.show_names(to),
                "steps": None if path is None else len(path),
                "strength": None if path is None else product(path),
                "path": [{"user_id": row.other, "username": self.user_name(row.other), **self.show_names(row.other),
                          "relationship_type": row.type, "strength": row.strength}
                         for row in path or ()]}

    def show_experts(self, viewer, word):
        rows = []
        for other in self.users:
            if other == viewer or not self.user_known(viewer, other):
                continue
            worth = {item.id: (item.count(1) + 1) / (item.count(1) + item.count(-1) + 2)
                     for item in self.visible_knowledge(viewer, other) if item.contains(word)}
            best = sorted(worth, key=lambda number: (-worth[number], -number))[:5]
            if best:
                rows.append({"user_id": other, "username": self.user_name(other), **self.show_names(other),
                             "score": sum(worth[number] for number in best),
                             "matches": len(worth), "knowledge": sorted(best)})
        return sorted(rows, key=lambda row: (-round(row["score"], 6), row["user_id"]))

    def similar(self, viewer):
        """(user, score, common tags), best first."""
        own, found = self.visible_tags(viewer, viewer), []
        for other in self.users.values():
            tags = self.visible_tags(viewer, other.id)
            if other.id == viewer or not other.discoverable or not own & tags or \
                    not self.user_visible(viewer, other.id):
                continue
            seen = other.last_seen if self.allows(other.id, viewer, "presence") else None
            score = len(own & tags) / max(len(own), len(tags))
            found.append((-score, -(seen or 0), other.id, sorted(own & tags)))
        return [(other, -score, tags) for score, _, other, tags in sorted(found)]

    def show_similar_users(self, viewer):
        own, rows = self.visible_tags(viewer, viewer), []
        for other, score, tags in self.similar(viewer):
            items = self.visible_knowledge(viewer, other)
            rows.append({"user_id": other, "username": self.user_name(other), **self.show_names(other),
                         "similarity_score": score, "common_tags": tags,
                         "total_knowledge_count": len(items),
                         "common_knowledge_count": sum(bool(own & set(i.tags)) for i in items)})
        return rows

    def show_suggestions(self, viewer):
        """Friends of friends and similar strangers, in turns."""
        friends = {}  # a friend of friends: the names of the friends
        for first, second in self.second_degree(viewer):
            if first.type == second.type == "friend" and \
                    self.users[second.other].discoverable and \
                    not self.relationship(viewer, second.other):
                friends.setdefault(second.other, []).append(self.user_name(first.other))
        by_friends = [{"user_id": other, "username": self.user_name(other), **self.show_names(other),
                       "reason": "friend_of_friend", "score": float(len(names)), "by": names}
                      for other, names in sorted(friends.items(),
                                                 key=lambda item: (-len(item[1]), item[0]))]
        by_tags = [{"user_id": other, "username": self.user_name(other), **self.show_names(other), "reason": "similar",
                    "score": score, "by": tags}
                   for other, score, tags in self.similar(viewer)
                   if other not in friends and not self.relationship(viewer, other)]
        return [row for pair in itertools.zip_longest(by_friends, by_tags) for row in pair if row]

    def show_active_users(self, viewer, now):
        active = [user for user in self.users.values()
                  if user.last_seen and user.last_seen > now - DAY
                  and self.user_known(viewer, user.id)
                  and self.presence_visible(viewer, user.id)]
        return [{"user_id": user.id, "username": user.name, **self.show_names(user.id), "status": self.status(user.id),
                 "last_seen": iso_time(user.last_seen), "is_aeon": False,
                 "knowledge_count": len(self.visible_knowledge(viewer, user.id)),
                 "interaction_count": len(self.visible_interactions(viewer, user.id))}
                for user in sorted(active, key=lambda user: -user.last_seen)]

    def show_network(self, viewer, depth):
        first = self.connections(viewer)
        second = {(row.author, row.other): row for _, row in self.second_degree(viewer)} \
            if depth > 1 else {}
        items = self.visible_knowledge(viewer, viewer)
        interactions = self.visible_interactions(viewer, viewer)
        votes = sum(item.count(1) for item in items)
        return {"user_id": viewer,
                "connections": [self.show_relationship(viewer, row)
                                for row in [*first, *second.values()]],
                "shared_knowledge": [self.show_knowledge(viewer, item) for item in items],
                "aeon_interactions": [self.show_interaction(item) for item in interactions],
                "network_strength":
                    sum(row.strength for row in first) / len(first) if first else 0.0,
                "influence_score": votes * 0.7 + len(interactions) * 0.3,
                "totals": {"connections": len(first), "shared_knowledge": len(items),
                           "upvotes": votes, "aeon_interactions": len(interactions)},
                "last_updated": TIME}

    def show_graph(self, viewer, depth):
        edges = {(viewer, row.other): row for row in self.connections(viewer)}
        distances = {other: 1 for _, other in edges} | {viewer: 0}
        for _, row in self.second_degree(viewer) if depth > 1 else ():
            edges[row.author, row.other] = row
            distances.setdefault(row.other, 2)
        return {"nodes": [{"id": user, "username": self.user_name(user), **self.show_names(user),
                           "distance": distance}
                          for user, distance in distances.items()],
                "edges": [{"source": source, "target": target, "type": row.type,
                           "strength": row.strength}
                          for (source, target), row in edges.items()]}


# --- views: strengths are known only nearly, so an order by strength is not compared --------------


def sorted_rows(rows, *names):
    return sorted(rows, key=lambda row: [row[name] for name in names])


@view("GET /social/network")
def network(w, viewer):
    for depth in (1, 2):
        yield Expected(f"/social/network?depth={depth}", w.model.show_network(viewer, depth),
                       order=lambda body: body | {"connections": sorted_rows(
                           body["connections"], "user_id", "related_user_id")})


@view("GET /social/graph")
def graph(w, viewer):
    for depth in (1, 2):
        yield Expected(f"/social/graph?depth={depth}", w.model.show_graph(viewer, depth),
                       order=lambda body: {"nodes": sorted_rows(body["nodes"], "id"),
                                           "edges": sorted_rows(body["edges"], "source", "target")})


@view("GET /social/path")
def path_to_each_user(w, viewer):
    m = w.model
    for to in m.users:
        where = f"/social/path?to={to}"
        if not m.user_known(viewer, to):
            yield Expected(where, status=404)
            continue
        paths = [[]] if to == viewer else m.paths(viewer, to)
        shortest = [path for path in paths if len(path) == min(map(len, paths))]
        best = max(map(product, shortest), default=0)
        near = [m.show_path(viewer, to, path) for path in shortest
                if product(path) > best - NEARLY]

        def one_of_the_best(body, near=near):
            """The first of those that are nearly as strong, if the body is one of them."""
            return near[0] if any(same(row, body) is None for row in near) else body
        yield Expected(where, near[0] if near else m.show_path(viewer, to, None),
                       order=one_of_the_best)


@view("GET /social/experts")
def experts(w, viewer):
    word = w.view_dice.choice(WORDS)
    yield Expected(f"/social/experts?q={word}", w.model.show_experts(viewer, word),
                   order=lambda rows: [row | {"knowledge": sorted(row["knowledge"])}
                                       for row in rows])


@view("GET /social/suggestions")
def suggestions(w, viewer):
    yield Expected("/social/suggestions", w.model.show_suggestions(viewer),
                   order=lambda rows: [row | {"by": sorted(row["by"])}
                                       if row["reason"] == "friend_of_friend" else row
                                       for row in rows])


@view("GET /social/similar-users")
def similar_users(w, viewer):
    yield Expected("/social/similar-users", w.model.show_similar_users(viewer))


@view("GET /social/active-users")
def active_users(w, viewer):
    now = time.time_ns() // 1000
    yield Expected("/social/active-users", w.model.show_active_users(viewer, now))


@view("GET /social/analytics")
def analytics(w, viewer):
    counts = w.model.users[viewer].counts
    yield Expected("/social/analytics?days=2", [{name: counts[name] for name in COUNTED}],
                   order=lambda days: [sum(day[name] for day in days) for name in COUNTED])
