#!/bin/sh
# Installs the Debian packages that are missing: `sh baseline/packages.sh` for building and running, with the word
# `tests` also what the tests need. Needs root or sudo only if something is missing.
set -eu

build="gcc cmake make pkgconf libc6-dev libhdf5-dev libgsl-dev libopenblas-dev libxgboost-dev libjansson-dev
       librandom123-dev libxxhash-dev libsnappy-dev libzstd-dev zlib1g-dev libyaml-dev"
tests="check g++ dpkg-dev file openmpi-bin libopenmpi-dev python3-numpy python3-h5py python3-pandas
       python3-iminuit python3-xgboost"
# Style checks and the sanitizer build of the continuous integration.
ci="clang-format shellcheck git"
command -v npm >/dev/null || ci="$ci nodejs npm"

wanted=$build
case "${1:-}" in
    "") ;;
    tests) wanted="$build $tests" ;;
    ci) wanted="$build $tests $ci" ;;
    *) echo "usage: sh baseline/packages.sh [tests|ci]" >&2; exit 2 ;;
esac

missing=
for package in $wanted; do
    if ! dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed'; then
        missing="$missing $package"
    fi
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
        echo "packages are missing:$missing" >&2
        echo "install them as root, or install sudo" >&2
        exit 1
    fi
    as_root=sudo
fi
echo "installing:$missing"
$as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q -q
# shellcheck disable=SC2086 # the lists are meant to be split into words
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q -q --no-install-recommends $missing >/dev/null
