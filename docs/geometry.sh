#!/usr/bin/env bash
# Prints the table of docs/layout.md, Geometry: docs/geometry.sh DATA
# DATA holds the evaluation data (eval/, ocr/, corpus/), which are not part of the project. PYTHON
# names a Python with what DATA/ocr/make_pages.py needs (Pillow, fontTools).
set -euo pipefail
data=$(cd "$1" && pwd)
python=${PYTHON:-python3}
kanwu=$PWD/target/release/kanwu
recipe=$PWD/dictionaries/recipes/layout_pages.py
cargo build --release --quiet
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# pages NAME TEXT PREFIX: 150 pages of the half of a text that no model was trained on.
pages() {
  "$python" "$recipe" "$data/ocr/make_pages.py" "$data/eval/$2.dev.txt" \
    "$data/corpus/news_titles.txt.xz" "$data/ocr/confusions.dev.tsv" \
    "$1" --pages 150 --seed "$1" --prefix "$3" --part 1/2
}

# errors SET FOLDER: paragraph breaks missed and breaks too many behind all structure suggestions.
errors() {
  rm -rf out
  "$kanwu" fix -q --no-archive-evidence --select S --level review --to text "$2" -o out
  "$python" "$data/ocr/score_pages.py" --json scores.json "$1/pages.jsonl" out --variant hard >/dev/null
  "$python" - <<'PY'
import json

pages = [page["after"] for page in json.load(open("scores.json"))]
true, got, right = (sum(page[key] for page in pages) for key in ("brk_true", "brk_got", "brk_ok"))
print(true - right + got - right)
PY
}

# texts FILES… FOLDER: the lines of PaddleOCR files in their order there.
texts() {
  "$python" - "$@" <<'PY'
import json, sys
from pathlib import Path

*files, folder = map(Path, sys.argv[1:])
folder.mkdir()
for file in files:
    pages = json.load(open(file))
    lines = [text for page in pages for _, (text, _) in page]
    (folder / file.with_suffix(".txt").name).write_text("\n".join(lines) + "\n")
PY
}

echo "set, pages | text alone | text in the order of the boxes | with boxes"
for set in "test-1 clean_news t" "test-2 clean_newspaper u"; do
  read -r name text prefix <<<"$set"
  pages "$name" "$text" "$prefix"
  # The order of the lines is recovered from the boxes, and the boxes are forgotten.
  "$kanwu" fix -q --no-archive-evidence --select C107 --level auto --to text "$name/paddle" -o "$name/order"
  texts "$name"/paddle/* "$name/text"
  boxes=$(errors "$name" "$name/alto")
  echo "$name, ALTO | $(errors "$name" "$name/raw") | the same | $boxes"
  boxes=$(errors "$name" "$name/paddle")
  order=$(errors "$name" "$name/order")
  echo "$name, PaddleOCR JSON | $(errors "$name" "$name/text") | $order | $boxes"
done
