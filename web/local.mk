# The web client. web/dist is built from the sources in web/ and committed, so that a realm needs no
# Node: "make web" builds it anew, with Node 20.19 or later.

webdir = $(pkgdatadir)/web

if WEB
install-data-local: install-web
uninstall-local: uninstall-web
endif

.PHONY: install-web uninstall-web web check-web
install-web:
	$(MKDIR_P) "$(DESTDIR)$(webdir)/assets"
	$(INSTALL_DATA) $(srcdir)/web/dist/*.html "$(DESTDIR)$(webdir)"
	$(INSTALL_DATA) $(srcdir)/web/dist/assets/* "$(DESTDIR)$(webdir)/assets"
uninstall-web:
	rm -rf "$(DESTDIR)$(webdir)"

web:
	$(srcdir)/web/run build

# Types, unit tests, and whether web/dist is what the sources give, byte for byte.
check-web:
	$(srcdir)/web/run check

EXTRA_DIST += web/run web/dist web/src web/styles web/text web/plugins web/tests web/index.html web/docs.html \
	web/package.json web/package-lock.json web/tsconfig.json web/vite.config.ts web/docs.config.ts
