#!/bin/sh
# The name by which the original tool was called.
exec /usr/local/bin/pool-boy "$@"
