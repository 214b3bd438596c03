#!/usr/bin/env python3
"""Text to train the ranker on, half of it with planted slips:
rank_texts.py TEXT.xz CHARACTERS SEED WORDS PAIRS... > texts.tsv

TEXT is clean text, one paragraph a line; about CHARACTERS of it are drawn. WORDS is a list of words
with their frequencies (dict.txt of jieba-rs). PAIRS are simulated misreadings (printed, read,
times). Writes `read<TAB>printed<TAB>text<TAB>clean|planted<TAB>page`
in documents of one to thirty paragraphs. Two in five are clean; the others have slips, from one in
30 characters to one in 1,000 and at least one: a slip in a text without others must be learnt as
well as those of a bad scan. A character is misread as simulated, as a look-alike, as a sound-alike,
or as any other character; in one slip of twenty its neighbour is misread too. One slip
in five, where it falls on the first of two characters that make a word with others of the same
sound, is one of those words, as an input method offers it.
"""

import lzma
import math
import random
import sys
from collections import defaultdict
from pathlib import Path

TABLES = Path(__file__).resolve().parent.parent
PARAGRAPHS, PLANTED, EVERY = (1, 1, 3, 8, 15, 30), 0.6, (30, 1000)
NEIGHBOUR, WORD = 0.05, 0.2


def rows(path):
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file if not line.startswith("# ")]


def is_han(character):
    return "\u4e00" <= character <= "\u9fff"


def simulated(paths):
    read = defaultdict(lambda: defaultdict(int))
    for path in paths:
        for fields in rows(path):
            if len(fields) == 3 and all(len(f) == 1 and is_han(f) for f in fields[:2]):
                read[fields[0]][fields[1]] += int(fields[2])
    return {printed: (list(of), list(of.values())) for printed, of in read.items()}


class Shapes:
    """The look-alikes of a character, weighed by likeness."""

    def __init__(self):
        self.shapes = {}
        for character, shape in rows(TABLES / "models" / "glyphs.tsv"):
            vector = [b - 256 if b > 127 else b for b in bytes.fromhex(shape)]
            norm = math.sqrt(sum(x * x for x in vector))
            self.shapes[character] = [x / norm for x in vector]
        self.known = {}

    def alike(self, character, common):
        if character not in self.known:
            own = self.shapes[character]
            likeness = [
                (sum(map(lambda x, y: x * y, own, self.shapes[c])), c)
                for c in common
                if c in self.shapes and c != character
            ]
            likeness.sort(reverse=True)
            best = likeness[:20]
            self.known[character] = ([c for _, c in best], [math.exp(10 * s) for s, _ in best])
        return self.known[character]


def sounds(count):
    syllables = defaultdict(list)
    for character, readings in rows(TABLES / "readings.tsv"):
        if count[character]:
            syllables[readings.split(" ")[0]].append(character)
    alike = {}
    for characters in syllables.values():
        for character in characters:
            others = [c for c in characters if c != character]
            if others:
                alike[character] = (others, [math.sqrt(count[c]) for c in others])
    return alike


def same_sounding_words(path):
    """The words of two characters that sound the same as a word, weighed by their frequency."""
    readings = {character: syllables.split(" ")[0] for character, syllables in rows(TABLES / "readings.tsv")}
    spoken = defaultdict(list)
    with open(path, encoding="utf-8") as file:
        for line in file:
            word, frequency = line.split(" ")[:2]
            if len(word) == 2 and int(frequency) >= 20 and all(c in readings for c in word):
                spoken[readings[word[0]], readings[word[1]]].append((word, math.sqrt(int(frequency))))
    alike = {}
    for words in spoken.values():
        for word, _ in words:
            others = [(other, weight) for other, weight in words if other != word]
            if others:
                alike[word] = tuple(zip(*others))
    return alike


def main(text, characters, seed, words, *pairs):
    draw = random.Random(int(seed))
    with lzma.open(text, "rt", encoding="utf-8") as file:
        lines = [line.strip() for line in file]
    lines = [line for line in lines if 12 <= len(line) <= 400 and "\t" not in line]
    count = defaultdict(int)
    for line in lines:
        for character in line:
            count[character] += 1
    common = [c for c in count if is_han(c) and count[c] >= 5]
    weights = [math.sqrt(count[c]) for c in common]
    channel, shapes, sound = simulated(pairs), Shapes(), sounds(count)
    same_sounding = same_sounding_words(words)

    def misread(character):
        kind = draw.random()
        if kind < 0.25 and character in channel:
            choices = channel[character]
        elif kind < 0.45 and character in shapes.shapes:
            choices = shapes.alike(character, common)
        elif kind < 0.75 and character in sound:
            choices = sound[character]
        else:
            choices = common, weights
        return draw.choices(*choices)[0]

    def plant(document):
        """The same lines with slips, at least one of them."""
        rate = 1 / math.exp(draw.uniform(*map(math.log, EVERY)))
        places = [(i, k) for i, line in enumerate(document) for k, c in enumerate(line) if is_han(c)]
        slips = {place for place in places if draw.random() < rate} or {draw.choice(places)}
        slips |= {(i, k + 1) for i, k in sorted(slips) if draw.random() < NEIGHBOUR}
        return ["".join(misread_line(line, i, slips)) for i, line in enumerate(document)]

    def misread_line(line, number, slips):
        """The pieces of a line of which characters are misread and words are taken for others."""
        k = 0
        while k < len(line):
            word = line[k : k + 2]
            if (number, k) not in slips or not is_han(line[k]):
                yield line[k]
            elif word in same_sounding and draw.random() < WORD:
                yield draw.choices(*same_sounding[word])[0]
                k += 1
            else:
                yield misread(line[k])
            k += 1

    documents, start = [], 0
    while start < len(lines):
        documents.append(lines[start : start + draw.choice(PARAGRAPHS)])
        start += len(documents[-1])
    documents = [document for document in documents if any(map(is_han, "".join(document)))]
    draw.shuffle(documents)
    written = 0
    for number, document in enumerate(documents):
        if written >= int(characters):
            break
        planted = draw.random() < PLANTED
        name = f"{Path(text).stem}-{number}"
        for read, line in zip(plant(document) if planted else document, document):
            print(read, line, "text", "planted" if planted else "clean", name, sep="\t")
            written += len(line)


if __name__ == "__main__":
    main(*sys.argv[1:])
