#!/usr/bin/env python3
"""News to typeset as pages: page_texts.py TEXT.xz TITLES.xz FOLDER

TEXT is clean news, one story a line; TITLES are headlines. Writes FOLDER/YYYYMMDD.md, twelve
articles of one to three stories each, in the form `make_pages.py build --news FOLDER` reads. A
headline has nothing to do with what stands below it, and a story is cut into paragraphs behind any
sentence: both teach nothing but how a page looks.
"""

import datetime
import itertools
import lzma
import random
import re
import sys
from pathlib import Path

ARTICLES = 12
FIRST_DAY = datetime.date(2025, 1, 1)
SENTENCE = re.compile(r"[^。！？]+[。！？]”?|[^。！？]+$")


def read(path):
    with lzma.open(path, "rt", encoding="utf-8") as file:
        return [line.strip() for line in file if line.strip()]


def paragraphs(story, draw):
    """The story in paragraphs of two or three sentences, about 50 to 200 characters each."""
    found, paragraph, wanted = [], "", draw.choice([60, 90, 140, 200])
    for sentence in SENTENCE.findall(story):
        paragraph += sentence
        if len(paragraph) >= wanted:
            found.append(paragraph)
            paragraph, wanted = "", draw.choice([50, 80, 120, 180])
    if len(paragraph) >= 25 or not found:
        found.append(paragraph)
    else:
        found[-1] += paragraph
    return [paragraph for paragraph in found if paragraph]


def main(text, titles, folder):
    draw = random.Random(5)
    stories = read(text)
    titles = [re.sub(r"\(.*?\)|（.*?）", "", title) for title in read(titles)]
    titles = [title for title in titles if 8 <= len(title) <= 26]
    draw.shuffle(titles)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    stories, titles = iter(stories), itertools.cycle(titles)
    for day in itertools.count():
        page = ["## 详细新闻"]
        for _ in range(ARTICLES):
            article = itertools.islice(stories, draw.choice([1, 1, 2, 2, 3]))
            cut = [paragraph for story in article for paragraph in paragraphs(story, draw)]
            if cut:
                page.append(f"### {next(titles)}")
                page.extend(f"<p>{paragraph}</p>" for paragraph in cut)
        if len(page) == 1:
            break
        date = FIRST_DAY + datetime.timedelta(days=day)
        (folder / f"{date:%Y%m%d}.md").write_text("\n".join(page) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
