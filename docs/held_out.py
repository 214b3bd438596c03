#!/usr/bin/env python3
"""Adds up what rankers say of pages they have not seen: held_out.py PART.json...

PART.json is what `kanwu eval pages PAGES --part N --ranker FILE --json` prints, FILE trained
`--without N`.
"""

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

MISREAD = {"C101": "Chinese characters", "C102": "Chinese characters", "P108": "marks"}


def percent(part, whole):
    return f"{100 * part / whole:.1f}%" if whole else "n/a"


def main(paths):
    files = [file for path in paths for file in json.loads(Path(path).read_text("utf-8"))["files"]]
    pages = defaultdict(Counter)
    for group in (group for file in files for group in file["groups"] if group["engine"]):
        total = pages[group["engine"]]
        total["pages"] += group["pages"]
        for side in ("before", "after"):
            for count in ("errors", "strict_errors", "characters", "strict_characters"):
                total[side, count] += group[side][count]
        for kind, counts in group["by_kind"].items():
            for count, number in counts.items():
                total[kind, count] += number
    print("reading        pages    CER strict")
    for engine, total in sorted(pages.items()):
        for side in ("before", "after"):
            rates = [
                100 * total[side, f"{strict}errors"] / total[side, f"{strict}characters"]
                for strict in ("", "strict_")
            ]
            print(f"{engine + ' ' + side:15}{total['pages']:5} {rates[0]:6.2f} {rates[1]:6.2f}")
    for engine, total in sorted(pages.items()):
        for kind in ("chinese", "others"):
            fixed, wrong, broken = (total[kind, c] for c in ("fixed", "wrong", "broken"))
            print(
                f"{engine}, corrections alone, strictly, {kind}: fixed {fixed} of {wrong} "
                f"({percent(fixed, wrong)}), broken {broken}"
            )

    voices = defaultdict(Counter)
    for voice in (voice for file in files for voice in file["voices"]):
        kind = MISREAD.get(voice["rule"], "other rules")
        for verdict in ("right", "wrong"):
            voices[voice["level"], kind][verdict] += voice[verdict]
    print("\nsuggestions                   right  wrong")
    for level in ("auto", "review", "hint"):
        for kind in ("Chinese characters", "marks", "other rules"):
            total = voices[level, kind]
            print(f"{level:9} {kind:19} {total['right']:6} {total['wrong']:6}")

    bins = defaultdict(Counter)
    for held in (held for file in files for held in file["reliability"]):
        total = bins[held["from"], held["to"]]
        total["suggestions"] += held["suggestions"]
        total["right"] += held["right"]
        total["sum"] += held["suggestions"] * held["mean_confidence"]
    print("\n  confidence   suggestions  right  share   mean")
    for (least, most), total in sorted(bins.items()):
        number = total["suggestions"]
        print(
            f"  {least:.2f} to {most:.2f} {number:12} {total['right']:6}  "
            f"{total['right'] / number:.3f}  {total['sum'] / number:.3f}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
