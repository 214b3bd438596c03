#!/usr/bin/env python3
"""Print dictionaries/surnames.tsv.  Hand table, standard library only.

A single surname is `weak` when its character is also an ordinary word or the
common first character of ordinary words in news text (于 和 时 高 金 万 …):
a name read from it needs further evidence, a title or a second mention.
"""

STRONG = """
顾 施 申 辛 诸 屠 佘 郜 乜 邰
张 李 王 刘 陈 杨 赵 吴 徐 孙 胡 朱 郭 罗 郑 梁 谢 宋 唐 韩 冯 邓 曹 彭 肖 萧 蔡 潘 董 袁 蒋 杜 苏 魏 吕 沈 姚 卢
傅 姜 崔 谭 廖 汪 戴 贾 韦 邹 熊 孟 秦 邱 侯 尹 薛 闫 阎 黎 史 陶 贺 郝 龚 邵 覃 钱 孔 汤 乔 赖 庞 樊 翟 倪 俞 葛
鲁 岳 聂 焦 柳 邢 骆 祁 芦 鲍 詹 耿 缪 甄 翁 荀 窦 阮 闵 裴 霍 柯 蒲 喻 靳 滕 褚 娄 卞 芮 牟 佟 隋 晏 臧 邬 岑 邝
苗 鞠 巫 虞 蔺 茅 郁 狄 荆 寇 湛 晁 佘 麻 璩 戚 鄢 尉 冼 桓 嵇 郗 郜 郦 郄 郏 郯 鄂 鄞 邴 邸 酆 靖 逄 逯 蒯 蔚 蕲
茹 芈 苟 苑 莘 訾 谌 谯 亓 仉 伍 佴 俱 兀 冀 刁 劳 勾 厍 夔 妫 姬 宓 宦 嵩 庾 忻 扈 昝 暴 楚 栗 檀 毋 漆 濮 燕 瞿 禹
竺 笪 缑 羿 胥 艾 蒙 薄 贲 郎 辜 邰 郸 钭 钮 闾 阙 阚 隗 雍 雒 颛 饶 麴 龙 丘 亢 仝 仰 倩 冉 冒 凌 匡 单 卓 卜 厉
吉 呼 咸 哈 喇 封 尤 尚 屈 岳 巢 巩 帅 幸 庄 廉 弋 惠 慕 戈 敖 昌 暨 晋 柏 柴 桂 桑 梅 楼 欧 殷 池 沐 沙 洪 涂 湛
滑 澹 炎 狐 甘 甯 盖 盛 睢 祖 祝 禄 禚 种 稽 穆 窑 竹 米 粟 糜 经 綦 缴 罕 耙 臧 芶 苍 菅 萨 蓝 蓟 蒿 蔄 衡 贡 赫
轩 迟 逢 遆 邕 邗 郅 郇 郐 郓 鄘 鄯 银 锁 镡 闪 闻 阴 雎 鞏 韶 项 颜 颉 骞 鲜 鹿 麦 隽 龎 斛 於 尧 尼 揭 撒 晓 柘
栾 琚 畅 矫 祢 粘 舒 荔 蓬 虎 覃 訚 豆 赛 郤 钦 閤 随 冷 凤 刑 危 卫 原 及 召 司 后 员 哀 回 塔 墨 奚 奠 宁 宇 宗
"""
DROP = set("倩 刑 窑 耙 鞏 龎 閤 奠 狐 炎 岳 晓 哈 喇 塔 哀 及 司 后 员 回 缴 闪 雎 甯 稽 柘 尼 邗 鄘 鄯 邕 郓 郐 郸 隽 畅 锁 银 凤 召".split())
DROP -= {"岳", "隽", "银"}

WEAK = """
于 和 从 向 时 应 方 同 高 白 黄 金 马 牛 安 平 成 文 古 明 常 康 水 连 关 万 丁 江 何 林 周 叶 许 曾 程 余 任 钟 范 石
陆 夏 付 田 雷 段 武 严 莫 易 包 左 右 华 代 解 强 柴 路 温 游 管 谷 毛 齐 梅 盛 童 鲜 冷 房 全 支 年 商 满 党 云
元 双 花 米 谈 计 边 通 车 宫 宫 权 国 东 南 西 北 门 士 令 但 候 信 都 官 生 由 来 海 曲 步 尚 宁 新 春 有 容 寿
朴 兰 丰 占 展 师 库 能 苍 良 补 费 岗 相 查 后 荣 印 宿 怀 农 别 晏 充 居 仲 伊 宫 仇 甘 厉 祖 符 景 束 井 富 幸 敬 利 沃 乌
储 广 空 那 简 鱼 初 羊 凌 郭 麦 项 祝 季 喜 干 公 母 丛 原 归 宰 邹 纪 舒 屈 侯 力 开 光 闻 阳 阴 霍 翁 班 仰 秋
伏 戎 宗 宣 贡 蓝 经 裘 过 巨 卫 皮 毕 弓 牧 山 车 盖 益 桑 暴 家 滕 索 咸 籍 堵 卓 逢 赏 尉 乐 刚 练 端 火 言 劳
黑 绳 宝 位 才 木 户 虎 红 青 静 巴 图 多 吉 斯 扎 赛 普 索 其 吴 红 宾 盘 蒲 苗 门 随 战 亮 保 线 问 是 帅 庄
"""

COMPOUND = """
欧阳 司马 上官 诸葛 夏侯 东方 皇甫 尉迟 公孙 慕容 司徒 令狐 独孤 长孙 宇文 南宫 端木 百里 呼延 拓跋 澹台 公冶 宗政
濮阳 淳于 单于 太叔 申屠 仲孙 轩辕 钟离 闾丘 司空 鲜于 东郭 西门 东门 南门 北堂 左丘 公羊 谷梁 子车 颛孙 巫马 公西
漆雕 乐正 壤驷 公良 夹谷 宰父 微生 羊舌 梁丘 段干 公输 公伯 东里 东野 赫连 完颜 耶律 纳兰 叶赫 爱新觉罗 那拉 富察
钮祜禄 乌雅 哥舒 贺兰 贺若 侯莫陈 豆卢 万俟 斛律 尔朱 屈突 达奚 独吉 第五 亓官 司寇 仉督 西陵 百里 鲜卑 海棠
欧侯 范姜 张简 陆费 相里 毌丘 即墨 第二 伊祁 吐谷浑 徒单 蒲察 纥石烈 阿史那 
"""
COMPOUND_DROP = {"仉督", "鲜卑", "海棠", "欧侯", "第二", "吐谷浑", "微生", "徒单", "独吉"}
COMPOUND_WEAK = {"东方", "第五", "西门", "东门", "南门", "百里", "上官", "相里", "即墨", "东野", "东里", "南宫", "单于", "左丘",
                 "完颜", "子车", "西陵", "范姜", "张简", "公孙", "北堂", "司空", "司徒", "公西", "贺兰"}
COMPOUND_WEAK -= {"上官", "完颜", "南宫", "范姜", "张简", "公孙", "公西", "子车", "左丘", "司徒"}

# Characters that no mainland newspaper should be asked to read as a surname
# on sight; they are surnames, but so rare that they only cost false alarms.
NOT_WORTH = set("是 位 线 问 图 多 斯 扎 普 其 候 但 由 令 都 才 木 户 公 母 端 绳 言 火 家 黑 战 亮 宾 力 补 展 岗 充 宿 别 居"
                " 山 静 红 青 有 益 经 俱 生 赏 空 线 巨 牧 过 归 初 开 光 能 种 鱼".split())
NOT_WORTH -= {"由", "山", "过", "初", "鱼", "才", "木", "户", "益", "经", "青"}


def main():
    single = {}
    for c in STRONG.split():
        if c not in DROP and c not in NOT_WORTH:
            single[c] = "strong"
    for c in WEAK.split():
        if c not in NOT_WORTH and c not in single:
            single[c] = "weak"
    for c in FORCE_WEAK:
        single[c] = "weak"
    for c in FORCE_STRONG:
        single[c] = "strong"
    rows = [f"{c}\tsingle\t{k}" for c, k in single.items()]
    for c in set(COMPOUND.split()) - COMPOUND_DROP:
        rows.append(f"{c}\tcompound\t{'weak' if c in COMPOUND_WEAK else 'strong'}")
    print("# Chinese surnames, for names in bylines, captions and before titles (K101, N, and to spare names in C101/C102)")
    print("# source: compiled for kanwu; general knowledge of Chinese surnames; recipe: recipes/surnames.py")
    print("# licence: MIT OR Apache-2.0")
    print("# strength: strong = mostly a surname when it starts a word; weak = also an ordinary word or the start of many (于 和 时 高 金 东方)")
    print("# columns: surname\tkind\tstrength")
    for r in sorted(rows, key=lambda r: r.encode()):
        print(r)


# Strong in the list above but common as ordinary characters after all.
FORCE_WEAK = set("尚 宁 原 经 种 逢 随 冷 盛 盖 祖 单 封 幸 洪 滑 米 纪 舒 豆 贡 闻 阴 项 鲜 麻 麦 龙 竹 宗 宇 库 楼 桂 梅"
                 " 楚 燕 冒 仰 呼 勾 劳 暴 凌 池 沙 苍 虎 赛 银 危 卫 薄 蒙 史 鲁 晋 冀 鄂 尼 惠 昌 廉 欧 蓝 苗 靖 哈 庄 吉 迟 墨 随 粘 撒 揭 漆"
                 " 孔 柳 岳 甘 屈 帅 伍 耿 苟 兀 艾 荆 晏 郎 俱 蓬 胡 汤 焦 池 檀 栗 柏 桑 柴 麻 陶 彭 罕 苑 巢".split())
FORCE_WEAK |= set("危 滑 钦 墨 鹿 宇 封 呼 银 揭 龙 沙 萨 宫 尚 迟 罕 麻 余 程 钟 高 马 黄 石 夏 任 曾 万 武 毛 江 方 田 叶 金 白 关 丁".split())
FORCE_WEAK -= set("胡 汤 焦 彭 陶 孔 柳 岳 耿 晏 艾 苟 卫 尚 史 鲁 祝 项 舒 柴 桑 屈 欧 凌 楼 庄 苑 郎 荆 伍".split())
FORCE_STRONG = set("周 林 范 陆 莫 雷 裘 严 齐 丁 夏 武 毛".split())

if __name__ == "__main__":
    main()
