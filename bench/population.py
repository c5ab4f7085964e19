"""Fills a realm with many users by writing straight into its tables: see docs/benchmarks.md.

The counts and indexes that triggers maintain are computed once at the end; `aeonctl check` finds them
correct. The seed determines all rows. A few users and tags have very many rows, most have few.
"""

import hashlib
import itertools
import json
import random
import sys
import time
import uuid
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))

from rows import Rows  # noqa: E402

DAY = 86400_000_000
EACH = {"relationships": 50, "knowledge": 10, "messages": 20, "votes": 10, "interactions": 5}
USERS_PER_ROOM = 50
WORDS = 20_000
PHRASES = 30_000

def made_words(count, *letters):
    return random.Random(1).sample(["".join(word) for word in itertools.product(*letters)], count)


FIRST_NAMES = made_words(500, "abcdefghijklmnopqrstuvw", "aeiou", "lmnrst", "aeio")
LAST_NAMES = made_words(20_000, "bcdfghklmnprstw", "aeiou", "lmnrst", "aeiou", "bdgkmnst", "aen")

# What triggers would have maintained.
COUNTED = (
    ("user_words", """
        INSERT INTO user_words SELECT DISTINCT u.discoverable, w.value, u.id
        FROM users u, json_each(name_words(u.username, u.full_name)) w"""),
    ("knowledge_tags", """
        INSERT INTO knowledge_tags SELECT g.knowledge_id, g.tag_id, k.score, k.usefulness
        FROM given g CROSS JOIN shared_knowledge k ON k.id = g.knowledge_id"""),
    ("user_tags", """
        INSERT INTO user_tags SELECT k.creator_id, g.tag_id, k.visibility, count(*)
        FROM given g CROSS JOIN shared_knowledge k ON k.id = g.knowledge_id GROUP BY 1, 2, 3"""),
    ("tags", """
        UPDATE tags SET uses = u.n FROM (SELECT tag_id, sum(items) AS n FROM user_tags
        WHERE visibility = 'public' GROUP BY tag_id) u WHERE u.tag_id = tags.id"""),
    ("tag_users", """
        INSERT INTO tag_users SELECT ids_key(tag_id, user_id),
               coalesce(ids_of(user_id) FILTER (WHERE visibility = 'public'), x''),
               coalesce(ids_of(user_id) FILTER (WHERE visibility = 'friends'), x'')
        FROM user_tags WHERE visibility <> 'private' GROUP BY 1"""),
    ("user_counts", """
        INSERT INTO user_counts (user_id, public_knowledge, friends_knowledge, private_knowledge, upvotes,
               interactions, public_interactions, public_tags, friends_tags, text_bytes)
        SELECT u.id, coalesce(k.public, 0), coalesce(k.friends, 0),
               coalesce(k.private, 0), coalesce(k.up, 0), coalesce(i.n, 0), coalesce(i.public, 0),
               coalesce(t.public, 0), coalesce(t.friends, 0), coalesce(b.bytes, 0)
        FROM users u
        LEFT JOIN (SELECT author, sum(length(CAST(text AS BLOB))) AS bytes FROM (
                     SELECT sender_id AS author, content || coalesce(meta_data, '') AS text
                     FROM real_time_messages
                     UNION ALL SELECT creator_id, content || tags || coalesce(meta_data, '')
                     FROM shared_knowledge
                     UNION ALL
                     SELECT aeon_user_id, content || coalesce(context, '') || coalesce(meta_data, '')
                     FROM aeon_interactions
                     UNION ALL SELECT target_aeon_user_id, coalesce(response_content, '')
                     FROM aeon_interactions)
                   GROUP BY 1) b ON b.author = u.id
        LEFT JOIN (SELECT creator_id, sum(visibility = 'public') AS public,
                          sum(visibility = 'friends') AS friends,
                          sum(visibility = 'private') AS private, sum(upvotes) AS up
                   FROM shared_knowledge GROUP BY 1) k ON k.creator_id = u.id
        LEFT JOIN (SELECT side, count(*) AS n, sum(is_public) AS public FROM (
                     SELECT aeon_user_id AS side, is_public FROM aeon_interactions
                     UNION ALL SELECT target_aeon_user_id, is_public FROM aeon_interactions)
                   GROUP BY 1) i ON i.side = u.id
        LEFT JOIN (SELECT user_id, sum(open) AS public, count(*) AS friends FROM (
                     SELECT user_id, max(visibility = 'public') AS open FROM user_tags
                     WHERE visibility <> 'private' GROUP BY user_id, tag_id)
                   GROUP BY 1) t ON t.user_id = u.id"""),
    ("tag_count_users", """
        INSERT INTO tag_count_users SELECT id, max(public), max(friends) FROM (
               SELECT ids_key(public_tags, user_id) AS id, ids_of(user_id) AS public, x'' AS friends
               FROM user_counts WHERE public_tags > 0 GROUP BY 1
               UNION ALL SELECT ids_key(friends_tags, user_id), x'', ids_of(user_id)
               FROM user_counts WHERE friends_tags > 0 GROUP BY 1)
        GROUP BY 1"""),
)


class Population:
    """Fills the database of a new realm. `skewed` picks mostly low numbers."""

    def __init__(self, path, user_count, seed=1):
        self.user_count, self.rng = user_count, random.Random(seed)
        self.now = time.time_ns() // 1000
        self.rooms = [str(uuid.UUID(int=(0x019A << 112) | (7 << 76) | (2 << 62) | n))
                      for n in range(max(user_count // USERS_PER_ROOM, 1))]
        self.tags = max(user_count // 20, 20)
        self.rows, self.db = Rows(path), None

    def skewed(self, count, power=3):
        return int(count * self.rng.random() ** power)

    def random_user(self):
        return 1 + self.skewed(self.user_count, 1.5)

    # --- rows, as generators ------------------------------------------------------------------

    def users(self):
        return ((n, f"user-{n}", f"{n}@example.org", f"{n}@example.org", "!", self.full_name(),
                 "owner" if n == 1 else "user", self.now, self.now) for n in range(1, self.user_count + 1))

    def full_name(self):
        return f"{FIRST_NAMES[self.skewed(len(FIRST_NAMES))]} {LAST_NAMES[self.skewed(len(LAST_NAMES))]}"

    def presence(self):
        return ((n, "offline", self.now - int(self.rng.random() * 30 * DAY))
                for n in range(1, self.user_count + 1))

    def relationships(self):
        """Relationships of each user; the first user has one to a tenth of all, up to 5,000."""
        kinds = ["friend"] * 60 + ["colleague"] * 38 + ["blocked"] * 2
        for user in range(1, self.user_count + 1):
            many = min(self.user_count // 10, 5000) if user == 1 else \
                int(self.rng.random() * 2 * EACH["relationships"])
            for other in sorted({self.random_user() for _ in range(many)} - {user}):
                at = self.now - int(self.rng.random() * 100 * DAY)
                yield (user, other, self.rng.choice(kinds), 0.05 + self.rng.random() * 0.95, at, at)

    def knowledge(self):
        words = ["".join(letters) for letters in itertools.islice(
            itertools.product("bdfgklmnprst", "aeiou", "bdfgklmnprst", "aeiou", "lmnrst"), WORDS)]
        self.rng.shuffle(words)
        self.words = words
        self.phrases = [" ".join(words[self.skewed(WORDS)] for _ in range(8)) for _ in range(PHRASES)]
        seen = ["public"] * 80 + ["friends"] * 15 + ["private"] * 5
        self.given = []
        count = EACH["knowledge"] * self.user_count
        for n in range(1, count + 1):
            tags = {self.skewed(self.tags) for _ in range(self.rng.randrange(6))}
            self.given += [(n, 1 + tag) for tag in sorted(tags)]
            at = self.now - (count - n) * 1_000_000
            yield (n, 1 + self.skewed(self.user_count, 2),
                   " ".join(self.rng.choice(self.phrases) for _ in range(3)),
                   self.rng.choice(("fact", "insight", "question")),
                   json.dumps(sorted(f"tag-{1 + tag}" for tag in tags)), self.rng.choice(seen), at, at)

    def votes(self):
        """Votes; the first pieces of knowledge have thousands, most have a few."""
        items = EACH["knowledge"] * self.user_count
        for n in range(EACH["votes"] * self.user_count // 10):
            item = 1 + self.skewed(items, 4)
            yield (item, 1 + self.rng.randrange(self.user_count), 1 if self.rng.random() < 0.8 else -1,
                   self.now)
        for item in range(1, items + 1):
            if self.rng.random() < 0.9:
                yield (item, 1 + self.rng.randrange(self.user_count),
                       1 if self.rng.random() < 0.8 else -1, self.now)

    def interactions(self):
        for _ in range(EACH["interactions"] * self.user_count):
            one, other = self.random_user(), 1 + self.rng.randrange(self.user_count)
            if one != other:
                yield (one, other, "question", "How do you do it?", self.now, self.rng.random() < 0.5)

    def participants(self):
        for room in self.rooms:
            members = sorted({self.random_user() for _ in range(USERS_PER_ROOM)})
            for i, user in enumerate(members):
                yield (room, user, "member" if i else "owner", self.now, self.now)

    def messages(self):
        """Messages of one phrase each, which are made with the knowledge."""
        each = EACH["messages"] * self.user_count // len(self.rooms)
        for n, room in enumerate(self.rooms):
            for seq in range(1, each + 1):
                number = n * each + seq
                at = self.now - (each - seq) * 60_000_000
                yield (str(uuid.UUID(int=(0x019B << 112) | (7 << 76) | (2 << 62) | number)), room, seq,
                       self.random_user(), self.rng.choice(self.phrases), at)

    # --- the whole ----------------------------------------------------------------------------

    def insert(self, table, columns, rows, what="INSERT"):
        marks = ", ".join("?" * len(columns.split(",")))
        self.db.executemany(f"{what} INTO {table} ({columns}) VALUES ({marks})", rows)

    def fill(self):
        with self.rows.bulk() as self.db:
            aside = self.rows.drop_triggers_and_indexes(self.db)
            steps = self.steps() + [(table, lambda sql=sql: self.db.execute(sql))
                                    for table, sql in COUNTED]
            steps += [(name, lambda sql=sql: self.db.execute(sql)) for name, sql in aside]
            for number, (name, step) in enumerate(steps):
                bar(name, number, len(steps))
                step()
                if name == "knowledge":
                    self.insert("temp.given", "knowledge_id, tag_id", self.given)
        bar("", len(steps), len(steps))

    def steps(self):
        """(name, function) of each step, in order."""
        def rows(table, columns, what="INSERT"):
            def step():
                made = getattr(self, table)()
                self.insert(TABLES.get(table, table), columns, made, what)
            return table, step
        owner = "(SELECT user_id FROM room_participants m WHERE m.room_id = chat_rooms.id " \
                "AND m.role = 'owner')"
        return [
            ("given", lambda: self.db.execute(
                "CREATE TEMP TABLE given (knowledge_id, tag_id)")),
            rows("users", "id, username, email, email_key, password_hash, full_name, role, "
                 "created_at, updated_at"),
            rows("presence", "user_id, status, last_seen"),
            rows("relationships", "user_id, related_user_id, relationship_type, strength, "
                 "created_at, last_interaction"),
            ("tag names", lambda: self.insert("tags", "id, name", (
                (1 + n, f"tag-{1 + n}") for n in range(self.tags)))),
            rows("knowledge", "id, creator_id, content, knowledge_type, tags, visibility, "
                 "created_at, updated_at"),
            rows("votes", "knowledge_id, user_id, value, created_at", "INSERT OR IGNORE"),
            ("vote counts", lambda: self.db.execute(
                "UPDATE shared_knowledge SET upvotes = v.up, downvotes = v.down, "
                "told_upvotes = v.up, told_downvotes = v.down FROM ("
                "SELECT knowledge_id, sum(value = 1) AS up, sum(value = -1) AS down "
                "FROM knowledge_votes GROUP BY 1) v WHERE v.knowledge_id = shared_knowledge.id")),
            rows("interactions", "aeon_user_id, target_aeon_user_id, interaction_type, content, "
                 "created_at, is_public"),
            ("rooms", lambda: self.insert(
                "chat_rooms", "id, name, topic, created_at, is_public, max_participants",
                ((room, f"Room {n}", "Anything", self.now, n % 5 > 0, 10000)
                 for n, room in enumerate(self.rooms)))),
            rows("participants", "room_id, user_id, role, joined_at, last_activity"),
            rows("messages", "id, room_id, seq, sender_id, content, timestamp"),
            ("room counts", lambda: self.db.execute(
                f"UPDATE chat_rooms SET created_by = {owner}, last_seq = ?, current_participants = "
                "(SELECT count(*) FROM room_participants m WHERE m.room_id = chat_rooms.id) "
                "WHERE name LIKE 'Room %'",
                (EACH["messages"] * self.user_count // len(self.rooms),))),
        ]


TABLES = {"presence": "user_presence", "relationships": "user_relationships",
          "knowledge": "shared_knowledge", "votes": "knowledge_votes",
          "interactions": "aeon_interactions", "participants": "room_participants",
          "messages": "real_time_messages"}


def bar(what, done, total):
    if sys.stderr.isatty():
        full = 30 * done // total
        print(f"\r[{'#' * full:30}] {done}/{total} {what:40}", end="\n" if done == total else "",
              file=sys.stderr, flush=True)


def sign_in(path, users):
    """Creates a login for each user without a password; returns user to token."""
    tokens = {user: f"{user:043}" for user in users}
    with Rows(path).transaction() as db:
        db.executemany("INSERT INTO sessions (token_hash, user_id, created_at, expires_at) "
                       "VALUES (?, ?, 0, ?)", ((hashlib.sha256(token.encode()).digest(), user, 2**60)
                                               for user, token in tokens.items()))
    return tokens

