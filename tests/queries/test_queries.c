/*
 * All queries as a set: each prepares, its columns have the names that its reader expects, and none
 * walks a whole table without a reason.
 */
#include <stdio.h>
#include <stdlib.h>

#include "store/queries.h"
#include "store/schema.h"
#include "store/shape.h"
#include "tests/queries/database.h"
#include "tests/unit/test.h"

/* Queries that may read a table from end to end, and why that is right. */
static const struct {
	const char *query, *table, *why;
} scans[] = {
	{"realm_stats", "", "counts everything, for an administrator"},
	{"check_", "", "counts everything again, for an administrator"},
	{"repair_", "", "builds everything again, for an administrator"},
	{"audit_prune", "audit_log", "takes the oldest few"},
	{"report_tell", "me", "an index of the administrators"},
	{"content_removal_next", "content_removals", "takes the first"},
	{"gone_source", "gone_sources", "takes the first"},
	{"bridges_live", "bridges", "two rows per bridge"},
	{"connected_forget", "w", "two rows per bridge"},
	{"active_users", "w", "two rows per bridge"},
	{"export_", "", "all that somebody has, by an index"},
	{"prune_pending", "users", "an index of those who are being erased"},
	{"prune_pending", "content_removals", "takes the first"},
	{"prune_pending", "gone_sources", "takes the first"},
	{"erase_", "users", "an index of those who are being erased"},
	{"erase_merges", "knowledge_text_data", "once for somebody who is erased"},
	{"events_", "sqlite_sequence", "a row per table that counts up: five"},
	{"message_places", "r", "an index of the rooms that are made public or private"},
	{"public_word_texts", "x", "an index of the rooms that are made public or private"},
	{"word_texts_between", "x", "an index of the rooms that are made public or private"},
	{"public_words_room", "chat_rooms", "takes the first room that is made public or private"},
	{"unindexed_next", "knowledge_unindexed", "takes the first row"},
	{"texts_wait", "texts_waiting", "takes the first row"},
	{"source_refused_authors", "u", "an index of those who are being erased"},
	{"source_hits", "u", "an index of those who are being erased"},
	{"vector_model_", "m", "a row per model: one or two"},
	{"vectors_waiting", "m", "a row per model: one or two"},
	{"vectors_progress", "", "counts all texts, for an administrator"},
	{"twin_status", "y", "a row per model: one or two"},
	{"search_vector", "search_vectors", "a row per search that waits for less than a second"},
	{"path_question", "path_questions", "a row per question that waits for less than a second"},
	{"prune_events", "realm_events", "takes the oldest few"},
	{"prune_taken_changes", "taken_changes", "takes the oldest few"},
	{"user_is_last_owner", "x", "EXISTS looks at a row or two"},
	{"users_pending_count", "users", "an index of the accounts that wait, up to a limit"},
	{"user_pending_expired", "users", "takes the first of the accounts that wait"},
	{"administrators", "users", "an index of the few administrators"},
	{"providers", "providers", "at most two rows"},
	{"settings_overrides", "realm_settings", "a row per setting: a few dozen"},
	{"users_by_tag_count", "tag_count_users", "sets of users; all of them are compared"},
	{"presence_latest", "user_presence", "walked only until enough of very many are found"},
	{"turn_next_due", "q", "takes the first one of the queue that can run"},
	{"projected_prune", "p", "an index of what is gone"},
	{"digest_room_next", "d", "takes the first row"},
	{"mails_state", "mails", "an index of the mails that wait"},
	{"sync_", "sync", "a row per store: one or two"},
	{"tags_counted", "tags", "takes the first few of an index"},
};

static bool may_scan(const char *query, const char *table)
{
	for (size_t i = 0; i < sizeof(scans) / sizeof(*scans); i++)
		if (strncmp(query, scans[i].query, strlen(scans[i].query)) == 0 &&
		    (!*scans[i].table || strcmp(table, scans[i].table) == 0))
			return true;
	return false;
}

static void every_query_prepares(void **state)
{
	(void)state;
	sqlite3 *db = database_at(newest_version(), ":memory:");
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	int wrong = 0;
	for (const struct named_query *query = named_queries; query->name; query++) {
		sqlite3_stmt *statement = NULL;
		const char *rest = NULL;
		if (sqlite3_prepare_v2(db, query->sql, -1, &statement, &rest) != SQLITE_OK) {
			print_error("%s: %s\n", query->name, sqlite3_errmsg(db));
			wrong++;
		} else if (strspn(rest, " \t\n") != strlen(rest)) {
			print_error("%s: more than one statement\n", query->name);
			wrong++;
		}
		sqlite3_finalize(statement);
	}
	sqlite3_close(db);
	assert_int_equal(wrong, 0);
}

/* The name that the column must have; NULL: there must be none. */
static const char *expected_column(const struct named_query *query, const char *actual, int column)
{
	if (query->shape && column < shape_columns(query->shape))
		return query->shape->properties[column].name;
	if (query->shape)
		return strcmp(actual, "key") == 0 ? "key" : "page_key";
	if (column < query->give_count)
		return query->gives[column].name;
	return query->give_count == 0 && strcmp(actual, "1") == 0 ? "1" : NULL;
}

/* Two columns that changed places would be read as each other. */
static void every_column_has_the_name_that_its_reader_expects(void **state)
{
	(void)state;
	sqlite3 *db = database_at(newest_version(), ":memory:");
	int wrong = 0;
	for (const struct named_query *query = named_queries; query->name; query++) {
		sqlite3_stmt *statement;
		assert_int_equal(sqlite3_prepare_v2(db, query->sql, -1, &statement, NULL),
				 SQLITE_OK);
		int columns = sqlite3_column_count(statement);
		int least = query->shape ? shape_columns(query->shape) : query->give_count;
		if (columns < least || columns > least + (query->shape || !least)) {
			print_error("%s: %d columns, not %d\n", query->name, columns, least);
			wrong++;
		}
		for (int i = 0; i < columns; i++) {
			const char *actual = sqlite3_column_name(statement, i);
			const char *expected = expected_column(query, actual, i);
			if (expected && strcmp(actual, expected) == 0)
				continue;
			print_error("%s: column %d is %s, not %s\n", query->name, i, actual,
				    expected ? expected : "declared");
			wrong++;
		}
		sqlite3_finalize(statement);
	}
	sqlite3_close(db);
	assert_int_equal(wrong, 0);
}

/* A star would change its meaning with the next migration. */
static void every_query_names_its_columns(void **state)
{
	(void)state;
	for (const struct named_query *query = named_queries; query->name; query++)
		if (strstr(query->sql, "SELECT *") || strstr(query->sql, ".*"))
			fail_msg("%s selects *", query->name);
}

/* Whether a plan's step is "SCAN table …". A walk along an index counts too: it may not end early.
 */
static bool scans_table(const char *detail, char table[64])
{
	const char *virtual = strstr(detail, "VIRTUAL TABLE INDEX ");
	if (virtual && strcmp(virtual, "VIRTUAL TABLE INDEX 0:") != 0)
		return false; /* it was told what to look for */
	return sscanf(detail, "SCAN %60s", table) == 1 && !strchr(table, '(') &&
	       strcmp(table, "CONSTANT") != 0;
}

/* What the statement made itself, in a WITH or in brackets, is scanned as a matter of course. */
static bool made_by(const char *sql, const char *table)
{
	char plain[100], materialized[100], with_columns[100], subquery[100];
	snprintf(plain, sizeof(plain), "%s AS (", table);
	snprintf(materialized, sizeof(materialized), "%s AS MATERIALIZED (", table);
	snprintf(with_columns, sizeof(with_columns), "%s (", table);
	snprintf(subquery, sizeof(subquery), ") %s", table);
	return strstr(sql, plain) || strstr(sql, materialized) || strstr(sql, with_columns) ||
	       strstr(sql, subquery);
}

static void no_query_walks_a_whole_table(void **state)
{
	(void)state;
	sqlite3 *db = database_at(newest_version(), ":memory:");
	int wrong = 0;
	for (const struct named_query *query = named_queries; query->name; query++) {
		sqlite3_stmt *plan;
		char *sql = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", query->sql), table[64];
		assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &plan, NULL), SQLITE_OK);
		while (sqlite3_step(plan) == SQLITE_ROW) {
			const char *detail = (const char *)sqlite3_column_text(plan, 3);
			if (!scans_table(detail, table) || made_by(query->sql, table) ||
			    may_scan(query->name, table))
				continue;
			print_error("%s: %s\n", query->name, detail);
			wrong++;
		}
		sqlite3_finalize(plan);
		sqlite3_free(sql);
	}
	sqlite3_close(db);
	assert_int_equal(wrong, 0);
}

/* Logs grow without end, so a query of one must begin in the middle and end early. */
static void logs_are_walked_along_their_index(void **state)
{
	static const struct {
		enum query query;
		const char *step;
	} walks[] = {
		{Q_EVENTS_AFTER, "PRIMARY KEY (rowid>?)"},
		{Q_EVENTS_VISIBLE, "realm_events_by_room (room_id=? AND rowid>? AND rowid<?)"},
		{Q_EVENTS_VISIBLE, "realm_events_by_user (user_id=? AND rowid>? AND rowid<?)"},
		{Q_EVENTS_GAPS, "realm_events_by_room (room_id=?)"},
		{Q_ROOM_LOG_AFTER, "real_time_messages_2 (room_id=? AND seq>?)"},
		{Q_ROOM_LOG_AFTER, "PRIMARY KEY (room_id=? AND seq>?)"},
		{Q_PRUNE_CANDIDATES, "real_time_messages_1 (id<?)"},
		{Q_PRUNE_MESSAGES, "real_time_messages_2 (room_id=? AND seq<?)"},
		{Q_PRUNE_CHANGES, "PRIMARY KEY (room_id=? AND seq<?)"},
	};
	(void)state;
	sqlite3 *db = database_at(newest_version(), ":memory:");
	for (size_t i = 0; i < sizeof(walks) / sizeof(*walks); i++) {
		const struct named_query *query = &named_queries[walks[i].query];
		bool found = false;
		sqlite3_stmt *plan;
		char *sql = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", query->sql);
		assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &plan, NULL), SQLITE_OK);
		while (sqlite3_step(plan) == SQLITE_ROW)
			found |= strstr((const char *)sqlite3_column_text(plan, 3),
					walks[i].step) != NULL;
		if (!found)
			fail_msg("%s: no %s", query->name, walks[i].step);
		sqlite3_finalize(plan);
		sqlite3_free(sql);
	}
	sqlite3_close(db);
}

/* Every foreign key is found from both ends: a delete must not walk the child table. */
static void every_foreign_key_has_an_index(void **state)
{
	(void)state;
	sqlite3 *db = database_at(newest_version(), ":memory:");
	sqlite3_stmt *keys;
	int wrong = 0;
	sqlite3_prepare_v2(db,
			   "SELECT s.name, f.\"from\" FROM sqlite_schema s "
			   "JOIN pragma_foreign_key_list(s.name) f WHERE s.type = 'table'",
			   -1, &keys, NULL);
	while (sqlite3_step(keys) == SQLITE_ROW) {
		sqlite3_stmt *plan;
		const char *table = (const char *)sqlite3_column_text(keys, 0);
		const char *column = (const char *)sqlite3_column_text(keys, 1);
		char *sql = sqlite3_mprintf("EXPLAIN QUERY PLAN SELECT 1 FROM %s WHERE %s = ?1",
					    table, column);
		assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &plan, NULL), SQLITE_OK);
		assert_int_equal(sqlite3_step(plan), SQLITE_ROW);
		const char *detail = (const char *)sqlite3_column_text(plan, 3);
		/* Every message would pay for it, and nobody who wrote one is ever deleted. */
		bool dear =
			strcmp(column, "sender_id") == 0 ||
			(strcmp(table, "message_changes") == 0 && strcmp(column, "user_id") == 0);
		if (strncmp(detail, "SCAN", 4) == 0 && !dear) {
			print_error("%s.%s: %s\n", table, column, detail);
			wrong++;
		}
		sqlite3_finalize(plan);
		sqlite3_free(sql);
	}
	sqlite3_finalize(keys);
	sqlite3_close(db);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_query_prepares),
		cmocka_unit_test(every_column_has_the_name_that_its_reader_expects),
		cmocka_unit_test(every_query_names_its_columns),
		cmocka_unit_test(no_query_walks_a_whole_table),
		cmocka_unit_test(logs_are_walked_along_their_index),
		cmocka_unit_test(every_foreign_key_has_an_index),
	};
	return cmocka_run_group_tests_name("queries", tests, NULL, NULL);
}
