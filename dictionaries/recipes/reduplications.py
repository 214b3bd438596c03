#!/usr/bin/env python3
"""Print dictionaries/reduplications.tsv.

    reduplications.py CORPUS > ../reduplications.tsv      (pip install jieba)

CORPUS is a folder of clean text, one paragraph a line, *.txt.xz; nothing of it
but the windows below is kept.  Counted are doubled characters that meet across a
word boundary of jieba (委员会|会议, 十五|五): windows of three characters that at
least MIN paragraphs hold with at least MIN different neighbours on the open side,
and windows of four characters for the rest.  All were looked at by hand; what was
a slip, or too close to one, stands in DROP.  The essays and translations of the
corpus hold slips of exactly this kind (在在, 以以下), so they are not counted.
"""
import collections
import glob
import lzma
import os
import re
import sys

import jieba

MIN = 3
SKIP = ("tech_goldminer", "web_weekly")
HAN = "\u4e00-\u9fff"

PATTERNS = [
    ("AABB", "高高兴兴 实实在在 扎扎实实 方方面面 明明白白 清清楚楚 的的确确 是是非非 点点滴滴 热热闹闹 干干净净 家家户户 日日夜夜 老老实实"),
    ("ABAB", "研究研究 讨论讨论 商量商量 考虑考虑 休息休息 体验体验 介绍介绍 雪白雪白 一个一个 一步一步 很久很久 好久好久"),
    ("AA", "看看 听听 想想 试试 说说 走走 谈谈 天天 年年 人人 处处 家家 步步 层层 代代 常常 往往 渐渐 刚刚 仅仅 纷纷 默默 牢牢 紧紧 远远 深深 慢慢 轻轻 早早 大大 小小 多多 满满 好好 偏偏 恰恰 频频 屡屡 缓缓 匆匆 历历 熊熊 茫茫 爸爸 妈妈 爷爷 奶奶 哥哥 姐姐 弟弟 妹妹 叔叔 宝宝 星星 太太"),
    ("一AA", "一张张 一台台 一座座 一艘艘 一份份 一遍遍 一趟趟 一只只 一本本 一束束 一根根 一枚枚 一车车 一架架 一列列 一支支 一间间 一粒粒 一棵棵 一届届 一把把 一幅幅 一件件 一项项 一条条 一个个 一家家 一户户 一步步 一次次 一代代 一辈辈 一天天 一年年 一声声 一句句 一封封 一双双 一盏盏 一片片 一排排 一栋栋 一幢幢 一块块 一串串 一颗颗 一段段 一场场 一组组 一批批 一群群 一队队 一箱箱 一袋袋 一筐筐 一桶桶 一滴滴 一页页 一点点 一丝丝 一阵阵 一层层 一道道 一面面 一针针 一笔笔"),
    ("A一A", "看一看 试一试 想一想 走一走 聊一聊 尝一尝 问一问 比一比 谈一谈"),
    ("A了A", "看了看 想了想 试了试 摸了摸 笑了笑 点了点 摇了摇"),
    ("A不A", "是不是 能不能 会不会 好不好 行不行 对不对 要不要 有没有"),
    ("A来A去", "走来走去 想来想去 说来说去 跑来跑去"),
    ("AAB", "散散步 帮帮忙 试试看 聊聊天 团团转 呱呱叫 毛毛雨 悄悄话 刚刚好"),
    ("ABB", "绿油油 金灿灿 红彤彤 沉甸甸 亮晶晶 暖洋洋 喜洋洋 白茫茫 黑乎乎 乐呵呵 笑眯眯 热乎乎 胖乎乎 圆滚滚 眼睁睁 活生生 孤零零 静悄悄 直勾勾 冰墩墩 雪容融"),
    ("AABC", "津津有味 欣欣向荣 息息相关 蒸蒸日上 孜孜不倦 历历在目 面面俱到 头头是道 比比皆是 彬彬有礼 侃侃而谈 默默无闻 跃跃欲试 斤斤计较 念念不忘 滔滔不绝 娓娓道来 循循善诱 源源不断 遥遥领先"),
    ("BCAA", "千里迢迢 大名鼎鼎 生机勃勃 气势汹汹 喜气洋洋 得意洋洋 忧心忡忡 风尘仆仆 小心翼翼 文质彬彬 波光粼粼 热气腾腾 硕果累累 威风凛凛 忠心耿耿 人心惶惶 虎视眈眈 衣冠楚楚 来势汹汹"),
    ("NN", "一九九八年 二〇〇八年 二〇二二年 三三两两 九九重阳 十五五 三五五 六六大顺 一一列举 一一对应 七七事变 八八战略 千千万万 亿亿次"),
]

# Right, but rarer in this corpus than MIN, or of the years after it.
ADD = {
    "十五五": "“十五五”规划", "局局长": "商务局局长", "部部长": "财政部部长", "院院长": "法院院长", "校校长": "学校校长", "会会长": "协会会长",
    "厅厅长": "财政厅厅长", "行行长": "央行行长", "省省长": "山东省省长", "市市长": "天津市市长", "县县长": "某县县长", "区区长": "和平区区长",
    "镇镇长": "某镇镇长", "乡乡长": "某乡乡长", "村村民": "某村村民", "村村主": "某村村主任", "村村支": "某村村支书", "社社长": "报社社长",
    "处处长": "某处处长", "科科长": "某科科长", "队队长": "大队队长", "队队员": "国家队队员", "团团长": "代表团团长", "团团员": "艺术团团员",
    "馆馆长": "博物馆馆长", "站站长": "气象站站长", "台台长": "电视台台长", "园园长": "幼儿园园长", "所所长": "研究所所长", "院院士": "科学院院士",
    "州州长": "某州州长", "署署长": "审计署署长", "室室主": "办公室室主任", "组组长": "领导小组组长", "班班长": "某班班长", "校校友": "学校校友",
    "校校园": "学校校园", "院院内": "医院院内", "院院区": "医院院区", "会会员": "协会会员", "会会场": "大会会场", "会会址": "一大会会址",
    "学学生": "大学学生", "学学报": "大学学报", "学学会": "化学学会", "学学科": "数学学科", "学学院": "医学学院", "学学者": "大学学者", "日日本": "3日日本政府",
    "日日前": "某日日前", "上上海": "会上上海代表团", "中中国": "比赛中中国队", "国国内": "我国国内", "国国家": "中国国家队", "国国际": "中国国际", "国国民": "我国国民",
    "国国务": "美国国务院", "国国防": "美国国防部", "国国会": "英国国会", "国国旗": "五国国旗", "和和平": "发展和和平", "年年初": "今年年初", "年年底": "今年年底",
    "年年均": "每年年均", "月月初": "本月月初", "月月底": "本月月底", "周周末": "本周周末", "市市场": "城市市场", "市市民": "天津市市民",
    "市市区": "天津市市区", "市市委": "某市市委", "区区委": "和平区区委", "县县委": "某县县委", "省省委": "某省省委", "海海关": "上海海关", "海海域": "黄海海域",
    "海海军": "上海海军", "海海洋": "渤海海洋", "河河道": "海河河道", "江江面": "长江江面", "湖湖面": "太湖湖面", "山山顶": "泰山山顶", "山山脚": "泰山山脚",
    "路路口": "南京路路口", "路路面": "公路路面", "桥桥面": "大桥桥面", "桥桥墩": "大桥桥墩", "车车主": "汽车车主", "车车厢": "列车车厢", "站站台": "车站站台",
    "港港口": "天津港港口", "港港区": "天津港港区", "天天津": "今天天津", "天天气": "今天天气", "天天空": "蓝天天空", "南南部": "湖南南部", "北北部": "河北北部",
    "西西部": "广西西部", "西西安": "陕西西安", "东东部": "广东东部", "东东营": "山东东营", "东东莞": "广东东莞", 
    "南南京": "江南南京", "南南阳": "河南南阳", "江江苏": "长江江苏段", "州州委": "自治州州委", "党党员": "共产党党员", 
    "军军人": "解放军军人", "军军官": "海军军官", "厂厂长": "工厂厂长", "家家长": "每家家长", "员员工": "人员员工", "生生活": "学生生活", "人人口": "老年人人口",
    "人人数": "候选人人数", "个个人": "一个个人", "品品种": "产品品种", "品品牌": "产品品牌", "业业务": "企业业务", "警警察": "民警警察",
    "案案件": "专案案件", "金金额": "资金金额", "税税率": "关税税率", "网网站": "官网网站", "报报道": "日报报道", "机机场": "飞机机场",
    "楼楼顶": "大楼楼顶", "门门口": "校门门口", "村村委": "某村村委会", "会会议": "委员会会议", "展展区": "会展展区", "展展品": "参展展品", "赛赛区": "分赛赛区",
    "赛赛事": "大赛赛事", "赛赛场": "比赛赛场", "场场馆": "赛场场馆", "舱舱门": "返回舱舱门", "星星座": "卫星星座", "船船员": "飞船船员", "箭箭体": "火箭箭体",
    "目的的": "目的的", "标的的": "标的的", "唯一一": "唯一一家", "来看看": "来看看", "去看看": "去看看", 
    "有有效": "没有有效", "有有关": "还有有关部门", "一一个": "唯一一个",
}
ADD.update({"认为为": "认为为时尚早", "现在在": "现在在北京", "所在在": "关键所在在于", "国内内": "国内内需"})

# Slips in the corpus, names cut wrong, or windows that would hide a real slip.
DROP = set("的的公 的座座 的的其 只有有 还有有 在在每 以以下 想到到 现现在 们在在 如如果 行行动 没有有 会议议 得得心 了了 是是 中中".split())


def main(corpus):
    jieba.setLogLevel(60)
    doubled, clause = re.compile(f"([{HAN}])\\1"), re.compile(f"[^{HAN}]+")
    each = re.compile(f"(?=([{HAN}])\\1)")
    windows = collections.defaultdict(set)
    paragraph = 0
    for path in sorted(glob.glob(os.path.join(corpus, "*.txt.xz"))):
        if os.path.basename(path).startswith(SKIP):
            continue
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for text in lines:
                paragraph += 1
                if not doubled.search(text):
                    continue
                for part in clause.split(text):
                    if not doubled.search(part):
                        continue
                    ends, at = set(), 0
                    for word in jieba.cut(part):
                        at += len(word)
                        ends.add(at)
                    for m in each.finditer(part):
                        k = m.start() + 1
                        if k in ends:
                            windows[part[max(0, k - 2):k - 1] or "^", part[k - 1:k + 1], part[k + 1:k + 2] or "$"].add(paragraph)

    left, right = collections.defaultdict(collections.Counter), collections.defaultdict(collections.Counter)
    for (l, aa, r), seen in windows.items():
        left[l + aa][r] += len(seen)
        right[aa + r][l] += len(seen)

    rows = {}

    def keep(form, neighbours, show):
        if sum(neighbours.values()) >= MIN and len(neighbours) >= MIN and "^" not in form and "$" not in form and form not in DROP:
            best = [show(n) for n, _ in sorted(neighbours.items(), key=lambda t: (-t[1], t[0])) if n not in "^$"][:3]
            rows[form] = " ".join(best)

    for form, neighbours in right.items():
        keep(form, neighbours, lambda n: n + form)
    for form, neighbours in left.items():
        open_side = {n: c for n, c in neighbours.items() if form[1:] + n not in rows}
        keep(form, collections.Counter(open_side), lambda n: form + n)
    for (l, aa, r), seen in windows.items():
        form = l + aa + r
        if len(seen) >= MIN and l != "^" and r != "$" and l + aa not in rows and aa + r not in rows and not {l + aa, aa + r} & DROP and form not in DROP4:
            rows[form] = form
    for form, example in ADD.items():
        rows.setdefault(form, example)

    print("# Doubled characters that are right (C103)")
    print("# source: patterns: compiled for kanwu; exceptions: windows seen in at least 3 paragraphs of clean text, looked at by hand; recipe: recipes/reduplications.py")
    print("# licence: MIT OR Apache-2.0")
    print("# pattern: A B C stand for characters, N for a numeral; the examples are forms in use, not a closed list")
    print("# exception: the doubled pair stands in this window of 3 or 4 characters, with a word ending between the two (委员会|会议); examples show it with a neighbour")
    print("# columns: form\tkind\texamples")
    out = [f"{f}\tpattern\t{e}" for f, e in PATTERNS] + [f"{f}\texception\t{e}" for f, e in rows.items()]
    for row in sorted(out, key=lambda s: s.encode()):
        print(row)


DROP4 = set("就会会把 渡新新小 没收收受".split())

if __name__ == "__main__":
    main(sys.argv[1])
