/* realm/users, sessions, presence, relationships and social. */
#include <stdio.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "realm/bridges.h"
#include "realm/events.h"
#include "realm/feed.h"
#include "realm/knowledge.h"
#include "realm/presence.h"
#include "realm/registration.h"
#include "realm/relationships.h"
#include "realm/rooms.h"
#include "realm/sessions.h"
#include "realm/social.h"
#include "realm/users.h"
#include "realm/votes.h"
#include "store/queries.h"
#include "tests/unit/test.h"

#define LIFETIME (3600 * CLOCK_SECOND)

static int64_t register_user(struct fixture *f, const char *name, const char *email)
{
	int64_t id;
	struct user_new user = {.username = name, .email = email, .password = "a good password"};
	MUST(user_add(f->arena, f->store, &user, "user", &id, &why));
	return id;
}

static struct token log_in(struct fixture *f, const char *name, const char *password)
{
	struct token token;
	const struct login login = {.username = name, .password = password};
	MUST(session_open(f->arena, f->store, &login, &caller_unknown, LIFETIME, &token, &why));
	return token;
}

static void set_relationship(struct fixture *f, int64_t from, int64_t to, const char *type)
{
	struct relationship_new bond = {
		.related_user_id = to, .relationship_type = type, .strength = 0.5};
	MUST(relationship_put(f->arena, f->store, from, &bond, &why));
}

/* --- accounts --- */

static void usernames_and_emails_are_unique_regardless_of_case(void **state)
{
	struct fixture *f = *state;
	int64_t id;
	struct user_new same = {
		.username = "ADA", .email = "new@x.org", .password = "a good password"};
	REFUSED(USERNAME_TAKEN, user_add(f->arena, f->store, &same, "user", &id, &why));
	same.username = "fresh";
	same.email = "Ada@Example.org";
	REFUSED(EMAIL_TAKEN, user_add(f->arena, f->store, &same, "user", &id, &why));
}

static void a_setup_code_exists_only_while_there_is_no_owner(void **state)
{
	struct fixture *f = *state;
	char code[CODE_TEXT];
	int made;
	struct user_new olga = {.username = "olga",
				.email = "olga@x.org",
				.password = "a good password",
				.setup_code = code};
	int64_t id;
	MUST(made = setup_code_make(f->store, code, &why));
	assert_int_equal(made, 0);
	MUST(user_set_role(f->store, &operator_session, f->ada, "user", &why));
	MUST(made = setup_code_make(f->store, code, &why));
	assert_int_equal(made, 1);
	MUST(user_register(f->arena, f->store,
			   &(struct settings){.registration = REGISTRATION_CLOSED}, &caller_unknown,
			   &olga, &id, &why));
	MUST(user_show(f->store, id, &f->out, &why));
	assert_non_null(strstr(take_output(f), "\"role\":\"owner\""));
	olga.username = "olga2";
	olga.email = "olga2@x.org";
	REFUSED(SETUP_CODE_INVALID,
		user_register(f->arena, f->store,
			      &(struct settings){.registration = REGISTRATION_OPEN},
			      &caller_unknown, &olga, &id, &why));
}

static void addresses_are_compared_without_case_and_invisible_characters(void **state)
{
	struct fixture *f = *state;
	assert_string_equal(utf8_key(f->arena, "Stra\xc3\x9f"
					       "e\xe2\x80\x8b@X.org"),
			    "strasse@x.org");
	assert_string_equal(utf8_key(f->arena, "\xef\xbc\xa1\xcc\x81"), "\xc3\xa1");
}

static void an_update_changes_only_the_given_fields(void **state)
{
	struct fixture *f = *state;
	struct user_change change = {
		.full_name = "Ben B", .bio = "x", .given = USER_CHANGE_FULL_NAME};
	MUST(user_update(f->arena, f->store, &(struct session){.user_id = f->ben}, &change, &why));
	MUST(user_show(f->store, f->ben, &f->out, &why));
	const char *shown = take_output(f);
	assert_non_null(strstr(shown, "\"full_name\":\"Ben B\",\"bio\":null"));
	assert_non_null(strstr(shown, "\"email\":\"ben@example.org\""));
	change = (struct user_change){.given = USER_CHANGE_FULL_NAME};
	MUST(user_update(f->arena, f->store, &(struct session){.user_id = f->ben}, &change, &why));
	MUST(user_show(f->store, f->ben, &f->out, &why));
	assert_non_null(strstr(take_output(f), "\"full_name\":null"));
	change = (struct user_change){.email = "ADA@example.org", .given = USER_CHANGE_EMAIL};
	REFUSED(EMAIL_TAKEN, user_update(f->arena, f->store, &(struct session){.user_id = f->ben},
					 &change, &why));
	change.email = "BEN@example.org";
	MUST(user_update(f->arena, f->store, &(struct session){.user_id = f->ben}, &change, &why));
	REFUSED(USER_NOT_FOUND,
		user_update(f->arena, f->store, &(struct session){.user_id = 999}, &change, &why));
}

/* --- sessions --- */

static void a_token_is_valid_until_its_session_ends(void **state)
{
	struct fixture *f = *state;
	struct session session;
	int64_t eve = register_user(f, "Eve", "eve@x.org");
	struct token token = log_in(f, "eve", "a good password");
	struct token other = log_in(f, "EVE@X.org", "a good password");
	assert_int_equal(strlen(token.text), TOKEN_TEXT - 1);
	assert_string_not_equal(token.text, other.text);
	MUST(session_find(f->arena, f->store, token.text, &session, &why));
	assert_int_equal(session.user_id, eve);
	assert_string_equal(session.username, "Eve");
	assert_string_equal(session.role, "user");
	MUST(session_close(f->store, &session, &why));
	REFUSED(TOKEN_INVALID, session_find(f->arena, f->store, token.text, &session, &why));
	MUST(session_find(f->arena, f->store, other.text, &session, &why));
}

static void an_expired_or_unknown_token_is_refused(void **state)
{
	struct fixture *f = *state;
	struct session session;
	struct token expired;
	register_user(f, "eve", "eve@x.org");
	const struct login login = {.username = "eve", .password = "a good password"};
	MUST(session_open(f->arena, f->store, &login, &caller_unknown, -1, &expired, &why));
	REFUSED(TOKEN_INVALID, session_find(f->arena, f->store, expired.text, &session, &why));
	REFUSED(TOKEN_INVALID, session_find(f->arena, f->store, "", &session, &why));
	REFUSED(TOKEN_INVALID,
		session_find(f->arena, f->store, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
			     &session, &why));
}

static void a_wrong_password_and_an_unknown_user_give_the_same_problem(void **state)
{
	struct fixture *f = *state;
	struct problem wrong = {0}, unknown = {0};
	struct token token;
	register_user(f, "eve", "eve@x.org");
	const struct login one = {.username = "eve", .password = "a bad password"};
	const struct login other = {.username = "nobody", .password = "a bad password"};
	assert_int_equal(
		session_open(f->arena, f->store, &one, &caller_unknown, LIFETIME, &token, &wrong),
		-1);
	assert_int_equal(session_open(f->arena, f->store, &other, &caller_unknown, LIFETIME, &token,
				      &unknown),
			 -1);
	assert_memory_equal(&wrong, &unknown, sizeof(wrong));
	assert_int_equal(wrong.code, PROBLEM_LOGIN_FAILED);
}

static void disabling_a_user_or_a_new_password_ends_all_sessions(void **state)
{
	struct fixture *f = *state;
	struct session session;
	int64_t eve = register_user(f, "eve", "eve@x.org");
	struct token token = log_in(f, "eve", "a good password");
	MUST(session_find(f->arena, f->store, token.text, &session, &why));
	MUST(user_set_password(f->store, &operator_session, eve, "another password", &why));
	int valid;
	MUST(valid = session_valid(f->store, session.id, &why));
	assert_int_equal(valid, 0);
	token = log_in(f, "eve", "another password");
	MUST(session_find(f->arena, f->store, token.text, &session, &why));
	MUST(user_set_active(f->store, &operator_session, eve, false, &why));
	REFUSED(TOKEN_INVALID, session_find(f->arena, f->store, token.text, &session, &why));
	struct token none;
	const struct login login = {.username = "eve", .password = "another password"};
	REFUSED(LOGIN_FAILED,
		session_open(f->arena, f->store, &login, &caller_unknown, LIFETIME, &none, &why));
	MUST(user_set_active(f->store, &operator_session, eve, true, &why));
	REFUSED(TOKEN_INVALID, session_find(f->arena, f->store, token.text, &session, &why));
}

static void a_ticket_can_be_used_once(void **state)
{
	struct fixture *f = *state;
	struct session session, found;
	char ticket[TOKEN_TEXT], other[TOKEN_TEXT];
	int64_t eve = register_user(f, "Eve", "eve@x.org");
	struct token token = log_in(f, "eve", "a good password");
	MUST(session_find(f->arena, f->store, token.text, &session, &why));
	MUST(ticket_issue(f->store, &session, ticket, &why));
	MUST(ticket_issue(f->store, &session, other, &why));
	assert_string_not_equal(ticket, other);
	REFUSED(TOKEN_INVALID, session_find(f->arena, f->store, ticket, &found, &why));
	REFUSED(TOKEN_INVALID, ticket_redeem(f->arena, f->store, token.text, &found, &why));
	MUST(ticket_redeem(f->arena, f->store, ticket, &found, &why));
	assert_int_equal(found.id, session.id);
	assert_int_equal(found.user_id, eve);
	assert_string_equal(found.username, "Eve");
	assert_int_equal(found.expires_at, token.expires_at);
	REFUSED(TOKEN_INVALID, ticket_redeem(f->arena, f->store, ticket, &found, &why));
	MUST(session_close(f->store, &session, &why));
	REFUSED(TOKEN_INVALID, ticket_redeem(f->arena, f->store, other, &found, &why));
	REFUSED(TOKEN_INVALID, ticket_issue(f->store, &session, ticket, &why));
}

static void a_session_has_at_most_a_hundred_tickets(void **state)
{
	struct fixture *f = *state;
	struct session session;
	struct problem refusal = {0};
	char ticket[TOKEN_TEXT];
	register_user(f, "eve", "eve@x.org");
	struct token token = log_in(f, "eve", "a good password");
	struct token other = log_in(f, "eve", "a good password");
	MUST(session_find(f->arena, f->store, token.text, &session, &why));
	for (int i = 0; i < 100; i++)
		MUST(ticket_issue(f->store, &session, ticket, &why));
	assert_int_equal(ticket_issue(f->store, &session, ticket, &refusal), -1);
	assert_int_equal(refusal.code, PROBLEM_RATE_LIMITED);
	assert_in_range(refusal.retry_after_ms, 20000, 30001);
	MUST(session_find(f->arena, f->store, other.text, &session, &why));
	MUST(ticket_issue(f->store, &session, ticket, &why));
}

static int count_ended(const struct event *event, void *context, struct problem *why)
{
	int64_t *counts = context;
	(void)why;
	counts[event->user_id] += event->kind == EVENT_SESSIONS_ENDED;
	return 0;
}

static void the_end_of_sessions_is_an_event_for_the_bridge(void **state)
{
	struct fixture *f = *state;
	struct session session;
	int64_t ended[20] = {0}, eve = register_user(f, "eve", "eve@x.org");
	struct token token = log_in(f, "eve", "a good password");
	MUST(session_find(f->arena, f->store, token.text, &session, &why));
	MUST(session_close(f->store, &session, &why));
	MUST(user_set_password(f->store, &operator_session, eve, "another password", &why));
	MUST(user_set_active(f->store, &operator_session, eve, false, &why));
	MUST(user_set_active(f->store, &operator_session, eve, true, &why));
	MUST(user_set_role(f->store, &operator_session, eve, "admin", &why));
	MUST(events_after(f->store, 0, 100, count_ended, ended, &why));
	assert_int_equal(ended[eve], 3);
	assert_int_equal(event_info(EVENT_SESSIONS_ENDED)->hearers, HEARD_BY_BRIDGE);
}

/* --- relationships --- */

static void a_second_relationship_updates_the_first(void **state)
{
	struct fixture *f = *state;
	int fresh;
	struct relationship_new bond = {
		.related_user_id = f->ben, .relationship_type = "friend", .strength = 0.25};
	MUST(fresh = relationship_put(f->arena, f->store, f->ada, &bond, &why));
	assert_int_equal(fresh, 1);
	bond.relationship_type = "mentor";
	MUST(fresh = relationship_put(f->arena, f->store, f->ada, &bond, &why));
	assert_int_equal(fresh, 0);
	MUST(relationship_show(f->store, f->ada, f->ben, &f->out, &why));
	const char *shown = take_output(f);
	assert_non_null(strstr(shown, "\"relationship_type\":\"mentor\",\"strength\":0.25"));
	assert_non_null(strstr(shown, "\"interaction_count\":2"));
	REFUSED(NOT_FOUND, relationship_show(f->store, f->ben, f->ada, &f->out, &why));
}

static void a_relationship_with_oneself_or_an_unknown_or_blocking_user_is_refused(void **state)
{
	struct fixture *f = *state;
	struct relationship_new bond = {
		.related_user_id = f->ada, .relationship_type = "friend", .strength = 1};
	REFUSED(INVALID, relationship_put(f->arena, f->store, f->ada, &bond, &why));
	bond.related_user_id = 999;
	REFUSED(USER_NOT_FOUND, relationship_put(f->arena, f->store, f->ada, &bond, &why));
	set_relationship(f, f->ben, f->ada, "blocked");
	bond.related_user_id = f->ben;
	REFUSED(USER_NOT_FOUND, relationship_put(f->arena, f->store, f->ada, &bond, &why));
	/* The blocking user can end the block. */
	set_relationship(f, f->ben, f->ada, "friend");
	MUST(relationship_put(f->arena, f->store, f->ada, &bond, &why));
}

static void a_block_hides_both_users_from_each_other(void **state)
{
	struct fixture *f = *state;
	MUST(user_check_contact(f->store, f->ada, f->ben, &why));
	set_relationship(f, f->ben, f->ada, "blocked");
	REFUSED(USER_NOT_FOUND, user_check_contact(f->store, f->ada, f->ben, &why));
	REFUSED(USER_NOT_FOUND, user_check_contact(f->store, f->ben, f->ada, &why));
	MUST(user_set_active(f->store, &operator_session, f->cleo, false, &why));
	REFUSED(USER_NOT_FOUND, user_check_contact(f->store, f->ada, f->cleo, &why));
}

static void a_list_can_be_filtered_by_type(void **state)
{
	struct fixture *f = *state;
	struct page page = {.limit = 50};
	struct relationship_filter friends = {"friend"}, all = {NULL};
	set_relationship(f, f->ada, f->ben, "friend"),
		set_relationship(f, f->ada, f->cleo, "rival");
	MUST(relationships_list(f->store, f->ada, &friends, &page, &f->out, &why));
	const char *list = take_output(f);
	assert_non_null(strstr(list, "\"ben\""));
	assert_null(strstr(list, "\"cleo\""));
	MUST(relationships_list(f->store, f->ben, &all, &page, &f->out, &why));
	assert_string_equal(take_output(f), "[]");
}

/* --- presence --- */

#define RETURNS(expected, call)                                                                    \
	do {                                                                                       \
		int returned;                                                                      \
		MUST(returned = (call));                                                           \
		assert_int_equal(returned, expected);                                              \
	} while (0)

#define ALIVE (1 << 1 | 1 << 2) /* both bridges listen */

static void a_user_is_offline_when_the_lease_of_the_bridge_has_expired(void **state)
{
	struct fixture *f = *state;
	MUST(bridge_start(f->store, 1, &why));
	MUST(presence_set(f->arena, f->store, f->ada, "connected", NULL, 1, &why));
	MUST(presence_show(f->store, f->ben, f->ada, &f->out, &why));
	assert_non_null(strstr(take_output(f), "\"status\":\"connected\""));
	/* The lease has expired. */
	MUST(q_bridge_renew(f->store, 1, clock_now() - 1, 1, 1, &why));
	MUST(presence_show(f->store, f->ben, f->ada, &f->out, &why));
	assert_non_null(strstr(take_output(f), "\"status\":\"offline\""));
	struct bridges live;
	MUST(bridges_live(f->store, ALIVE, &live, &why));
	assert_int_equal(live.live, 0);
	MUST(bridge_renew(f->store, 1, 7, 2, &why));
	MUST(bridges_live(f->store, ALIVE, &live, &why));
	assert_int_equal(live.live, 1);
	assert_int_equal(live.connections, 7);
	MUST(bridges_live(f->store, 0, &live, &why));
	assert_int_equal(live.connections, 0);
}

static void expire_lease(struct fixture *f, int bridge)
{
	MUST(q_bridge_renew(f->store, bridge, clock_now() - 1, 0, 0, &why));
}

static void users_of_a_bridge_that_restarts_have_time_to_reconnect(void **state)
{
	struct fixture *f = *state;
	const int64_t *users;
	size_t count;
	MUST(bridge_start(f->store, 1, &why));
	MUST(presence_set(f->arena, f->store, f->ada, "connected", NULL, 1, &why));
	MUST(presence_set(f->arena, f->store, f->cleo, "away", NULL, 1, &why));
	MUST(bridge_start(f->store, 1, &why));
	MUST(presence_show(f->store, f->ben, f->ada, &f->out, &why));
	assert_non_null(strstr(take_output(f), "\"status\":\"connected\""));
	RETURNS(0, presence_set(f->arena, f->store, f->cleo, "away", NULL, 1, &why));
	MUST(bridges_forget(f->arena, f->store, &users, &count, &why));
	assert_int_equal(count, 0);

	expire_lease(f, -1);
	MUST(bridges_forget(f->arena, f->store, &users, &count, &why));
	assert_int_equal(count, 2);
	MUST(presence_show(f->store, f->ben, f->ada, &f->out, &why));
	assert_non_null(strstr(take_output(f), "\"status\":\"offline\""));
	MUST(presence_show(f->store, f->ben, f->cleo, &f->out, &why));
	assert_non_null(strstr(take_output(f), "\"status\":\"away\""));
	MUST(bridges_forget(f->arena, f->store, &users, &count, &why));
	assert_int_equal(count, 0);
}

static void a_user_on_two_bridges_has_the_higher_presence_of_both(void **state)
{
	struct fixture *f = *state;
	MUST(bridge_start(f->store, 1, &why));
	MUST(bridge_start(f->store, 2, &why));
	RETURNS(1, presence_set(f->arena, f->store, f->ada, "away", NULL, 1, &why));
	RETURNS(1, presence_set(f->arena, f->store, f->ada, "connected", NULL, 2, &why));
	RETURNS(0, presence_set(f->arena, f->store, f->ada, "offline", NULL, 1, &why));
	RETURNS(1, presence_set(f->arena, f->store, f->ada, "offline", NULL, 2, &why));
}

static void a_renewal_reports_that_the_lease_had_expired(void **state)
{
	struct fixture *f = *state;
	MUST(bridge_start(f->store, 1, &why));
	RETURNS(1, bridge_renew(f->store, 1, 0, 0, &why));
	expire_lease(f, 1);
	RETURNS(0, bridge_renew(f->store, 1, 0, 0, &why));
	RETURNS(1, bridge_renew(f->store, 1, 0, 0, &why));
}

/* As ben sees it. */
static void assert_status(struct fixture *f, int64_t user, const char *status)
{
	char expected[32];
	snprintf(expected, sizeof(expected), "\"status\":\"%s\"", status);
	MUST(presence_show(f->store, f->ben, user, &f->out, &why));
	assert_non_null(strstr(take_output(f), expected));
}

static void end_asking(struct fixture *f, int64_t user)
{
	MUST(q_connected_ask(f->store, user, NULL, clock_now(), clock_now() - 1, &why));
}

static void a_user_is_present_while_asking_and_the_status_lasts(void **state)
{
	struct fixture *f = *state;
	const int64_t *users;
	size_t count;
	const unsigned char hash[32] = {0};
	MUST(q_session_insert(f->store, hash, sizeof(hash), f->ada, NULL, clock_now(),
			      clock_now() + LIFETIME, "none", &why));
	MUST(presence_note(f->arena, f->store, f->ada, &why));
	assert_status(f, f->ada, "connected");
	MUST(presence_ask(f->arena, f->store, f->ada, "away", &why));
	int64_t before = store_changed_rows(f->store);
	MUST(presence_note(f->arena, f->store, f->ada, &why));
	assert_int_equal(store_changed_rows(f->store), before); /* it was noted a moment ago */
	MUST(presence_ask(f->arena, f->store, f->ada, NULL, &why));
	assert_status(f, f->ada, "away");
	end_asking(f, f->ada);
	assert_status(f, f->ada, "offline");
	MUST(bridges_forget(f->arena, f->store, &users, &count, &why));
	assert_true(count == 1 && users[0] == f->ada);
	MUST(presence_note(f->arena, f->store, f->ada, &why));
	assert_status(f, f->ada, "connected");
}

static void requests_do_not_count_for_a_user_with_a_websocket(void **state)
{
	struct fixture *f = *state;
	MUST(bridge_start(f->store, 1, &why));
	MUST(presence_ask(f->arena, f->store, f->ada, NULL, &why));
	RETURNS(1, presence_set(f->arena, f->store, f->ada, "connected", NULL, 1, &why));
	MUST(presence_note(f->arena, f->store, f->ada, &why));
	RETURNS(1, presence_set(f->arena, f->store, f->ada, "away", NULL, 1, &why));
	assert_status(f, f->ada, "away");
	MUST(presence_ask(f->arena, f->store, f->ada, "connected", &why)); /* unless they say so */
	RETURNS(0, presence_set(f->arena, f->store, f->ada, "away", NULL, 1, &why));
	assert_status(f, f->ada, "connected");
	RETURNS(0, presence_set(f->arena, f->store, f->ada, "offline", NULL, 1, &why));
	end_asking(f, f->ada);
	assert_status(f, f->ada, "offline");
}

static void presence_is_reported_to_co_members_and_friends_but_not_blocked_users(void **state)
{
	struct fixture *f = *state;
	const char *room;
	const int64_t *users;
	size_t count;
	struct room_new input = {.name = "x", .is_public = true, .max_participants = 9};
	MUST(room_create(f->arena, f->store, f->ada, &input, &room, &why));
	MUST(room_join(f->arena, f->store, f->ben, room, &why));
	MUST(room_join(f->arena, f->store, f->dora, room, &why));
	set_relationship(f, f->ada, f->cleo, "friend");
	MUST(presence_audience(f->arena, f->store, f->ada, false, &users, &count, &why));
	assert_int_equal(count, 3);
	assert_int_equal(users[0] + users[1] + users[2], f->ben + f->cleo + f->dora);
	set_relationship(f, f->dora, f->ada, "blocked");
	MUST(presence_audience(f->arena, f->store, f->ada, false, &users, &count, &why));
	assert_int_equal(count, 2);
}

/* --- social --- */

static void add_tagged(struct fixture *f, int64_t creator, const char *visibility, const char *one,
		       const char *other)
{
	int64_t id;
	const char *tags[] = {one, other};
	struct knowledge_new note = {.content = "x",
				     .knowledge_type = "note",
				     .visibility = visibility,
				     .tags = {tags, other ? 2 : 1}};
	MUST(knowledge_create(f->arena, f->store, creator, &note, &id, &why));
}

static void similarity_counts_common_tags_that_are_visible(void **state)
{
	struct fixture *f = *state;
	add_tagged(f, f->ada, "public", "bread", "bees");
	add_tagged(f, f->ben, "public", "bread", "radio");
	add_tagged(f, f->ben, "private", "bees", NULL);
	add_tagged(f, f->cleo, "public", "sailing", NULL);
	add_tagged(f, f->dora, "public", "bread", "bees");
	MUST(social_similar_users(f->arena, f->store, f->ada, 10, &f->out, &why));
	json_t *list = json_loads(take_output(f), 0, NULL);
	assert_int_equal(json_array_size(list), 2);
	json_t *dora = json_array_get(list, 0), *ben = json_array_get(list, 1);
	assert_string_equal(json_string_value(json_object_get(dora, "username")), "dora");
	assert_true(json_real_value(json_object_get(dora, "similarity_score")) == 1.0);
	/* One common tag; each of the two users has 2 visible tags. */
	assert_true(json_real_value(json_object_get(ben, "similarity_score")) == 0.5);
	assert_int_equal(json_array_size(json_object_get(ben, "common_tags")), 1);
	assert_int_equal(json_integer_value(json_object_get(ben, "total_knowledge_count")), 1);
	json_decref(list);
	set_relationship(f, f->dora, f->ada, "blocked");
	MUST(social_similar_users(f->arena, f->store, f->ada, 10, &f->out, &why));
	assert_null(strstr(take_output(f), "\"dora\""));
}

static void network_strength_and_influence_score_follow_their_formulas(void **state)
{
	struct fixture *f = *state;
	MUST(social_network(f->store, f->ada, 1, 10, &f->out, &why));
	const char *empty = take_output(f);
	assert_non_null(strstr(empty, "\"network_strength\":0.0,\"influence_score\":0.0"));
	struct relationship_new bond = {
		.related_user_id = f->ben, .relationship_type = "friend", .strength = 0.5};
	MUST(relationship_put(f->arena, f->store, f->ada, &bond, &why));
	bond.related_user_id = f->cleo;
	bond.strength = 1;
	MUST(relationship_put(f->arena, f->store, f->ada, &bond, &why));
	add_tagged(f, f->ada, "public", "a", NULL);
	struct votes votes;
	MUST(knowledge_vote(f->arena, f->store, f->ben, 1, 1, 0, &votes, &why));
	MUST(knowledge_vote(f->arena, f->store, f->cleo, 1, 1, 0, &votes, &why));
	MUST(social_network(f->store, f->ada, 1, 10, &f->out, &why));
	json_t *network = json_loads(take_output(f), 0, NULL);
	/* Ben's vote has raised 0.5 by a twentieth of the distance to 1. */
	assert_float_equal(json_real_value(json_object_get(network, "network_strength")),
			   (0.525 + 1) / 2, 1e-9);
	assert_true(json_real_value(json_object_get(network, "influence_score")) == 1.4);
	assert_int_equal(json_array_size(json_object_get(network, "connections")), 2);
	assert_int_equal(json_object_size(network), network_shape.count);
	json_decref(network);
}

static void active_users_were_seen_within_a_day(void **state)
{
	struct fixture *f = *state;
	MUST(presence_set(f->arena, f->store, f->ben, "away", NULL, 1, &why));
	MUST(q_presence_put(f->store, f->cleo, "offline", clock_now() - 25 * 3600 * CLOCK_SECOND,
			    NULL, true, &why));
	MUST(social_active_users(f->store, f->ada, 10, &f->out, &why));
	const char *active = take_output(f);
	assert_non_null(strstr(active, "\"ben\""));
	assert_null(strstr(active, "\"cleo\""));
	set_relationship(f, f->ada, f->ben, "blocked");
	MUST(social_active_users(f->store, f->ada, 10, &f->out, &why));
	assert_string_equal(take_output(f), "[]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_REALM(usernames_and_emails_are_unique_regardless_of_case),
		IN_REALM(a_setup_code_exists_only_while_there_is_no_owner),
		IN_REALM(addresses_are_compared_without_case_and_invisible_characters),
		IN_REALM(an_update_changes_only_the_given_fields),
		IN_REALM(a_token_is_valid_until_its_session_ends),
		IN_REALM(an_expired_or_unknown_token_is_refused),
		IN_REALM(a_wrong_password_and_an_unknown_user_give_the_same_problem),
		IN_REALM(disabling_a_user_or_a_new_password_ends_all_sessions),
		IN_REALM(a_ticket_can_be_used_once),
		IN_REALM(a_session_has_at_most_a_hundred_tickets),
		IN_REALM(the_end_of_sessions_is_an_event_for_the_bridge),
		IN_REALM(a_second_relationship_updates_the_first),
		IN_REALM(a_relationship_with_oneself_or_an_unknown_or_blocking_user_is_refused),
		IN_REALM(a_block_hides_both_users_from_each_other),
		IN_REALM(a_list_can_be_filtered_by_type),
		IN_REALM(a_user_is_offline_when_the_lease_of_the_bridge_has_expired),
		IN_REALM(users_of_a_bridge_that_restarts_have_time_to_reconnect),
		IN_REALM(a_user_on_two_bridges_has_the_higher_presence_of_both),
		IN_REALM(a_user_is_present_while_asking_and_the_status_lasts),
		IN_REALM(requests_do_not_count_for_a_user_with_a_websocket),
		IN_REALM(a_renewal_reports_that_the_lease_had_expired),
		IN_REALM(presence_is_reported_to_co_members_and_friends_but_not_blocked_users),
		IN_REALM(similarity_counts_common_tags_that_are_visible),
		IN_REALM(network_strength_and_influence_score_follow_their_formulas),
		IN_REALM(active_users_were_seen_within_a_day),
	};
	return cmocka_run_group_tests_name("users", tests, NULL, NULL);
}
