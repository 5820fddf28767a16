#!/usr/bin/env bash
# One script for both fleets.
exec bash "$SRC/startline/fuzz/oss-fuzz/build.sh"
