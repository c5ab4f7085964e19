#!/usr/bin/python3
"""Shows that the oracle notices when a condition on what a viewer may see is missing.

In a mutant one such condition in sql/ has no effect: it is always true after AND, and always false
after OR. Each mutant is built, and the oracle must find a difference. The exit status is 1 when it
misses a mutant. All mutants take about an hour; --sample N takes N random ones.

    tests/oracle/mutate.py BUILD [--sample N] [--seed S] [--worlds N] [--only TEXT] [--skip FILE]
                           [--list]

The output of a run that ended early is a FILE for --skip.

BUILD is a build directory for this alone, configured and made.
"""

import argparse
import fcntl
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
FILES = re.findall(r"sql/(?:\w*fragments|queries/\w+)\.sql", (TOP / "lib/local.mk").read_text())
# These files reveal no user to another.
SKIPPED = ("counts", "erase", "idempotency", "maintenance", "presence", "sessions")

# A condition on what a viewer may see has one of these words.
PRIVATE = re.compile(
    r"block|is_active|visibility|visible|is_public|privacy|discoverable|erased_at|friend|open\b|"
    r"room_joined|readable|room_invitations|room_participants|room_bans|related_exists|deleted_at|"
    r"is_friend|shows|subject_gone|e\.user_id IS NOT|\brole\b|moderate|suspended|ownerless|report_mine|"
    r"removed_at|closed_at|reporter_id|author_id IS")
BLOCK = re.compile(r"^-- (?:name|fragment): (\w+)[^\n]*\n(.*?)(?=^-- (?:name|fragment):|\Z)", re.M | re.S)
BEGINS = re.compile(r"\b(AND|OR|WHERE)\b")
NEUTRAL = {"AND": "OR 1", "OR": "AND 0"}
BORDER = re.compile(r"[();]|\b(?:AND|OR|GROUP|ORDER|LIMIT|UNION|THEN|WHEN|ELSE|END|CROSS|JOIN|"
                    r"LEFT|ON|WHERE|SELECT|FROM|RETURNING)\b")

# Mutants that no viewer of these worlds can notice, and why the condition stays.
EQUIVALENT = {
    "message_by_client": "decides when a client_id may be used again, not who sees what",
    "change_by_client": "decides when a change is made again, not who sees what",
    "messages_found": "the texts were chosen by the same rules in the same transaction",
    "message_places": "chooses the places to search; each text is checked later",
    "former_texts": "erasing a user deletes them step by step",
    "people_rarest": "only chooses the word to search first",
    "people_found: WHERE u.discoverable = 0": "others are found twice and shown once",
    "people_found: AND other.is_active": "a disabled user has no words",
    "projected_vector: AND v.block": "chooses the block; the vector is found by the id of the text",
    "path_friends": "chooses the steps to try; each step is checked later",
    "messages_before: AND {room_readable}": "was checked before, but not in the same transaction",
    "messages_after: AND {room_readable}": "was checked before, but not in the same transaction",
    "relationship_update: AND {related_exists}": "an invisible result is refused and rolled back",
    "relationship_target": "an invisible result is refused anyway, with a worse message",
    "room_for_join: AND EXISTS": "matters only just after the user was disabled, on an open connection",
    "room_for_join: AND me.is_active": "matters only in that moment, too",
    "room_read: AND is_active": "was checked before, in the same transaction",
    "room_empty: AND is_active": "changes only memberships that are past anyway",
    "room_name: AND other.erased_at": "memberships of an erased user go step by step, and the name is gone",
    "room_member_named: AND u.erased_at": "memberships of an erased user go step by step, and the name is gone",
    "room_abandon": "a deleted room goes later, step by step; tests/cgi sees it",
    "user_by_username": "nobody registers in these worlds; tests/cgi sees it",
    "user_by_email": "nobody registers in these worlds; tests/cgi sees it",
    "user_is_last_owner: AND": "there is one owner in these worlds; tests/cgi sees it",
    "room_give_owner: AND o.is_active": "a user who leaves is no owner any more",
    "room_administered: AND me.is_active": "a disabled user has no session",
    "digest_queue": "only queues a mail; what it says is chosen later",
    "user_unsuspend": "only reports whether anything changed",
    "room_twins_to_answer: AND y.visibility": "only decides whether to search sources again",
    "room_twins_to_answer: OR EXISTS": "only decides whether to search sources again",
    "room_twins_to_answer: AND b.relationship_type": "only decides whether to search sources again",
    "exchange_tellers: AND {other_unblocked": "chooses twins to ask; the rights of each are checked later",
    "turn_propose: AND y.visibility": "no private memory is told",
    "message_of_turn": "deleting a deleted message again changes nothing",
    "report_one: AND": "the same condition was checked before",
    "report_own: AND": "the report is the viewer's own in any case",
    "room_info": "only members are told",
    "room_mute": "the membership was checked before, in the same transaction",
    "room_set_notify": "the membership was checked before, in the same transaction",
    "room_invitations_of: AND {other_not_blocked}": "a block ends the invitations between both users",
    "report_mine: AND (:viewer = 0": "a user who is no administrator is refused before",
    "report_mine: AND me.": "a user who is no administrator is refused before",
    "may_moderate: AND me.is_active": "a disabled user has no session",
    "source_places: AND r.is_public = 0": "tells where to look; each text is asked for again",
    "source_places: AND f.relationship_type": "tells where to look; each text is asked for again",
    "source_interaction: AND ({interaction_visible reader})": "both users of a thread see it",
    "knowledge_of_texts: WHERE k.visibility": "the candidates are public; the index follows a change later",
    "direct_forget: AND m.is_active IN": "names all values, for the index",
    "direct_others: AND m.is_active IN": "names all values, for the index",
    "user_of_verified_address: AND erased_at": "an erased user is a disabled one, but the index wants the condition",
    "content_removal_": "decides what is removed, not who sees it",
    "events_gaps": "only a pruned log has gaps, and nothing is that old in these worlds",
}

# Tests that find mutants sooner than these worlds, or alone: programs, or a folder and names. The worlds
# have no twins that answer, no connections with presence, and few invitations and reports.
MODERATION = ("cgi", "test_moderation")
TURNS = ["tests/unit/test_turns", "tests/unit/test_answers", "tests/unit/test_exchange"]
ELSEWHERE = {
    "account_code": [("cgi", "code_that or no_code or disabled_user"), ("twin", "test_mail")],
    "address": ["tests/unit/test_mails", ("twin", "test_mail")],
    "administrators": [("cgi", "test_registration")],
    "cause_message": TURNS,
    "check_graph": ["tests/unit/test_projection"],
    "chat_answer_of": ["tests/unit/test_twins"],
    "content_removal": [MODERATION],
    "digest_": ["tests/unit/test_digest"],
    "direct_": [("cgi", "test_direct")],
    "exchange_": TURNS,
    "export_twin_rooms": [("cgi", "its_members_are_in_it_again")],
    "friends_of_friends": [("cgi", "test_social")],
    "interaction": ["tests/unit/test_interactions"],
    "invite": [("cgi", "test_registration")],
    "is_missed": ["tests/unit/test_digest"],
    "knowledge_of_texts": ["tests/unit/test_nearest"],
    "knowledge_share": [("cgi", "test_shares")],
    "knowledge_visible": [("cgi", "visible_to_its_audience")],
    "learn": ["tests/unit/test_lessons"],
    "mail_": ["tests/unit/test_mails", ("twin", "test_mail")],
    "memory_": ["tests/unit/test_memories", "tests/unit/test_twins"],
    "memory_to_share": ["tests/unit/test_exchange"],
    "mention": [("cgi", "test_mentions")],
    "message_": [("cgi", "test_search or test_texts")],
    "message_in_room": [("ws", "test_blocks")],
    "message_reactions": [("cgi", "of_a_blocked_user_are_not_listed")],
    "messages_with": [("cgi", "do_not_shorten_pages")],
    "message_columns: AND m.deleted_at": [("cgi", "an_answer_goes or test_shares")],
    "other_known": ["tests/unit/test_people"],
    "other_tied": ["tests/unit/test_people"],
    "other_bannable: AND {other_not_blocked}": [("cgi", "moderators_list_the_bans")],
    "other_bannable: OR EXISTS (SELECT 1 FROM room_invitations": [("cgi", "another_one_has_invited")],
    "other_near": [("ws", "presence")],
    "owner_exists": [("cgi", "test_registration")],
    "path_": ["tests/unit/test_path"],
    "people_": ["tests/unit/test_people"],
    "project": ["tests/unit/test_projection"],
    "quota_": [("cgi", "test_quotas")],
    "quota_direct": [("cgi", "test_direct")],
    "relationship": [("cgi", "test_contact or test_social or test_bans")],
    "relationship_delete": [("cgi", "to_a_blocking_user")],
    "removal_": [MODERATION],
    "report": [MODERATION],
    "similar_": [("cgi", "test_social or test_similar")],
    "tags_counted": [("cgi", "test_social")],
    "room_": [("cgi", "test_rooms or test_home or test_bans")],
    "participant_shown": [("cgi", "shown_to_its_members_alone")],
    "room_member_named": [("cgi", "test_mentions")],
    "room_give_owner": [("cgi", "a_restored_room")],
    "room_remember_members": [("cgi", "members_are_in_it_again")],
    "room_co_members": [("ws", "members_of_the_own_rooms")],
    "rooms_of_user": [("ws", "members_of_the_own_rooms")],
    "room_owner": [("cgi", "present_owner")],
    "room_tell_re": [("cgi", "former_member")],
    "room_twins_to_answer": TURNS,
    "source_": ["tests/unit/test_sources", "tests/interference/test_interference"],
    "source_visible": [("cgi", "a_cite")],
    "source_within_reach": [("cgi", "held_back")],
    "telling_rights": TURNS,
    "text_": ["tests/unit/test_leaving", "tests/unit/test_vectors", "tests/unit/test_projection"],
    "text_may_go": [("twin", "own_words_may_leave")],
    "thing_": [MODERATION, ("cgi", "one_reports or test_shares")],
    "thread_texts": ["tests/unit/test_sources", "tests/unit/test_answers"],
    "turn_": [*TURNS, "tests/unit/test_lessons"],
    "turn_columns: AND {other_not_blocked}": [("twin", "both_owners")],
    "turn_facts": ["tests/unit/test_turns"],
    "turn_question": [("cgi", "test_a_turn_has")],
    "turn_visible": [("cgi", "held_back")],
    "twin_": TURNS,
    "user_": [("cgi", "test_users or test_registration"), "tests/unit/test_users"],
    "user_suspended: AND (": [("cgi", "ends_by_itself")],
    "vectors_missing": ["tests/unit/test_vectors"],
}


ORACLE = ("oracle", "every_viewer")


def end_of_term(text, start):
    """The end of the condition that begins at start."""
    depth, end = 0, len(text)
    for border in BORDER.finditer(text, start):
        if depth == 0 and border[0] != "(":
            end = border.start()
            break
        depth += {"(": 1, ")": -1}.get(border[0], 0)
    return len(text[:end].rstrip())


def mutants(text):
    """(the condition, the text in which it has no effect) for each condition."""
    bare = re.sub(r"^-- (?!name:|fragment:).*", lambda comment: " " * len(comment[0]), text,
                  flags=re.M)
    for block in BLOCK.finditer(bare):
        for begin in BEGINS.finditer(block[2]):
            end = end_of_term(block[2], begin.end())
            term = " ".join(block[2][begin.end():end].split())
            joint = begin[0]
            if joint == "WHERE":  # with the AND or OR that follows
                follows = re.match(r"\s*(AND|OR)\b", block[2][end:])
                joint = follows[1] if follows else None
            if joint and PRIVATE.search(term):
                start, end = block.start(2) + begin.end(), block.start(2) + end
                yield (f"{block[1]}: {begin[0]} {term}",
                       f"{text[:start]} ({text[start:end]} {NEUTRAL[joint]}){text[end:]}")


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worlds", type=int, default=600)
    parser.add_argument("--only", default="", help="mutants whose name has this text")
    parser.add_argument("--skip", type=pathlib.Path, help="a file; mutants that it names are left out")
    parser.add_argument("--list", action="store_true", help="only print the names")
    return parser.parse_args()


def main():
    options = parse_options()
    chosen = [(name, *mutant) for name in FILES if pathlib.Path(name).stem not in SKIPPED
              for mutant in mutants((TOP / name).read_text()) if options.only in mutant[0]]
    if options.skip:
        tried = {line.split(" s  ")[-1].strip() for line in options.skip.read_text().splitlines()}
        chosen = [mutant for mutant in chosen if mutant[1] not in tried]
    if options.sample:
        chosen = random.Random(options.seed).sample(chosen, options.sample)
    if options.list:
        print("\n".join(condition for _, condition, _ in chosen))
        return 0
    lock = os.open(options.build, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SystemExit(f"another mutate.py uses {options.build}") from None
    missed = 0
    for name, condition, text in chosen:
        began = time.monotonic()
        equivalent = any(condition.startswith(known) for known in EQUIVALENT)
        result = try_mutant(options, condition, {name: text}, options.worlds // (20 if equivalent else 1))
        if result == "MISSED" and equivalent:
            result = "equivalent"
        missed += result == "MISSED"
        print(f"{result:<12} {time.monotonic() - began:5.1f} s  {condition}", flush=True)
    make(options.build, {})
    print(f"{len(chosen)} mutants, {missed} missed")
    return missed > 0


def make(build, replaced):
    """Builds the programs; `replaced` has other texts for some files of sql/."""
    with tempfile.TemporaryDirectory() as folder:
        files = [TOP / name for name in FILES]
        for number, name in enumerate(FILES):
            if name in replaced:
                files[number] = pathlib.Path(folder) / "mutant.sql"
                files[number].write_text(replaced[name])
        embedded = subprocess.run(["awk", "-v", "mode=queries", "-f", TOP / "lib/store/embed.awk",
                                   *files], capture_output=True)
    if embedded.returncode != 0:
        return False
    (build / "lib/store/queries.c").write_bytes(embedded.stdout)  # newer than the sources: make keeps it
    return subprocess.run(["make", "-s", "-j2", "aeon.fcgi", "aeonctl", "aeon-ws"], cwd=build,
                          stdout=subprocess.DEVNULL).returncode == 0


def run_test(options, test, worlds):
    """Runs a program of C, or the tests of a folder with a name. Returns whether it passes."""
    environment = os.environ | {"AEON_BUILD": str(options.build.resolve()), "AEON_WORLDS": str(worlds)}
    if isinstance(test, str):
        subprocess.run(["make", "-s", test], cwd=options.build, check=True)
        return subprocess.run([options.build / test], capture_output=True).returncode == 0
    folder, name = test
    tried = subprocess.run(
        [sys.executable, "-B", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--tb=no",
         "--rootdir", TOP / "tests", TOP / "tests" / folder, "-k", name],
        capture_output=True, text=True, env=environment)
    if tried.returncode > 1:
        raise SystemExit(f"{folder} -k '{name}' did not run:\n{tried.stdout}{tried.stderr}")
    return tried.returncode == 0


def try_mutant(options, condition, replaced, worlds):
    if not make(options.build, replaced):
        return "NOT BUILT"
    elsewhere = [(test, 0) for known, tests in ELSEWHERE.items() if known in condition for test in tests]
    passed = all(run_test(options, test, count) for test, count in (
        (ORACLE, max(worlds // 20, 1)), *elsewhere, (ORACLE, worlds)))
    return "MISSED" if passed else "found"


if __name__ == "__main__":
    sys.exit(main())
