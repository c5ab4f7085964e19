/* What a user has chosen about mails: see mail_settings.h. */
#include "realm/mail_settings.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "realm/account_changed.h"
#include "store/queries.h"
#include "store/store.h"

#define KEY "mail_key" /* of realm_meta, in hex */
#define BASE64 sodium_base64_VARIANT_URLSAFE_NO_PADDING

static const char *const digests[] = {"off", "names", "texts", NULL};

static const struct field settings_rows[] = {
	FIELD(struct mail_settings, digest, CHOICE, .required = true, .choices = digests,
	      .help = "Whether a mail tells you, at most once an hour, what you have missed while "
		      "you were away: direct messages and mentions. off, names (from which users "
		      "and in which rooms) or texts (also how the messages begin)."),
};
const struct fields mail_settings_fields = FIELDS(struct mail_settings, settings_rows);

static const struct property settings_properties[] = {
	PROPERTY("digest", TEXT, .help = "off, names or texts; names at first."),
	PROPERTY("address_verified", BOOL, .help = "Only a confirmed address gets such mails."),
};
const struct shape mail_settings_shape = SHAPE("MailSettings", settings_properties);

static const struct field token_rows[] = {
	FIELD(struct digest_token, token, TEXT, .required = true, .secret = true,
	      .pattern = "^[0-9]{1,18}\\.[A-Za-z0-9_-]{43}$",
	      .help = "The token of the link in a mail."),
};
const struct fields digest_token_fields = FIELDS(struct digest_token, token_rows);

/* --- settings --------------------------------------------------------------------------------- */

int mail_check_server(struct store *store, struct problem *why)
{
	return store_rules(store)->sends_mail ? 0 : problem_set(why, PROBLEM_NOT_FOUND);
}

int mail_settings_show(struct store *store, int64_t user_id, struct buf *out, struct problem *why)
{
	TRY(mail_check_server(store, why));
	int found = q_mail_settings(store, user_id, out, why);
	return found == 0 ? problem_set(why, PROBLEM_USER_NOT_FOUND) : found;
}

struct setting {
	int64_t user_id;
	const char *digest;
};

static int set(struct store *store, void *context, struct problem *why)
{
	const struct setting *s = context;
	int changed = q_mail_settings_set(store, s->user_id, s->digest, why);
	if (changed <= 0)
		return changed;
	return account_tell(store, s->user_id, ACCOUNT_MAIL, 0, false, why);
}

int mail_settings_set(struct store *store, int64_t user_id, const struct mail_settings *settings,
		      struct problem *why)
{
	struct setting s = {user_id, settings->digest};
	TRY(mail_check_server(store, why));
	return store_write(store, set, &s, why);
}

/* --- the token -------------------------------------------------------------------------------- */

typedef unsigned char token_key[crypto_auth_KEYBYTES];
typedef unsigned char token_mac[crypto_auth_BYTES];

/* 1, or 0 when the realm has none. */
static int find_key(struct arena *arena, struct store *store, token_key key, struct problem *why)
{
	const char *hex;
	size_t bytes;
	int found = q_meta_get(arena, store, KEY, &hex, why);
	if (found <= 0)
		return found;
	return sodium_hex2bin(key, sizeof(token_key), hex, strlen(hex), NULL, &bytes, NULL) == 0 &&
	       bytes == sizeof(token_key);
}

static int make_key(struct store *store, token_key key, struct problem *why)
{
	char hex[2 * sizeof(token_key) + 1];
	crypto_auth_keygen(key);
	sodium_bin2hex(hex, sizeof(hex), key, sizeof(token_key));
	return q_meta_put(store, KEY, hex, why);
}

/* 1, or 0 without such a user. */
static int make_mac(struct arena *arena, struct store *store, const token_key key, int64_t user_id,
		    token_mac mac, struct problem *why)
{
	const char *address;
	int found = q_address_of_user(arena, store, user_id, &address, why);
	if (found <= 0)
		return found;
	const char *text = arena_printf(arena, "digest %lld %s", (long long)user_id, address);
	crypto_auth(mac, (const unsigned char *)text, strlen(text), key);
	return 1;
}

int digest_token_make(struct arena *arena, struct store *store, int64_t user_id,
		      const char **token_r, struct problem *why)
{
	token_key key;
	token_mac mac;
	char base64[sodium_base64_ENCODED_LEN(sizeof(mac), BASE64)];
	int found = find_key(arena, store, key, why);
	TRY(found);
	if (!found)
		TRY(make_key(store, key, why));
	found = make_mac(arena, store, key, user_id, mac, why);
	sodium_memzero(key, sizeof(key));
	if (found <= 0)
		return found < 0 ? -1 : problem_set(why, PROBLEM_USER_NOT_FOUND);
	sodium_bin2base64(base64, sizeof(base64), mac, sizeof(mac), BASE64);
	*token_r = arena_printf(arena, "%lld.%s", (long long)user_id, base64);
	return 0;
}

/* Whether the token is genuine: 1, 0 or -1. */
static int check_token(struct arena *arena, struct store *store, const char *token,
		       int64_t *user_id_r, struct problem *why)
{
	token_key key;
	token_mac shown, right;
	char *end;
	size_t bytes;
	*user_id_r = strtoll(token, &end, 10);
	if (sodium_base642bin(shown, sizeof(shown), end + 1, strlen(end + 1), NULL, &bytes, NULL,
			      BASE64) != 0 ||
	    bytes != sizeof(shown))
		return 0;
	int found = find_key(arena, store, key, why);
	if (found > 0)
		found = make_mac(arena, store, key, *user_id_r, right, why);
	sodium_memzero(key, sizeof(key));
	return found <= 0 ? found : sodium_memcmp(shown, right, sizeof(shown)) == 0;
}

int digest_end(struct arena *arena, struct store *store, const struct digest_token *input,
	       struct problem *why)
{
	struct setting s = {.digest = "off"};
	int genuine = check_token(arena, store, input->token, &s.user_id, why);
	if (genuine <= 0)
		return genuine < 0 ? -1 : problem_set(why, PROBLEM_CODE_INVALID);
	return store_write(store, set, &s, why);
}
