# aeonctl, the administrator's command.

bin_PROGRAMS += aeonctl
aeonctl_SOURCES = \
	ctl/ask_probe.c \
	ctl/audit.c ctl/moderation.c \
	ctl/backup.c \
	ctl/ctl.h \
	ctl/demo.c \
	ctl/demo_content.h \
	ctl/doctor.c \
	ctl/init.c \
	ctl/main.c \
	ctl/maintenance.c \
	ctl/owner.c \
	ctl/pages.c \
	ctl/password.c \
	ctl/print.c \
	ctl/progress.c \
	ctl/recount.c \
	ctl/run.c \
	ctl/settings.c \
	ctl/stores.c \
	ctl/users.c
aeonctl_LDADD = $(LIBAEON_LIBS)
dist_man_MANS += ctl/aeonctl.8

# aeon-probe, which asks the providers for "aeonctl doctor" and "aeonctl check".
bin_PROGRAMS += aeon-probe
aeon_probe_SOURCES = ctl/compare.c ctl/compare.h ctl/compare_graph.c ctl/probe.c
aeon_probe_LDADD = $(LIBPROVIDER_LIBS) $(LIBAEON_LIBS)
dist_man_MANS += ctl/aeon-probe.8
