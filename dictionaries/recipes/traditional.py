#!/usr/bin/env python3
"""Print dictionaries/traditional.tsv.

    traditional.py OPENCC_DICTIONARY UNIHAN > ../traditional.tsv

OPENCC_DICTIONARY holds TSCharacters.txt and JPVariants.txt (pip package
opencc-python-reimplemented, Apache-2.0); UNIHAN holds Unihan_OtherMappings.txt or
.txt.bz2 (Debian package unicode-data), whose kTGH field is the list of the 8105
characters of the 通用规范汉字表 (2013).  Left are characters outside that list,
right such as stand in it.  Frequent left characters of clean simplified text (none
was found) and mathematical or phonetic uses go into DROP.
"""
import bz2
import os
import sys

# 正:异 - forms of old print (旧字形) and variants the 第一批异体字整理表 retired, which are no row of OpenCC.
HAND = """
户:戶戸 值:値 内:內 别:別 吕:呂 没:沒 说:説説 真:眞 清:淸 为:爲 吴:吳吴呉 黄:黃 产:産 颜:顔 彦:彥 奂:奐 换:換 温:溫 绪:緖 录:彔錄 禄:祿 绝:絶 脱:脫 税:稅 锐:鋭銳 悦:悅
蜕:蛻 兑:兌 青:靑 静:靜静 乡:鄕鄉 即:卽 既:旣 教:敎 册:冊 强:強 步:歩 每:毎 黑:黒 争:爭 净:淨浄 挣:掙 巨:鉅 奥:奧 粤:粵 屏:屛 并:幷並竝併 瓶:甁 姬:姫 虚:虛 戏:戲戯
丢:丟 兔:兎 冤:寃 宜:冝 宾:賔 冰:氷 决:決 况:況 凉:涼 凑:湊 减:減 盗:盜 羡:羨 冲:沖 准:凖 污:汙汚 泛:汎 泪:淚 溯:泝遡 涌:湧 沾:霑 法:灋 温:溫 游:遊 溪:谿 峰:峯
岩:巖巗嵒 岳:嶽 岛:嶋嶌 崖:厓 群:羣 裙:裠 够:夠 鹅:鵞鵝 略:畧 案:桉 棋:碁 概:槪 桌:槕 村:邨 杯:盃桮 柏:栢 栖:棲 栀:梔 楠:枏柟 樱:桜 橹:艣艪 闹:鬧 斗:鬥鬦閗 哄:閧鬨
烟:煙菸 焰:燄 炉:鑪 灾:災烖菑 炮:砲礮 燕:鷰 熏:燻 照:炤 耀:燿 辉:煇 暖:煖煗 昂:昻 昵:暱 晋:晉 晒:曬 妒:妬 姊:姉 姗:姍 妍:姸 奶:嬭 娘:孃 婿:壻 嫩:嫰 志:誌 恒:恆 惧:懼
恶:悪 恩:㤙 怪:恠 惭:慙 憩:憇 懒:嬾 欢:懽讙驩 唇:脣 咏:詠 嗽:欶 啖:啗噉 哗:譁 嘴:觜 吻:脗 吃:喫 叫:呌 喧:諠 噪:譟 呼:嘑虖 吊:弔 咒:呪 啼:嗁 捆:綑 携:攜擕攜 捷:㨗 扣:釦
插:揷 挂:掛罣 拿:拏挐 托:託 扛:摃 拖:扡 捶:搥 撑:撐 榨:搾 采:採 碰:掽踫 拐:枴 抬:擡 挽:輓 效:効傚 敕:勅 叙:敘敍 朵:朶 床:牀 升:陞昇 凳:櫈 梅:楳槑 梁:樑 凡:凢 仙:僊
倦:勌 俯:俛 偷:媮 仿:倣髣 侄:姪 伫:佇竚 杰:傑 儿:児 伞:傘繖 俊:儁 假:叚 俟:竢 剩:賸 劫:刧刦刼 券:劵 匆:怱悤 勋:勲 勖:勗 卷:捲巻 却:卻 厘:釐 厕:廁 厨:廚 厦:廈 厩:廄廐
厮:廝 厢:廂 参:參叄 叠:疊 只:祇秖衹隻 台:臺颱檯 回:迴囘廻 国:囯圀囶 图:図圗 坑:阬 坝:壩 坛:罈墰 场:塲 堤:隄 墙:墻牆 墩:墪 奔:逩犇 奖:奬 妆:妝粧 宁:寧寍寜 寇:宼寃 实:寔実
寝:寢 寓:庽 寨:砦 局:跼侷 岁:歳嵗 届:屆 帆:颿帆 幕:幙 弦:絃 弥:瀰彌 彝:彜 彩:綵 雕:彫琱鵰凋 往:徃 径:徑 徇:狥 德:徳悳惪 总:縂総 愧:媿 愈:瘉癒 慎:愼 捣:搗擣 旗:旂 暂:蹔
昆:崑崐 期:朞 札:剳 杂:雑 棕:椶 枪:鎗 柳:栁桺 款:欵 毁:燬譭 毡:氊 泄:洩 淆:殽 淫:婬 渺:淼 湿:溼 滨:濱濵 潜:濳 犁:犂 狸:貍 猪:豬 猫:貓 猿:猨 獐:麞 獾:貛 琅:瑯 琉:瑠
瓮:甕 留:畄畱 疏:疎 疱:皰 痱:疿 痴:癡 皂:皁 皋:皐臯 盏:琖醆 瞅:矁 睹:覩 眯:瞇 眺:覜 砖:甎磚 碗:盌 秋:秌 稿:稾 稚:穉 窑:窯窰 窗:窓牕窻 竖:豎 笋:筍 筒:筩 策:筞 算:祘
粽:糉 糕:餻 绣:繡綉 绵:緜 线:綫線 罚:罸 罪:辠 翱:翺 耕:畊 耻:恥 胁:脇 脉:脈衇 脚:腳 腮:顋 膻:羶 脑:脳 脏:臓 舍:捨 船:舩 艳:豔 花:芲 草:艸 蒂:蔕 虻:蝱 蜂:蠭 蝶:蜨
裸:臝 襁:繈 褒:襃 觅:覔 赃:贜 赖:頼 赞:讃賛 趁:趂 蹄:蹏 躲:躱 迹:跡蹟 遍:徧 邻:隣 酬:酧醻 野:埜 钩:鈎 锄:耡 锈:銹鏽 鉴:鑒鑑 闲:閑閒 阴:隂 陷:陥 险:険 隐:隠 雁:鴈 霸:覇
鞋:鞵 韵:韻 馆:舘 骚:騒 鼓:皷 齿:歯 龙:竜 龟:亀 龄:齢 面:靣麺 默:黙 点:奌 变:変 发:発髪 对:対 应:応 单:単 战:戦 营:営 验:験 扩:拡 转:転 传:伝 续:続 经:経 济:済 气:気
泽:沢 涩:渋 压:圧 广:広 厅:庁 处:処 卖:売 检:検 权:権 乐:楽 样:様 关:関 铁:鉄 驿:駅 斋:斎 齐:斉 县:県 肃:粛 继:継 纵:縦 纤:繊 听:聴 药:薬 观:観 觉:覚 译:訳 读:読
让:譲 丰:豊 边:辺 迟:遅 铸:鋳 钱:銭 灵:霊 显:顕 剑:剣 劳:労 惠:恵 举:挙 据:拠 择:択 两:両 乘:乗 价:価 佛:仏 团:団 围:囲 坏:壊 垒:塁 壮:壮 奖:奨 学:斈 宝:寳寶 宽:寛
将:将 岭:嶺 巢:巣 带:帯 归:帰 废:廃 弹:弾 径:径 从:従 怀:懐 恼:悩 拔:抜 拂:払 拜:拝 摄:摂 收:収 数:数 晓:暁 历:歴暦 残:残 殴:殴 渊:渕 泷:滝 满:満 潜:潛 烧:焼 独:独
猎:猟 瑶:瑤 画:畫 碎:砕 祸:禍 稳:穏 穗:穂 粹:粋 绘:絵 缘:縁 绳:縄 与:与 茎:茎 萤:蛍 装:装 览:覧 触:触 证:証 谣:謡 谦:謙 践:践 轻:軽 铅:鉛 录:録 频:頻 鸡:鶏 盐:塩
"""

# Not a traditional form in the text a newspaper prints: mathematics, phonetics, Japanese names, standard after all.
DROP = set("叄")
# Outside the list of 8105, and yet kept in names, brands and titles of works: offered, never at `auto`.
NAMES = set("峯濬姸囍槑嶋祘塚崑砦榘彥皐臯")


def text(path):
    for name in (path, path + ".bz2"):
        if os.path.exists(name):
            with (bz2.open if name.endswith("bz2") else open)(name, "rt", encoding="utf-8") as f:
                return f.read()
    raise SystemExit("no " + path)


def main(opencc, unihan):
    standard = {chr(int(l.split("\t")[0][2:], 16)) for l in text(os.path.join(unihan, "Unihan_OtherMappings.txt")).split("\n") if "\tkTGH\t" in l}
    assert len(standard) == 8105, len(standard)
    pairs = {}
    for line in text(os.path.join(opencc, "TSCharacters.txt")).split("\n"):
        if "\t" in line:
            old, new = line.split("\t")
            pairs[old] = [c for c in new.split() if c in standard]
    for line in text(os.path.join(opencc, "JPVariants.txt")).split("\n"):
        if "\t" in line:
            old, new = line.split("\t")
            for jp in new.split():
                right = pairs.get(old) or ([old] if old in standard else [])
                if jp not in standard and right:
                    pairs.setdefault(jp, right)
    for group in HAND.split():
        right, olds = group.split(":")
        for old in olds:
            if old != right and right in standard and not pairs.get(old):
                pairs[old] = [right]
    print("# Traditional, variant and Japanese forms that do not occur in simplified mainland text (C108)")
    print("# source: OpenCC TSCharacters and JPVariants; 通用规范汉字表 (Unihan kTGH); old print forms and retired variants by hand; recipe: recipes/traditional.py")
    print("# licence: Apache-2.0 (OpenCC); Unicode-3.0 (kTGH); the hand table MIT OR Apache-2.0")
    print("# left are only characters outside the 8105 of the 通用规范汉字表: 乾 著 瞭 藉 於 钜 昇 堃 喆 and their like are standard and no rows")
    print("# use: plain = one form, safe; choice = several, joined by |, the context decides; name = kept in names, brands and titles too, so never unasked")
    print("# columns: traditional\tsimplified\tuse")
    out = []
    for old, right in pairs.items():
        right = [c for c in right if c != old]
        if old in standard or not right or old in DROP or len(old) != 1 or ord(old) < 0x3400:
            continue
        use = "choice" if len(right) > 1 else "name" if old in NAMES else "plain"
        out.append(f"{old}\t{'|'.join(right)}\t{use}")
    for row in sorted(out, key=lambda s: s.encode()):
        print(row)


if __name__ == "__main__":
    main(*sys.argv[1:3])
