//! The structure rules: what the manual says about them, and the texts that test them.

use crate::finding::Level;
use crate::rules::{Manual, Rule};

/// The structure rules (family S), for the manual and the configuration.
pub(crate) static RULES: &[&Rule] = &[&S101, &S102, &S103, &S104, &S105, &S106, &S107];

/// Wrapped lines.
pub(super) static S101: Rule = Rule {
    id: "S101",
    name: Manual { zh: "折行未接", en: "wrapped line" },
    summary: Manual {
        zh: "一段话被版面的折行拆成几行",
        en: "A paragraph is broken where a printed line ended",
    },
    why: Manual {
        zh: "识别软件照版面存行，栏宽处的换行不是分段。依据：行宽与栏宽、行末标点、未收的引号括号、下一行是否缩进、是否标题或署名。",
        en: "OCR programs keep the line ends of the page. Line width against the column, the mark at the line end, open quotes and brackets, the indent and the kind of the next line tell a wrapped line from a new paragraph.",
    },
    standard: None,
    examples: &[
        (
            "坚持以新发展理念为指导，\n深入贯彻会议精神，坚持和加强全面领导，推动各项工作落到实处。\n",
            "坚持以新发展理念为指导，深入贯彻会议精神，坚持和加强全面领导，推动各项工作落到实处。\n",
        ),
        (
            "他说：“我们要把这件事办好，\n\n让大家都满意。”\n",
            "他说：“我们要把这件事办好，让大家都满意。”\n",
        ),
    ],
    silent_on: &[
        "地处深山的偏远小村，如何找到致富好路子？\n\n从特色中找出路，是破解之策。\n",
        "书香满城 悦读人生\n\n■ 记者 沈岚 秦朗\n\n昨晚，读书会在图书馆举行。\n",
        "床前明月光，\n疑是地上霜。\n举头望明月，\n低头思故乡。\n",
    ],
    statistical: false,
    level: Level::Auto,
    build: None,
};

/// A word broken by a line end.
pub(super) static S102: Rule = Rule {
    id: "S102",
    name: Manual { zh: "折行断词", en: "word split by a line break" },
    summary: Manual { zh: "换行把一个词拆成两半", en: "A line break splits a word" },
    why: Manual {
        zh: "一个词（词典里的，或本文别处出现过的）跨在两行之间，这里不会是分段。",
        en: "A word of the dictionary, or of this very text, reaches over the line break, so no paragraph ends here.",
    },
    standard: None,
    examples: &[(
        "到明年，部门联动、城乡一体、有效协\n\n同的救助网络进一步织密，服务内容更加丰富。\n",
        "到明年，部门联动、城乡一体、有效协同的救助网络进一步织密，服务内容更加丰富。\n",
    )],
    silent_on: &["会议今天闭幕。\n\n会上，代表们提出了许多建议。\n"],
    statistical: false,
    level: Level::Auto,
    build: None,
};

/// A caption or a page break inside a sentence.
pub(super) static S103: Rule = Rule {
    id: "S103",
    name: Manual { zh: "图注隔断正文", en: "text cut by a caption" },
    summary: Manual {
        zh: "一句话被图片说明、广告或报眉隔成两截",
        en: "A caption, an advert or a page break stands in the middle of a sentence",
    },
    why: Manual {
        zh: "图片排在文中，识别软件按位置存字，图注就插进了句子。接上正文，图注移到段后。",
        en: "A picture stands in the text, and the OCR program saved its caption where it stood. The sentence is joined and the caption put behind the paragraph.",
    },
    standard: None,
    examples: &[(
        "“住着这样的老屋，一到雨天就到处漏水，大家早就盼着能够翻新。”他说，“这样\n\n古镇民俗馆展厅。\n\n记者 沈岚 摄\n\n的改造，真正改到了我们心里。”\n",
        "“住着这样的老屋，一到雨天就到处漏水，大家早就盼着能够翻新。”他说，“这样的改造，真正改到了我们心里。”\n\n古镇民俗馆展厅。\n\n记者 沈岚 摄\n",
    )],
    silent_on: &[
        "书画展昨天在美术馆开幕。\n\n书画展开幕式现场。\n\n记者 沈方平 摄\n\n今年的书画展将持续到七月。\n",
    ],
    statistical: false,
    level: Level::Review,
    build: None,
};

/// Page furniture.
pub(super) static S104: Rule = Rule {
    id: "S104",
    name: Manual { zh: "报眉页码", en: "running head or page number" },
    summary: Manual {
        zh: "报名、日期、版名、版次混进了正文",
        en: "The name of the paper, a date or a page number stands in the text",
    },
    why: Manual {
        zh: "报眉、页码、责编是版面上的东西。只有写法像（日期带星期、报名、版次），或在别的版上重复出现的行才算；标题下的日期不算。",
        en: "Running heads, page numbers and staff lines belong to the page. A line is taken for one only on evidence: a date with a weekday, the name of a paper, a page number, or that it repeats. A date under a headline is none.",
    },
    standard: None,
    examples: &[(
        "会议今天在北京闭幕，代表们提出了许多建议。\n\n2版\n",
        "会议今天在北京闭幕，代表们提出了许多建议。\n\n",
    )],
    silent_on: &["关于加强服务管理的意见\n\n（2025年10月29日）\n\n服务管理是一项重要工作。\n"],
    statistical: false,
    level: Level::Auto,
    build: None,
};

/// Jump lines.
pub(super) static S105: Rule = Rule {
    id: "S105",
    name: Manual { zh: "转版", en: "jump line" },
    summary: Manual {
        zh: "下转、上接：文章在另一版续完",
        en: "The story goes on on another page, or comes from one",
    },
    why: Manual {
        zh: "转版处的句子、引号不全不是差错；校对时要把两版对起来看。",
        en: "A sentence or a quote that stops at a jump line is no slip; the two pages have to be read together.",
    },
    standard: None,
    examples: &[(
        "会议今天在北京闭幕，代表们提出了许多\n\n（下转第3版）\n",
        "会议今天在北京闭幕，代表们提出了许多\n\n（下转第3版）\n",
    )],
    silent_on: &["车辆由此下转至地面道路，请减速慢行。\n"],
    statistical: false,
    level: Level::Hint,
    build: None,
};

/// Stray spaces.
pub(super) static S106: Rule = Rule {
    id: "S106",
    name: Manual { zh: "字间多空格", en: "stray spaces" },
    summary: Manual {
        zh: "汉字之间有识别软件加的空格",
        en: "The OCR program put spaces between Chinese characters",
    },
    why: Manual {
        zh: "全文汉字之间都有空格，是识别软件按词分开的，不是版面的空格。标题中分段的空格、署名里的空格不动。",
        en: "Where characters are parted by spaces all over the text, the OCR program did it. Spaces between the parts of a headline and in bylines stay.",
    },
    standard: None,
    examples: &[(
        "会 议 传达 学 习 贯 彻 重 要 讲话 精 神 。\n",
        "会议传达学习贯彻重要讲话精神。\n",
    )],
    silent_on: &["书香满城 悦读人生\n", "记者 王 洋 刘 茜\n\n昨晚，音乐会在大剧院上演。\n"],
    statistical: false,
    level: Level::Auto,
    build: None,
};

/// Lost line breaks.
pub(super) static S107: Rule = Rule {
    id: "S107",
    name: Manual { zh: "漏换行", en: "lost line break" },
    summary: Manual {
        zh: "转版行、署名或另一篇的开头接在了正文后面",
        en: "A jump line, a byline or the opening of another story is glued to the text",
    },
    why: Manual {
        zh: "识别软件把上下两块并成了一段。句号之后出现“本报讯（记者”、■ 署名，或段末带着（下转第N版），都该另起一行。",
        en: "The OCR program merged two blocks. A dateline or ■ behind a full stop, or a jump line at the end of a paragraph, starts a line of its own.",
    },
    standard: None,
    examples: &[
        (
            "会议今天在北京闭幕，代表们提出了许多（下转第3版）\n",
            "会议今天在北京闭幕，代表们提出了许多\n（下转第3版）\n",
        ),
        (
            "会议今天在北京闭幕。本报讯（记者 王洋）昨晚，音乐会在大剧院上演。\n",
            "会议今天在北京闭幕。\n本报讯（记者 王洋）昨晚，音乐会在大剧院上演。\n",
        ),
    ],
    silent_on: &["他在来信中说，本报讯（记者 王洋）的报道很及时。\n"],
    statistical: false,
    level: Level::Hint,
    build: None,
};
