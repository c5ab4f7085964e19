/* A realm with twins: see twins.h. */
#include "tests/unit/twins.h"

#include <stdio.h>

#include <sqlite3.h>

#include "realm/interactions.h"
#include "realm/messages.h"
#include "realm/rooms.h"
#include "store/internal.h"

int64_t number_of(struct fixture *f, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *sql = sqlite3_vmprintf(format, args);
	va_end(args);
	sqlite3_stmt *query = NULL;
	if (sqlite3_prepare_v2(f->store->db, sql, -1, &query, NULL) != SQLITE_OK ||
	    sqlite3_step(query) != SQLITE_ROW)
		fail_msg("%s: %s", sql, sqlite3_errmsg(f->store->db));
	int64_t number = sqlite3_column_int64(query, 0);
	sqlite3_finalize(query);
	sqlite3_free(sql);
	return number;
}

void set_twin(struct fixture *f, int64_t owner, const char *autopilot)
{
	run_sql(f, "INSERT INTO twins (user_id, autopilot, updated_at) VALUES (%d, '%s', 0)",
		(int)owner, autopilot);
}

void change_twin(struct fixture *f, int64_t owner, const char *setting)
{
	run_sql(f, "UPDATE twins SET %s WHERE user_id = %d", setting, (int)owner);
}

const char *aeon_room(struct fixture *f, int64_t owner)
{
	const char *id;
	const struct room_new input = {.name = "thinkers",
				       .is_public = true,
				       .is_aeon_room = true,
				       .max_participants = 50};
	MUST(room_create(f->arena, f->store, owner, &input, &id, &why));
	return id;
}

void bring_twin(struct fixture *f, int64_t owner, const char *room_id)
{
	MUST(room_join(f->arena, f->store, owner, room_id, &why));
	run_sql(f, "INSERT INTO room_twins VALUES ('%s', %d, 0)", room_id, (int)owner);
}

int64_t ask(struct fixture *f, int64_t from, int64_t to, const char *text)
{
	int64_t id;
	const struct interaction_new input = {
		.target_aeon_user_id = to, .interaction_type = "question", .content = text};
	MUST(interaction_create(f->arena, f->store, from, &input, &id, &why));
	return id;
}

void say(struct fixture *f, int64_t from, const char *room_id, const char *text, int64_t turn_id)
{
	struct message_posted posted;
	const struct message_new input = {
		.content = text, .message_type = "text", .turn_id = turn_id};
	MUST(message_post(f->arena, f->store, from, room_id, &input, &posted, &why));
}

static int add_turn(void *out, int count, char **values, char **names)
{
	(void)count, (void)names;
	buf_printf(out, "%s%s:%s%s%s:%s", ((struct buf *)out)->len ? " " : "", values[0], values[1],
		   values[2] ? "/" : "", values[2] ? values[2] : "", values[3] ? values[3] : "-");
	return 0;
}

const char *turns(struct fixture *f)
{
	sqlite3_exec(f->store->db,
		     "SELECT coalesce(twin_id, 0), state, reason, step FROM twin_turns ORDER BY id",
		     add_turn, &f->out, NULL);
	return take_output(f);
}

struct turn claim(struct fixture *f)
{
	struct turn turn = {0};
	MUST(turn_claim(f->arena, f->store, 1, TURN_LEASE_US, &turn, &why));
	return turn;
}
