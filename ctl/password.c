/*
 * new_password() of ctl.h. A password never comes from the command line, which every user of the
 * machine can read.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <termios.h>

#include <sodium.h>

#include "base/arena.h"
#include "ctl/ctl.h"

#define LONGEST_LINE 1024
#define GENERATED_BYTES 15 /* 120 random bits, 20 letters */

/* A line without its end, in the arena; NULL at the end of the file. */
static const char *read_line(struct arena *arena, FILE *from)
{
	char line[LONGEST_LINE];
	if (!fgets(line, sizeof(line), from))
		return NULL;
	const char *copy = arena_strndup(arena, line, strcspn(line, "\r\n"));
	sodium_memzero(line, sizeof(line));
	return copy;
}

static const char *ask(struct arena *arena, FILE *terminal, const char *question)
{
	struct termios as_was, silent;
	tcgetattr(fileno(terminal), &as_was);
	silent = as_was;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(fileno(terminal), TCSAFLUSH, &silent);
	fputs(question, terminal);
	fflush(terminal);
	const char *answer = read_line(arena, terminal);
	tcsetattr(fileno(terminal), TCSADRAIN, &as_was);
	fputc('\n', terminal);
	return answer;
}

static const char *ask_twice(struct ctl *ctl)
{
	FILE *terminal = fopen("/dev/tty", "r+e");
	if (!terminal) {
		refuse(EX_USAGE, "there is no terminal; use --password-stdin or --generate");
		return NULL;
	}
	const char *first = ask(ctl->arena, terminal, "Password: ");
	const char *second = ask(ctl->arena, terminal, "Again: ");
	fclose(terminal);
	if (first && second && strcmp(first, second) == 0)
		return first;
	refuse(EX_USAGE, "the two passwords differ");
	return NULL;
}

static const char *generate_password(struct arena *arena)
{
	unsigned char random[GENERATED_BYTES];
	char text[sodium_base64_ENCODED_LEN(GENERATED_BYTES,
					    sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
	randombytes_buf(random, sizeof(random));
	sodium_bin2base64(text, sizeof(text), random, sizeof(random),
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return arena_strdup(arena, text);
}

const char *new_password(struct ctl *ctl, bool *generated_r)
{
	*generated_r = ctl->generate;
	if (ctl->generate)
		return generate_password(ctl->arena);
	if (!ctl->password_stdin)
		return ask_twice(ctl);
	const char *line = read_line(ctl->arena, stdin);
	if (!line)
		refuse(EX_USAGE, "there is no password on the standard input");
	return line;
}
