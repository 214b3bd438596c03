#!/usr/bin/env bash
# Measures `kanwu check` on the sample page, start included, and on copies of it in one file.
#
#   benches/page.sh [RUNS] [OPTION…]
#
# RUNS is how often each is run (20), the options go to kanwu. KANWU names the program
# (target/release/kanwu). The copies are made of the page as it is.
set -euo pipefail
runs=${1:-20}
options=("${@:2}")
kanwu=${KANWU:-target/release/kanwu}
page=samples/tianjin_daily.txt
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# seconds FILE: the mean, the least and the most wall time of the runs.
seconds() {
  for _ in $(seq "$runs"); do
    from=$(date +%s%N)
    "$kanwu" check -q "${options[@]}" "$1" >/dev/null || [[ $? -eq 1 ]]
    echo $(($(date +%s%N) - from))
  done | awk '{ s = $1 / 1e9; sum += s; if (NR == 1 || s < least) least = s; if (s > most) most = s }
    END { printf "%.2f s (%.2f to %.2f)\n", sum / NR, least, most }'
}

for copies in 1 10 100; do
  for _ in $(seq $copies); do cat "$page"; done >"$work/page.txt"
  printf '%3s of the page: %s\n' $copies "$(seconds "$work/page.txt")"
done
