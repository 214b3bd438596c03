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
structure model and the rankers were trained on the pages (figures by forests that had not seen a
page stand in their cards, [structure.md](../dictionaries/models/structure.md),
[rank.md](../dictionaries/models/rank.md) and [rank_mixed.md](../dictionaries/models/rank_mixed.md)).
Figures on unseen text will be somewhat lower.

`--no-general` is kanwu with the language model that is part of the program alone; without it
`general.lm` is mixed in.

## False alarms on clean news

Each line as a document of its own, and 20 lines as one document.

TEXT
clean() {
  block "kanwu eval clean DATA/eval/clean_news.dev.txt DATA/eval/clean_newspaper.dev.txt $*" \
    "$kanwu" eval clean "$data/eval/clean_news.dev.txt" "$data/eval/clean_newspaper.dev.txt" "$@"
}
clean --no-general
clean

printf '## Planted errors\n\nOne in each of two thirds of the sentences.\n\n'
block "kanwu eval pairs DATA/eval/synthetic.dev.tsv --no-general --best-threshold" \
  "$kanwu" eval pairs "$data/eval/synthetic.dev.tsv" --no-general --best-threshold
block "kanwu eval pairs DATA/eval/synthetic.dev.tsv --best-threshold" \
  "$kanwu" eval pairs "$data/eval/synthetic.dev.tsv" --best-threshold

printf '## Public sets\n\nStrict sentence correction at the confidence that is best on one half of the lines; the other half\nis what counts.\n\n'
for set in ecspell_odw ecspell_law faspell_ocr_test sighan15_rev lemon_new; do
  for options in "--no-general" ""; do
    [[ $set == lemon_* ]] && options="$options --fold"
    # shellcheck disable=SC2086
    block "kanwu eval pairs DATA/eval/$set.dev.tsv --best-threshold $options | grep -E 'sentences|threshold|lines|offered'" \
      bash -c "$kanwu eval pairs $data/eval/$set.dev.tsv --best-threshold $options | grep -E 'sentences|threshold|lines|offered'"
  done
done

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
