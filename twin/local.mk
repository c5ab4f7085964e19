# aeon-twin: takes turns of the users' twins, and answers them.

bin_PROGRAMS += aeon-twin
aeon_twin_SOURCES = \
	twin/answerer.c twin/answerer.h \
	twin/chroma_store.c twin/chroma_store.h \
	twin/embedding.c twin/embedding.h \
	twin/learning.c twin/learning.h \
	twin/loop.c twin/loop.h \
	twin/mailing.c twin/mailing.h \
	twin/main.c \
	twin/model.c twin/model.h \
	twin/neo4j_store.c twin/neo4j_store.h \
	twin/paths.c twin/paths.h \
	twin/prompt.c twin/prompt.h \
	twin/reply.c twin/reply.h \
	twin/sync.c twin/sync.h \
	twin/worker.c twin/worker.h
aeon_twin_CFLAGS = $(AM_CFLAGS) $(CURL_CFLAGS) $(UV_CFLAGS)
aeon_twin_LDADD = $(LIBPROVIDER_LIBS) $(LIBAEON_LIBS)

dist_man_MANS += twin/aeon-twin.8
