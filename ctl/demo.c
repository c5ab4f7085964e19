/*
 * demo: fills a realm with users, rooms, messages, knowledge and twins, so that one can try it out.
 *
 * It calls the same functions as requests do, so connected clients receive the changes. The content
 * is always the same. Only the password is random, because anyone could sign in with a known one.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "ctl/ctl.h"
#include "ctl/demo_content.h"
#include "realm/indexing.h"
#include "realm/interactions.h"
#include "realm/knowledge.h"
#include "realm/messages.h"
#include "realm/relationships.h"
#include "realm/rooms.h"
#include "realm/registration.h"
#include "realm/twins.h"
#include "realm/users.h"
#include "realm/votes.h"
#include "store/queries.h"

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

struct demo {
	struct arena *arena;
	struct store *store;
	const char *password;
	int64_t users[DEMO_USER__COUNT];
	const char *rooms[COUNT(rooms)];
	const char *general;
	int64_t knowledge[COUNT(knowledge)];
};

static struct texts texts_of(const char *const *texts, size_t most)
{
	struct texts list = {.at = (const char **)(void *)texts};
	while (list.count < most && texts[list.count])
		list.count++;
	return list;
}

static int add_user(struct demo *d, size_t i, struct problem *why)
{
	const struct user_row *row = &users[i];
	struct user_new user = {.username = row->username,
				.email = arena_printf(d->arena, "%s@aeon.example", row->username),
				.password = d->password,
				.full_name = row->full_name,
				.bio = row->bio};
	int owned = owner_exists(d->store, why);
	TRY(owned);
	return user_add(d->arena, d->store, &user, owned ? "user" : "owner", &d->users[i], why);
}

static int add_room(struct demo *d, size_t i, struct problem *why)
{
	const struct room_row *row = &rooms[i];
	struct room_new room = {.name = row->name,
				.description = row->description,
				.topic = row->topic,
				.is_public = true,
				.is_aeon_room = row->is_aeon_room,
				.max_participants = 50};
	TRY(room_create(d->arena, d->store, d->users[row->creator], &room, &d->rooms[i], why));
	for (const int *member = row->participants; *member >= 0; member++)
		TRY(room_join(d->arena, d->store, d->users[*member], d->rooms[i], why));
	return 0;
}

static int post_row(struct demo *d, const struct message_row *row, struct problem *why)
{
	const char *room = row->room < 0 ? d->general : d->rooms[row->room];
	struct message_new message = {.content = row->text, .message_type = row->type};
	struct message_posted posted;
	TRY(room_join(d->arena, d->store, d->users[row->sender], room, why));
	return message_post(d->arena, d->store, d->users[row->sender], room, &message, &posted,
			    why);
}

static int add_message(struct demo *d, size_t i, struct problem *why)
{
	return post_row(d, &messages[i], why);
}

static int add_relationship(struct demo *d, size_t i, struct problem *why)
{
	const struct relationship_row *row = &relationships[i];
	struct relationship_new relationship = {
		.related_user_id = d->users[row->other],
		.relationship_type = row->type,
		.strength = row->strength,
		.shared_interests = texts_of(row->interests, COUNT(row->interests))};
	TRY(relationship_put(d->arena, d->store, d->users[row->user], &relationship, why));
	if (row->one_way)
		return 0;
	relationship.related_user_id = d->users[row->user];
	return relationship_put(d->arena, d->store, d->users[row->other], &relationship, why);
}

static int add_knowledge(struct demo *d, size_t i, struct problem *why)
{
	const struct knowledge_row *row = &knowledge[i];
	struct knowledge_new input = {.content = row->text,
				      .knowledge_type = row->type,
				      .visibility = row->visibility,
				      .tags = texts_of(row->tags, COUNT(row->tags))};
	return knowledge_create(d->arena, d->store, d->users[row->creator], &input,
				&d->knowledge[i], why);
}

/* Some users vote for it, and a few against it; always the same ones. */
static int add_votes(struct demo *d, size_t i, struct problem *why)
{
	const struct knowledge_row *row = &knowledge[i];
	struct votes votes;
	if (strcmp(row->visibility, "public") != 0)
		return 0;
	for (size_t voter = i % 3; voter < DEMO_USER__COUNT; voter += 2 + i % 5)
		if (voter != row->creator)
			TRY(knowledge_vote(d->arena, d->store, d->users[voter], d->knowledge[i],
					   (voter + i) % 9 ? 1 : -1, 0, &votes, why));
	return 0;
}

static int add_interaction(struct demo *d, size_t i, struct problem *why)
{
	const struct interaction_row *row = &interactions[i];
	struct interaction_new input = {.target_aeon_user_id = d->users[row->to],
					.interaction_type = row->type,
					.content = row->text,
					.is_public = row->is_public};
	struct interaction_response answer = {.response_content = row->answer};
	int64_t id;
	TRY(interaction_create(d->arena, d->store, d->users[row->from], &input, &id, why));
	if (!row->answer)
		return 0;
	return interaction_respond(d->arena, d->store, d->users[row->to], id, &answer, why);
}

/* After the messages, so that the twin answers only the questions. */
static int add_twin(struct demo *d, size_t i, struct problem *why)
{
	const struct twin_change change = {.autopilot = "on", .given = TWIN_CHANGE_AUTOPILOT};
	int64_t owner = d->users[twins[i]];
	TRY(twin_set(d->arena, d->store, owner, &change, why));
	return room_twin_set(d->arena, d->store, owner, d->rooms[TWINS_ROOM], true, why);
}

/* The twins find only what is indexed, so nothing may wait for that when they are asked. */
static int add_question(struct demo *d, size_t i, struct problem *why)
{
	int indexed;
	do
		TRY(indexed = index_text(d->store, why));
	while (indexed > 0);
	return post_row(d, &questions[i], why);
}

static const struct {
	const char *name;
	size_t count;
	int (*add)(struct demo *, size_t i, struct problem *);
} steps[] = {
	{"users", COUNT(users), add_user},
	{"rooms", COUNT(rooms), add_room},
	{"messages", COUNT(messages), add_message},
	{"relationships", COUNT(relationships), add_relationship},
	{"knowledge", COUNT(knowledge), add_knowledge},
	{"votes", COUNT(knowledge), add_votes},
	{"interactions", COUNT(interactions), add_interaction},
	{"twins", COUNT(twins), add_twin},
	{"questions", COUNT(questions), add_question},
};

static int fill_realm(struct demo *d, struct problem *why)
{
	int done = 0, total = 0;
	for (size_t step = 0; step < COUNT(steps); step++)
		total += (int)steps[step].count;
	for (size_t step = 0; step < COUNT(steps); step++)
		for (size_t i = 0; i < steps[step].count; i++) {
			TRY(steps[step].add(d, i, why));
			progress("demo", ++done, total);
		}
	return 0;
}

static int run_demo(struct ctl *ctl, struct problem *why)
{
	struct demo d = {.arena = ctl->arena, .store = ctl->store};
	int64_t existing;
	bool generated;
	struct problem missing = {0};
	if (user_id_of(ctl->store, users[0].username, &existing, &missing) == 0)
		return refuse(EX_DATAERR, "the realm already has the users of the demo");
	ctl->generate = !ctl->password_stdin;
	d.password = new_password(ctl, &generated);
	if (!d.password)
		return EX_USAGE;
	TRY(rooms_make_default(ctl->arena, ctl->store, why));
	TRY(q_room_of_realm(ctl->arena, ctl->store, "General", &d.general, why));
	TRY(fill_realm(&d, why));
	jw_open(ctl->out, '{');
	jw_kv_int(ctl->out, "users", DEMO_USER__COUNT);
	jw_kv_text(ctl->out, "try_username", users[0].username);
	if (generated)
		jw_kv_text(ctl->out, "password", d.password);
	jw_close(ctl->out, '}');
	return 0;
}

const struct command demo_commands[] = {
	{"demo", "",
	 "Fill the realm with users, rooms, messages, knowledge, and twins that talk.\n\n"
	 "Use it to try a realm out, not in a realm with real users. All demo users have the\n"
	 "same password: a generated one, which is printed, or one from the standard input.\n"
	 "In an empty realm the first of them, ada, becomes the owner.",
	 .takes = TAKES_PASSWORD, .needs = NEEDS_REALM, .run = run_demo},
	{0},
};
