"""Every column of the database that holds a user's id, wherever it is.

The export has the rows of each column, or this file gives the reason why not. Erasing an account
leaves no row in any column, or this file gives the reason why. A new column with a user's id is
found by its values: the realm has a row in every table, and one user has an id that is no other
number.
"""

import re

import pytest
from conftest import Caller
from realm import Realm
from test_erase import CANARY, ME, ida, use_everything

EXPORT = ME + "/export"
IDA = 424_242
ID = re.compile(rf"(?<![\w.-]){IDA}(?![\w.-])")  # not a part of a UUID or of another number

# For each column with a user's id: the part of the export that has its rows.
EXPORTED = {
    "users.id": "account",
    "sessions.user_id": "sessions",
    "login_networks.user_id": "networks",
    "user_presence.user_id": "presence",
    "user_settings.user_id": "settings",
    "room_participants.user_id": "memberships",
    "room_invitations.user_id": "invitations",
    "room_invitations.invited_by": "invitations",
    "room_bans.user_id": "bans",
    "room_bans.banned_by": "bans",
    "user_relationships.user_id": "relationships",
    "shared_knowledge.creator_id": "knowledge",
    "knowledge_votes.user_id": "votes",
    "knowledge_shares.user_id": "shares",
    "message_reactions.user_id": "reactions",
    "former_texts.sender_id": "former_texts",
    "message_mentions.user_id": "mentions",
    "aeon_interactions.aeon_user_id": "aeon_interactions",
    "aeon_interactions.target_aeon_user_id": "aeon_interactions",
    "user_days.user_id": "days",
    "real_time_messages.sender_id": "messages",
    "mails.user_id": "mails",
    "audit_log.actor_id": "audit",
    "audit_log.object": "audit",
    "invites.created_by": "invites",
    "removals.author_id": "removals",
    "removals.other_id": "removals",
    "removals.removed_by": "removals",
    "reports.reporter_id": "reports",
    "reports.assignee_id": "reports",
    "twins.user_id": "twin",
    "room_twins.user_id": "twin_rooms",
    "twin_memories.owner_id": "memories",
    "twin_conversations.owner_id": "conversations",
    "twin_turns.twin_id": "turns",
    "twin_calls.twin_id": "twin_calls",
}

# Why the rows of a column are not in the export.
NOT_EXPORTED = {
    "totp.user_id": "a secret",
    "account_codes.user_id": "hashes of secrets",
    "totp_recovery.user_id": "hashes of secrets",
    "removed_votes.user_id": "kept for some weeks, to restore the knowledge with its votes",
    "removed_shares.user_id": "kept for some weeks, to restore the knowledge with its shares",
    "content_removals.user_id": "work for some minutes; what it removes is in the removals",
    "content_removals.removed_by": "work for some minutes; the audit log has who began it",
    "reports.author_id": "what others report is theirs, and its author is not told",
    "reports.object": "what others report is theirs, and its author is not told",
    "user_relationships.related_user_id": "how others see the user is theirs to export",
    "knowledge_shares.target": "a share is exported to the user who made it",
    "chat_rooms.created_by": "the creator is a member, so the room is among the memberships",
    "message_changes.user_id": "what a change left behind is in the messages and the reactions",
    "taken_changes.user_id": "which changes are not made again, for a month; their results are exported",
    "connected_users.user_id": "exists only while a client is connected; the presence is exported",
    "user_tags.user_id": "counted from the tags of the knowledge, which is exported",
    "user_counts.user_id": "counted from rows that are exported",
    "twin_turns.asker_id": "a turn is exported to the owner of the twin",
    "turn_sources.author_id": "the text is exported to its author, its use to the owner of the twin",
    "knowledge_cites.twin_id": "counted from the turns, which are exported",
    "knowledge_cites.asker_id": "counted from turns, which are exported to the owner of the twin",
    "twin_calls.asker_id": "a call is exported to the owner of the twin",
    "texts.author_id": "an index of texts that are exported",
    "user_words.user_id": "an index of the names in the account, which is exported",
    "learning.owner_id": "which of the exported texts a twin has read",
    "search_vectors.owner_id": "a search that waits for less than a second",
    "path_questions.viewer_id": "a question that waits for less than a second",
    "path_questions.target_id": "a question that waits for less than a second",
    "projected.id": "the numbers of what another store may hold; the row goes with the thing",
    "projected.other": "the numbers of what another store may hold; the row goes with the thing",
    "twin_spend.key": "counted from the calls, which are exported",
    "idempotency_keys.user_id": "a copy of an answer, for a day; its result is exported",
    "idempotency_keys.other_id": "a copy of an answer to another user",
    "idempotency_keys.body": "a copy of an answer; what it shows is exported",
    "realm_events.user_id": "a copy for some hours of what clients were sent of other tables",
    "realm_events.other_id": "a copy for some hours of what clients were sent of other tables",
    "realm_events.data": "a copy for some hours of what clients were sent of other tables",
}

# Why rows with the id of an erased user stay, and a condition that all of them meet.
STAYS = {
    "users.id": ("the sender of the messages that stay, without a name",
                 "username = 'deleted user' AND email = '' AND password_hash = ''"),
    "real_time_messages.sender_id": ("a room's log keeps its messages", "1"),
    "message_changes.user_id": ("a room's log has no gap", "1"),
    "knowledge_shares.target": ("a share is its maker's; the id leads to no name",
                                f"user_id <> {IDA}"),
    "audit_log.actor_id": ("the id of a user without a name", "address IS NULL AND detail IS NULL"),
    "audit_log.object": ("the id of a user without a name", "detail IS NULL"),
    "twin_turns.asker_id": ("turns of other twins; the id leads to no name", f"twin_id <> {IDA}"),
    "knowledge_cites.asker_id": ("turns of other twins; the id leads to no name",
                                 f"twin_id <> {IDA}"),
    "realm_events.user_id": ("entries of a room's log, and the departure of the user", f"""
        seq IS NOT NULL OR created_at >= (SELECT erased_at FROM users WHERE id = {IDA})"""),
    "realm_events.other_id": ("entries of a room's log", "seq IS NOT NULL"),
    "realm_events.data": ("the departure of the user", f"""
        created_at >= (SELECT erased_at FROM users WHERE id = {IDA})"""),
}

# Why no column of a table can be seen to hold the user's id.
WITHOUT_IDS = {
    "realm_meta": "about the realm as a whole",
    "realm_settings": "about the realm as a whole",
    "providers": "about the realm as a whole",
    "minutes": "about the realm as a whole",
    "bridges": "about processes",
    "attempts": "by a hash of what was tried and who tried it, for a day",
    "tags": "words that all users share",
    "vector_models": "about the realm as a whole",
    "vector_work": "about processes",
    "text_vectors": "numbers of texts, which go with the row of the text",
    "knowledge_unindexed": "texts that wait for a moment; test_erase looks for them",
    "digest_rooms": "refers to a message alone, for some seconds; after_user is a place among the members",
    "knowledge_tags": "refers to the knowledge alone",
    "ws_tickets": "refers to the session alone, with which it goes",
    "guesses": "hashes of names and networks, for a day",
    "gone_sources": "ids of texts, for a moment",
    "forgotten": "counts of texts of the realm as a whole",
    "sync": "about the realm as a whole",
    "memory_sources": "refers to the memory alone, with which it goes",
    "twin_chat": "refers to the conversation alone, with which it goes",
    "text_words": "refers to the texts alone, with which it goes",
    "public_words": "refers to the texts alone, with which it goes",
    "text_counts": "about public texts as a whole",
    "texts_waiting": "refers to texts alone, for a moment",
    "tag_users": "sets of ids, made from user_tags by triggers; `aeonctl check` compares both",
    "tag_count_users": "sets of ids, made from user_counts by triggers; `aeonctl check` compares both",
}


@pytest.fixture
def town():
    """A realm where ida has a row in every table."""
    with Realm() as made:
        made.ids = {name: made.user(name) for name in ("olga", "ben", "cleo")}
        made.rows.set_last_id("users", IDA - 1)
        made.ids[f"ida-{CANARY}"] = made.user(f"ida-{CANARY}")
        assert made.ids[f"ida-{CANARY}"] == IDA
        use_everything(made)
        ida(made)("POST", "/ws/ticket")
        for user, by in ((made.ids["cleo"], IDA), (IDA, made.ids["olga"])):  # the next request does it
            made.rows.change("INSERT INTO content_removals (user_id, removed_by, reason, created_at) "
                             "VALUES (?, ?, 'x', 1)", user, by)
        yield made


def held(town):
    """The rows that have ida's id, by "table.column"."""
    found = {}
    for table in town.rows.tables():
        for row in town.rows.all(table):
            for column, value in row.items():
                if isinstance(value, (int, str)) and ID.search(str(value)):
                    found.setdefault(f"{table}.{column}", []).append(row)
    return found


def references(town):
    return {f"{table}.{column}" for table, column in town.rows.references("users")}


def same(row, item, columns):
    """Whether they agree in all ids, texts and flags that have one name in both.

    Times and lists are written differently in both. The id of another user may be withheld.
    """
    withheld = {name for name in columns if item.get(name, 0) is None and row[name] != IDA}
    return all(item[name] == row[name] for name in set(row) & set(item) - withheld
               if isinstance(row[name], (int, str)) and isinstance(item[name], type(row[name])))


def test_the_lists_name_every_column_that_holds_a_users_id_and_no_other(town):
    found = held(town)
    assert references(town) <= set(found), "use_everything() makes a row for each, with ida's id"
    assert set(found) == set(EXPORTED) | set(NOT_EXPORTED)
    tables = {column.split(".")[0] for column in found}
    tables |= set(WITHOUT_IDS)
    assert set(town.rows.tables()) == tables, "use_everything() makes a row in each table"


def test_a_new_table_with_a_users_id_is_found_with_a_foreign_key_and_without(town):
    before, keys = set(held(town)), references(town)
    town.rows.change("CREATE TABLE pins (pinned_by INTEGER REFERENCES users (id))")
    assert references(town) - keys == {"pins.pinned_by"}
    town.rows.change("CREATE TABLE notes (about TEXT)")
    town.rows.change("INSERT INTO notes VALUES (?)", f'{{"users":[7,{IDA}]}}')
    assert set(held(town)) - before == {"notes.about"}


def test_the_export_has_every_row_with_the_users_id(town):
    document, found = ida(town)("GET", EXPORT).json, held(town)
    for part in set(EXPORTED.values()):
        columns = [column for column in EXPORTED if EXPORTED[column] == part]
        names = {column.split(".")[1] for column in columns}
        rows = [row for column in columns for row in found[column]]
        for row in rows:
            assert any(same(row, item, names) for item in document[part]), (part, row)
        assert len(document[part]) == len({tuple(row.items()) for row in rows}), part


def test_erasing_an_account_leaves_no_row_with_the_users_id_but_those_that_stay(town):
    assert ida(town)("DELETE", ME).status == 204
    for _ in range(5):  # each program does a part of the rest
        Caller(town, "ben")("GET", ME)
    assert town.rows.select("SELECT 1 FROM users WHERE erasing <> 0") == []
    assert set(held(town)) == set(STAYS)
    for column, (_, condition) in STAYS.items():
        table, name = column.split(".")
        assert town.rows.select(f"SELECT * FROM {table} WHERE {name} LIKE '%{IDA}%' "
                                f"AND NOT ({condition})") == [], column
