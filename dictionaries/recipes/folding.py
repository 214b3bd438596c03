#!/usr/bin/env python3
"""Print dictionaries/folding.tsv, or with `back` dictionaries/unfolding.tsv.

    folding.py OPENCC_DICTIONARY > ../folding.tsv
    folding.py OPENCC_DICTIONARY back > ../unfolding.tsv

OPENCC_DICTIONARY holds TSCharacters.txt, TSPhrases.txt, STCharacters.txt,
STPhrases.txt and TWVariants.txt (pip package opencc-python-reimplemented 0.1.7,
Apache-2.0).

folding.tsv has the characters that traditional text uses for a simplified one and
that are no row of traditional.tsv, because simplified text uses them as well (乾, 著,
於): in a traditional text they are folded too, but for the words that follow (乾隆,
著名).  What is longer or shorter in UTF-8 than its simplified form is left out
everywhere: folding keeps every byte offset.

unfolding.tsv has the way back: the traditional forms of characters, the most usual
first, and words in which a character of several forms has not the most usual one.
"""
import os
import sys

HEAD = """# {title}
# source: OpenCC {files} (opencc-python-reimplemented 0.1.7); recipe: recipes/folding.py
# licence: Apache-2.0 (OpenCC)
{notes}# columns: {columns}"""

# OpenCC keeps these where no word says otherwise; in a newspaper the other reading is the rule.
FOLDED = {"著": "着", "瞭": "了", "藉": "借"}
# ... but for these words.
KEPT = """著名 著作 著者 著述 著書 著稱 著有 顯著 卓著 名著 原著 編著 專著 土著 論著 昭著 巨著 遺著 合著 譯著 撰著 所著 新著 拙著
瞭望 狼藉 慰藉 枕藉 蘊藉""".split()

# Longer words hardly add a reading, and only words with a character of several forms count.
LONGEST = 4


def rows(folder, name):
    with open(os.path.join(folder, name + ".txt"), encoding="utf-8") as file:
        for line in file:
            if "\t" in line:
                left, right = line.rstrip("\n").split("\t")
                yield left, right.split()


def length(text):
    return len(text.encode("utf-8"))


def fold(folder):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "traditional.tsv")
    with open(path, encoding="utf-8") as file:
        known = {row[0]: row[1].split("|")[0] for row in (line.split("\t") for line in file) if not row[0].startswith("#")}
    characters = {left: right[0] for left, right in rows(folder, "TSCharacters")}
    characters.update(FOLDED)
    new = {left: right for left, right in characters.items() if left not in known and left != right and length(left) == length(right)}
    both = {left: right for left, right in {**characters, **known}.items() if length(left) == length(right)}
    plain = lambda word: "".join(both.get(c, c) for c in word)
    # Its names with 於 are also 於 before a word: 於單位, 於其一.
    words = {left: right[0] for left, right in rows(folder, "TSPhrases") if "於" not in left}
    words.update({word: "".join(c if c in FOLDED else both.get(c, c) for c in word) for word in KEPT})
    new.update({left: right for left, right in words.items() if 2 <= len(left) <= LONGEST and length(left) == length(right) and plain(left) != right})
    print(HEAD.format(title="Characters of traditional text that are standard in simplified text too, and what they are there", files="TSCharacters, TSPhrases", notes="# traditional: a character, or a word whose characters are not what they are elsewhere\n", columns="traditional\tsimplified"))
    print("\n".join(sorted("\t".join(row) for row in new.items())))


def back(folder):
    # What Taiwan's standard writes is what newspapers in traditional script mostly print.
    usual = {left: right[0] for left, right in rows(folder, "TWVariants")}
    form = lambda word: "".join(usual.get(c, c) for c in word)
    forms = {}
    for left, right in rows(folder, "STCharacters"):
        both = []
        for character in right:
            for variant in (form(character), character):
                if variant not in both and length(variant) == length(left):
                    both.append(variant)
        forms[left] = both
    first = lambda c: forms[c][0] if forms.get(c) else c
    out = []
    for left, both in forms.items():
        if both and both != [left]:
            out.append((left, "|".join(both)))
    for left, right in rows(folder, "STPhrases"):
        word = form(right[0])
        plain = len(left) == len(word) and length(left) == length(word)
        several = any(len(forms.get(c, [])) > 1 for c in left)
        if 2 <= len(left) <= LONGEST and plain and several and word != "".join(map(first, left)):
            out.append((left, word))
    print(HEAD.format(title="Traditional forms of characters, and words that tell which of several it is", files="STCharacters, STPhrases, TWVariants", notes="# traditional: of a character its forms, the most usual first, joined by |; of a word its form, where that is not character by character the most usual\n", columns="simplified\ttraditional"))
    print("\n".join(sorted("\t".join(row) for row in out)))


if __name__ == "__main__":
    (back if sys.argv[2:] == ["back"] else fold)(sys.argv[1])
