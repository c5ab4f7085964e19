/* The epoch: see epoch.h. */
#include "realm/epoch.h"

#include <stdio.h>
#include <string.h>

#include "store/store.h"

int realm_epoch(struct arena *arena, struct store *store, const char **epoch_r, struct problem *why)
{
	return store_get(arena, store, why, Q_META_GET, "t>t", "epoch", epoch_r);
}

static const char *boot_id(char *text, int size)
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
	if (!file || !fgets(text, size, file))
		text[0] = '\0';
	if (file)
		fclose(file);
	return text;
}

static int note_boot(struct store *store, void *context, struct problem *why)
{
	struct arena *arena = context;
	char now[64];
	const char *last = NULL;
	boot_id(now, sizeof(now));
	TRY(store_get(arena, store, why, Q_META_GET, "t>t", "boot_id", &last));
	if (last && strcmp(last, now) == 0)
		return 0;
	TRY(store_exec(store, why, Q_META_PUT, "tt", "boot_id", now));
	if (!last)
		return 0;
	TRY(store_exec(store, why, Q_EPOCH_RENEW, ""));
	return 0;
}

int realm_note_boot(struct arena *arena, struct store *store, struct problem *why)
{
	return store_write(store, note_boot, arena, why);
}
