# aeon.fcgi: the REST interface.

CGI_SOURCES = \
	cgi/app.c cgi/app.h \
	cgi/conditional.c cgi/conditional.h \
	cgi/docs.c \
	cgi/events.c \
	cgi/gateway.c cgi/gateway.h \
	cgi/health.c \
	cgi/input.c cgi/input.h \
	cgi/interactions.c \
	cgi/knowledge.c \
	cgi/messages.c \
	cgi/openapi.c \
	cgi/relationships.c \
	cgi/request.h \
	cgi/respond.c cgi/respond.h \
	cgi/rooms.c \
	cgi/route.h \
	cgi/router.c cgi/router.h \
	cgi/social.c \
	cgi/url.c cgi/url.h \
	cgi/users.c

bin_PROGRAMS += aeon.fcgi
aeon_fcgi_SOURCES = $(CGI_SOURCES) \
	cgi/inherit.c cgi/inherit.h \
	cgi/main.c \
	cgi/master.c cgi/master.h \
	cgi/worker.c cgi/worker.h
aeon_fcgi_LDADD = $(LIBAEON_LIBS) $(FCGI_LIBS)

dist_man_MANS += cgi/aeon.fcgi.8
