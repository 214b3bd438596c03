#!/usr/bin/env python3
"""Typesets newspaper pages as layout files: ALTO, PaddleOCR JSON and plain text of the same lines.

    layout_pages.py GENERATOR TEXT TITLES CONFUSIONS OUT --pages N --seed S [--prefix p] [--part 0/2]

GENERATOR   make_pages.py: its typesetter places every line; nothing is rendered
TEXT        clean paragraphs, one a line
TITLES      headlines, one a line, plain or .xz
CONFUSIONS  what engines misread: truth, read, count, engine; the planted errors are drawn from it
OUT         a folder; gets pages.jsonl (the records `kanwu eval pages` reads), raw/ID.txt,
            alto/ID.xml and paddle/ID.json

No engine reads the pages. What one would do to them is planted: misread, lost and inserted
characters at the rate of a page (median 1 %, nine pages in ten below 5 %), lost lines, scans
turned by up to half a degree, boxes that end at the ink (a full stop fills a quarter of its cell)
and are off by a twentieth of a character (standard deviation). ALTO blocks are the pieces of a
column, as layout analysis finds them; PaddleOCR sorts boxes from top to bottom over all columns.
Needs only the standard library. The same arguments give the same bytes.
"""

import argparse
import importlib.util
import json
import lzma
import math
import os
import random
import re
from xml.sax.saxutils import quoteattr

ARTICLE = (3, 9)
CUT = re.compile(r"[!-~]+|[^!-~]{1,2}")
INK_LEFT = "“‘（《「"
INK_RIGHT = "，。、；：”’）》」"


def load_generator(path):
    spec = importlib.util.spec_from_file_location("make_pages", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    # Fonts would only tell the widths of digits and letters.
    module.covers = lambda name, ch: True
    module.cw = lambda name, size, ch: size * (1.0 if module.is_wide(ch) else 0.5)
    return module


def lines_of(path):
    opened = lzma.open(path, "rt", encoding="utf-8") if path.endswith(".xz") else open(path, encoding="utf-8")
    with opened as file:
        return [line.strip() for line in file if line.strip()]


def part_of(lines, part):
    number, parts = part
    size = -(-len(lines) // parts)
    return lines[number * size : (number + 1) * size]


def articles(paragraphs, titles, r):
    """Runs of paragraphs with a headline; short ones are put together first."""
    full = []
    for paragraph in paragraphs:
        if full and len(full[-1]) < 60 and full[-1].endswith(("。", "！", "？")) and r.random() < 0.8:
            full[-1] += paragraph
        else:
            full.append(paragraph)
    full = [text for text in full if 12 <= len(text) <= 600 and text[-1] in "。！？”…"]
    titles = [t for t in titles if 8 <= len(t) <= 26]
    out = []
    while full:
        n = r.randint(*ARTICLE)
        paras = [["body", text] for text in full[:n]]
        full = full[n:]
        size = sum(len(text) for _, text in paras)
        if size >= 120:
            out.append({"date": f"202602{len(out) % 28 + 1:02d}", "title": r.choice(titles), "paras": paras, "n": size})
    days = {}
    for article in out:
        days.setdefault(article["date"], []).append(article)
    return sorted(days.items())


class Misreading:
    """Draws errors as the engine made them: by character, and what it was read as."""

    def __init__(self, path, engine):
        self.read, self.inserted = {}, []
        with open(path, encoding="utf-8") as file:
            next(file)
            for line in file:
                truth, read, count, by = line.rstrip("\n").split("\t")
                if by != engine:
                    continue
                if truth:
                    self.read.setdefault(truth, []).append((read, int(count)))
                else:
                    self.inserted.append((read, int(count)))

    def of(self, text, rate, r):
        out = []
        for ch in text:
            choices = self.read.get(ch)
            # Signs are misread several times as often as characters.
            weight = 0.6 if "\u4e00" <= ch <= "\u9fff" else 2.5
            if choices and r.random() < rate * weight:
                out.append(r.choices([c for c, _ in choices], [n for _, n in choices])[0])
            else:
                out.append(ch)
            if r.random() < rate * 0.05:
                out.append(r.choices([c for c, _ in self.inserted], [n for _, n in self.inserted])[0])
        if r.random() < rate * 0.5:
            out.append(r.choice(".-,·"))
        return "".join(out).strip()


class Scan:
    """From the typeset page to pixels of the scan."""

    def __init__(self, page, r):
        self.angle = math.radians(r.uniform(-0.5, 0.5) * r.choice([0.3, 1.0]))
        self.scale = r.uniform(0.85, 1.3)
        self.centre = (page.w / 2, page.h / 2)
        self.r = r

    def box(self, x0, y0, x1, y1, em):
        corners = []
        for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1)):
            dx, dy = x - self.centre[0], y - self.centre[1]
            corners.append(
                (
                    (self.centre[0] + dx * math.cos(self.angle) - dy * math.sin(self.angle)) * self.scale,
                    (self.centre[1] + dx * math.sin(self.angle) + dy * math.cos(self.angle)) * self.scale,
                )
            )
        off = lambda: self.r.gauss(0, 0.05) * em * self.scale
        left, right, top, bottom = off(), off(), off() / 2, off() / 2
        shifts = ((left, top), (right, top), (right, bottom), (left, bottom))
        return [[max(0, round(x + a)), max(0, round(y + b))] for (x, y), (a, b) in zip(corners, shifts)]


def printed_box(module, line):
    text, size = line["text"], line["size"]
    width = sum(module.cw(line["font"], size, c) + line["ex"] for c in text) - line["ex"]
    x0, x1 = line["x"], line["x"] + width
    if text[0] in INK_LEFT:
        x0 += 0.45 * size
    if text[-1] in INK_RIGHT:
        x1 -= 0.5 * size
    return x0 + 0.03 * size, line["y"] + 0.02 * size, x1 - 0.03 * size, line["y"] + 0.98 * size


def read_frames(module, rec, noise, rate, r):
    """The frames in the order of the file, each with the lines as read and their boxes."""
    out = []
    for number, page in enumerate(rec.pages):
        scan = Scan(page, r)
        size = (round(page.w * scan.scale) + 1, round(page.h * scan.scale) + 1)
        for frame in page.frames:
            lines = []
            for i in frame["lines"]:
                line = page.lines[i]
                text = noise.of(line["text"], rate, r)
                if not text or r.random() < 0.002:
                    continue
                box = scan.box(*printed_box(module, line), line["size"])
                lines.append({"text": text, "box": box, "bid": line["bid"]})
            if lines:
                out.append({"kind": frame["kind"], "page": number, "size": size, "lines": lines})
    return out


def late_headline(frames):
    """The first headline goes behind its article."""
    heads = [i for i, frame in enumerate(frames) if frame["kind"] == "headline"]
    if heads:
        i = heads[0]
        j = i + 1
        while j < len(frames) and frames[j]["kind"] in ("column", "caption"):
            j += 1
        frames.insert(j, frames[i])
        frames.pop(i)
    return frames


def bounds(boxes):
    xs = [x for box in boxes for x, _ in box]
    ys = [y for box in boxes for _, y in box]
    return min(xs), min(ys), max(xs), max(ys)


def place(boxes):
    x0, y0, x1, y1 = bounds(boxes)
    return f'HPOS="{x0}" VPOS="{y0}" WIDTH="{x1 - x0}" HEIGHT="{y1 - y0}"'


def words_of(line, worded):
    """The parts between spaces, with `worded` cut into words of two characters, as some engines do."""
    parts = [part for part in line["text"].split(" ") if part]
    return [CUT.findall(part) if worded else [part] for part in parts]


def width(word):
    return sum(0.5 if ord(c) < 128 else 1.0 for c in word)


def alto(frames, worded):
    out = ['<?xml version="1.0" encoding="UTF-8"?>', '<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#">']
    out.append("<Description><MeasurementUnit>pixel</MeasurementUnit></Description>\n<Layout>")
    number = -1
    for k, frame in enumerate(frames):
        if frame["page"] != number:
            if number >= 0:
                out.append("</PrintSpace></Page>")
            number = frame["page"]
            size = 'WIDTH="{}" HEIGHT="{}"'.format(*frame["size"])
            out.append(f'<Page ID="p{number}" PHYSICAL_IMG_NR="{number + 1}" {size}><PrintSpace>')
        out.append(f'<TextBlock ID="b{k}" {place([line["box"] for line in frame["lines"]])}>')
        for n, line in enumerate(frame["lines"]):
            out.append(f'<TextLine ID="b{k}l{n}" {place([line["box"]])}>')
            x0, y0, x1, y1 = bounds([line["box"]])
            parts = words_of(line, worded)
            units = sum(width(word) for part in parts for word in part) + 0.5 * (len(parts) - 1)
            at, strings = float(x0), []
            for part in parts:
                for word in part:
                    wide = (x1 - x0) * width(word) / max(units, 1)
                    strings.append(
                        f'<String CONTENT={quoteattr(word)} HPOS="{round(at)}" VPOS="{y0}" WIDTH="{round(wide)}" HEIGHT="{y1 - y0}"/>'
                    )
                    at += wide
                at += (x1 - x0) * 0.5 / max(units, 1)
            out.append("<SP/>".join(strings))
            out.append("</TextLine>")
        out.append("</TextBlock>")
    out.append("</PrintSpace></Page>\n</Layout>\n</alto>")
    return "\n".join(out) + "\n"


def paddle(frames, r):
    """As PaddleOCR sorts: by the top of the box, those of about one height from left to right."""
    pages = []
    for number in sorted({frame["page"] for frame in frames}):
        lines = [line for frame in frames if frame["page"] == number for line in frame["lines"]]
        lines.sort(key=lambda line: (line["box"][0][1], line["box"][0][0]))
        for i in range(len(lines) - 1):
            for j in range(i, -1, -1):
                a, b = lines[j]["box"][0], lines[j + 1]["box"][0]
                if abs(b[1] - a[1]) < 10 and b[0] < a[0]:
                    lines[j], lines[j + 1] = lines[j + 1], lines[j]
                else:
                    break
        score = lambda: round(r.uniform(0.9, 0.999), 4)
        pages.append([[line["box"], [line["text"], score()]] for line in lines])
    return json.dumps(pages, ensure_ascii=False)


def record(module, rec, frames, pid, blank, rate):
    order, furniture = module.truth_order(rec)
    read = {}
    for frame in frames:
        for line in frame["lines"]:
            read.setdefault(line["bid"], []).append(line["text"])
    blocks = []
    for block in order + furniture:
        entry = {"id": block["bid"], "kind": block["kind"], "article": block.get("article"), "text": block["text"]}
        if block["kind"] == "caption":
            entry["interrupts"] = block.get("interrupts")
        if block["kind"] not in ("byline", "subhead", "body"):
            entry["ocr"] = "\n".join(read.get(block["bid"], []))
        blocks.append(entry)
    texts = ["\n".join(line["text"] for line in frame["lines"]) for frame in frames]
    return {
        "id": pid,
        "page": pid,
        "engine": "planted",
        "level": "light" if rate < 0.01 else "medium" if rate < 0.03 else "heavy",
        "meta": {"columns": rec.meta["columns"], "em": rec.meta["em"], "blank_between_frames": blank},
        "ocr_hard": ("\n\n" if blank else "\n").join(texts) + "\n",
        "ocr_para": "\n\n".join("".join(text.split("\n")) for text in texts) + "\n",
        "truth_text": "\n\n".join(block["text"] for block in order),
        "blocks": blocks,
    }


def write(folder, name, text):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("generator", "text", "titles", "confusions", "out"):
        parser.add_argument(name)
    parser.add_argument("--pages", type=int, required=True)
    parser.add_argument("--seed", required=True)
    parser.add_argument("--prefix", default="l")
    parser.add_argument("--part", default="0/1", help="which part of TEXT and TITLES, as 0/2")
    args = parser.parse_args()
    module = load_generator(args.generator)
    part = tuple(int(n) for n in args.part.split("/"))
    r = random.Random(args.seed)
    days = articles(part_of(lines_of(args.text), part), part_of(lines_of(args.titles), part), r)
    noises = [Misreading(args.confusions, "rapid")] * 2 + [Misreading(args.confusions, "tess")]
    os.makedirs(args.out, exist_ok=True)
    with open(os.path.join(args.out, "pages.jsonl"), "w", encoding="utf-8") as records:
        for i in range(args.pages):
            pid = f"{args.prefix}{i:04d}"
            r = random.Random(f"{args.seed}:{i}")
            for _ in range(20):
                rec = module.typeset(r, days, module.MIX)
                if 300 <= sum(len(block["text"]) for block in rec.blocks_live) <= 2000:
                    break
            rate = min(0.12, r.lognormvariate(math.log(0.01), 1.1))
            frames = read_frames(module, rec, r.choice(noises), rate, r)
            if r.random() < 0.12:
                frames = late_headline(frames)
            entry = record(module, rec, frames, pid, r.random() < 0.5, rate)
            records.write(json.dumps(entry, ensure_ascii=False) + "\n")
            write(os.path.join(args.out, "raw"), pid + ".txt", entry["ocr_hard"])
            write(os.path.join(args.out, "alto"), pid + ".xml", alto(frames, r.random() < 0.5))
            write(os.path.join(args.out, "paddle"), pid + ".json", paddle(frames, r))


if __name__ == "__main__":
    main()
