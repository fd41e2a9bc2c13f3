#!/bin/sh
# All tests: installs what is missing, builds (Release), runs ctest. Arguments go to ctest (for example `-L unit`).
set -eu
cd "$(dirname "$0")/.."

sh baseline/packages.sh tests
cmake --preset ci >/dev/null
cmake --build --preset ci -j "$(nproc)"
ctest --preset ci -j "$(nproc)" "$@"
