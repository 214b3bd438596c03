//! Settings as a user meets them: files, tables, switches in the text, the command line.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// W101 corrects it.
const SLIP: &str = "同志们再接再励，夺取更大胜利。\n";
const FIXED: &str = "同志们再接再厉，夺取更大胜利。\n";

/// A folder to work in, removed at the end.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn with(files: &[(&str, &str)]) -> Self {
        let desk = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        for (name, text) in files {
            desk.put(name, text);
        }
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a file in a folder")).expect("a folder");
        fs::write(path, text).expect("a file is written");
    }

    fn get(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn kanwu(&self, args: &[&str]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kanwu"));
        command.args(args).current_dir(self.folder.path()).stdin(Stdio::null());
        command.env("XDG_DATA_HOME", self.folder.path()).env("LC_ALL", "en_US.UTF-8");
        Run::of(command.output().expect("the program starts"))
    }

    /// What `check` finds: rule, wrong text and level, a line each.
    fn found(&self, args: &[&str]) -> Vec<String> {
        // What statistics suspect of the same places is no matter here.
        let mut all =
            vec!["check", "--level", "hint", "--format", "jsonl", "--ignore", "C101,C102,C105"];
        all.extend(args);
        let run = self.kanwu(&all);
        assert!(run.code < 2, "{run:?}");
        let record = |line: &str| -> Option<String> {
            let record: serde_json::Value = serde_json::from_str(line).expect("JSON");
            let text = |key: &str| record[key].as_str().map(str::to_string);
            Some(format!("{} {} {}", text("rule")?, text("wrong")?, text("level")?))
        };
        run.out.lines().filter_map(record).collect()
    }

    /// The text of a file after `fix --level review`.
    fn fixed(&self, args: &[&str]) -> String {
        let mut all = vec!["fix", "--level", "review", "--stdout", "-q"];
        all.extend(args);
        let run = self.kanwu(&all);
        assert_eq!(run.code, 0, "{run:?}");
        run.out
    }
}

/// What a run left behind.
#[derive(Debug)]
struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Run {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().expect("no signal"),
            out: String::from_utf8(output.stdout).expect("output is UTF-8"),
            err: String::from_utf8(output.stderr).expect("messages are UTF-8"),
        }
    }
}

// kanwu.toml

#[test]
fn the_nearest_file_holds() {
    let desk = Desk::with(&[
        ("kanwu.toml", "[rules]\nW101 = \"off\"\n"),
        ("a.txt", SLIP),
        ("old/kanwu.toml", "[rules]\nW101 = \"hint\"\n"),
        ("old/1950/b.txt", SLIP),
    ]);
    assert_eq!(desk.found(&["a.txt"]), [""; 0]);
    assert_eq!(desk.found(&["old"]), ["W101 再接再励 hint"]);
    // What is asked for by name speaks in any case.
    assert_eq!(desk.found(&["--select", "W101", "a.txt"]), ["W101 再接再励 auto"]);
    assert_eq!(desk.found(&["--isolated", "a.txt", "old"]).len(), 2);
    assert_eq!(desk.found(&["--config", "old/kanwu.toml", "a.txt"]), ["W101 再接再励 hint"]);
    let run = desk.kanwu(&["check", "--config", "none.toml", "a.txt"]);
    assert!(run.code == 2 && run.err.contains("none.toml"), "{run:?}");
}

#[test]
fn a_file_extends_another() {
    let desk = Desk::with(&[
        (
            "house/kanwu.toml",
            "tables = [\"words.txt\"]\n[rules]\nW101 = \"review\"\nC103 = \"off\"\n",
        ),
        ("house/words.txt", "聚原广场=聚源广场\n闹市区=\n"),
        (
            "project/kanwu.toml",
            "extend = \"../house/kanwu.toml\"\ntables = [\"own.txt\"]\nrules.W101 = \"hint\"\n",
        ),
        ("project/own.txt", "闹市区=闹市区\n"),
        ("project/a.txt", "聚原广场在闹市区里，难以以为继，大家再接再励。\n"),
    ]);
    let found = desk.found(&["project/a.txt"]);
    assert_eq!(found, ["W104 聚原广场 auto", "W101 再接再励 hint"]);
    desk.put("house/kanwu.toml", "extend = \"../project/kanwu.toml\"\n");
    let run = desk.kanwu(&["check", "project/a.txt"]);
    assert!(run.code == 2 && run.err.contains("it extends itself"), "{run:?}");
}

#[test]
fn mistakes_stop_the_run_before_it_begins() {
    let desk = Desk::with(&[("kanwu.toml", "\n[thresholds]\nreveiw = 0.6\n"), ("a.txt", SLIP)]);
    let run = desk.kanwu(&["fix", "--level", "review", "--in-place", "a.txt"]);
    assert_eq!(run.code, 2);
    assert_eq!(run.err, "kanwu: kanwu.toml:3: there is no key `reveiw`; did you mean `review`?\n");
    assert_eq!(desk.get("a.txt"), SLIP);
    desk.put("kanwu.toml", "tables = [\"words.txt\"]\n");
    desk.put("words.txt", "# 词表\n聚原广场\n");
    let run = desk.kanwu(&["check", "a.txt"]);
    assert!(run.err.starts_with("kanwu: words.txt:2: \"聚原广场\" is no row"), "{run:?}");
}

#[test]
fn init_writes_a_file_that_changes_nothing() {
    let desk = Desk::with(&[("a.txt", SLIP)]);
    let run = desk.kanwu(&["init"]);
    assert_eq!((run.code, run.err.as_str()), (0, "./kanwu.toml written\n"));
    let isolated = desk.kanwu(&["check", "--show-settings", "--isolated", "a.txt"]);
    let shown = desk.kanwu(&["check", "--show-settings", "a.txt"]);
    let settings = |run: &Run| -> Vec<String> {
        run.out.lines().filter(|line| !line.starts_with('#')).map(str::to_string).collect()
    };
    assert_eq!(settings(&isolated), settings(&shown));
    assert!(
        shown.out.starts_with("# a.txt\n# from kanwu.toml\nprofile = \"newspaper\"\n"),
        "{shown:?}"
    );
    let again = desk.kanwu(&["init"]);
    assert!(again.code == 2 && again.err.contains("is there already"), "{again:?}");
    let run = desk.kanwu(&["init", "--profile", "book", "books"]);
    assert_eq!(run.code, 0, "{run:?}");
    desk.put("books/b.txt", SLIP);
    let shown = desk.kanwu(&["check", "--show-settings", "books/b.txt"]);
    assert!(shown.out.contains("profile = \"book\""), "{shown:?}");
    assert!(shown.out.contains("suspect-review = 0.7"), "{shown:?}");
}

#[test]
fn what_is_shown_can_be_used() {
    let desk = Desk::with(&[
        (
            "kanwu.toml",
            "date = 2015-03-02\n[punctuation]\nquotes = \"corner\"\n[rules]\nP = { review = 0.9 }\n",
        ),
        ("a.txt", SLIP),
    ]);
    let shown = desk.kanwu(&["check", "--show-settings", "a.txt"]);
    desk.put("shown.toml", &shown.out);
    let again = desk.kanwu(&["check", "--show-settings", "--config", "shown.toml", "a.txt"]);
    assert_eq!(
        shown.out.replace("# from kanwu.toml\n", ""),
        again.out.replace("# from shown.toml\n", "")
    );
}

#[test]
fn thresholds_move_levels() {
    let desk = Desk::with(&[("a.txt", SLIP)]);
    assert_eq!(desk.found(&["a.txt"]), ["W101 再接再励 auto"]);
    desk.put("kanwu.toml", "[rules.W101]\nauto = 1.0\nreview = 1.0\n");
    assert_eq!(desk.found(&["a.txt"]), ["W101 再接再励 hint"]);
    desk.put("kanwu.toml", "[thresholds]\nauto = 1.0\n");
    assert_eq!(desk.found(&["a.txt"]), ["W101 再接再励 review"]);
}

#[test]
fn the_encoding_can_be_set() {
    let desk = Desk::with(&[("kanwu.toml", "encoding = \"Big5\"\n")]);
    fs::write(desk.path("a.txt"), b"\xa4\xa4\xa4\xe5\n").expect("a file is written");
    assert_eq!(desk.kanwu(&["check", "a.txt"]).code, 0);
    assert_eq!(desk.kanwu(&["check", "--isolated", "a.txt"]).code, 2);
}

// Tables

#[test]
fn house_words_are_corrected_kept_and_banned() {
    let desk = Desk::with(&[
        ("kanwu.toml", "tables = [\"words.txt\"]\n"),
        ("words.txt", "聚原广场=聚源广场 # 以地名办公布为准\n再接再励=再接再励\n闹市区=\n"),
        ("a.txt", "大家再接再励，聚原广场在闹市区里。\n"),
    ]);
    assert_eq!(desk.found(&["a.txt"]), ["W104 聚原广场 auto", "W104 闹市区 review"]);
    assert_eq!(desk.fixed(&["a.txt"]), "大家再接再励，聚源广场在闹市区里。\n");
    let run = desk.kanwu(&["check", "--lang", "zh", "a.txt"]);
    assert!(run.out.contains("以地名办公布为准（words.txt:1）"), "{}", run.out);
}

#[test]
fn a_table_beside_the_text_counts_first() {
    let desk = Desk::with(&[
        ("kanwu.toml", "tables = [\"words.txt\"]\n"),
        ("words.txt", "聚原广场=聚源广场\n"),
        ("a.txt", "聚原广场开街。\n"),
        ("b.txt", "聚原广场开街。\n"),
        ("a.txt.kanwu", "聚原广场=聚原广场\n"),
    ]);
    assert_eq!(desk.found(&["a.txt", "b.txt"]), ["W104 聚原广场 auto"]);
    assert_eq!(desk.found(&["a.txt"]), [""; 0]);
    desk.put("a.txt.kanwu", "聚原广场\n");
    let run = desk.kanwu(&["check", "a.txt", "b.txt"]);
    assert!(run.code == 2 && run.err.contains("a.txt.kanwu:1: "), "{run:?}");
    assert!(run.out.contains("b.txt:1"), "the other text is read: {run:?}");
}

#[test]
fn the_longest_word_counts() {
    let desk = Desk::with(&[
        ("kanwu.toml", "tables = [\"words.txt\"]\n"),
        ("words.txt", "聚原广场=聚源广场\n聚原广场小吃店=聚原广场小吃店\n"),
        ("a.txt", "聚原广场边上有聚原广场小吃店。\n"),
    ]);
    assert_eq!(desk.fixed(&["a.txt"]), "聚源广场边上有聚原广场小吃店。\n");
}

#[test]
fn a_page_is_judged_by_its_date() {
    let desk = Desk::with(&[
        ("kanwu.toml", "tables = [\"posts.txt\"]\n"),
        (
            "posts.txt",
            "!本市市长=王建国 2008-03-01..2013-02-28\n!本市市长=李国强 2013-03-01..\n\
             !创建文明城市三年行动 2014-01-01..2016-12-31\n",
        ),
        ("a.txt", "昨天，本市市长王建国来到学校，要求抓好创建文明城市三年动行。\n"),
    ]);
    assert_eq!(desk.found(&["--date", "2010-05-01", "a.txt"]), [""; 0]);
    assert_eq!(
        desk.found(&["--date", "2015-05-01", "a.txt"]),
        ["W103 本市市长王建国 review", "W103 创建文明城市三年动行 review"]
    );
    assert_eq!(
        desk.fixed(&["--date", "2015-05-01", "a.txt"]),
        "昨天，本市市长李国强来到学校，要求抓好创建文明城市三年行动。\n"
    );
    desk.put("kanwu.toml", "date = 2015-05-01\ntables = [\"posts.txt\"]\n");
    assert_eq!(desk.found(&["a.txt"]).len(), 2);
    // The running head tells the date of the page, whatever dates the text speaks of.
    desk.put("kanwu.toml", "tables = [\"posts.txt\"]\n");
    let page = |head: &str| {
        format!(
            "{head}\n\n2010年1月4日，学校的新楼奠基，老师和同学们都来参加，会场里坐满了人，大家都很高兴。\n\n\
             昨天，原市长来到学校，本市市长王建国陪同参观，和老师们谈了很久，了解学校的发展情况。\n"
        )
    };
    desk.put("b.txt", &page("2015年5月1日 星期五 城市日报 A3 要闻"));
    assert!(desk.found(&["--select", "W103", "b.txt"]).len() == 1);
    desk.put("b.txt", &page("2010年5月1日 星期六 城市日报 A3 要闻"));
    assert_eq!(desk.found(&["--select", "W103", "b.txt"]), [""; 0]);
    desk.put("c.txt", "<!-- kanwu: date 2015-05-01 -->\n本市原市长来了。前本市市长王建国来了。\n");
    assert_eq!(desk.found(&["--select", "W103", "c.txt"]), [""; 0]);
}

// Switches

#[test]
fn switches_in_the_text_are_obeyed() {
    let text = "<!-- kanwu: off W101 -->\n大家再接再励，难以以为继。\n<!-- kanwu: on -->\n大家再接再励。\n";
    let desk = Desk::with(&[("a.md", text)]);
    assert_eq!(desk.found(&["a.md"]), ["C103 以以 review", "W101 再接再励 auto"]);
    let fixed = text.replace("以以", "以").replace("\n大家再接再励。", "\n大家再接再厉。");
    assert_eq!(desk.fixed(&["a.md"]), fixed);
    desk.put("a.md", "<!-- kanwu: off -->\n大家再接再励，难以以为继。\n");
    assert_eq!(desk.found(&["a.md"]), [""; 0]);
    desk.put("a.md", "<!-- kanwu: allow 再接再励 -->\n大家再接再励，难以以为继。\n");
    assert_eq!(desk.found(&["a.md"]), ["C103 以以 review"]);
    desk.put("a.md", "大家都来了，<!-- kanwu: allow 再接再励 -->再接再励，很高兴。\n");
    assert_eq!(desk.found(&["a.md"]), [""; 0]);
}

#[test]
fn a_switch_that_says_nothing_is_named() {
    let desk = Desk::with(&[("a.md", "一\n<!-- kanwu: of W101 -->\n")]);
    let run = desk.kanwu(&["check", "a.md"]);
    assert_eq!(
        run.err,
        "kanwu: a.md:2: kanwu: of W101: it is one of off, on, allow, table, date\n"
    );
}

#[test]
fn comments_are_never_touched() {
    // A line ends in mid-word before the comment, and double spaces stand in it.
    let text = "会议指出，要部门联动、城乡一体、有效协\n<!-- kanwu:  off  W101 -->\n同的救助网络进一步织密，\
                各乡镇困难家庭情况全面摸清，全年任务圆满完成。\n";
    let desk = Desk::with(&[("a.txt", text)]);
    assert!(desk.fixed(&["a.txt"]).contains("<!-- kanwu:  off  W101 -->"));
}

// Punctuation

#[test]
fn the_house_has_its_marks() {
    let text = "他说：“我读过‘城南’一文。”又说（笑）：「好」。\n";
    let desk =
        Desk::with(&[("a.txt", text), ("kanwu.toml", "[punctuation]\nquotes = \"corner\"\n")]);
    assert_eq!(desk.fixed(&["a.txt"]), "他说：「我读过『城南』一文。」又说（笑）：「好」。\n");
    desk.put("kanwu.toml", "[punctuation]\nquotes = \"curly\"\nbrackets = \"half\"\n");
    assert_eq!(desk.fixed(&["a.txt"]), "他说：“我读过‘城南’一文。”又说(笑)：“好”。\n");
    desk.put("b.txt", "会议(第三次全体会议)昨天召开，函数f(x)有解。\n");
    assert_eq!(desk.found(&["b.txt"]), [""; 0]);
    desk.put("kanwu.toml", "[punctuation]\nbrackets = \"full\"\n");
    assert_eq!(desk.fixed(&["b.txt"]), "会议（第三次全体会议）昨天召开，函数f(x)有解。\n");
    desk.put("d.txt", "参加会议的有张平《市长)和记者。\n");
    let width = desk.fixed(&["--select", "P102", "d.txt"]);
    assert_eq!(width, "参加会议的有张平《市长）和记者。\n");
    desk.put("e.txt", "新航站楼昨天(3月14日，首批旅客顺利出行。\n");
    assert!(desk.fixed(&["e.txt"]).contains("（3月14日）"));
    desk.put("kanwu.toml", "[punctuation]\nbrackets = \"half\"\n");
    assert!(desk.fixed(&["e.txt"]).contains("(3月14日)"));
    desk.put("kanwu.toml", "[punctuation]\nquotes = \"corner\"\n");
    desk.put("c.txt", "他说：「大家都叫我「老黃牛」，我很高兴。」\n");
    assert!(desk.fixed(&["c.txt"]).contains("我『老黃牛』，"));
}

// Profiles

#[test]
fn the_profile_for_archives_reads_traditional_script() {
    // Too few characters to tell the script.
    let desk = Desk::with(&[("a.txt", "大家再接再勵。\n"), ("b.txt", SLIP)]);
    let isolated = desk.found(&["a.txt"]);
    assert!(isolated.iter().all(|found| !found.starts_with("W101")), "{isolated:?}");
    let archive = ["--profile", "archive-traditional"];
    assert_eq!(desk.found(&[archive[0], archive[1], "a.txt"]), ["W101 再接再勵 auto"]);
    assert_eq!(desk.fixed(&[archive[0], archive[1], "a.txt"]), "大家再接再厲。\n");
    assert_eq!(desk.fixed(&["b.txt"]), FIXED);
}
