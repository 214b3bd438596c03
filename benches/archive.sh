#!/usr/bin/env bash
# Measures `kanwu fix ARCHIVE -o CLEAN`: threads, memory, a rerun with nothing to do.
#
#   benches/archive.sh DATA [FILES] [MIB] [OPTION…]
#
# DATA holds the evaluation data (ocr/pages.dev.jsonl), which are not part of the project. FILES is
# the number of files of 1 to 50 KB (20000), MIB the size of the one big file (200), the options go
# to kanwu. KANWU names the program (target/release/kanwu). Needs GNU time and Python 3.
set -euo pipefail
data=$1 files=${2:-20000} mib=${3:-200}
options=("${@:4}")
kanwu=${KANWU:-target/release/kanwu}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 - "$data/ocr/pages.dev.jsonl" "$work" "$files" "$mib" <<'PY'
import itertools, json, random, sys
from pathlib import Path

pages, work, files, mib = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
lines = [l for r in open(pages) for l in json.loads(r)["ocr_hard"].split("\n")]
endless = itertools.cycle(lines)
dice = random.Random(1)

def write(path, size):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", newline="") as out:
        while size > 0:
            size -= len((line := next(endless) + "\n").encode())
            out.write(line)

for number in range(files):
    write(work / f"archive/{number % 100:02}/{number:05}.txt", dice.randint(1000, 50000))
write(work / "small/a.txt", 20)
write(work / "big/year.txt", mib << 20)
PY

# measure NAME COMMAND…: wall and processor seconds, peak memory.
measure() {
  local name=$1; shift
  /usr/bin/time -f '%e %U %S %M' -o "$work/time" "$@" >/dev/null 2>"$work/err" || { cat "$work/err"; exit 1; }
  read -r wall user system peak < <(tail -1 "$work/time")
  printf '%-34s %9.2f s wall %9.2f s processor %8.1f MiB\n' "$name" "$wall" \
    "$(echo "$user + $system" | bc)" "$(echo "$peak / 1024" | bc -l)"
}

printf '%s files, %s\n' "$files" "$(du -sh --apparent-size "$work/archive" | cut -f1)"
measure "one line (what is always loaded)" "$kanwu" fix -q "${options[@]}" "$work/small" -o "$work/s"
for jobs in 1 2; do
  measure "$jobs thread(s)" \
    "$kanwu" fix -q "${options[@]}" --jobs $jobs "$work/archive" -o "$work/out$jobs" --report "$work/r$jobs.jsonl"
done
diff -r --exclude .kanwu "$work/out1" "$work/out2"
cmp "$work/r1.jsonl" "$work/r2.jsonl"
echo "one and two threads wrote the same"
cat "$work"/archive/*/* >/dev/null
measure "reading all files once" bash -c "cat $work/archive/*/* >/dev/null"
measure "rerun, nothing to do" \
  "$kanwu" fix -q "${options[@]}" "$work/archive" -o "$work/out2" --report "$work/r2.jsonl"
[[ $mib -eq 0 ]] || measure "one file of $mib MiB" "$kanwu" fix -q "${options[@]}" "$work/big" -o "$work/b"
