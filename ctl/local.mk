# aeonctl, the administrator's command.

bin_PROGRAMS += aeonctl
aeonctl_SOURCES = \
	ctl/ctl.h \
	ctl/main.c ctl/print.c ctl/password.c ctl/pages.c ctl/progress.c \
	ctl/init.c ctl/users.c ctl/audit.c ctl/maintenance.c ctl/recount.c ctl/backup.c ctl/doctor.c \
	ctl/demo.c ctl/demo_content.h ctl/owner.c ctl/run.c
aeonctl_LDADD = $(LIBAEON_LIBS)
dist_man_MANS += ctl/aeonctl.8
