/*
 * Fuzzes what administrators and users type: values of live settings, the setup code of the first
 * owner, and codes of second factors.
 *
 * An input is a line "KEY VALUE" for a setting, and a code. A setting that is accepted is in
 * effect, in the form in which it is accepted again. The right codes are random.
 */
#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "realm/live_settings.h"
#include "realm/registration.h"
#include "realm/session.h"
#include "realm/totp.h"
#include "store/queries.h"
#include "store/store.h"
#include "tests/fuzz/fuzz.h"

#define DIGITS 6

static struct store *store;
static struct settings configured;
static int64_t user;

static void make_realm(void)
{
	char code[CODE_TEXT], secret[20];
	log_setup("fuzz", LOG_LEVEL_ERROR + 1);
	HOLDS(sodium_init() >= 0);
	randombytes_buf(secret, sizeof(secret));
	MUST(settings_load(NULL, &configured, &why));
	MUST(store_open(":memory:", STORE_MIGRATE, 100, &store, &why));
	MUST(q_user_insert(store, "ada", "a@example.org", "a@example.org", "none", NULL, NULL,
			   "user", false, clock_now(), &user, &why));
	MUST(setup_code_make(store, code, &why));
	MUST(q_totp_begin(store, user, secret, sizeof(secret), &why));
	MUST(q_totp_confirm(store, user, &why));
}

static void try_setting(struct arena *arena, const char *key, const char *value)
{
	const struct setting_change change = {key, *value ? value : NULL};
	struct problem refused = {0};
	struct live_settings live;
	size_t count;
	const struct option *options = settings_options(&count);
	int changed = settings_change(arena, store, NULL, &change, 1, &refused);
	HOLDS((changed < 0) == (refused.code == PROBLEM_INVALID));
	live_settings_start(&live, &configured);
	MUST(live_settings_refresh(store, &live, &why));
	if (changed < 0)
		return;
	const struct option *option = config_find(options, count, key);
	HOLDS(option && option->live);
	struct buf *text = buf_in(arena);
	struct settings again = live.now;
	config_put(text, option, &live.now);
	MUST(config_set(option, buf_text(text), "", &again, &why));
	HOLDS(memcmp(&again, &live.now, sizeof(again)) == 0);
}

static void try_code(struct arena *arena, const char *code)
{
	const struct session session = {.user_id = user};
	struct problem claim = {0}, check = {0};
	HOLDS(setup_code_claim(store, &session, code, &claim) < 0);
	HOLDS(claim.code == PROBLEM_SETUP_CODE_INVALID);
	if (totp_check(arena, store, user, code, &check) < 0)
		HOLDS(check.code == PROBLEM_TOTP_REQUIRED);
	else
		HOLDS(strlen(code) == DIGITS); /* guessed, among a million */
	MUST(q_attempts_forget(store, INT64_MAX, &why));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	if (!store)
		make_realm();
	char *rest = arena_strndup(arena, (const char *)data, size);
	char *value = strsep(&rest, "\n"), *key = strsep(&value, " ");
	try_setting(arena, key, value ? value : "");
	if (rest)
		try_code(arena, rest);
	arena_free(&arena);
	return 0;
}
