#!/bin/sh
# The realm as a CGI program: copy this file into the site, and write your own paths into it. The
# program, the configuration and the database stay outside of the site. The web server starts this
# file with almost no environment, so the path of the configuration stands here.
AEON_CONFIG=/path/to/aeon/aeon.conf
export AEON_CONFIG
exec /path/to/aeon/aeon.fcgi
