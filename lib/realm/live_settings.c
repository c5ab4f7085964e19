/* Settings that change while programs run: see live_settings.h. */
#include "realm/live_settings.h"

#include <string.h>

#include "base/arena.h"
#include "base/config.h"
#include "base/faults.h"
#include "base/json_out.h"
#include "base/log.h"
#include "realm/audit.h"
#include "realm/sessions.h"
#include "store/queries.h"

#define NEVER_READ (-1)

static const struct option *live_option(const char *key)
{
	size_t count;
	const struct option *options = settings_options(&count);
	const struct option *option = config_find(options, count, key);
	return option && option->live ? option : NULL;
}

/* --- reading ---------------------------------------------------------------------------------- */

void live_settings_start(struct live_settings *live, const struct settings *configured)
{
	*live = (struct live_settings){
		.configured = configured, .now = *configured, .generation = NEVER_READ};
}

static int apply_override(const struct q_settings_overrides *row, void *context,
			  struct problem *why)
{
	const struct option *option = live_option(row->key);
	struct problem refused = {0};
	(void)why;
	if (!option)
		log_warn("setting_unknown", LOG_TEXT("key", row->key));
	else if (config_set(option, row->value, "", context, &refused) < 0)
		log_problem(LOG_LEVEL_WARN, "setting_refused", &refused);
	return 0;
}

int live_settings_refresh(struct store *store, struct live_settings *live, struct problem *why)
{
	int64_t generation = 0;
	TRY(q_settings_generation(store, &generation, why));
	bool changed = generation != live->generation;
	if (changed) {
		struct settings fresh = *live->configured;
		TRY(q_settings_overrides(store, apply_override, &fresh, why));
		live->now = fresh;
		live->generation = generation;
	}
	settings_apply(&live->now, store); /* also to a handle that was opened again */
	return changed;
}

/* --- changing --------------------------------------------------------------------------------- */

static void check_change(const struct setting_change *change, struct buf *faults)
{
	size_t count;
	const struct option *options = settings_options(&count);
	const struct option *option = config_find(options, count, change->key);
	struct settings unused;
	struct problem refused = {0};
	if (!option)
		fault_value(faults, "body", change->key, "Value error, there is no such setting");
	else if (!option->live)
		fault_value(faults, "body", change->key,
			    "Value error, this setting can only be changed in aeon.conf");
	else if (change->value &&
		 config_set(option, change->value, "Value error, ", &unused, &refused) < 0)
		fault_value(faults, "body", change->key, refused.detail);
}

struct changes {
	const struct session *by;
	const struct setting_change *list;
	size_t count;
};

static int store_changes(struct store *store, void *context, struct problem *why)
{
	const struct changes *changes = context;
	for (size_t i = 0; i < changes->count; i++) {
		const struct setting_change *change = &changes->list[i];
		if (change->value)
			TRY(q_setting_put(store, change->key, change->value, why));
		else
			TRY(q_setting_delete(store, change->key, why));
		TRY(audit(store,
			  &(struct audit_entry){.action = AUDIT_SETTING_CHANGED,
						.caller = changes->by ? changes->by->caller : NULL,
						.actor = changes->by ? changes->by->user_id : 0,
						.kind = "setting",
						.object = change->key,
						.detail = change->value},
			  why));
	}
	TRY(q_settings_note_change(store, why));
	return 0;
}

int settings_change(struct arena *arena, struct store *store, const struct session *by,
		    const struct setting_change *list, size_t count, struct problem *why)
{
	struct changes changes = {by, list, count};
	struct buf *faults = buf_in(arena);
	for (size_t i = 0; i < count; i++)
		check_change(&list[i], faults);
	TRY(faults_raise(faults, why));
	return count > 0 ? store_write(store, store_changes, &changes, why) : 0;
}

/* A number or text as settings have it; anything else becomes a text that no setting accepts. */
static const char *value_text(struct arena *arena, const json_t *value)
{
	if (json_is_null(value))
		return NULL;
	if (json_is_integer(value))
		return arena_printf(arena, "%lld", (long long)json_integer_value(value));
	return json_is_string(value) ? json_string_value(value) : "";
}

int settings_change_json(struct arena *arena, struct store *store, const struct session *by,
			 const json_t *object, struct problem *why)
{
	size_t options, count = 0;
	settings_options(&options);
	if (json_object_size(object) > options)
		return problem_field(arena, why, "body", NULL,
				     "Value error, there are fewer settings");
	struct setting_change *list = arena_alloc(arena, json_object_size(object) * sizeof(*list));
	const char *key;
	json_t *value;
	json_object_foreach((json_t *)object, key, value)
		list[count++] = (struct setting_change){key, value_text(arena, value)};
	return settings_change(arena, store, by, list, count, why);
}

/* --- showing ---------------------------------------------------------------------------------- */

static const struct property setting_properties[] = {
	PROPERTY("key", TEXT),
	PROPERTY("value", ANY, .help = "A number, or one of `choices`."),
	PROPERTY("configured", ANY,
		 .help = "The value of aeon.conf, which counts without a change."),
	PROPERTY("is_changed", BOOL, .help = "Whether a change overrides aeon.conf."),
	PROPERTY("min", INT, .nullable = true, .help = "Least number; null for a choice."),
	PROPERTY("max", INT, .nullable = true),
	PROPERTY("choices", TEXTS, .nullable = true, .help = "Possible values; null for a number."),
	PROPERTY("help", TEXT),
};
const struct shape setting_shape = SHAPE("Setting", setting_properties);

static void put_value(struct buf *out, const char *name, const struct option *option,
		      const struct settings *settings)
{
	struct buf text = {0};
	config_put(&text, option, settings);
	jw_key(out, name);
	if (option->type == OPTION_INT)
		jw_raw(out, text.data, text.len);
	else
		jw_text(out, buf_text(&text));
	buf_free(&text);
}

static void put_bounds(struct buf *out, const struct option *option)
{
	size_t count = 0;
	if (option->type == OPTION_INT) {
		jw_kv_int(out, "min", option->min);
		jw_kv_int(out, "max", option->max);
		jw_key(out, "choices"), jw_null(out);
		return;
	}
	while (option->choices[count])
		count++;
	jw_key(out, "min"), jw_null(out);
	jw_key(out, "max"), jw_null(out);
	jw_key(out, "choices"), jw_texts(out, option->choices, count);
}

/* The keys in the table, each between spaces. */
static int collect_key(const struct q_settings_overrides *row, void *context, struct problem *why)
{
	(void)why;
	buf_printf(context, " %s ", row->key);
	return 0;
}

static bool has_key(const struct buf *keys, const char *key)
{
	struct buf word = {0};
	buf_printf(&word, " %s ", key);
	bool found = strstr(buf_text(keys), buf_text(&word)) != NULL;
	buf_free(&word);
	return found;
}

int settings_list(struct store *store, const struct live_settings *live, struct buf *out,
		  struct problem *why)
{
	size_t count;
	const struct option *options = settings_options(&count);
	struct buf keys = {0};
	if (q_settings_overrides(store, collect_key, &keys, why) < 0) {
		buf_free(&keys);
		return -1;
	}
	jw_open(out, '[');
	for (const struct option *option = options; option < options + count; option++) {
		if (!option->live)
			continue;
		jw_open(out, '{');
		jw_kv_text(out, "key", option->key);
		put_value(out, "value", option, &live->now);
		put_value(out, "configured", option, live->configured);
		jw_kv_bool(out, "is_changed", has_key(&keys, option->key));
		put_bounds(out, option);
		jw_kv_text(out, "help", option->help);
		jw_close(out, '}');
	}
	jw_close(out, ']');
	buf_free(&keys);
	return 0;
}
