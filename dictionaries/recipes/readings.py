#!/usr/bin/env python3
"""Writes dictionaries/readings.tsv: readings.py GLYPHS PINYIN > readings.tsv

GLYPHS is dictionaries/models/glyphs.tsv (its characters are those kanwu proposes), PINYIN the
pinyin_dict.json of pypinyin 0.53.0 (MIT; from the data of the Unihan database).
"""

import json
import sys
import unicodedata

TONES = {"\u0300", "\u0301", "\u0304", "\u030c"}

HEADER = """\
# readings: how the characters of news text are pronounced, without tones
# source: pinyin_dict.json of pypinyin 0.53.0 (Unihan kMandarin and others), by dictionaries/recipes/readings.py
# licence: MIT
# columns: character	syllables, the most common first"""


def toneless(syllable):
    letters = unicodedata.normalize("NFD", syllable)
    letters = "".join(c for c in letters if c not in TONES)
    return unicodedata.normalize("NFC", letters).replace("ü", "v").replace("ê", "e")


def main(glyphs, pinyin):
    with open(glyphs, encoding="utf-8") as file:
        characters = sorted({line[0] for line in file if not line.startswith("#")})
    with open(pinyin, encoding="utf-8") as file:
        readings = json.load(file)
    print(HEADER)
    for character in characters:
        syllables = []
        for syllable in readings.get(str(ord(character)), "").split(","):
            syllable = toneless(syllable)
            if syllable and syllable.isascii() and syllable not in syllables:
                syllables.append(syllable)
        if syllables:
            print(f"{character}\t{' '.join(syllables)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
