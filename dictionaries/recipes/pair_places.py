#!/usr/bin/env python3
"""Measures where quotation marks, book marks and brackets open and close in clean news text.

    pair_places.py TEXT... > dictionaries/pair_places.tsv

Each TEXT holds one paragraph a line. For every pair in it the script plays the game of rule P101:
one mark is taken away, and every place where it could have stood is a candidate. For each context
of a candidate the table says how much likelier such a candidate is to be the true place than
candidates are at large: a difference of log odds, times 100, times a scale fitted on every fourth
paragraph. The sum of its rows is the score of a candidate; exp(score) shares out the probability.
What was right on the other half of those paragraphs is printed. Standard library only; same texts,
same bytes.
"""
import math
import re
import sys
from collections import Counter, defaultdict

PAIRS = ['“”', '《》', '（）']
OPENERS, CLOSERS = '“‘《〈（【〔', '”’》〉）】〕'
NOT_AFTER_OPENING = '，。、；：！？…'
NEAR, FAR = 30, 200  # within so many characters every place; further off, places beside a mark
LONGEST = 3          # characters of context on either side
SMOOTH = 4.0         # a context starts with the odds of the next shorter one, so many candidates' worth
FEWEST_TRUE = 4      # true places that must have had a context that speaks for a place
FEWEST = 200         # candidates that must have had one that speaks against it
TELLING = 0.6        # by how much (nats) a context must differ from the next shorter one
FEWEST_PHRASE = 5    # quotations that a phrase must have been
SIZES = (1, 2, 3, 4, 5, 6, 8, 10, 14, 20, 30, 60)
KINDS = ('before', 'after', 'size', 'shape', 'phrase')


def plain(text):
    """Digits and Latin letters stand for their kind."""
    return re.sub('[A-Za-z]', 'a', re.sub('[0-9]', '0', text))


def pairs_of(text):
    """(open, close) of the pairs of a text whose marks are all in order, else nothing."""
    stack, out = [], []
    for i, c in enumerate(text):
        if c in OPENERS:
            stack.append(i)
        elif c in CLOSERS:
            if not stack or OPENERS.index(text[stack[-1]]) != CLOSERS.index(c):
                return []
            out.append((stack.pop(), i))
    return out if not stack else []


def beside_mark(text, i):
    return (i > 0 and not text[i - 1].isalnum()) or (i < len(text) and not text[i].isalnum())


def places(text, fixed, pair, closing):
    """Where the partner could stand of the mark that ends before (closing) or starts at `fixed`."""
    depth, out, i = 0, [], fixed
    down, up = (CLOSERS, OPENERS) if closing else (OPENERS, CLOSERS)
    while True:
        if closing and i == len(text) or not closing and i == 0:
            return out
        passed = text[i] if closing else text[i - 1]
        if passed in pair or abs(i - fixed) >= FAR:
            return out
        depth += (passed in up) - (passed in down)
        if depth < 0:
            return out
        i += 1 if closing else -1
        fits = closing or text[i] not in NOT_AFTER_OPENING
        if depth == 0 and fits and (abs(i - fixed) <= NEAR or beside_mark(text, i)):
            out.append(i)


def size(inside):
    return next((str(top) for top in SIZES if len(inside) <= top), 'more')


def shape(inside):
    """What the marks inside say: sentences, clauses or parallel parts, of equal length or not."""
    if any(c in inside for c in '。！？'):
        return 'sentence' + ('=' if inside[-1] in '。！？…' else '-')
    for name, marks in (('clauses', '[，；：]'), ('parts', '、')):
        parts = re.split(marks, inside)
        if len(parts) > 1:
            return name + ('=' if len(parts[0]) == len(parts[-1]) else '-')
    return 'one'


def contexts(text, fixed, i, closing):
    """The contexts of a candidate by kind, the longest first."""
    padded, at = '^' + plain(text) + '$', i + 1
    inside = text[fixed:i] if closing else text[i:fixed]
    return [
        ('before', [padded[max(0, at - n):at] for n in range(LONGEST, 0, -1)]),
        ('after', [padded[at:at + n] for n in range(LONGEST, 0, -1)]),
        ('size', [size(inside)]),
        ('shape', [shape(inside)]),
        ('phrase', [inside]),
    ]


def games(texts, pair, closing):
    """Each pair with one mark taken away: the text, the place of the other, the true place."""
    for text in texts:
        for opening, end in pairs_of(text):
            if text[opening] == pair[0] and end > opening + 1:
                if closing:
                    yield text[:end] + text[end + 1:], opening + 1, end
                else:
                    yield text[:opening] + text[opening + 1:], end - 1, opening


def logit(p):
    return math.log(p / (1 - p))


def count(texts, pair, closing):
    """The telling contexts and their weights."""
    seen, true, n, n_true = defaultdict(Counter), defaultdict(Counter), 0, 0
    for text, fixed, right in games(texts, pair, closing):
        for i in places(text, fixed, pair, closing):
            n += 1
            n_true += i == right
            for kind, strings in contexts(text, fixed, i, closing)[:4]:
                for s in set(strings):
                    seen[kind][s] += 1
                    true[kind][s] += i == right
    base, table = n_true / n, {}
    for kind, strings in seen.items():
        share = {}
        for s in sorted(strings, key=lambda s: (len(s), s)):
            one_off = kind in ('size', 'shape')
            cut = '' if one_off else s[1:] if kind == 'before' else s[:-1]
            shorter = share.get(cut, base)
            share[s] = (true[kind][s] + SMOOTH * shorter) / (strings[s] + SMOOTH)
            news = logit(share[s]) - logit(shorter)
            heard = true[kind][s] >= FEWEST_TRUE if news > 0 else strings[s] >= FEWEST
            if one_off or (heard and abs(news) >= TELLING):
                table[kind, s] = logit(share[s]) - logit(base)
    return table


def phrases(texts):
    """What is quoted again and again: the odds that it is, and how often."""
    quoted, bare = Counter(), Counter()
    for text in texts:
        quoted.update(re.findall('“([^“”]{2,10})”', text))
    known = {p: n for p, n in quoted.items() if n >= FEWEST_PHRASE}
    for text in texts:
        for length in range(2, 11):
            bare.update(s for s in (text[i:i + length] for i in range(len(text) - length + 1)) if s in known)
    return {('phrase', p): math.log((n + .5) / (bare[p] - n + .5)) + math.log(n) for p, n in known.items()}


def lookup(table, found):
    return [next((table[kind, s] for s in strings if (kind, s) in table), 0.0) for kind, strings in found]


def shares(scales, values):
    scores = [sum(a * b for a, b in zip(scales, row)) for row in values]
    top = max(scores)
    powers = [math.exp(s - top) for s in scores]
    return [p / sum(powers) for p in powers]


def fit(rounds):
    """A scale for each kind of context: conditional logit by gradient steps."""
    scales = [0.5] * len(KINDS)
    for epoch in range(6):
        for values, right in rounds:
            p = shares(scales, values)
            for k in range(len(KINDS)):
                step = values[right][k] - sum(p[i] * row[k] for i, row in enumerate(values))
                scales[k] += 0.02 / (1 + epoch) * step
    return scales


def main():
    texts = []
    for path in sys.argv[1:]:
        with open(path, encoding='utf-8') as lines:
            texts += [line.strip() for line in lines if line.strip()]
    learnt = [t for i, t in enumerate(texts) if i % 4]
    held = texts[::4]
    rows = []
    for pair in PAIRS:
        for closing in (False, True):
            table = count(learnt, pair, closing)
            if pair == '“”':
                table.update(phrases(learnt))
            rounds = []
            for text, fixed, right in games(held, pair, closing):
                found = places(text, fixed, pair, closing)
                if right in found:
                    values = [lookup(table, contexts(text, fixed, i, closing)) for i in found]
                    rounds.append((values, found.index(right)))
            half = len(rounds) // 2
            scales = fit(rounds[:half])
            best = sum(max(range(len(v)), key=lambda i: shares(scales, v)[i]) == r for v, r in rounds[half:])
            mark = pair[closing]
            print(f'{mark} first choice right {best / (len(rounds) - half):.3f} of {len(rounds) - half}, '
                  f'{len(table)} rows', file=sys.stderr)
            for (kind, s), weight in table.items():
                value = round(100 * weight * scales[KINDS.index(kind)])
                if value and '\t' not in s:
                    rows.append(f'{mark}\t{kind}\t{s}\t{value}')
    print('# pair places: how much likelier a mark of a pair stands in a context than elsewhere (rule P101)')
    print('# source: counted for kanwu on newspaper and television news by recipes/pair_places.py; counts only, no text')
    print('# licence: MIT OR Apache-2.0')
    print('# columns: mark\tkind\tcontext\tlog odds times 100')
    print('\n'.join(sorted(rows, key=lambda row: row.encode())))


main()
