#!/bin/sh
# cpack makes a Debian package: it has the program, the library and its headers, and asks for the libraries they need.
# Usage: package.sh BUILD_FOLDER
set -u
build=${1:?usage: package.sh BUILD_FOLDER}
work=$(mktemp -d "${TMPDIR:-/tmp}/fair-baseline-package.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
cpack --config "$build/CPackConfig.cmake" -B "$work" >"$work/log" 2>&1 || {
    cat "$work/log"
    exit 1
}
dpkg-deb --extract "$work"/fair-baseline_*.deb "$work/tree" || exit 1
for file in bin/fair-baseline lib/libfairbaseline.so lib/pkgconfig/fair-baseline.pc \
    include/fair-baseline/baseline/analysis/measurement.h share/fair-baseline/methods share/doc/fair-baseline/LICENSE; do
    [ -e "$work/tree/usr/$file" ] || { echo "/usr/$file is not in the package"; exit 1; }
done
needs=$(dpkg-deb --field "$work"/fair-baseline_*.deb Depends) || exit 1
echo "$needs"
for library in libc6 libgsl libhdf5 libopenblas libxgboost libyaml; do
    case $needs in *"$library"*) ;; *) echo "the package does not ask for $library"; exit 1 ;; esac
done
LD_LIBRARY_PATH=$work/tree/usr/lib "$work/tree/usr/bin/fair-baseline" --version
