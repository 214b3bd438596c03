#!/usr/bin/env bash
# Prints docs/archive.md: docs/archive.sh DATA > docs/archive.md
# DATA holds the evaluation data (eval/ and ocr/), which are not part of the project.
set -euo pipefail
data=$(cd "$1" && pwd)
kanwu=$PWD/target/release/kanwu
cargo build --release --quiet
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 - "$data" "$work" <<'PY'
# Each engine's readings of the pages, and each clean text in documents of 20 lines, as an archive.
import json, sys
from pathlib import Path

data, work = Path(sys.argv[1]), Path(sys.argv[2])
def put(archive, name, text):
    path = work / archive / f"{name}.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
for line in open(data / "ocr/pages.dev.jsonl"):
    page = json.loads(line)
    for archive in (page["engine"], "both"):
        put(archive, page["id"], page["ocr_hard"])
for name in ("clean_news", "clean_newspaper"):
    lines = (data / f"eval/{name}.dev.txt").read_text().splitlines(keepends=True)
    for start in range(0, len(lines), 20):
        put(name, f"{start:06}", "".join(lines[start : start + 20]))
PY
for archive in rapid tess both clean_news clean_newspaper; do
  "$kanwu" index -q "$work/$archive" -o "$work/$archive.index"
done

cat <<'TEXT'
# An archive as evidence

Printed by `docs/archive.sh DATA > docs/archive.md`. What the index holds and how it is kept is told
in [batch.md](batch.md).

Two rules ask it. K101 suspects a form that hardly any page has when one look-alike character makes
it a form of five pages or more. C101 and C102 keep a hint to themselves when the text around the
character stands so on three pages and on none in the way they would have it.

## What it changes

Every archive is counted and then judged page by page, as `kanwu fix ARCHIVE -o CLEAN` does. The
archives are small, 119 to 234 pages of different days: few names stand on five of them, and every
slip K101 finds in them by the archive alone and rightly is one the language model finds as well. No
more is corrected, the rate of false alarms that are shown stays as it is but for one in 542,125
characters, and some wrong hints are gone while a few others come. What an archive of years tells
about its names has not been measured. `both` is a favourable case: the same pages, read by two
engines.
TEXT
only() { grep -E "all after|^all: flow|K101|C10[12]|or above  "; }
for archive in rapid tess both; do
  printf '\n### OCR pages, %s\n\n```text\n' "$archive"
  engine=(--engine-name "$archive"); [[ $archive == both ]] && engine=()
  for index in "" "--index $archive.index"; do
    printf '$ kanwu eval pages DATA/ocr/pages.dev.jsonl%s --no-general%s\n' \
      "${engine[*]:+ ${engine[*]}}" "${index:+ $index}"
    # shellcheck disable=SC2086
    (cd "$work" && "$kanwu" eval pages "$data/ocr/pages.dev.jsonl" "${engine[@]}" --no-general $index) | only
  done
  printf '```\n'
done
for archive in clean_news clean_newspaper; do
  printf '\n### False alarms, %s\n\n```text\n' "$archive"
  for index in "" "--index $archive.index"; do
    printf '$ kanwu eval clean DATA/eval/%s.dev.txt --document-lines 20 --no-general%s\n' "$archive" "${index:+ $index}"
    # shellcheck disable=SC2086
    (cd "$work" && "$kanwu" eval clean "$data/eval/$archive.dev.txt" --document-lines 20 --no-general $index) | only
  done
  printf '```\n'
done
