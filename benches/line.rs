//! How fast the line is: loading, each stage, and the whole, in bytes per second over a ladder
//! of sizes, on one thread and on all.
//!
//! The text is real OCR output of `samples/`: the newspaper page and the pages both engines read,
//! one line per printed line and one line per column block in turn.

use std::fs;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use jieba_rs::Token;
use kanwu::analyze::Facts;
use kanwu::lexicon::Lexicon;
use kanwu::model::{LanguageModel, Mixture, NgramModel};
use kanwu::repair::repair;
use kanwu::segment::segment;
use kanwu::{Config, Pipeline, Source};

/// The OCR texts of `samples/` in the order of their names.
fn pages() -> Vec<String> {
    let mut paths: Vec<_> = fs::read_dir("samples/pages")
        .expect("samples/pages is there")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    paths.sort();
    paths.insert(0, "samples/tianjin_daily.txt".into());
    paths.iter().map(|path| fs::read_to_string(path).expect("a page is UTF-8")).collect()
}

/// Sizes a user meets: nothing, a line, a page, a newspaper's issue, a small archive.
fn ladder() -> Vec<(&'static str, Source)> {
    let pages = pages();
    let many = |count: usize| pages.iter().cycle().take(count).cloned().collect::<String>();
    let line = pages[0].lines().max_by_key(|line| line.len()).expect("the page has lines");
    vec![
        ("empty", String::new()),
        ("line", line.to_string()),
        ("page", pages[0].clone()),
        ("issue of 16 pages", many(16)),
        ("archive of 160 pages", many(160)),
    ]
    .into_iter()
    .map(|(name, text)| (name, Source::new(name, text)))
    .collect()
}

fn pipeline() -> Pipeline {
    Pipeline::new(Config::default()).expect("the shipped dictionaries are right")
}

fn load(criterion: &mut Criterion) {
    criterion.bench_function("load", |bencher| bencher.iter(|| black_box(pipeline())));
}

fn stages(criterion: &mut Criterion) {
    let pipeline = pipeline();
    let lexicon = pipeline.lexicon();
    for stage in ["segment and repair", "rules", "whole line"] {
        let mut group = criterion.benchmark_group(stage);
        for (name, source) in ladder() {
            group.throughput(Throughput::Bytes(source.text().len() as u64));
            if source.text().len() > 1_000_000 {
                group.sample_size(10);
            }
            let lines = 0..source.lines().len();
            let structure = || repair(&source, &segment(&source, lines.clone(), lexicon), lexicon);
            let facts = Facts::gather(structure().paragraphs, lexicon);
            group.bench_function(BenchmarkId::from_parameter(name), |bencher| match stage {
                "segment and repair" => bencher.iter(|| black_box(structure())),
                "rules" => bencher.iter(|| black_box(pipeline.detect(&facts))),
                _ => bencher.iter(|| black_box(pipeline.check(&source))),
            });
        }
        group.finish();
    }
}

/// Which rules the time goes to: an issue, on one kind of them at a time.
fn kinds_of_rules(criterion: &mut Criterion) {
    const MISREAD: [&str; 3] = ["C101", "C102", "P108"];
    const MOVED: [&str; 3] = ["C103", "C104", "C105"];
    let ids = |ids: &[&str]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    let only = |select: &[&str]| Config { select: ids(select), ..Config::default() };
    let others = Config { ignore: ids(&[MISREAD, MOVED].concat()), ..Config::default() };
    let (_, issue) = ladder().into_iter().nth(3).expect("the ladder has an issue");
    let mut group = criterion.benchmark_group("kinds of rules");
    group.throughput(Throughput::Bytes(issue.text().len() as u64)).sample_size(10);
    for (name, config) in [
        ("misread: candidates and ranking", only(&MISREAD)),
        ("doubled, missing, swapped", only(&MOVED)),
        ("all others", others),
    ] {
        let pipeline = Pipeline::new(config).expect("the shipped dictionaries are right");
        let lexicon = pipeline.lexicon();
        let segmented = segment(&issue, 0..issue.lines().len(), lexicon);
        let facts = Facts::gather(repair(&issue, &segmented, lexicon).paragraphs, lexicon);
        group.bench_function(name, |bencher| bencher.iter(|| black_box(pipeline.detect(&facts))));
    }
    group.finish();
}

fn threads(criterion: &mut Criterion) {
    let pipeline = pipeline();
    let (_, archive) = ladder().pop().expect("the ladder has a last rung");
    let mut group = criterion.benchmark_group("threads");
    group.sample_size(10).throughput(Throughput::Bytes(archive.text().len() as u64));
    let all = std::thread::available_parallelism().map_or(1, usize::from);
    for count in [1, all] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(count).build().expect("a pool");
        group.bench_function(BenchmarkId::from_parameter(count), |bencher| {
            bencher.iter(|| pool.install(|| black_box(pipeline.check(&archive))));
        });
    }
    group.finish();
}

/// Reading repaired paragraphs with the language model, alone and mixed with that of general
/// language, beside cutting them into words.
fn model(criterion: &mut Criterion) {
    let (_, issue) = ladder().into_iter().nth(3).expect("the ladder has an issue");
    let news = pipeline();
    let segmented = segment(&issue, 0..issue.lines().len(), news.lexicon());
    let paragraphs = repair(&issue, &segmented, news.lexicon()).paragraphs;
    let texts: Vec<&str> = paragraphs.iter().map(|paragraph| paragraph.text.as_str()).collect();
    let bytes: usize = texts.iter().map(|text| text.len()).sum();
    let mut mixed = Lexicon::builtin().expect("the shipped dictionaries are right");
    let general = fs::read("dictionaries/models/general.lm").expect("the model is there");
    let general = NgramModel::new("general.lm", general).expect("the shipped model is right");
    let share = general.share().expect("the shipped model has a share");
    mixed.mix(general, share).expect("there is room");
    let jieba = news.lexicon().jieba();
    let mut group = criterion.benchmark_group("model");
    group.throughput(Throughput::Bytes(bytes as u64));
    let read = |model: &Mixture| texts.iter().map(|text| model.log_probabilities(text)).collect();
    group.bench_function("news", |bencher| {
        bencher.iter(|| -> Vec<Vec<f32>> { read(news.lexicon().mixed_model()) });
    });
    group.bench_function("news and general", |bencher| {
        bencher.iter(|| -> Vec<Vec<f32>> { read(mixed.mixed_model()) });
    });
    group.bench_function("jieba", |bencher| {
        bencher.iter(|| -> Vec<Vec<Token<'_>>> {
            texts.iter().map(|text| jieba.cut(text, false)).collect()
        });
    });
    group.finish();
}

criterion_group!(benches, load, model, stages, kinds_of_rules, threads);
criterion_main!(benches);
