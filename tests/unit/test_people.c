/* realm/users, sessions, presence, relationships and social. */
#include <stdio.h>

#include <jansson.h>

#include "base/clock.h"
#include "realm/bridges.h"
#include "realm/events.h"
#include "realm/feed.h"
#include "realm/knowledge.h"
#include "realm/presence.h"
#include "realm/relationships.h"
#include "realm/rooms.h"
#include "realm/sessions.h"
#include "realm/social.h"
#include "realm/users.h"
#include "store/queries.h"
#include "tests/unit/test.h"

#define LIFETIME (3600 * CLOCK_SECOND)

static int64_t sign_up(struct world *w, const char *name, const char *email)
{
	int64_t id;
	struct user_new user = {.username = name, .email = email, .password = "a good password"};
	MUST(user_register(w->arena, w->store, &user, &id, &why));
	return id;
}

static struct token log_in(struct world *w, const char *name, const char *password)
{
	struct token token;
	const struct login login = {name, password};
	MUST(session_open(w->arena, w->store, &login, "test", LIFETIME, &token, &why));
	return token;
}

static void relate(struct world *w, int64_t from, int64_t to, const char *type)
{
	struct relationship_new bond = {
		.related_user_id = to, .relationship_type = type, .strength = 0.5};
	MUST(relationship_put(w->arena, w->store, from, &bond, &why));
}

/* --- accounts --- */

static void names_and_emails_are_unique_regardless_of_case(void **state)
{
	struct world *w = *state;
	int64_t id;
	struct user_new same = {.username = "ADA", .email = "new@x.org", .password = "12345678"};
	REFUSED(USERNAME_TAKEN, user_register(w->arena, w->store, &same, &id, &why));
	same.username = "fresh";
	same.email = "Ada@Example.org";
	REFUSED(EMAIL_TAKEN, user_register(w->arena, w->store, &same, &id, &why));
}

static void the_first_user_owns_the_realm(void **state)
{
	struct world *w = *state;
	MUST(user_show(w->store, w->ada, &w->out, &why));
	assert_non_null(strstr(taken(w), "\"role\":\"owner\""));
	MUST(user_show(w->store, w->ben, &w->out, &why));
	assert_non_null(strstr(taken(w), "\"role\":\"user\""));
}

static void a_profile_changes_only_where_told(void **state)
{
	struct world *w = *state;
	struct user_change change = {
		.full_name = "Ben B", .bio = "x", .given = USER_CHANGE_FULL_NAME};
	MUST(user_update(w->arena, w->store, w->ben, &change, &why));
	MUST(user_show(w->store, w->ben, &w->out, &why));
	const char *shown = taken(w);
	assert_non_null(strstr(shown, "\"full_name\":\"Ben B\",\"bio\":null"));
	assert_non_null(strstr(shown, "\"email\":\"ben@example.org\""));
	change = (struct user_change){.given = USER_CHANGE_FULL_NAME};
	MUST(user_update(w->arena, w->store, w->ben, &change, &why));
	MUST(user_show(w->store, w->ben, &w->out, &why));
	assert_non_null(strstr(taken(w), "\"full_name\":null"));
	change = (struct user_change){.email = "ADA@example.org", .given = USER_CHANGE_EMAIL};
	REFUSED(EMAIL_TAKEN, user_update(w->arena, w->store, w->ben, &change, &why));
	change.email = "BEN@example.org";
	MUST(user_update(w->arena, w->store, w->ben, &change, &why));
	REFUSED(USER_NOT_FOUND, user_update(w->arena, w->store, 999, &change, &why));
}

/* --- sessions --- */

static void a_login_gives_a_token_that_is_found_until_it_ends(void **state)
{
	struct world *w = *state;
	struct session session;
	int64_t eve = sign_up(w, "Eve", "eve@x.org");
	struct token token = log_in(w, "eve", "a good password");
	struct token other = log_in(w, "EVE@X.org", "a good password");
	assert_int_equal(strlen(token.text), TOKEN_TEXT - 1);
	assert_string_not_equal(token.text, other.text);
	MUST(session_find(w->arena, w->store, token.text, &session, &why));
	assert_int_equal(session.user_id, eve);
	assert_string_equal(session.username, "Eve");
	assert_string_equal(session.role, "user");
	MUST(session_close(w->store, &session, &why));
	REFUSED(TOKEN_INVALID, session_find(w->arena, w->store, token.text, &session, &why));
	MUST(session_find(w->arena, w->store, other.text, &session, &why));
}

static void what_is_no_token_is_refused(void **state)
{
	struct world *w = *state;
	struct session session;
	struct token expired;
	sign_up(w, "eve", "eve@x.org");
	const struct login login = {"eve", "a good password"};
	MUST(session_open(w->arena, w->store, &login, NULL, -1, &expired, &why));
	REFUSED(TOKEN_INVALID, session_find(w->arena, w->store, expired.text, &session, &why));
	REFUSED(TOKEN_INVALID, session_find(w->arena, w->store, "", &session, &why));
	REFUSED(TOKEN_INVALID,
		session_find(w->arena, w->store, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
			     &session, &why));
}

static void a_wrong_password_and_an_unknown_user_look_alike(void **state)
{
	struct world *w = *state;
	struct problem wrong = {0}, unknown = {0};
	struct token token;
	sign_up(w, "eve", "eve@x.org");
	const struct login one = {"eve", "a bad password"}, other = {"nobody", "a bad password"};
	assert_int_equal(session_open(w->arena, w->store, &one, NULL, LIFETIME, &token, &wrong),
			 -1);
	assert_int_equal(session_open(w->arena, w->store, &other, NULL, LIFETIME, &token, &unknown),
			 -1);
	assert_memory_equal(&wrong, &unknown, sizeof(wrong));
	assert_int_equal(wrong.code, PROBLEM_LOGIN_FAILED);
}

static void failures_make_an_account_wait_and_success_forgets_them(void **state)
{
	struct world *w = *state;
	struct token token;
	struct problem why = {0};
	sign_up(w, "eve", "eve@x.org");
	const struct login bad = {"Eve", "a bad password"}, good = {"eve", "a good password"};
	for (int i = 0; i < 4; i++) {
		why = (struct problem){0};
		session_open(w->arena, w->store, &bad, NULL, LIFETIME, &token, &why);
		assert_int_equal(why.code, PROBLEM_LOGIN_FAILED);
	}
	log_in(w, "eve", "a good password");
	for (int i = 0; i < 5; i++) {
		why = (struct problem){0};
		session_open(w->arena, w->store, &bad, NULL, LIFETIME, &token, &why);
		assert_int_equal(why.code, PROBLEM_LOGIN_FAILED);
	}
	/* Even with the right password, and for how long is told. */
	why = (struct problem){0};
	assert_int_equal(session_open(w->arena, w->store, &good, NULL, LIFETIME, &token, &why), -1);
	assert_int_equal(why.code, PROBLEM_TOO_MANY_LOGINS);
	assert_in_range(why.retry_after_ms, 1, 1001);
	/* And by whichever name the account is called. */
	const struct login by_email = {"eve@x.org", "a bad password"};
	why = (struct problem){0};
	assert_int_equal(session_open(w->arena, w->store, &by_email, NULL, LIFETIME, &token, &why),
			 -1);
	assert_int_equal(why.code, PROBLEM_TOO_MANY_LOGINS);
}

static void disabling_or_a_new_password_ends_all_logins(void **state)
{
	struct world *w = *state;
	struct session session;
	int64_t eve = sign_up(w, "eve", "eve@x.org");
	struct token token = log_in(w, "eve", "a good password");
	MUST(session_find(w->arena, w->store, token.text, &session, &why));
	MUST(user_set_password(w->store, eve, "another password", &why));
	int valid;
	MUST(valid = session_valid(w->store, session.id, &why));
	assert_int_equal(valid, 0);
	token = log_in(w, "eve", "another password");
	MUST(session_find(w->arena, w->store, token.text, &session, &why));
	MUST(user_set_active(w->store, eve, false, &why));
	REFUSED(TOKEN_INVALID, session_find(w->arena, w->store, token.text, &session, &why));
	struct token none;
	const struct login login = {"eve", "another password"};
	REFUSED(LOGIN_FAILED,
		session_open(w->arena, w->store, &login, NULL, LIFETIME, &none, &why));
	MUST(user_set_active(w->store, eve, true, &why));
	REFUSED(TOKEN_INVALID, session_find(w->arena, w->store, token.text, &session, &why));
}

static void a_ticket_stands_for_its_session_once(void **state)
{
	struct world *w = *state;
	struct session session, found;
	char ticket[TOKEN_TEXT], other[TOKEN_TEXT];
	int64_t eve = sign_up(w, "Eve", "eve@x.org");
	struct token token = log_in(w, "eve", "a good password");
	MUST(session_find(w->arena, w->store, token.text, &session, &why));
	MUST(ticket_issue(w->store, &session, ticket, &why));
	MUST(ticket_issue(w->store, &session, other, &why));
	assert_string_not_equal(ticket, other);
	REFUSED(TOKEN_INVALID, session_find(w->arena, w->store, ticket, &found, &why));
	REFUSED(TOKEN_INVALID, ticket_redeem(w->arena, w->store, token.text, &found, &why));
	MUST(ticket_redeem(w->arena, w->store, ticket, &found, &why));
	assert_int_equal(found.id, session.id);
	assert_int_equal(found.user_id, eve);
	assert_string_equal(found.username, "Eve");
	assert_int_equal(found.expires_at, token.expires_at);
	REFUSED(TOKEN_INVALID, ticket_redeem(w->arena, w->store, ticket, &found, &why));
	MUST(session_close(w->store, &session, &why));
	REFUSED(TOKEN_INVALID, ticket_redeem(w->arena, w->store, other, &found, &why));
	REFUSED(TOKEN_INVALID, ticket_issue(w->store, &session, ticket, &why));
}

static void a_session_has_a_hundred_tickets_at_most(void **state)
{
	struct world *w = *state;
	struct session session;
	struct problem refusal = {0};
	char ticket[TOKEN_TEXT];
	sign_up(w, "eve", "eve@x.org");
	struct token token = log_in(w, "eve", "a good password");
	struct token other = log_in(w, "eve", "a good password");
	MUST(session_find(w->arena, w->store, token.text, &session, &why));
	for (int i = 0; i < 100; i++)
		MUST(ticket_issue(w->store, &session, ticket, &why));
	assert_int_equal(ticket_issue(w->store, &session, ticket, &refusal), -1);
	assert_int_equal(refusal.code, PROBLEM_RATE_LIMITED);
	assert_in_range(refusal.retry_after_ms, 20000, 30001);
	MUST(session_find(w->arena, w->store, other.text, &session, &why));
	MUST(ticket_issue(w->store, &session, ticket, &why));
}

static int note_event(const struct event *event, void *context, struct problem *why)
{
	struct event *last = context;
	(void)why;
	*last = *event;
	return 0;
}

static void the_end_of_a_login_is_an_event_for_the_bridge(void **state)
{
	struct world *w = *state;
	struct session session;
	struct event last = {0};
	int count;
	int64_t eve = sign_up(w, "eve", "eve@x.org");
	struct token token = log_in(w, "eve", "a good password");
	MUST(session_find(w->arena, w->store, token.text, &session, &why));
	MUST(session_close(w->store, &session, &why));
	MUST(user_set_password(w->store, eve, "another password", &why));
	MUST(user_set_active(w->store, eve, false, &why));
	MUST(count = events_after(w->store, 0, 10, note_event, &last, &why));
	assert_int_equal(count, 3);
	assert_int_equal(last.kind, EVENT_SESSIONS_ENDED);
	assert_int_equal(last.user_id, eve);
	assert_int_equal(event_info(last.kind)->hearers, HEARD_BY_BRIDGE);
	MUST(user_set_active(w->store, eve, true, &why));
	MUST(user_set_role(w->store, eve, "admin", &why));
	MUST(count = events_after(w->store, 0, 10, note_event, &last, &why));
	assert_int_equal(count, 3);
}

/* --- relationships --- */

static void a_second_relationship_updates_the_first(void **state)
{
	struct world *w = *state;
	int fresh;
	struct relationship_new bond = {
		.related_user_id = w->ben, .relationship_type = "friend", .strength = 0.25};
	MUST(fresh = relationship_put(w->arena, w->store, w->ada, &bond, &why));
	assert_int_equal(fresh, 1);
	bond.relationship_type = "mentor";
	MUST(fresh = relationship_put(w->arena, w->store, w->ada, &bond, &why));
	assert_int_equal(fresh, 0);
	MUST(relationship_show(w->store, w->ada, w->ben, &w->out, &why));
	const char *shown = taken(w);
	assert_non_null(strstr(shown, "\"relationship_type\":\"mentor\",\"strength\":0.25"));
	assert_non_null(strstr(shown, "\"interaction_count\":2"));
	REFUSED(NOT_FOUND, relationship_show(w->store, w->ben, w->ada, &w->out, &why));
}

static void not_everybody_can_be_related_to(void **state)
{
	struct world *w = *state;
	struct relationship_new bond = {
		.related_user_id = w->ada, .relationship_type = "friend", .strength = 1};
	REFUSED(INVALID, relationship_put(w->arena, w->store, w->ada, &bond, &why));
	bond.related_user_id = 999;
	REFUSED(USER_NOT_FOUND, relationship_put(w->arena, w->store, w->ada, &bond, &why));
	relate(w, w->ben, w->ada, "blocked");
	bond.related_user_id = w->ben;
	REFUSED(USER_NOT_FOUND, relationship_put(w->arena, w->store, w->ada, &bond, &why));
	/* Who blocks can lift it. */
	relate(w, w->ben, w->ada, "friend");
	MUST(relationship_put(w->arena, w->store, w->ada, &bond, &why));
}

static void a_block_makes_both_unreachable(void **state)
{
	struct world *w = *state;
	MUST(user_reachable(w->store, w->ada, w->ben, &why));
	relate(w, w->ben, w->ada, "blocked");
	REFUSED(USER_NOT_FOUND, user_reachable(w->store, w->ada, w->ben, &why));
	REFUSED(USER_NOT_FOUND, user_reachable(w->store, w->ben, w->ada, &why));
	MUST(user_set_active(w->store, w->cleo, false, &why));
	REFUSED(USER_NOT_FOUND, user_reachable(w->store, w->ada, w->cleo, &why));
}

static void a_list_can_be_narrowed_by_type(void **state)
{
	struct world *w = *state;
	struct page page = {.limit = 50};
	struct relationship_filter friends = {"friend"}, all = {NULL};
	relate(w, w->ada, w->ben, "friend"), relate(w, w->ada, w->cleo, "rival");
	MUST(relationships_list(w->store, w->ada, &friends, &page, &w->out, &why));
	const char *list = taken(w);
	assert_non_null(strstr(list, "\"ben\""));
	assert_null(strstr(list, "\"cleo\""));
	MUST(relationships_list(w->store, w->ben, &all, &page, &w->out, &why));
	assert_string_equal(taken(w), "[]");
}

/* --- presence --- */

#define RETURNS(expected, call)                                                                    \
	do {                                                                                       \
		int returned;                                                                      \
		MUST(returned = (call));                                                           \
		assert_int_equal(returned, expected);                                              \
	} while (0)

#define ALIVE (1 << 1 | 1 << 2) /* both bridges listen */

static void nobody_is_online_whose_bridge_is_gone(void **state)
{
	struct world *w = *state;
	MUST(bridge_start(w->store, 1, &why));
	MUST(presence_set(w->arena, w->store, w->ada, "connected", NULL, 1, &why));
	MUST(presence_show(w->store, w->ben, w->ada, &w->out, &why));
	assert_non_null(strstr(taken(w), "\"status\":\"connected\""));
	/* Its lease ran out. */
	MUST(q_bridge_renew(w->store, 1, clock_now() - 1, 1, 1, &why));
	MUST(presence_show(w->store, w->ben, w->ada, &w->out, &why));
	assert_non_null(strstr(taken(w), "\"status\":\"offline\""));
	struct bridges live;
	MUST(bridges_live(w->store, ALIVE, &live, &why));
	assert_int_equal(live.live, 0);
	MUST(bridge_renew(w->store, 1, 7, 2, &why));
	MUST(bridges_live(w->store, ALIVE, &live, &why));
	assert_int_equal(live.live, 1);
	assert_int_equal(live.connections, 7);
	MUST(bridges_live(w->store, 0, &live, &why));
	assert_int_equal(live.connections, 0);
}

static void end_lease(struct world *w, int bridge)
{
	MUST(q_bridge_renew(w->store, bridge, clock_now() - 1, 0, 0, &why));
}

static void who_was_on_a_bridge_that_starts_again_has_time_to_return(void **state)
{
	struct world *w = *state;
	const int64_t *users;
	size_t count;
	MUST(bridge_start(w->store, 1, &why));
	MUST(presence_set(w->arena, w->store, w->ada, "connected", NULL, 1, &why));
	MUST(presence_set(w->arena, w->store, w->cleo, "away", NULL, 1, &why));
	MUST(bridge_start(w->store, 1, &why));
	MUST(presence_show(w->store, w->ben, w->ada, &w->out, &why));
	assert_non_null(strstr(taken(w), "\"status\":\"connected\""));
	RETURNS(0, presence_set(w->arena, w->store, w->cleo, "away", NULL, 1, &why));
	MUST(bridges_forget(w->arena, w->store, &users, &count, &why));
	assert_int_equal(count, 0);

	end_lease(w, -1);
	MUST(bridges_forget(w->arena, w->store, &users, &count, &why));
	assert_int_equal(count, 2);
	MUST(presence_show(w->store, w->ben, w->ada, &w->out, &why));
	assert_non_null(strstr(taken(w), "\"status\":\"offline\""));
	MUST(presence_show(w->store, w->ben, w->cleo, &w->out, &why));
	assert_non_null(strstr(taken(w), "\"status\":\"away\""));
	MUST(bridges_forget(w->arena, w->store, &users, &count, &why));
	assert_int_equal(count, 0);
}

static void who_is_on_two_bridges_is_as_present_as_on_the_better_one(void **state)
{
	struct world *w = *state;
	MUST(bridge_start(w->store, 1, &why));
	MUST(bridge_start(w->store, 2, &why));
	RETURNS(1, presence_set(w->arena, w->store, w->ada, "away", NULL, 1, &why));
	RETURNS(1, presence_set(w->arena, w->store, w->ada, "connected", NULL, 2, &why));
	RETURNS(0, presence_set(w->arena, w->store, w->ada, "offline", NULL, 1, &why));
	RETURNS(1, presence_set(w->arena, w->store, w->ada, "offline", NULL, 2, &why));
}

static void a_bridge_learns_that_its_lease_had_run_out(void **state)
{
	struct world *w = *state;
	MUST(bridge_start(w->store, 1, &why));
	RETURNS(1, bridge_renew(w->store, 1, 0, 0, &why));
	end_lease(w, 1);
	RETURNS(0, bridge_renew(w->store, 1, 0, 0, &why));
	RETURNS(1, bridge_renew(w->store, 1, 0, 0, &why));
}

static void presence_is_told_to_room_mates_and_friends_but_not_blocked_ones(void **state)
{
	struct world *w = *state;
	const char *room;
	const int64_t *users;
	size_t count;
	struct room_new input = {.name = "x", .is_public = true, .max_participants = 9};
	MUST(room_create(w->arena, w->store, w->ada, &input, &room, &why));
	MUST(room_join(w->arena, w->store, w->ben, room, &why));
	MUST(room_join(w->arena, w->store, w->dora, room, &why));
	relate(w, w->ada, w->cleo, "friend");
	MUST(presence_audience(w->arena, w->store, w->ada, &users, &count, &why));
	assert_int_equal(count, 3);
	assert_int_equal(users[0] + users[1] + users[2], w->ben + w->cleo + w->dora);
	relate(w, w->dora, w->ada, "blocked");
	MUST(presence_audience(w->arena, w->store, w->ada, &users, &count, &why));
	assert_int_equal(count, 2);
}

/* --- social --- */

static void add_tagged(struct world *w, int64_t creator, const char *visibility, const char *one,
		       const char *other)
{
	int64_t id;
	const char *tags[] = {one, other};
	struct knowledge_new note = {.content = "x",
				     .knowledge_type = "note",
				     .visibility = visibility,
				     .tags = {tags, other ? 2 : 1}};
	MUST(knowledge_create(w->arena, w->store, creator, &note, &id, &why));
}

static void similarity_counts_common_tags_that_one_may_see(void **state)
{
	struct world *w = *state;
	add_tagged(w, w->ada, "public", "bread", "bees");
	add_tagged(w, w->ben, "public", "bread", "radio");
	add_tagged(w, w->ben, "private", "bees", NULL);
	add_tagged(w, w->cleo, "public", "sailing", NULL);
	add_tagged(w, w->dora, "public", "bread", "bees");
	MUST(social_similar_users(w->arena, w->store, w->ada, 10, &w->out, &why));
	json_t *list = json_loads(taken(w), 0, NULL);
	assert_int_equal(json_array_size(list), 2);
	json_t *dora = json_array_get(list, 0), *ben = json_array_get(list, 1);
	assert_string_equal(json_string_value(json_object_get(dora, "username")), "dora");
	assert_true(json_real_value(json_object_get(dora, "similarity_score")) == 1.0);
	/* ben: 1 common tag of max(2, 2 that are seen). */
	assert_true(json_real_value(json_object_get(ben, "similarity_score")) == 0.5);
	assert_int_equal(json_array_size(json_object_get(ben, "common_tags")), 1);
	assert_int_equal(json_integer_value(json_object_get(ben, "total_knowledge_count")), 1);
	json_decref(list);
	relate(w, w->dora, w->ada, "blocked");
	MUST(social_similar_users(w->arena, w->store, w->ada, 10, &w->out, &why));
	assert_null(strstr(taken(w), "\"dora\""));
}

static void the_network_has_the_missions_numbers(void **state)
{
	struct world *w = *state;
	MUST(social_network(w->store, w->ada, 1, 10, &w->out, &why));
	const char *empty = taken(w);
	assert_non_null(strstr(empty, "\"network_strength\":0.0,\"influence_score\":0.0"));
	struct relationship_new bond = {
		.related_user_id = w->ben, .relationship_type = "friend", .strength = 0.5};
	MUST(relationship_put(w->arena, w->store, w->ada, &bond, &why));
	bond.related_user_id = w->cleo;
	bond.strength = 1;
	MUST(relationship_put(w->arena, w->store, w->ada, &bond, &why));
	add_tagged(w, w->ada, "public", "a", NULL);
	struct votes votes;
	MUST(knowledge_vote(w->arena, w->store, w->ben, 1, 1, &votes, &why));
	MUST(knowledge_vote(w->arena, w->store, w->cleo, 1, 1, &votes, &why));
	MUST(social_network(w->store, w->ada, 1, 10, &w->out, &why));
	json_t *network = json_loads(taken(w), 0, NULL);
	/* Ben's vote has taken 0.5 a twentieth of the way to 1. */
	assert_float_equal(json_real_value(json_object_get(network, "network_strength")),
			   (0.525 + 1) / 2, 1e-9);
	assert_true(json_real_value(json_object_get(network, "influence_score")) == 1.4);
	assert_int_equal(json_array_size(json_object_get(network, "connections")), 2);
	assert_int_equal(json_object_size(network), network_shape.count);
	json_decref(network);
}

static void active_is_who_was_seen_within_a_day(void **state)
{
	struct world *w = *state;
	MUST(presence_set(w->arena, w->store, w->ben, "away", NULL, 1, &why));
	MUST(q_presence_put(w->store, w->cleo, "offline", clock_now() - 25 * 3600 * CLOCK_SECOND,
			    NULL, &why));
	MUST(social_active_users(w->store, w->ada, 10, &w->out, &why));
	const char *active = taken(w);
	assert_non_null(strstr(active, "\"ben\""));
	assert_null(strstr(active, "\"cleo\""));
	relate(w, w->ada, w->ben, "blocked");
	MUST(social_active_users(w->store, w->ada, 10, &w->out, &why));
	assert_string_equal(taken(w), "[]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(names_and_emails_are_unique_regardless_of_case),
		IN_WORLD(the_first_user_owns_the_realm),
		IN_WORLD(a_profile_changes_only_where_told),
		IN_WORLD(a_login_gives_a_token_that_is_found_until_it_ends),
		IN_WORLD(what_is_no_token_is_refused),
		IN_WORLD(a_wrong_password_and_an_unknown_user_look_alike),
		IN_WORLD(failures_make_an_account_wait_and_success_forgets_them),
		IN_WORLD(disabling_or_a_new_password_ends_all_logins),
		IN_WORLD(a_ticket_stands_for_its_session_once),
		IN_WORLD(a_session_has_a_hundred_tickets_at_most),
		IN_WORLD(the_end_of_a_login_is_an_event_for_the_bridge),
		IN_WORLD(a_second_relationship_updates_the_first),
		IN_WORLD(not_everybody_can_be_related_to),
		IN_WORLD(a_block_makes_both_unreachable),
		IN_WORLD(a_list_can_be_narrowed_by_type),
		IN_WORLD(nobody_is_online_whose_bridge_is_gone),
		IN_WORLD(who_was_on_a_bridge_that_starts_again_has_time_to_return),
		IN_WORLD(who_is_on_two_bridges_is_as_present_as_on_the_better_one),
		IN_WORLD(a_bridge_learns_that_its_lease_had_run_out),
		IN_WORLD(presence_is_told_to_room_mates_and_friends_but_not_blocked_ones),
		IN_WORLD(similarity_counts_common_tags_that_one_may_see),
		IN_WORLD(the_network_has_the_missions_numbers),
		IN_WORLD(active_is_who_was_seen_within_a_day),
	};
	return cmocka_run_group_tests_name("people", tests, NULL, NULL);
}
