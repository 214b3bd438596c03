#!/usr/bin/env python3
"""Print dictionaries/variant_words.tsv.  Hand table, standard library only.

The 338 groups of the 第一批异形词整理表 (GF 1001-2001), in its order: 推荐词形:异形词,异形词.
"""

GROUPS = """
按捺:按纳 按语:案语
百废俱兴:百废具兴 百叶窗:百页窗 斑白:班白,颁白 斑驳:班驳 孢子:胞子 保镖:保镳 保姆:保母,褓姆 辈分:辈份 本分:本份 笔画:笔划 毕恭毕敬:必恭必敬 编者按:编者案
扁豆:萹豆,稨豆,藊豆 标志:标识 鬓角:鬓脚 秉承:禀承 补丁:补靪,补钉
参与:参预 惨淡:惨澹 差池:差迟 掺和:搀和 掺假:搀假 掺杂:搀杂 铲除:刬除 徜徉:倘佯 车厢:车箱 彻底:澈底 沉思:沈思 称心:趁心 成分:成份 澄澈:澄彻 侈靡:侈糜
筹划:筹画 筹码:筹马 踌躇:踌蹰 出谋划策:出谋画策 喘吁吁:喘嘘嘘 瓷器:磁器 赐予:赐与 粗鲁:粗卤
搭档:搭当,搭挡 搭讪:搭赸,答讪 答复:答覆 戴孝:带孝 担心:耽心 担忧:耽忧 耽搁:担搁 淡泊:澹泊 淡然:澹然 倒霉:倒楣 低回:低徊 凋敝:雕敝,雕弊 凋零:雕零 凋落:雕落
凋谢:雕谢 跌宕:跌荡 跌跤:跌交 喋血:蹀血 叮咛:丁宁 订单:定单 订户:定户 订婚:定婚 订货:定货 订阅:定阅 斗拱:枓拱,枓栱 逗留:逗遛 逗趣儿:斗趣儿 独角戏:独脚戏 端午:端五
二黄:二簧 二心:贰心
发酵:酦酵 发人深省:发人深醒 繁衍:蕃衍 吩咐:分付 分量:份量 分内:份内 分外:份外 分子:份子 愤愤:忿忿 丰富多彩:丰富多采 风瘫:疯瘫 疯癫:疯颠 锋芒:锋铓 服侍:伏侍,服事
服输:伏输 服罪:伏罪 负隅顽抗:负嵎顽抗 附会:傅会 复信:覆信 覆辙:复辙
干预:干与 告诫:告戒 耿直:梗直,鲠直 恭维:恭惟 勾画:勾划 勾连:勾联 孤苦伶仃:孤苦零丁 辜负:孤负 古董:骨董 股份:股分 骨瘦如柴:骨瘦如豺 关联:关连 光彩:光采
归根结底:归根结柢 规诫:规戒 鬼哭狼嚎:鬼哭狼嗥 过分:过份
蛤蟆:虾蟆 含糊:含胡 含蓄:涵蓄 寒碜:寒伧 喝彩:喝采 喝倒彩:喝倒采 轰动:哄动 弘扬:宏扬 红彤彤:红通通 宏论:弘论 宏图:弘图,鸿图 宏愿:弘愿 宏旨:弘旨 洪福:鸿福 狐臭:胡臭
蝴蝶:胡蝶 糊涂:胡涂 琥珀:虎魄 花招:花着 划拳:豁拳,搳拳 恍惚:恍忽 辉映:晖映 溃脓:㱮脓 浑水摸鱼:混水摸鱼 伙伴:火伴
机灵:机伶 激愤:激忿 计划:计画 纪念:记念 寄予:寄与 夹克:茄克 嘉宾:佳宾 驾驭:驾御 架势:架式 嫁妆:嫁装 简练:简炼 骄奢淫逸:骄奢淫佚 角门:脚门 狡猾:狡滑 脚跟:脚根
叫花子:叫化子 精彩:精采 纠合:鸠合 纠集:鸠集 就座:就坐 角色:脚色
克期:刻期 克日:刻日 刻画:刻划 阔佬:阔老
褴褛:蓝缕 烂漫:烂缦,烂熳 狼藉:狼籍 榔头:狼头,鎯头 累赘:累坠 黧黑:黎黑 连贯:联贯 连接:联接 连绵:联绵 连缀:联缀 联结:连结 联袂:连袂 联翩:连翩 踉跄:踉蹡 嘹亮:嘹喨
缭乱:撩乱 伶仃:零丁 囹圄:囹圉 溜达:蹓跶 流连:留连 喽啰:喽罗,偻㑩 鲁莽:卤莽 录像:录象,录相 络腮胡子:落腮胡子 落寞:落漠,落莫
麻痹:痲痹 麻风:痲风 麻疹:痲疹 马蜂:蚂蜂 马虎:马糊 门槛:门坎 靡费:糜费 绵连:绵联 腼腆:靦觍 模仿:摹仿 模糊:模胡 模拟:摹拟 摹写:模写 摩擦:磨擦 摩拳擦掌:磨拳擦掌
磨难:魔难 脉脉:眽眽 谋划:谋画
那么:那末 内讧:内哄 凝练:凝炼 牛仔裤:牛崽裤 纽扣:钮扣
扒手:掱手 盘根错节:蟠根错节 盘踞:盘据,蟠踞,蟠据 盘曲:蟠曲 盘陀:盘陁 磐石:盘石,蟠石 蹒跚:盘跚 彷徨:旁皇 披星戴月:披星带月 疲沓:疲塌 漂泊:飘泊 漂流:飘流 飘零:漂零
飘摇:飘飖 凭空:平空
牵连:牵联 憔悴:蕉萃 清澈:清彻 情愫:情素 拳拳:惓惓 劝诫:劝戒
热乎乎:热呼呼 热乎:热呼 热衷:热中 人才:人材 日食:日蚀 入座:入坐
色彩:色采 杀一儆百:杀一警百 鲨鱼:沙鱼 山楂:山查 舢板:舢舨 艄公:梢公 奢靡:奢糜 申雪:伸雪 神采:神彩 湿漉漉:湿渌渌 什锦:十锦 收服:收伏 首座:首坐 书简:书柬 双簧:双锽
思维:思惟 死心塌地:死心踏地
踏实:塌实 甜菜:菾菜 铤而走险:挺而走险 透彻:透澈 图像:图象 推诿:推委
玩意儿:玩艺儿 魍魉:蝄蜽 诿过:委过 乌七八糟:污七八糟 无动于衷:无动于中 毋宁:无宁 毋庸:无庸 五彩缤纷:五采缤纷 五劳七伤:五痨七伤
息肉:瘜肉 稀罕:希罕 稀奇:希奇 稀少:希少 稀世:希世 稀有:希有 翕动:噏动 洗练:洗炼 贤惠:贤慧 香醇:香纯 香菇:香菰 相貌:像貌 潇洒:萧洒 小题大做:小题大作 卸载:卸傤
信口开河:信口开合 惺忪:惺松 秀外慧中:秀外惠中 序文:叙文 序言:叙言 训诫:训戒
压服:压伏 押韵:压韵 鸦片:雅片 扬琴:洋琴 要么:要末 夜宵:夜消 一锤定音:一槌定音 一股脑儿:一古脑儿 衣襟:衣衿 衣着:衣著 义无反顾:义无返顾 淫雨:霪雨 盈余:赢余 影像:影象
余晖:余辉 渔具:鱼具 渔网:鱼网 与会:预会 与闻:预闻 驭手:御手 预备:豫备 原来:元来 原煤:元煤 原原本本:源源本本,元元本本 缘故:原故 缘由:原由 月食:月蚀 月牙:月芽 芸豆:云豆
杂沓:杂遝 再接再厉:再接再砺 崭新:斩新 辗转:展转 战栗:颤栗 账本:帐本 折中:折衷 这么:这末 正经八百:正经八摆 芝麻:脂麻 肢解:支解,枝解 直截了当:直捷了当,直接了当
指手画脚:指手划脚 周济:赒济 转悠:转游 装潢:装璜 孜孜:孳孳 姿势:姿式 仔细:子细 自个儿:自各儿 佐证:左证
"""

# Variants that are words of their own, names, or that arise across a word boundary (主干|与, 同胞|子女, 国无|宁日, 筚路|蓝缕).
BOTH = set("""
    标识 定单 刻划 定货 希奇 联接 展转 录相 录象 折衷 连结 元来 伏输 摹仿 就坐 入坐 首坐 鱼网 鱼具 定户 定婚 定阅 色采 光采 神彩 股分 原由 原故 胞子 笔划 留连 支解 记念 鸿福 架式 份子 份内 份外 份量 本份 过份 蓝缕 磁器 按纳 案语
    无宁 御手 干与 关连 门坎 计画 花着 盘石 热中 希有 寄与 赐与 子细 跌交 班白 狼头 沈思 模写 推委 含胡 分付 元煤 保母 人材 丁宁 胡蝶 零丁 联绵 联贯 飘流 服事 伏罪 颤栗 虾蟆 骨董 帐本 十锦 沙鱼 山查 余辉 影象 图象
    压伏 洋琴 要末 夜消 叙文 情素 像貌 平空 车箱 端五 脚色 刻期 刻日 蚂蜂 雅片 预会 这末 贤慧 佳宾
""".split())

# Variants that edited news practically never has: in 15.2 million characters of news and essays the
# recommended form stands ten times or more, and two hundred times as often as the variant.
RARE = set("""
丰富多采 义无返顾 五采缤纷 低徊 保镳 倒楣 元元本本 再接再砺 出谋画策 刬除 勾联 卤莽 卸傤 参预 叙言 告戒 喝采 嘹喨 塌实 复辙 姿式 孤负 孳孳 宏扬
希少 弘图 归根结柢 思惟 挺而走险 搭当 搭挡 摹拟 收伏 斩新 晖映 模胡 清彻 源源本本 澈底 火伴 烂熳 烂缦 班驳 痲疹 痲痹 禀承 答覆 筹画
筹马 精采 编者案 耽心 耽忧 胡涂 脂麻 脚根 萧洒 蕃衍 蟠石 衣著 补钉 补靪 装璜 褓姆 覆信 谋画 豫备 赢余 跌荡 透澈 酦酵 钮扣
香菰 马糊 驾御 魔难
""".split())


def main():
    groups = [g.split(":") for g in GROUPS.split()]
    assert len(groups) == 338, len(groups)
    rows = {}
    for right, variants in groups:
        for v in variants.split(","):
            assert v not in rows and v != right, v
            note = "both" if v in BOTH else "rare" if v in RARE else ""
            rows[v] = f"{v}\t{right}\t{note}"
    assert BOTH <= set(rows), BOTH - set(rows)
    assert RARE <= set(rows) - BOTH, RARE - set(rows)
    print("# Variant words and the form the standard recommends (W102): the 338 groups of GF 1001-2001, one row a variant")
    print("# source: the word pairs of the standard 第一批异形词整理表 (GF 1001-2001, Ministry of Education and State Language Commission); notes compiled for kanwu; recipe: recipes/variant_words.py")
    print("# licence: MIT OR Apache-2.0 (an official standard, its word pairs are free of copyright in China)")
    print("# note: both = also a word, a name or part of an idiom of its own, or two words that meet (骨干|与, 同胞|子女): never without context")
    print("# note: rare = edited news practically never has it: in 15.2 million characters of news and essays the recommended form stands ten times or more, and two hundred times as often as the variant")
    print("# columns: variant\trecommended\tnote")
    for v in sorted(rows, key=lambda s: rows[s].encode()):
        print(rows[v])


if __name__ == "__main__":
    main()
