#!/bin/sh
# Who may include whom: a room includes only rooms below it, a foreign header only the file that wraps it.
# Usage: check_rooms.sh ROOT
set -u
root=${1:?usage: check_rooms.sh ROOT}
work=$(mktemp -d "${TMPDIR:-/tmp}/fair-baseline-rooms.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT

# Prints one line per violation, and "N includes" at the end.
judge() {
    (cd "$1" && find models notebooks_export holdout nll baseline -name '*.[ch]' 2>/dev/null | sort |
        xargs grep -n '^[ 	]*#[ 	]*include' /dev/null) | awk '
    BEGIN {
        floor["models"] = floor["notebooks_export"] = 1
        floor["holdout"] = 2
        floor["nll"] = 3
        floor["baseline"] = 4
        # Foreign header -> the files that may include it.
        owner["xgboost/"] = "^models/bdt(_matrix)?([.]c|_internal[.]h)$"
        owner["hdf5"] = "^models/ground/(h5[a-z0-9_]*[.]c|h5_internal[.]h)$"
        owner["snappy-c.h"] = owner["zlib.h"] = owner["zstd.h"] = "^holdout/formats/parquet_codec[.]c$"
        owner["jansson"] = "^(baseline/|models/forest_xgboost[.]c$)"
        owner["cyaml/"] = "^baseline/config[.]c$"
        owner["yaml.h"] = "^baseline/config_document[.]c$"
        owner["Random123/"] = "^models/ground/random[.]c$"
        owner["cblas"] = "^models/dense_net[.]c$"
        owner["xxhash"] = "^models/ground/hash[.]c$"
        owner["mpi.h"] = "^baseline/ranks[.]c$"
        owner["gsl/"] = "([.]c|_internal[.]h)$"
    }
    {
        split($0, part, ":")
        file = part[1]
        line = part[2]
        text = substr($0, length(file) + length(line) + 3)
        from = file
        sub("/.*", "", from)
        n++
        if (match(text, /"[^"]*"/)) {
            header = substr(text, RSTART + 1, RLENGTH - 2)
            to = header
            sub("/.*", "", to)
            if (!(to in floor) || to == header)
                print file ":" line ": " header " is not ROOM/FILE"
            else if (from == "notebooks_export") {
                if (to != from && header !~ "^models/ground/")
                    print file ":" line ": notebooks_export may include only itself and models/ground, not " header
            } else if (to == "notebooks_export" && from != "baseline")
                print file ":" line ": only baseline hands something over to be drawn, not " from
            else if (to != from && floor[to] >= floor[from])
                print file ":" line ": " from " may not include " header
        } else if (match(text, /<[^>]*>/)) {
            header = substr(text, RSTART + 1, RLENGTH - 2)
            for (name in owner)
                if (index(header, name) == 1 && file !~ owner[name])
                    print file ":" line ": <" header "> has another owner"
        } else
            print file ":" line ": cannot be understood: " text
    }
    END { print n + 0 " includes" }'
}

# First the judge itself: it must find each of these.
plant() {
    rm -rf "$work/tree"
    mkdir -p "$work/tree/$(dirname "$1")"
    printf '%s\n' "$2" >"$work/tree/$1"
    if [ "$(judge "$work/tree" | wc -l)" -ne "$3" ]; then
        echo "the check itself is broken: '$2' in $1"
        exit 1
    fi
}
plant models/x.c '#include "holdout/events.h"' 2
plant holdout/x.h '#include "nll/fit.h"' 2
plant nll/x.c '#  include "baseline/train.h"' 2
plant models/x.c '#include "notebooks_export/canvas.h"' 2
plant notebooks_export/x.c '#include "models/metrics.h"' 2
plant holdout/x.c '#include "events.h"' 2
plant holdout/x.c '#include <xgboost/c_api.h>' 2
plant holdout/x.c '#include <hdf5.h>' 2
plant nll/x.h '#include <gsl/gsl_vector.h>' 2
plant holdout/x.c '#include <jansson.h>' 2
plant holdout/formats/x.c '#include <zlib.h>' 2
plant holdout/formats/x.c '#include "nll/fit.h"' 2
plant holdout/formats/parquet_codec.c '#include <zstd.h>' 1
plant models/bdt.c '#include <cblas.h>' 2
plant baseline/cli.c '#include <cyaml/cyaml.h>' 2
plant baseline/config.c '#include <yaml.h>' 2
plant baseline/team.c '#include <mpi.h>' 2
plant nll/x.c '#include "holdout/templates.h"' 1
plant notebooks_export/x.c '#include "models/ground/status.h"' 1
plant notebooks_export/x.c '#include "notebooks_export/svg.h"' 1
plant notebooks_export/x.c '#include "holdout/measure.h"' 2
plant notebooks_export/x.c '#include <jansson.h>' 2
plant holdout/x.c '#include "notebooks_export/svg.h"' 2
plant nll/x.c '#include "notebooks_export/plot_nll.h"' 2
plant baseline/x.c '#include "notebooks_export/plot_nll.h"' 1

judge "$root" >"$work/found"
cat "$work/found"
[ "$(sed -n '$s/ includes//p' "$work/found")" -ge 100 ] || { echo 'too few includes were seen'; exit 1; }
[ "$(wc -l <"$work/found")" -eq 1 ]
