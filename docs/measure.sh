#!/usr/bin/env bash
# Prints docs/accuracy.md: docs/measure.sh DATA > docs/accuracy.md
# DATA holds the evaluation data (eval/ and ocr/), which are not part of the project.
set -euo pipefail
data=$1
kanwu=target/release/kanwu
cargo build --release --quiet

block() { printf '```text\n$ %s\n' "$1"; shift; "$@" | sed "s|$data|DATA|g"; printf '```\n\n'; }

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

printf '## OCR pages\n\nBefore and after `kanwu fix --level review`.\n\n'
pages() {
  for variant in hard para; do
    block "kanwu eval pages $2 --variant $variant" "$kanwu" eval pages "$1" --variant "$variant"
  done
}
printf 'Pages the structure model was trained on:\n\n'
pages "$data/ocr/pages.dev.jsonl" DATA/ocr/pages.dev.jsonl
printf 'Pages it has not seen, made from text written for kanwu (`samples/pages`):\n\n'
pages samples/pages/pages.jsonl samples/pages/pages.jsonl
