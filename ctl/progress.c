/* progress() of ctl.h. */
#include <stdio.h>
#include <unistd.h>

#include "ctl/ctl.h"

#define WIDTH 40

void progress(const char *what, int done, int total)
{
	static const char full[] = "########################################";
	if (!isatty(STDERR_FILENO) || total <= 0)
		return;
	if (done < total)
		fprintf(stderr, "\r%s [%-*.*s] %3d %%", what, WIDTH,
			(int)((long long)done * WIDTH / total), full,
			(int)((long long)done * 100 / total));
	else
		fputs("\r\033[K", stderr);
	fflush(stderr);
}
