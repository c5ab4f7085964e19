/* The epoch: see epoch.h. */
#include "realm/epoch.h"

#include <stdio.h>
#include <string.h>

#include "store/backup.h"
#include "store/queries.h"
#include "store/store.h"

int realm_epoch(struct arena *arena, struct store *store, const char **epoch_r, struct problem *why)
{
	return q_meta_get(arena, store, "epoch", epoch_r, why);
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
	TRY(q_meta_get(arena, store, "boot_id", &last, why));
	if (last && strcmp(last, now) == 0)
		return 0;
	TRY(q_meta_put(store, "boot_id", now, why));
	if (!last)
		return 0;
	TRY(store_renew_epoch(store, why));
	return 0;
}

int realm_note_boot(struct arena *arena, struct store *store, struct problem *why)
{
	return store_write(store, note_boot, arena, why);
}
