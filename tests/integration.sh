#!/bin/sh
exec "$(dirname "$0")/pytest.sh" integration
