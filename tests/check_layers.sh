#!/bin/sh
# Who may include whom: a file includes only headers of its own folder and of layers below it, and a foreign header only
# where that library is wrapped.
# Usage: check_layers.sh ROOT
set -u
root=${1:?usage: check_layers.sh ROOT}
work=$(mktemp -d "${TMPDIR:-/tmp}/fair-baseline-layers.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT

# Prints one line per violation, and "N includes" at the end.
judge() {
    (cd "$1" && find models notebooks_export holdout nll baseline -name '*.[ch]' -o -name '*.inc' 2>/dev/null | sort |
        xargs grep -n '^[ 	]*#[ 	]*include' /dev/null) | awk '
    BEGIN {
        # The layers, lowest first; folders of one line know nothing of each other.
        n_layers = split("models/common baseline/plugins\n" \
            "models/bdt models/dense\n" \
            "models\n" \
            "holdout/math holdout/events\n" \
            "holdout/formats/parquet\n" \
            "holdout/formats holdout/simulation\n" \
            "holdout/pipeline\n" \
            "holdout/pseudo holdout/templates holdout/validation\n" \
            "nll\n" \
            "baseline/support\n" \
            "baseline/config\n" \
            "baseline/analysis baseline/scores\n" \
            "baseline/reports\n" \
            "baseline/experiments\n" \
            "baseline/external\n" \
            "baseline/leaderboard\n" \
            "baseline/commands\n" \
            "baseline", line_of, "\n")
        for (k = 1; k <= n_layers; k++) {
            n = split(line_of[k], folders, " ")
            for (j = 1; j <= n; j++)
                layer[folders[j]] = k
        }
        # Foreign header -> the files that may include it.
        owner["xgboost/"] = "^models/bdt/bdt(_matrix)?([.]c|_internal[.]h)$"
        owner["hdf5"] = "^models/common/(h5[a-z0-9_]*[.]c|h5_internal[.]h)$"
        owner["snappy-c.h"] = owner["zlib.h"] = owner["zstd.h"] = "^holdout/formats/parquet/parquet_codec[.]c$"
        owner["jansson"] = "^(baseline/|models/bdt/forest_xgboost[.]c$)"
        owner["yaml.h"] = "^baseline/config/config_(reader|writer)[.]c$"
        owner["Random123/"] = "^models/common/random[.]c$"
        owner["cblas"] = "^models/dense/openblas[.]c$"
        owner["xxhash"] = "^models/common/hash[.]c$"
        owner["mpi.h"] = "^baseline/support/mpi[.]c$"
        owner["gsl/"] = "([.]c|_internal[.]h)$"
    }
    {
        split($0, part, ":")
        file = part[1]
        line = part[2]
        text = substr($0, length(file) + length(line) + 3)
        from = file
        sub("/[^/]*$", "", from)
        n_includes++
        if (from != "notebooks_export" && !(from in layer))
            print file ":" line ": " from " is no folder of a known layer"
        else if (match(text, /"[^"]*"/)) {
            header = substr(text, RSTART + 1, RLENGTH - 2)
            to = header
            sub("/[^/]*$", "", to)
            if (header == "baseline/plugin.h" || to == from)
                next # plugin.h includes nothing of the project
            if (from == "notebooks_export") {
                if (to != "models/common")
                    print file ":" line ": notebooks_export may include only itself and models/common, not " header
            } else if (to == "notebooks_export") {
                if (from !~ "^baseline")
                    print file ":" line ": only baseline hands something over to be drawn, not " from
            } else if (!(to in layer) || to == header)
                print file ":" line ": " header " is not FOLDER/FILE of a known layer"
            else if (layer[to] >= layer[from])
                print file ":" line ": " from " may not include " header
        } else if (match(text, /<[^>]*>/)) {
            header = substr(text, RSTART + 1, RLENGTH - 2)
            for (name in owner)
                if (index(header, name) == 1 && file !~ owner[name])
                    print file ":" line ": <" header "> has another owner"
        } else
            print file ":" line ": cannot be understood: " text
    }
    END { print n_includes + 0 " includes" }'
}

# First the judge itself: plant FILE LINE N: N lines of answer, that is N - 1 violations.
plant() {
    rm -rf "$work/tree"
    mkdir -p "$work/tree/$(dirname "$1")"
    printf '%s\n' "$2" >"$work/tree/$1"
    if [ "$(judge "$work/tree" | wc -l)" -ne "$3" ]; then
        echo "the check itself is broken: '$2' in $1"
        exit 1
    fi
}
# between modules
plant models/x.c '#include "holdout/events/events.h"' 2
plant holdout/math/x.h '#include "nll/fit.h"' 2
plant nll/x.c '#  include "baseline/analysis/train.h"' 2
plant models/x.c '#include "notebooks_export/svg.h"' 2
plant notebooks_export/x.c '#include "models/classifier.h"' 2
plant notebooks_export/x.c '#include "holdout/templates/templates.h"' 2
plant holdout/templates/x.c '#include "notebooks_export/svg.h"' 2
plant nll/x.c '#include "notebooks_export/plot_nll.h"' 2
plant nll/x.c '#include "holdout/templates/templates.h"' 1
plant notebooks_export/x.c '#include "models/common/status.h"' 1
plant notebooks_export/x.c '#include "notebooks_export/svg.h"' 1
plant baseline/reports/x.c '#include "notebooks_export/plot_nll.h"' 1
# inside a module
plant models/common/x.c '#include "models/classifier.h"' 2
plant models/bdt/x.c '#include "models/dense/dense.h"' 2
plant models/dense/x.c '#include "models/classifier.h"' 2
plant models/x.c '#include "models/bdt/bdt.h"' 1
plant holdout/events/x.c '#include "holdout/math/alias_table.h"' 2
plant holdout/events/x.c '#include "holdout/formats/event_file.h"' 2
plant holdout/formats/parquet/x.c '#include "holdout/formats/formats_internal.h"' 2
plant holdout/simulation/x.c '#include "holdout/formats/event_file.h"' 2
plant holdout/pipeline/x.c '#include "holdout/templates/binning.h"' 2
plant holdout/pipeline/x.inc '#include "holdout/templates/binning.h"' 2
plant holdout/validation/x.c '#include "holdout/templates/binning.h"' 2
plant holdout/templates/x.c '#include "holdout/pipeline/pipeline.h"' 1
plant baseline/support/x.c '#include "baseline/config/config.h"' 2
plant baseline/config/x.c '#include "baseline/commands/commands.h"' 2
plant baseline/scores/x.c '#include "baseline/analysis/analysis.h"' 2
plant baseline/analysis/x.h '#include "baseline/reports/picture.h"' 2
plant baseline/experiments/x.c '#include "baseline/external/external_method.h"' 2
plant baseline/external/x.c '#include "baseline/leaderboard/leaderboard_run.h"' 2
plant baseline/external/x.c '#include "baseline/plugin.h"' 1
plant baseline/commands/x.c '#include "baseline/leaderboard/leaderboard_run.h"' 1
plant baseline/main.c '#include "baseline/commands/commands.h"' 1
# what has no layer
plant holdout/math/x.c '#include "alias_table.h"' 2
plant holdout/x.c '#include <math.h>' 2
plant baseline/new/x.c '#include "models/common/status.h"' 2
# foreign headers
plant holdout/math/x.c '#include <xgboost/c_api.h>' 2
plant holdout/formats/x.c '#include <hdf5.h>' 2
plant nll/x.h '#include <gsl/gsl_vector.h>' 2
plant holdout/events/x.c '#include <jansson.h>' 2
plant holdout/formats/x.c '#include <zlib.h>' 2
plant holdout/formats/parquet/parquet_codec.c '#include <zstd.h>' 1
plant models/dense/dense_net.c '#include <cblas.h>' 2
plant baseline/config/config.c '#include <yaml.h>' 2
plant baseline/support/communicator.c '#include <mpi.h>' 2
plant notebooks_export/x.c '#include <jansson.h>' 2

judge "$root" >"$work/found"
cat "$work/found"
[ "$(sed -n '$s/ includes//p' "$work/found")" -ge 100 ] || { echo 'too few includes were seen'; exit 1; }
[ "$(wc -l <"$work/found")" -eq 1 ]
