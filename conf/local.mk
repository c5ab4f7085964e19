# Files for administrators: for nginx, for Apache, and the example configuration. Also the scripts
# and documents of the source tree.

nginxdir = $(pkgdatadir)/nginx
fail2bandir = $(pkgdatadir)/fail2ban
dist_fail2ban_DATA = conf/fail2ban/aeon.conf
apachedir = $(pkgdatadir)/apache
dist_apache_DATA = conf/apache/htaccess conf/apache/aeon.cgi
dist_nginx_DATA = conf/nginx/http.conf conf/nginx/server.conf
nodist_nginx_DATA = conf/nginx/site.conf conf/nginx/routes.conf
dist_doc_DATA = README.md CHANGELOG.md SECURITY.md LICENSE conf/aeon.conf.example

EXTRA_DIST += conf/nginx/site.conf.in conf/nginx/nginx.conf.in \
	scripts/common.sh scripts/up scripts/test scripts/demo scripts/stage.py scripts/scenes.py \
	scripts/pictures docs/pictures/room-light.png docs/pictures/room-dark.png \
	docs/architecture.md docs/hacking.md docs/home.md
CLEANFILES += conf/nginx/site.conf conf/nginx/routes.conf

conf/nginx/site.conf: conf/nginx/site.conf.in Makefile
	$(AM_V_GEN)$(MKDIR_P) conf/nginx && sed \
		-e 's|@CONF@|$(nginxdir)|g' \
		-e 's|@WEB@|$(webdir)|g' \
		-e 's|@ROUTES@|$(nginxdir)/routes.conf|g' \
		-e 's|@SETTINGS@|$(sysconfdir)/aeon/nginx.conf|g' \
		-e 's|@RUN@|$(runstatedir)/aeon|g' \
		-e 's|@LOG@|$(localstatedir)/log/nginx|g' \
		-e 's|@BRIDGES@|server "unix:$(runstatedir)/aeon/ws.sock";|g' \
		-e 's|@LISTEN@|listen 80; listen [::]:80;|g' \
		$(srcdir)/conf/nginx/site.conf.in >$@

# Which pool answers which route, from the program's own table.
conf/nginx/routes.conf: aeon.fcgi$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) conf/nginx && ./aeon.fcgi --nginx-routes >$@.new && mv $@.new $@
