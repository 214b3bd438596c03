#!/usr/bin/env bash
# Prints docs/accuracy.md: docs/measure.sh DATA > docs/accuracy.md
# DATA holds the evaluation data (eval/ and ocr/), which are not part of the project.
set -euo pipefail
data=$1
kanwu=target/release/kanwu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo build --release --quiet

block() { printf '```text\n$ %s\n' "$1"; shift; "$@" | sed "s|$data|DATA|g; s|$work|WORK|g"; printf '```\n\n'; }

cat <<'TEXT'
# Accuracy

Printed by `docs/measure.sh DATA > docs/accuracy.md`. The evaluation data are not part of the
project. All sets are development data: thresholds and confidences were chosen on them, the
structure model was trained on the pages (its cross-validated figures stand in
[its card](../dictionaries/models/structure.md)). Figures on unseen text will be somewhat lower.

## False alarms on clean news

Each line as a document of its own, and 20 lines as one document.

TEXT
block "kanwu eval clean DATA/eval/clean_news.dev.txt DATA/eval/clean_newspaper.dev.txt --show review" \
  "$kanwu" eval clean "$data/eval/clean_news.dev.txt" "$data/eval/clean_newspaper.dev.txt" --show review

printf '## Planted errors\n\nOne in each of two thirds of the sentences.\n\n'
block "kanwu eval pairs DATA/eval/synthetic.dev.tsv" "$kanwu" eval pairs "$data/eval/synthetic.dev.tsv"
cut -f1 "$data/eval/synthetic.dev.tsv" > "$work/synthetic.txt"
"$kanwu" fix --lines --level review --stdout "$work/synthetic.txt" > "$work/synthetic.out"
block "kanwu fix --lines --level review --stdout SOURCES | score.py DATA/eval/synthetic.dev.tsv -" \
  python3 "$data/eval/score.py" "$data/eval/synthetic.dev.tsv" "$work/synthetic.out"

printf '## OCR pages\n\nAfter `kanwu fix --level review`.\n\n'
pages() {
  python3 "$data/ocr/score_pages.py" "$1" --variant "$2" --dump "$work/$3-$2" >/dev/null
  "$kanwu" fix --quiet --level review -o "$work/$3-$2-out" "$work/$3-$2"
  block "score_pages.py $4 REPAIRED --variant $2" \
    python3 "$data/ocr/score_pages.py" "$1" "$work/$3-$2-out" --variant "$2"
}
printf 'Pages the structure model was trained on:\n\n'
pages "$data/ocr/pages.dev.jsonl" hard dev DATA/ocr/pages.dev.jsonl
pages "$data/ocr/pages.dev.jsonl" para dev DATA/ocr/pages.dev.jsonl
printf 'Pages it has not seen, made from text written for kanwu (`samples/pages`):\n\n'
pages samples/pages/pages.jsonl hard own samples/pages/pages.jsonl
pages samples/pages/pages.jsonl para own samples/pages/pages.jsonl
