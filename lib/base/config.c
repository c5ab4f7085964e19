/* Configuration from a table: see config.h. */
#include "base/config.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ip.h"
#include "base/memory.h"

#define LONGEST_LINE 4096

static char *trim(char *text)
{
	while (isspace((unsigned char)*text))
		text++;
	char *end = text + strlen(text);
	while (end > text && isspace((unsigned char)end[-1]))
		*--end = '\0';
	return text;
}

/* A copy that is never freed. The list keeps it reachable, so that no leak is reported. */
static const char *copy_for_ever(const char *text)
{
	static struct copy {
		struct copy *older;
		char text[];
	} * newest;
	struct copy *copy = xmalloc(sizeof(*copy) + strlen(text) + 1);
	copy->older = newest;
	strcpy(copy->text, text);
	newest = copy;
	return copy->text;
}

/*
 * Opens a file that a value names. A link is followed, because containers hand out secrets as
 * links. Anything but a file could block, or be read only once.
 */
static FILE *open_value(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat info;
	if (fd < 0)
		return NULL;
	if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode))
		return fdopen(fd, "r");
	close(fd);
	errno = EINVAL;
	return NULL;
}

static int set_text(const char **to, const char *value, const char *source, const char *key,
		    struct problem *why)
{
	*to = value;
	if (value[0] != '@')
		return 0;
	FILE *file = open_value(value + 1);
	if (!file)
		return problem_say(why, PROBLEM_CONFIG, "%s%s: cannot read %s: %s", source, key,
				   value + 1, strerror(errno));
	char line[LONGEST_LINE] = "";
	char *got = fgets(line, sizeof(line), file);
	bool is_cut = got && !strchr(line, '\n') && fgetc(file) != EOF;
	fclose(file);
	if (!got || is_cut)
		return problem_say(why, PROBLEM_CONFIG, "%s%s: %s %s", source, key, value + 1,
				   got ? "has a line that is too long" : "is empty");
	*to = copy_for_ever(trim(line));
	explicit_bzero(line, sizeof(line));
	return 0;
}

static int set_int(const struct option *option, int64_t *to, const char *value, const char *source,
		   struct problem *why)
{
	char *end;
	errno = 0;
	long long number = strtoll(value, &end, 10);
	if (errno || end == value || *end || number < option->min || number > option->max)
		return problem_say(why, PROBLEM_CONFIG,
				   "%s%s must be a whole number from %lld to %lld, not \"%.60s\"",
				   source, option->key, (long long)option->min,
				   (long long)option->max, value);
	*to = number;
	return 0;
}

static int set_choice(const struct option *option, int *to, const char *value, const char *source,
		      struct problem *why)
{
	struct buf names = {0};
	for (int i = 0; option->choices[i]; i++) {
		if (strcmp(option->choices[i], value) == 0) {
			*to = i;
			buf_free(&names);
			return 0;
		}
		buf_printf(&names, "%s%s", i ? ", " : "", option->choices[i]);
	}
	problem_say(why, PROBLEM_CONFIG, "%s%s must be one of %s, not \"%.60s\"", source,
		    option->key, buf_text(&names), value);
	buf_free(&names);
	return -1;
}

static int set_networks(const char **to, const char *value, const char *source, const char *key,
			struct problem *why)
{
	size_t bytes;
	TRY(set_text(to, value, source, key, why));
	const char *wrong = ip_check_networks(*to, &bytes);
	if (!wrong)
		return 0;
	return problem_say(why, PROBLEM_CONFIG,
			   "%s%s must be addresses or networks such as 192.0.2.1 or "
			   "2001:db8::/32, separated by spaces, not \"%.*s\"",
			   source, key, bytes < 60 ? (int)bytes : 60, wrong);
}

static int set_contact(const char **to, const char *value, const char *source, const char *key,
		       struct problem *why)
{
	TRY(set_text(to, value, source, key, why));
	bool printable = true, known = strncmp(*to, "mailto:", 7) == 0 ||
				       strncmp(*to, "https:", 6) == 0 ||
				       strncmp(*to, "tel:", 4) == 0;
	for (const char *at = *to; *at; at++)
		printable = printable && *at > ' ' && *at < 0x7f;
	if (!**to || (known && printable))
		return 0;
	return problem_say(why, PROBLEM_CONFIG,
			   "%s%s must be a URI such as mailto:security@example.org or "
			   "https://example.org/security, not \"%.60s\"",
			   source, key, *to);
}

int config_set(const struct option *option, const char *value, const char *source, void *out,
	       struct problem *why)
{
	void *to = (char *)out + option->at;
	switch (option->type) {
	case OPTION_TEXT:
	case OPTION_SECRET:
		return set_text(to, value, source, option->key, why);
	case OPTION_INT:
		return set_int(option, to, value, source, why);
	case OPTION_CHOICE:
		return set_choice(option, to, value, source, why);
	case OPTION_NETWORKS:
		return set_networks(to, value, source, option->key, why);
	case OPTION_CONTACT:
		return set_contact(to, value, source, option->key, why);
	}
	return 0;
}

const struct option *config_find(const struct option *options, size_t count, const char *key)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(options[i].key, key) == 0)
			return &options[i];
	return NULL;
}

static int read_line(const struct option *options, size_t count, char *line, const char *source,
		     void *out, struct problem *why)
{
	char *text = trim(line);
	if (!*text || *text == '#')
		return 0;
	char *equals = strchr(text, '=');
	if (!equals)
		return problem_say(why, PROBLEM_CONFIG, "%sexpected \"key = value\"", source);
	*equals = '\0';
	const char *key = trim(text);
	const struct option *option = config_find(options, count, key);
	if (!option)
		return problem_say(why, PROBLEM_CONFIG, "%sunknown key \"%.60s\"", source, key);
	return config_set(option, copy_for_ever(trim(equals + 1)), source, out, why);
}

static int read_file(const struct option *options, size_t count, const char *path, void *out,
		     struct problem *why)
{
	FILE *file = fopen(path, "re");
	if (!file)
		return problem_say(why, PROBLEM_CONFIG, "cannot read %s: %s", path,
				   strerror(errno));
	char line[LONGEST_LINE], source[200];
	int result = 0;
	for (int number = 1; result == 0 && fgets(line, sizeof(line), file); number++) {
		snprintf(source, sizeof(source), "%.180s:%d: ", path, number);
		result = read_line(options, count, line, source, out, why);
	}
	fclose(file);
	return result;
}

static int read_environment(const struct option *option, void *out, struct problem *why)
{
	char name[80] = "AEON_", source[100];
	size_t at = strlen(name);
	for (const char *from = option->key; *from && at < sizeof(name) - 1; from++)
		name[at++] = (char)toupper((unsigned char)*from);
	const char *found = name, *value = getenv(name);
	if (!value && option->is_well_known) {
		found = name + strlen("AEON_");
		value = getenv(found);
	}
	if (!value)
		return 0;
	snprintf(source, sizeof(source), "environment %s: ", found);
	return config_set(option, value, source, out, why);
}

int config_load(const struct option *options, size_t count, const char *file, void *out,
		struct problem *why)
{
	for (size_t i = 0; i < count; i++)
		TRY(config_set(&options[i], options[i].default_value, "default: ", out, why));
	if (file)
		TRY(read_file(options, count, file, out, why));
	for (size_t i = 0; i < count; i++)
		TRY(read_environment(&options[i], out, why));
	return 0;
}

void config_put(struct buf *text, const struct option *option, const void *in)
{
	const void *at = (const char *)in + option->at;
	if (option->type == OPTION_INT)
		buf_printf(text, "%lld", (long long)*(const int64_t *)at);
	else
		buf_puts(text, option->choices[*(const int *)at]);
}

void config_print(const struct option *options, size_t count, struct buf *out)
{
	for (size_t i = 0; i < count; i++)
		buf_printf(out, "# %s\n#%s = %s\n\n", options[i].help, options[i].key,
			   options[i].default_value);
}

bool config_has_word(const char *list, const char *word)
{
	size_t length = strlen(word);
	for (const char *at = list; *at; at += strcspn(at, " "), at += strspn(at, " "))
		if (strcspn(at, " ") == length && strncasecmp(at, word, length) == 0)
			return true;
	return false;
}
