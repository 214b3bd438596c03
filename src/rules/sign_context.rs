//! The contexts in which C109 takes a letter, digit or sign for a misread one.

use std::ops::Range;

use super::Context;
use super::enclosure::enclosure;
use crate::han::{is_han, is_han_numeral};

/// True when `range` of the text stands in the context of that name; an unknown name never fits.
/// The names are those of the header of `dictionaries/lookalikes.tsv`.
pub(super) fn fits(context: &Context<'_>, range: &Range<usize>, name: &str) -> bool {
    let place = Place::new(context, range);
    match name {
        "any" => true,
        "digits" => place.in_a_number(),
        "cn_year" => place.in_a_chinese_year(),
        "cn_number" => place.between(is_han_numeral),
        "unit" => place.before_a_measure_word(),
        "date" => place.in_a_date(),
        "range" => place.between(|c| c.is_ascii_digit()),
        "percent" => place.after_a_figure(),
        "dash" => place.is_a_dash(),
        "after_quote" => place.before.is_some_and(|c| "》”".contains(c)) && place.follows_on(),
        "line_start" => place.range.start == 0 && place.opens_a_subtitle(),
        "ordinal" => place.before == Some('第') && place.after.is_some_and(is_han),
        "foreign_letter" => place.is_alone_among_han(),
        "between_han" => place.between(is_han),
        "latin" => place.beside(|c| c.is_ascii_alphabetic()),
        "term" => !place.beside(|c| c.is_ascii_alphanumeric()),
        "sentence_end" => place.ends_a_sentence(),
        "clause" | "clause_end" | "list" => place.parts_clauses(),
        "byline_start" => place.opens_a_byline(),
        "credit" => place.closes_a_credit(),
        "jump" => place.in_a_jump_line(),
        "bracket" => place.pairs_with_a_round_bracket(),
        "title_mark" => place.marks_a_title(),
        "blank" => place.is_a_box_to_tick(),
        _ => false,
    }
}

/// Words of counting that follow a figure.
const UNITS: &str =
    "年月日号时分秒个元万亿千百%％℃°名人家次吨米度平公岁届条位项台辆座户亩件种天周倍点期只版场";

/// What may be misread for a digit.
const DIGIT_LIKE: &str = "OoQlI|〇○◯ОоΟⅠІ丨亅ＯｏＩｌ｜";

/// What stands in round brackets in newspapers rather than in the marks of a title.
const BRACKETED: &[&str] =
    &["记者", "通讯员", "化名", "上接", "下转", "简称", "以下", "左", "右", "图"];

/// Characters that spell foreign names: beside one of them · is right.
const TRANSCRIBING: &str = "阿艾爱安昂奥巴白贝本比彼宾波伯博布采查达大戴丹道德登邓迪蒂丁东杜多俄恩尔法菲费芬\
    丰夫弗福富盖冈戈格根古哈海汉豪赫亨胡华霍基吉加贾杰金卡凯坎康考科克肯库奎拉莱兰朗劳勒雷\
    李里利莉丽林琳隆娄卢鲁伦罗洛马玛迈曼芒梅蒙米密明摩莫默姆穆内纳娜南尼涅宁努诺欧帕潘佩皮\
    普奇齐乔切琼丘让热瑞若萨塞赛桑沙莎山尚绍舍施史斯思苏索塔泰坦汤特提图托瓦万威韦维魏温文沃\
    扎伊敦翰冯范乌伍西希锡夏香肖谢辛休雅亚延杨耶叶伊易因英尤约泽詹哲珍芝朱兹佐";

/// True for 阿里·哈梅内伊: characters that spell foreign names on both sides.
pub(super) fn spells_foreign_name(before: Option<char>, after: Option<char>) -> bool {
    [before, after].into_iter().all(|c| c.is_some_and(|c| TRANSCRIBING.contains(c)))
}

/// First letters of jieba's part-of-speech tags for verbs, adverbs and prepositions: before such a word
/// 一一 is no dash but the adverb, one by one.
const VERB_TAGS: [char; 3] = ['v', 'd', 'p'];

/// A sign and what stands beside it.
struct Place<'a> {
    context: &'a Context<'a>,
    text: &'a str,
    range: &'a Range<usize>,
    before: Option<char>,
    after: Option<char>,
}

impl<'a> Place<'a> {
    fn new(context: &'a Context<'a>, range: &'a Range<usize>) -> Self {
        let text = context.text();
        let before = text[..range.start].chars().next_back();
        let after = text[range.end..].chars().next();
        Self { context, text, range, before, after }
    }

    fn head(&self) -> &'a str {
        &self.text[..self.range.start]
    }

    fn tail(&self) -> &'a str {
        &self.text[self.range.end..]
    }

    fn sign(&self) -> &'a str {
        &self.text[self.range.clone()]
    }

    fn between(&self, class: impl Fn(char) -> bool) -> bool {
        self.before.is_some_and(&class) && self.after.is_some_and(&class)
    }

    fn beside(&self, class: impl Fn(char) -> bool) -> bool {
        self.before.is_some_and(&class) || self.after.is_some_and(&class)
    }

    /// Within a figure (1O0, 2O26年, l5米), which no Latin letter touches: H2O, A3O and 4S are
    /// none.
    fn in_a_number(&self) -> bool {
        let figure = |c: &char| c.is_ascii_digit() || DIGIT_LIKE.contains(*c);
        let left: String = self.head().chars().rev().take_while(figure).collect();
        let right: String = self.tail().chars().take_while(figure).collect();
        let outside = [
            self.head().chars().rev().nth(left.chars().count()),
            self.tail().chars().nth(right.chars().count()),
        ];
        let touched =
            |c: &Option<char>| c.is_some_and(|c| c.is_alphabetic() && !is_han(c) || c == '-');
        if outside.iter().any(touched) {
            return false;
        }
        let is_digit = |c: char| c.is_ascii_digit();
        let unit = outside[1].is_some_and(|c| UNITS.contains(c));
        let (digits_left, digits_right) = (left.contains(is_digit), right.contains(is_digit));
        let odd = self.sign().chars().all(|c| "BGSZbsz|｜".contains(c));
        // 5G个人, 4S店 and No.2010B0904: a letter of another shape, or a stroke that also parts
        // columns, counts only between the digits of a short figure.
        if odd {
            return self.between(is_digit) && left.len() + right.len() <= 5;
        }
        match (digits_left, digits_right) {
            (true, true) => true,
            (true, false) => unit,
            (false, true) => unit && outside[0].is_none_or(is_han),
            (false, false) => false,
        }
    }

    /// In a year of four Chinese digits, at least two of which are right: 二O二六年.
    fn in_a_chinese_year(&self) -> bool {
        let Some(year) = self.text[self.range.start..].find('年') else { return false };
        let end = self.range.start + year;
        let digits: Vec<(usize, char)> = self.text[..end].char_indices().rev().take(4).collect();
        let Some((start, _)) = digits.last().copied() else { return false };
        let is_digit = |c: char| "〇零一二三四五六七八九".contains(c);
        let right =
            digits.iter().filter(|(at, c)| !self.range.contains(at) && is_digit(*c)).count();
        let first = digits.last().map(|(_, c)| *c);
        let preceded = self.text[..start].chars().next_back();
        digits.len() == 4
            && start <= self.range.start
            && right >= 2
            // The millennium: 一九九八, 二〇二六. Three right digits make up for a misread one.
            && (right == 3 || first.is_some_and(|c| "一二".contains(c)))
            && preceded.is_none_or(|c| !is_digit(c) && !c.is_ascii_digit())
    }

    /// l个 for 1个: a stroke before a measure word and behind a Chinese character.
    fn before_a_measure_word(&self) -> bool {
        self.before.is_none_or(|c| is_han(c) || "，。、（“".contains(c))
            && self.after.is_some_and(|c| "个月日年名位条家项".contains(c))
    }

    /// 2026午3月, 3月2目.
    fn in_a_date(&self) -> bool {
        let digits = |text: &str| text.chars().next_back().is_some_and(|c| c.is_ascii_digit());
        match self.sign() {
            "作" | "午" | "牛" => {
                let figures = self.head().chars().rev().take_while(char::is_ascii_digit).count();
                let month = self.tail().trim_start_matches(|c: char| c.is_ascii_digit());
                figures == 4 && month.len() < self.tail().len() && month.starts_with('月')
            }
            _ => {
                let day = self.head().trim_end_matches(|c: char| c.is_ascii_digit());
                digits(self.head())
                    && day.strip_suffix('月').is_some_and(digits)
                    && self.after.is_none_or(|c| !"标次的录".contains(c))
            }
        }
    }

    /// 30& for 30%, not 3&4 or R&D.
    fn after_a_figure(&self) -> bool {
        self.before.is_some_and(|c| c.is_ascii_digit())
            && self.after.is_none_or(|c| c != '%' && (!c.is_alphanumeric() || is_han(c)))
    }

    /// 一一 between two words where neither 唯一, 一一对应 nor a number (一一九) explains it.
    fn is_a_dash(&self) -> bool {
        let numeral = |c: char| is_han_numeral(c) || c.is_ascii_digit() || "○第唯".contains(c);
        let opened = self.before.is_some_and(|c| is_han(c) && !"们员都并被将要地就".contains(c));
        opened
            && !self.beside(numeral)
            && self.context.is_word_aligned(self.range)
            && self.follows_on()
    }

    /// True unless what follows is a verb, before which 一一 is the adverb.
    fn follows_on(&self) -> bool {
        let following: String = self.tail().chars().take(8).collect();
        if !following.chars().next().is_some_and(|c| is_han(c) || "“《".contains(c)) {
            return false;
        }
        let tags = self.context.lexicon.jieba().tag(&following, false);
        tags.first().is_some_and(|word| !word.tag.starts_with(VERB_TAGS))
    }

    /// A line of its own that opens with a dash: the second line of a headline.
    fn opens_a_subtitle(&self) -> bool {
        let long = self.sign().chars().count() > 1;
        long && self.after.is_some_and(|c| is_han(c) && !is_han_numeral(c) && c != '○')
    }

    /// A foreign letter between Chinese characters in a paragraph without others of its script.
    fn is_alone_among_han(&self) -> bool {
        let foreign = |c: char| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3100}'..='\u{312f}');
        self.between(is_han) && self.text.chars().filter(|c| foreign(*c)).count() == 1
    }

    fn ends_a_sentence(&self) -> bool {
        let closes = matches!(self.tail(), "" | "”" | "’" | "）" | ")");
        closes && self.before.is_some_and(|c| is_han(c) || "”》）%".contains(c))
    }

    /// Between two Chinese words that are neither a foreign name nor, in marks or as a couplet
    /// (海河欢歌·津门乐动), a title of two parts.
    fn parts_clauses(&self) -> bool {
        let transcribes = |c: Option<char>| c.is_some_and(|c| TRANSCRIBING.contains(c));
        let enclosed = enclosure(self.text, self.range)
            .is_some_and(|around| around.is_title() || around.inside.chars().count() <= 16);
        self.between(|c| is_han(c) || "”》".contains(c))
            && !transcribes(self.before)
            && !transcribes(self.after)
            && !enclosed
            && !self.joins_a_couplet()
            && !self.between(is_han_numeral)
    }

    /// True between two runs of Chinese characters of the same length.
    fn joins_a_couplet(&self) -> bool {
        let left = self.head().chars().rev().take_while(|c| is_han(*c)).count();
        let right = self.tail().chars().take_while(|c| is_han(*c)).count();
        left == right
    }

    /// 国本报记者 for ■本报记者, in a short line without a full stop.
    fn opens_a_byline(&self) -> bool {
        let name = self.tail().trim_start();
        let opens = ["本报", "记者", "通讯员", "见习记者", "实习记者", "特约"];
        self.range.start == 0
            && opens.iter().any(|word| name.starts_with(word))
            && self.text.chars().count() <= 40
            && !self.text.contains(['。', '，'])
            // 图 记者 吴迪 is a credit without its stroke.
            && !(self.sign() == "图" && (self.text.ends_with('摄') || name.starts_with("记者")))
    }

    /// 记者 吴迪 报 for 摄, at the end of a short line of names.
    fn closes_a_credit(&self) -> bool {
        self.tail().is_empty()
            && self.text.chars().count() <= 16
            && ["记者", "通讯员", "本报记者", "新华社"]
                .iter()
                .any(|word| self.text.starts_with(word))
            && !self.text.contains(['。', '，'])
            && self.head().chars().count() >= 4
    }

    /// （F转第3版）, （下转第3板）.
    fn in_a_jump_line(&self) -> bool {
        let line = self.text.trim_matches(['(', ')', '（', '）', ' ']);
        let figures = line.chars().filter(char::is_ascii_digit).count();
        let turns = self.after.is_some_and(|c| c == '转' || c == '接');
        let turned = self.before.is_some_and(|c| c == '转' || c == '接');
        let short = line.chars().count() <= 9 && line.contains(['转', '接']) && figures > 0;
        short
            && match self.sign() {
                "弟" | "策" => turned,
                "板" | "饭" | "M" => self.before.is_some_and(|c| c.is_ascii_digit()),
                "土" | "士" | "十" => self.after == Some('接') && turns,
                _ => self.after == Some('转') && turns,
            }
    }

    /// 《记者 马晓冬）: closed by a round bracket, with what newspapers put in brackets. A title
    /// that ends in ） has its closing mark misread and is no business of this rule.
    fn pairs_with_a_round_bracket(&self) -> bool {
        let closing = self.tail().find(['》', '〉', '】', '}', '）', ')', '《', '（', '(', '“']);
        let Some(closing) = closing.filter(|at| self.tail()[..*at].chars().count() <= 20) else {
            return false;
        };
        let round = self.tail()[closing..].starts_with(['）', ')']);
        let titles = matches!(self.sign(), "《" | "【");
        round && (!titles || BRACKETED.iter().any(|word| self.tail().starts_with(word)))
    }

    /// <红楼梦>
    fn marks_a_title(&self) -> bool {
        let inside = match self.sign() {
            "<" => self.tail().find('>').map(|end| &self.tail()[..end]),
            _ => self.head().rfind('<').map(|start| &self.head()[start + 1..]),
        };
        inside.is_some_and(|title| !title.is_empty() && title.chars().all(is_han))
    }

    /// 口男 口女: more than one box, each before a choice.
    fn is_a_box_to_tick(&self) -> bool {
        let opens = |at: usize| {
            let before = self.text[..at].chars().next_back();
            let after = self.text[at..].chars().nth(1);
            before.is_none_or(|c| "：:；（(".contains(c)) && after.is_some_and(is_han)
        };
        let boxes: Vec<usize> = self.text.match_indices(self.sign()).map(|(at, _)| at).collect();
        // 口 岸 in a text whose words are parted by spaces is the harbour.
        let word = self.context.tokens_in(self.range.clone());
        let alone = word.iter().all(|token| token.range == *self.range);
        // The spaces between the choices may have been left out: 性别：口男口女.
        boxes.len() > 1
            && boxes.first().is_some_and(|at| opens(*at))
            && alone
            && self.after.is_some_and(is_han)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dot_of_a_foreign_name_stands_between_its_parts() {
        assert!(spells_foreign_name(Some('德'), Some('特')));
        assert!(!spells_foreign_name(Some('德'), None));
        assert!(!spells_foreign_name(Some('都'), Some('德')));
    }
}
