#!/usr/bin/env python3
"""Print dictionaries/code_points.tsv.  Standard library only.

Kangxi radicals and compatibility ideographs come from the decompositions in
`unicodedata` (both blocks are stable, so every Python 3.8+ prints the same bytes),
private-use characters from the `gb18030` codec, the rest from the tables below.
"""
import unicodedata

# U+2E80..2EF3, each with its ideograph (EquivalentUnifiedIdeograph.txt of Unicode 15);
# radicals whose equivalent lies outside the BMP never stand for a word and are left out.
RADICALS = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺈刀⺉刂⺊卜⺌小⺍小⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺫目⺬示⺭礻"
    "⺯糹⺰纟⺱罓⺲罒⺴冗⺶羊⺹耂⺺肀⺻聿⺼肉⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻈讠⻉贝⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食"
    "⻟飠⻠饣⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)

# Private-use characters of GB 18030-2000 that the codec still maps to themselves
# and that GB 18030-2005 and -2022 give a real code point.
MOVED = {
    0xE816: "𠂇", 0xE817: "𠂉", 0xE818: "𠃌", 0xE81E: "龴", 0xE826: "龵", 0xE82B: "龶", 0xE82C: "龷", 0xE831: "𡗗",
    0xE832: "龸", 0xE83B: "𢦏", 0xE843: "龹", 0xE854: "龺", 0xE855: "𤇾", 0xE864: "龻",
    0xE7C7: "ḿ", 0xE7C8: "ǹ",
    # the vertical marks of GB 18030 A6D9..A6F3, written here as their horizontal selves
    0xE78D: "，", 0xE78E: "。", 0xE78F: "、", 0xE790: "：", 0xE791: "；", 0xE792: "！", 0xE793: "？", 0xE794: "〖", 0xE795: "〗", 0xE796: "…",
}

# Vertical presentation forms: right in no horizontal text.
VERTICAL = dict(zip("︐︑︒︓︔︕︖︗︘︙︱︵︶︷︸︹︺︻︼︽︾︿﹀﹁﹂﹃﹄﹇﹈", "，、。：；！？〖〗…—（）｛｝〔〕【】《》〈〉「」『』［］"))
# Small form variants.
SMALL = dict(zip("﹐﹑﹒﹔﹕﹖﹗﹙﹚﹛﹜﹝﹞﹟﹠﹡﹢﹤﹥﹦﹨﹩﹪﹫", "，、．；：？！（）｛｝〔〕＃＆＊＋＜＞＝＼＄％＠"))
HALFWIDTH = {0xFF61: "。", 0xFF62: "「", 0xFF63: "」", 0xFF64: "、", 0xFF65: "·"}
# Two marks, one look: the mark of Chinese text stands on the right.
TWINS = {0x2E3A: "——", 0x2E3B: "———", 0x22EF: "…", 0x02D9: "·", 0x2219: "·", 0x22C5: "·", 0x2027: "·", 0x30FB: "·", 0x2E31: "·", 0x2E33: "·",
         0x2010: "-", 0x2011: "-", 0x2015: "—", 0x2500: "—", 0x2501: "—", 0x3030: "～", 0x301C: "～", 0x223C: "～", 0x02D0: "：",
         0x301D: "“", 0x301E: "”", 0x2329: "〈", 0x232A: "〉", 0x27E8: "〈", 0x27E9: "〉"}

INVISIBLE = ([0xAD, 0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E] + list(range(0x200B, 0x2010)) + list(range(0x202A, 0x202F))
             + list(range(0x2060, 0x2065)) + list(range(0x2066, 0x2070)) + [0x3164, 0xFEFF, 0xFFA0] + list(range(0xFE00, 0xFE10)) + [0xFFF9, 0xFFFA, 0xFFFB])
CONTROL = [c for c in range(0x20) if c not in (0x09, 0x0A, 0x0B, 0x0C, 0x0D)] + [0x7F] + [c for c in range(0x80, 0xA0) if c != 0x85]
OTHER = [0x0B, 0x85, 0x2028, 0x2029, 0xFFFC]


def rows():
    for c in range(0x2F00, 0x2FD6):
        yield c, unicodedata.normalize("NFKC", chr(c)), "kangxi"
    for i in range(0, len(RADICALS), 2):
        yield ord(RADICALS[i]), RADICALS[i + 1], "radical"
    for c in range(0xF900, 0xFB00):
        right = unicodedata.normalize("NFKC", chr(c))
        # Nine code points of this block are ordinary ideographs (U+FA0E 﨎 …); Latin, Hebrew and Armenian ligatures begin at U+FB00.
        if right != chr(c):
            yield c, right, "compatibility"
    # GB 18030-2000 FE50..FEA0: private U+E815..U+E864 in GBK, real characters since.
    trails = [b for b in range(0x50, 0xA1) if b != 0x7F]
    for code, trail in enumerate(trails, 0xE815):
        right = bytes((0xFE, trail)).decode("gb18030")
        yield code, MOVED.get(code, right), "private"
    # A989..A995: the ideographic variation mark and the description characters.
    for code in range(0xE7E7, 0xE7F4):
        yield code, bytes((0xA9, 0x89 + code - 0xE7E7)).decode("gb18030"), "private"
    for code in sorted(MOVED):
        if not 0xE815 <= code <= 0xE864:
            yield code, MOVED[code], "private"
    yield 0xE76C, "€", "private"
    for c in INVISIBLE:
        yield c, "", "invisible"
    for c in CONTROL + OTHER:
        yield c, "", "other"
    yield 0xFFFD, "", "replacement"
    for c, right in HALFWIDTH.items():
        yield c, right, "halfwidth"
    for table in (VERTICAL, SMALL):
        for c, right in table.items():
            yield ord(c), right, "other"
    for c, right in TWINS.items():
        yield c, right, "twin"


def main():
    print("# Wrong code points: characters that look right and are not (C107)")
    print("# source: Unicode character data (decompositions, EquivalentUnifiedIdeograph), GB 18030; recipe: recipes/code_points.py")
    print("# licence: Unicode-3.0")
    print("# class: kangxi | radical | compatibility | private | invisible | replacement | halfwidth | twin | other (control characters, vertical and small forms)")
    print("# twin: another mark of the same look; ― and ・ are common in clean web news (2 in 10000 characters), so they are worth a hint at most")
    print("# right is empty where the character must go (invisible, control) or where what it stood for is not known (replacement)")
    print("# traps: U+FE0F and U+200D belong to emoji, U+00AD and U+200B to hyphenated foreign words; U+FEFF at the head of a file is its BOM; the units U+3300-33FF (㎡ ㎏) are right and not listed")
    print("# traps: · in foreign names is U+00B7; • U+2022 as a bullet is right and not listed, nor are − U+2212 before a number and ∶ U+2236 in a ratio or score")
    print("# columns: code\tright\tclass")
    seen, out = set(), []
    for code, right, kind in rows():
        assert code not in seen, hex(code)
        seen.add(code)
        out.append(f"U+{code:04X}\t{right}\t{kind}")
    for row in sorted(out, key=lambda s: s.encode()):
        print(row)


if __name__ == "__main__":
    main()
