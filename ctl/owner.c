/*
 * aeonctl as root: it becomes the user that the database belongs to.
 *
 * That user may have put anything into the directory: links to files of others, named pipes. So
 * root's rights must not meet it. With AEON_USER=root in the environment root stays root.
 */
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/ctl.h"

struct owner {
	uid_t uid;
	gid_t gid;
	const char *name; /* NULL: the system does not know the user */
};

/*
 * The deepest part of the path that does not belong to root tells the user, because that user can
 * make everything below it lead elsewhere.
 */
static struct owner owner_of(const char *path)
{
	char part[PATH_MAX] = "";
	struct stat status = {0};
	size_t length = 0;
	if (*path != '/' && getcwd(part, sizeof(part) - 1))
		length = strlen(part);
	snprintf(part + length, sizeof(part) - length, "/%s", path);
	while (*part && (lstat(part, &status) != 0 || status.st_uid == 0)) {
		status = (struct stat){0};
		*strrchr(part, '/') = '\0';
	}
	const struct passwd *user = status.st_uid ? getpwuid(status.st_uid) : NULL;
	return (struct owner){.uid = status.st_uid,
			      .gid = user ? user->pw_gid : status.st_gid,
			      .name = user ? user->pw_name : NULL};
}

static bool root_stays(void)
{
	const char *user = getenv("AEON_USER");
	return geteuid() != 0 || (user && strcmp(user, "root") == 0);
}

static int cannot(const struct owner *owner, struct problem *why)
{
	return problem_say(why, PROBLEM_CONFIG, "Cannot become the user %u: %s",
			   (unsigned)owner->uid, strerror(errno));
}

int owner_become(const char *path, struct problem *why)
{
	if (root_stays())
		return 0;
	struct owner owner = owner_of(path);
	if (owner.uid == 0)
		return 0;
	if ((owner.name ? initgroups(owner.name, owner.gid) : setgroups(0, NULL)) != 0 ||
	    setgid(owner.gid) != 0 || setuid(owner.uid) != 0)
		return cannot(&owner, why);
	return 0;
}

int owner_borrow(const char *path, struct problem *why)
{
	if (root_stays())
		return 0;
	struct owner owner = owner_of(path);
	if (owner.uid != 0 &&
	    (setgroups(0, NULL) != 0 || setegid(owner.gid) != 0 || seteuid(owner.uid) != 0))
		return cannot(&owner, why);
	return 0;
}

int owner_return(struct problem *why)
{
	if (seteuid(getuid()) != 0 || setegid(getgid()) != 0)
		return problem_say(why, PROBLEM_CONFIG, "Cannot become root again: %s",
				   strerror(errno));
	return 0;
}
