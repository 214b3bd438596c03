#!/usr/bin/env bash
# Runs clean_archive.py on real PySpark in local mode, over an archive made from samples/, and
# shows that its result is that of one machine, also when a partition is lost and run again.
#
#   examples/spark/run.sh [WORK]      WORK holds the virtual environment and the results
#
# Needs Python 3.9 or later, Java 17 and a built kanwu (KANWU, else target/release/kanwu).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=${1:-$(mktemp -d)}
kanwu=${KANWU:-$root/target/release/kanwu}
mkdir -p "$work"
work=$(cd "$work" && pwd)

if [[ ! -x $work/venv/bin/python ]]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet 'pyspark>=3.5' 'pandas<3' pyarrow
fi
python=$work/venv/bin/python
export PYSPARK_PYTHON=$python SPARK_LOCAL_IP=127.0.0.1

rm -rf "$work"/{archive,single,spark,lost,index}
"$python" - "$root" "$work/archive" <<'PY'
# Forty pieces of the samples, and one file that is no text.
import json, sys
from pathlib import Path

root, archive = Path(sys.argv[1]), Path(sys.argv[2])
pages = (root / "samples/pages/pages.jsonl").read_text().splitlines()
texts = [json.loads(page)["ocr_hard"] for page in pages]
texts.append((root / "samples/tianjin_daily.txt").read_text())
lines = [line for text in texts for line in text.splitlines(keepends=True)]
size = len(lines) // 40 + 1
for number in range(40):
    path = archive / f"{number % 4:02}" / f"{number:03}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(lines[number * size : (number + 1) * size]), newline="")
(archive / "00/broken.txt").write_bytes(b"\xe4\xbb\x8a\xff\xfe\xff")
PY

# One file is broken: kanwu does the others and ends with 2.
ends_with_2() { local status=0; "$@" || status=$?; [[ $status -eq 2 ]]; }
ends_with_2 "$kanwu" index "$work/archive" -o "$work/index"
ends_with_2 "$kanwu" fix "$work/archive" -o "$work/single" --index "$work/index" --no-general
rm -r "$work/single/.kanwu"

clean() {
  "$python" "$here/clean_archive.py" "$work/archive" "$1" --kanwu "$kanwu" \
    --index "$work/index" --partitions 6 --option=--no-general "${@:2}"
}
clean "$work/spark"
diff -r "$work/single" "$work/spark/tree"
echo "Spark and one machine agree"
clean "$work/lost" --lose 3 2>"$work/lost.log"
diff -r "$work/single" "$work/lost/tree"
grep -q 'kanwu ended with' "$work/lost.log"
echo "a lost partition was run again, with the same result"
