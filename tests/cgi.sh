#!/bin/sh
# Half of tests/cgi; cgi_n_z.sh is the other half, so that both can run at the same time.
here=$(cd "$(dirname "$0")" && pwd)
exec "$here/pytest.sh" cgi --ignore-glob="$here/cgi/test_[n-z]*.py"
