#!/bin/sh
# Damaged CSV files: every command refuses them with one line that says where, and leaves nothing behind.
. "$(dirname "$0")/common.sh"

rows=300
run 0 simulate -o good.csv --events $rows -q
run 0 simulate -o events.csv --events 3000 -q
run 0 train events.csv -o analysis.h5 --set trees=3 --set depth=2 --bins 3 --degree 1 -q
printf 'precious\n' >old.h5
header=$(head -n 1 good.csv)

# column NAME: its number in the header.
column() {
    echo "$header" | tr ',' '\n' | grep -nx "$1" | cut -d: -f1
}

# spoil COLUMN VALUE: bad.csv is good.csv with VALUE in row 250 (line 252) of that column.
spoil() {
    awk -F, -v OFS=, -v k="$(column "$1")" -v v="$2" 'NR == 252 {$k = v} {print}' good.csv >bad.csv
}

# bad WORDS: bad.csv is refused by convert and, in turns, by the others that read events.
turn=0
bad() {
    refuse 3 "bad.csv;$1" convert bad.csv old.h5 --overwrite
    turn=$(((turn + 1) % 4))
    case $turn in
    0) refuse 3 "bad.csv;$1" convert bad.csv new.csv ;;
    1) refuse 3 "bad.csv;$1" systematics bad.csv new.csv --soft-met 1 ;;
    2) refuse 3 "bad.csv;$1" train bad.csv -o new.h5 --set trees=2 ;;
    3) refuse 3 "bad.csv;$1" info bad.csv ;;
    esac
}

# Control: what is to be spoilt is fine.
run 0 convert good.csv control.h5
run 0 info good.csv
rm control.h5

: >bad.csv
bad 'is empty'
printf '\n' >bad.csv
bad 'is empty'
head -c 20000 /dev/urandom >bad.csv
bad 'bad.csv'
for value in nan inf -inf 1e99 text '' ' ' 12,5 1.2.3 0x; do
    [ "$value" = 12,5 ] && continue # an extra field, see below
    spoil PRI_had_pt "$value"
    bad "row 250;column PRI_had_pt;'$value'"
done
spoil weights -0.5
bad 'row 250;column weights;-0.5'
spoil weights nan
bad "row 250;column weights;'nan'"
spoil PRI_n_jets 1.5
bad 'row 250;column PRI_n_jets;1.5'
spoil detailed_labels wjets
bad "row 250;column detailed_labels;'wjets';diboson"
spoil labels 2
bad "row 250;column labels;'2';0 or 1"
awk -F, -v OFS=, -v k="$(column labels)" 'NR == 252 {$k = 1 - $k} {print}' good.csv >bad.csv
bad 'row 250;labels;contradicts detailed_labels'
sed '252s/$/,1/' good.csv >bad.csv
bad "row 250;20 fields, the header has 19"
sed '252s/,[^,]*$//' good.csv >bad.csv
bad 'row 250;has 18 fields, the header has 19'
{ head -n 251 good.csv; printf '1.5,\0,2.5\n'; } >bad.csv
bad 'row 250;zero byte'
sed '1s/PRI_met,/PRI_mett,/' good.csv >bad.csv
bad "PRI_met is missing from the header;which has 'PRI_mett' instead"
sed '1s/PRI_met,/PRI_lep_pt,/' good.csv >bad.csv
bad 'PRI_lep_pt appears twice'
cut -d, -f1-14,16- good.csv >bad.csv
bad 'PRI_met is missing'
cut -d, -f1-17,19 good.csv >bad.csv
bad 'labels without detailed_labels'
head -c 20000 good.csv | sed '$s/,[^,]*$//' >bad.csv
bad 'fields, the header has 19'

# Not there, or not a file.
rm bad.csv
bad 'No such file'
mkdir bad.csv
bad 'is a folder'
rmdir bad.csv

# Files that are whole but of no use here.
head -n 1 good.csv >bad.csv
refuse 3 'bad.csv;no event' train bad.csv -o new.h5
grep -v ',htautau,' good.csv >bad.csv
refuse 3 'bad.csv;no weight of the signal' train bad.csv -o new.h5
cut -d, -f1-16 good.csv >bad.csv
refuse 3 'bad.csv;no column weights' train bad.csv -o new.h5
refuse 3 'bad.csv;no column weights' pseudo bad.csv -o new.h5
refuse 3 'bad.csv;no column weights' evaluate analysis.h5 bad.csv -o results
refuse 3 'good.csv;is simulation' fit analysis.h5 good.csv
awk -F, -v OFS=, 'NR == 1 || $1 < 10 {print}' bad.csv >none.csv
refuse 3 'none.csv;no event survives' fit analysis.h5 none.csv
spoil PRI_met nan
cut -d, -f1-16 bad.csv >data.csv
refuse 3 "data.csv;row 250;PRI_met;'nan'" fit analysis.h5 data.csv
refuse 3 "bad.csv;row 250;PRI_met;'nan'" evaluate analysis.h5 bad.csv -o results
refuse 3 "bad.csv;row 250;PRI_met;'nan'" pseudo bad.csv -o new.csv

# Outputs that cannot be.
mkdir folder.h5 folder.csv
printf 'a file\n' >file
for path in folder.h5 folder.csv nowhere/new.h5 nowhere/new.csv file/new.h5 file/new.csv; do
    refuse 3 "$path" convert good.csv "$path"
    refuse 3 "$path" simulate -o "$path" --events 100
done
refuse 3 folder.csv systematics good.csv folder.csv
refuse 3 file/new.h5 pseudo events.csv -o file/new.h5
refuse 3 nowhere/new.h5 train events.csv -o nowhere/new.h5 --set trees=2
refuse 3 'file' evaluate analysis.h5 -o file
refuse 3 'nowhere/results' evaluate analysis.h5 -o nowhere/results
refuse 3 'good.csv' evaluate good.csv -o results
refuse 3 'events.csv' evaluate events.csv -o results
refuse 3 'events.csv' fit events.csv good.csv
if [ "$(id -u)" -ne 0 ]; then
    mkdir closed
    chmod 555 closed
    refuse 3 'closed/new.h5;Permission denied' simulate -o closed/new.h5 --events 100
    refuse 3 'closed/new.csv;Permission denied' simulate -o closed/new.csv --events 100
    refuse 3 'closed;Permission denied' evaluate analysis.h5 -o closed
    chmod 755 closed
fi
finish
