#!/bin/sh
# See cgi.sh.
here=$(cd "$(dirname "$0")" && pwd)
exec "$here/pytest.sh" cgi --ignore-glob="$here/cgi/test_[a-m]*.py"
