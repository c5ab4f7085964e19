# aeon-twin: takes turns of the users' twins, and answers them.

bin_PROGRAMS += aeon-twin
aeon_twin_SOURCES = \
	twin/loop.c twin/loop.h \
	twin/main.c \
	twin/typing.c twin/typing.h \
	twin/worker.c twin/worker.h
aeon_twin_CFLAGS = $(AM_CFLAGS) $(UV_CFLAGS)
aeon_twin_LDADD = $(LIBAEON_LIBS) $(UV_LIBS)

dist_man_MANS += twin/aeon-twin.8
