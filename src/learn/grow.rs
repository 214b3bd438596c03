//! The trainer: boosted trees for a yes or no, grown on histograms, leaf by leaf.
//!
//! What is drawn is drawn in the same way every time, so the same samples in the same order give
//! the same forest.

use rayon::prelude::*;

use super::forest::Node;
use super::{Curve, Forest};

/// One sample to learn from.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Its features.
    pub values: Vec<f32>,
    /// The answer.
    pub yes: bool,
    /// How much it counts.
    pub weight: f32,
    /// Samples of one group (a page, both engines' readings of it) are never split between
    /// training and testing.
    pub group: u32,
}

/// How a forest grows.
#[derive(Clone, Copy, Debug)]
pub struct Growth {
    /// Number of trees.
    pub trees: usize,
    /// Leaves of a tree, at most.
    pub leaves: usize,
    /// Share of each tree's opinion that is added.
    pub rate: f32,
    /// Least weight of samples in a leaf.
    pub least: f64,
}

/// Folds of the cross-validation that fits the curve.
pub(super) const FOLDS: u32 = 4;
/// Weight of the belief that a leaf says nothing, in units of curvature.
const PRIOR: f64 = 2.0;
/// Bins of a histogram.
const BINS: usize = 64;

/// Grows a forest whose curve is left empty.
pub fn grow(samples: &[&Sample], growth: Growth) -> Forest {
    let answers: Vec<bool> = samples.iter().map(|sample| sample.yes).collect();
    boost(samples, &answers, &Binned::new(samples), growth)
}

/// Grows a forest for each list of answers about the same samples, whose own answers are ignored.
/// The curves are left empty.
pub fn grow_each(samples: &[&Sample], answers: &[Vec<bool>], growth: Growth) -> Vec<Forest> {
    let binned = Binned::new(samples);
    answers.par_iter().map(|answers| boost(samples, answers, &binned, growth)).collect()
}

fn boost(samples: &[&Sample], answers: &[bool], binned: &Binned, growth: Growth) -> Forest {
    let total: f64 = samples.iter().map(|s| f64::from(s.weight)).sum();
    let sure = samples.iter().zip(answers).filter(|(_, yes)| **yes);
    let yes: f64 = sure.map(|(s, _)| f64::from(s.weight)).sum();
    let bias = ((yes + 0.5) / (total - yes + 0.5)).ln() as f32;
    let mut forest = Forest { bias, ..Forest::default() };
    if samples.is_empty() {
        return forest;
    }
    let mut scores = vec![bias; samples.len()];
    let mut draw = Draw::default();
    for _ in 0..growth.trees {
        let slopes: Vec<Sum> = samples
            .iter()
            .zip(answers)
            .zip(&scores)
            .map(|((sample, yes), score)| {
                let p = 1.0 / (1.0 + (-score).exp());
                let answer = if *yes { 1.0 } else { 0.0 };
                let (slope, curve) = (answer - p, (p * (1.0 - p)).max(1e-6));
                Sum::of(slope * sample.weight, curve * sample.weight, sample.weight)
            })
            .collect();
        let (drawn, others) = (0..samples.len() as u32).partition(|_| draw.takes(SAMPLES));
        let mut features = binned.telling();
        features.retain(|_| draw.takes(FEATURES));
        let grower = Grower { binned, features, slopes: &slopes, growth };
        forest.trees.push(grower.tree(drawn, others, &mut scores));
    }
    forest
}

/// Share of the samples each tree learns from, and of the features it looks at: trees that see
/// different halves err in different places, and grow four times as fast.
const SAMPLES: u64 = 50;
const FEATURES: u64 = 50;

/// A stream of numbers that look random and are the same for every forest.
#[derive(Default)]
struct Draw(u64);

impl Draw {
    /// True in `percent` of 100 cases.
    fn takes(&mut self, percent: u64) -> bool {
        // Knuth's linear congruential generator; the high bits are the good ones.
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % 100 < percent
    }
}

/// Grows a forest on all samples, its curve fitted to scores of forests that had not seen the
/// sample's group. Also returns those scores, in the order of the samples.
pub fn grow_calibrated(samples: &[Sample], growth: Growth) -> (Forest, Vec<f32>) {
    let mut unseen = vec![0.0; samples.len()];
    for fold in 0..FOLDS {
        let known: Vec<&Sample> = samples.iter().filter(|s| s.group % FOLDS != fold).collect();
        if known.len() == samples.len() {
            continue;
        }
        let forest = grow(&known, growth);
        for (score, sample) in unseen.iter_mut().zip(samples) {
            if sample.group % FOLDS == fold {
                *score = forest.score(&sample.values);
            }
        }
    }
    let mut forest = grow(&samples.iter().collect::<Vec<_>>(), growth);
    let scored = samples.iter().zip(&unseen).map(|(s, score)| (*score, s.yes, s.weight));
    forest.curve = Curve::fit(scored.collect());
    (forest, unseen)
}

/// Samples with each feature as the number of a bin.
struct Binned {
    /// Bin of each sample, feature by feature.
    columns: Vec<Vec<u8>>,
    /// Upper edges of the bins of each feature: bin `b` holds values below `edges[b]`.
    edges: Vec<Vec<f32>>,
}

impl Binned {
    fn new(samples: &[&Sample]) -> Self {
        let features = samples.first().map_or(0, |sample| sample.values.len());
        let (columns, edges) = (0..features)
            .into_par_iter()
            .map(|feature| {
                let cuts = cuts(samples.iter().map(|sample| sample.values[feature]).collect());
                let bin = |v: f32| cuts.partition_point(|edge| *edge <= v) as u8;
                let column = samples.iter().map(|sample| bin(sample.values[feature])).collect();
                (column, cuts)
            })
            .unzip();
        Self { columns, edges }
    }

    /// The features that are not the same for all samples.
    fn telling(&self) -> Vec<usize> {
        (0..self.edges.len()).filter(|feature| !self.edges[*feature].is_empty()).collect()
    }
}

/// Thresholds between the values, at most `BINS - 1`, spread over the sorted samples.
fn cuts(mut values: Vec<f32>) -> Vec<f32> {
    values.sort_by(f32::total_cmp);
    let mut distinct = values.clone();
    distinct.dedup();
    let between = |a: f32, b: f32| {
        // Thresholds of few digits keep the file readable; between close values they may not do.
        let middle = (a + b) / 2.0;
        let short = (middle * 1000.0).round() / 1000.0;
        if a < short && short <= b { short } else { middle }
    };
    if distinct.len() <= BINS {
        return distinct.windows(2).map(|pair| between(pair[0], pair[1])).collect();
    }
    let mut cuts: Vec<f32> = Vec::new();
    for step in 1..BINS {
        let at = step * values.len() / BINS;
        let below = distinct.partition_point(|value| *value < values[at]);
        if below > 0 {
            cuts.push(between(distinct[below - 1], distinct[below]));
        }
    }
    cuts.dedup();
    cuts
}

/// Sum of slope, curvature and weight of the samples in a bin.
///
/// Single precision and a fourth field let the processor add a sum in one step; the opinion of a
/// leaf is worked out in double precision.
#[derive(Clone, Copy, Default)]
#[repr(align(16))]
struct Sum([f32; 4]);

impl Sum {
    fn of(slope: f32, curve: f32, weight: f32) -> Self {
        Self([slope, curve, weight, 0.0])
    }

    fn weight(&self) -> f64 {
        f64::from(self.0[2])
    }

    fn add(&mut self, other: &Sum) {
        for (mine, other) in self.0.iter_mut().zip(other.0) {
            *mine += other;
        }
    }

    fn minus(&self, other: &Sum) -> Sum {
        Sum(std::array::from_fn(|i| self.0[i] - other.0[i]))
    }

    fn worth(&self) -> f64 {
        let (slope, curve) = (f64::from(self.0[0]), f64::from(self.0[1]));
        slope * slope / (curve + PRIOR)
    }
}

/// A leaf that may still be split.
struct Open {
    /// The samples the tree learns from.
    samples: Vec<u32>,
    /// The others, which only get its opinion.
    others: Vec<u32>,
    /// For each feature the tree looks at.
    sums: Vec<[Sum; BINS]>,
    best: Option<Cut>,
    node: usize,
}

#[derive(Clone, Copy)]
struct Cut {
    gain: f64,
    feature: usize,
    /// Samples of a bin up to this one go left.
    bin: usize,
}

/// A tree under construction: children by index, in the order they were made.
enum Draft {
    Split { feature: usize, bin: usize, left: usize, right: usize },
    Leaf(f32),
}

/// Samples of a leaf from which its histograms are worth a second thread.
const PARALLEL: usize = 4096;

struct Grower<'a> {
    binned: &'a Binned,
    /// The features the tree looks at.
    features: Vec<usize>,
    slopes: &'a [Sum],
    growth: Growth,
}

impl Grower<'_> {
    /// Grows one tree on `samples`, and adds its leaves to the scores of these and of the `others`.
    fn tree(&self, samples: Vec<u32>, others: Vec<u32>, scores: &mut [f32]) -> Vec<Node> {
        let sums = self.sums(&samples);
        let mut drafts = vec![Draft::Leaf(0.0)];
        let mut open = vec![self.open(samples, others, sums, 0)];
        while open.len() < self.growth.leaves {
            let best = (0..open.len())
                .filter(|i| open[*i].best.is_some())
                .max_by(|a, b| gain(&open[*a]).total_cmp(&gain(&open[*b])).then(b.cmp(a)));
            let Some(best) = best else { break };
            let leaf = open.swap_remove(best);
            self.split(leaf, &mut drafts, &mut open);
        }
        for leaf in &open {
            let value = self.opinion(&leaf.samples);
            drafts[leaf.node] = Draft::Leaf(value);
            for sample in leaf.samples.iter().chain(&leaf.others) {
                scores[*sample as usize] += value;
            }
        }
        let mut nodes = Vec::new();
        self.write(&drafts, 0, &mut nodes);
        nodes
    }

    /// What a leaf of these samples adds to the score.
    fn opinion(&self, samples: &[u32]) -> f32 {
        let (mut slope, mut curve) = (0.0, PRIOR);
        for sample in samples {
            let [s, c, ..] = self.slopes[*sample as usize].0;
            slope += f64::from(s);
            curve += f64::from(c);
        }
        let value = f64::from(self.growth.rate) * slope / curve;
        // Four digits keep the file short; a leaf moves the odds by far more.
        (value * 10_000.0).round() as f32 / 10_000.0
    }

    fn sums(&self, samples: &[u32]) -> Vec<[Sum; BINS]> {
        // Read in the order of the samples once for each feature: copied together first.
        let slopes: Vec<Sum> = samples.iter().map(|i| self.slopes[*i as usize]).collect();
        let of_feature = |feature: &usize| {
            let column = &self.binned.columns[*feature];
            let mut sums = [Sum::default(); BINS];
            for (sample, slope) in samples.iter().zip(&slopes) {
                sums[column[*sample as usize] as usize & (BINS - 1)].add(slope);
            }
            sums
        };
        match samples.len() >= PARALLEL {
            true => self.features.par_iter().map(of_feature).collect(),
            false => self.features.iter().map(of_feature).collect(),
        }
    }

    fn open(
        &self,
        samples: Vec<u32>,
        others: Vec<u32>,
        sums: Vec<[Sum; BINS]>,
        node: usize,
    ) -> Open {
        let mut total = Sum::default();
        for sum in sums.first().into_iter().flatten() {
            total.add(sum);
        }
        let mut best: Option<Cut> = None;
        for (feature, bins) in self.features.iter().zip(&sums) {
            let mut left = Sum::default();
            for (bin, sum) in bins.iter().enumerate().take(self.binned.edges[*feature].len()) {
                left.add(sum);
                let right = total.minus(&left);
                if left.weight() < self.growth.least || right.weight() < self.growth.least {
                    continue;
                }
                let gain = left.worth() + right.worth() - total.worth();
                if gain > 1e-3 && best.is_none_or(|best| gain > best.gain) {
                    best = Some(Cut { gain, feature: *feature, bin });
                }
            }
        }
        Open { samples, others, sums, best, node }
    }

    fn split(&self, leaf: Open, drafts: &mut Vec<Draft>, open: &mut Vec<Open>) {
        let Some(Cut { feature, bin, .. }) = leaf.best else { return };
        let column = &self.binned.columns[feature];
        let part = |samples: Vec<u32>| -> (Vec<u32>, Vec<u32>) {
            samples.into_iter().partition(|sample| column[*sample as usize] as usize <= bin)
        };
        let (left, right) = part(leaf.samples);
        let (left_others, right_others) = part(leaf.others);
        // The histogram of the larger side is what the smaller leaves over.
        let small = self.sums(if left.len() < right.len() { &left } else { &right });
        let large: Vec<[Sum; BINS]> = leaf
            .sums
            .iter()
            .zip(&small)
            .map(|(all, small)| std::array::from_fn(|bin| all[bin].minus(&small[bin])))
            .collect();
        let (left_sums, right_sums) =
            if left.len() < right.len() { (small, large) } else { (large, small) };
        let node = drafts.len();
        drafts.push(Draft::Leaf(0.0));
        drafts.push(Draft::Leaf(0.0));
        drafts[leaf.node] = Draft::Split { feature, bin, left: node, right: node + 1 };
        open.push(self.open(left, left_others, left_sums, node));
        open.push(self.open(right, right_others, right_sums, node + 1));
    }

    fn write(&self, drafts: &[Draft], at: usize, nodes: &mut Vec<Node>) {
        match drafts[at] {
            Draft::Leaf(value) => nodes.push(Node::Leaf(value)),
            Draft::Split { feature, bin, left, right } => {
                let here = nodes.len();
                let threshold = self.binned.edges[feature][bin];
                nodes.push(Node::Split { feature: feature as u16, threshold, right: 0 });
                self.write(drafts, left, nodes);
                let next = nodes.len() as u16;
                if let Node::Split { right, .. } = &mut nodes[here] {
                    *right = next;
                }
                self.write(drafts, right, nodes);
            }
        }
    }
}

fn gain(leaf: &Open) -> f64 {
    leaf.best.map_or(0.0, |cut| cut.gain)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Points of a plane; yes inside a corner that no single threshold cuts out.
    fn corner() -> Vec<Sample> {
        let mut samples = Vec::new();
        for x in 0..40u32 {
            for y in 0..40u32 {
                samples.push(Sample {
                    values: vec![x as f32, y as f32],
                    yes: x > 20 && y < 15,
                    weight: 1.0,
                    group: x * 7 + y,
                });
            }
        }
        samples
    }

    const SMALL: Growth = Growth { trees: 40, leaves: 4, rate: 0.3, least: 5.0 };

    #[test]
    fn a_corner_is_learnt() {
        let samples = corner();
        let (forest, _) = grow_calibrated(&samples, SMALL);
        let wrong = samples.iter().filter(|s| (forest.score(&s.values) > 0.0) != s.yes).count();
        assert_eq!(wrong, 0);
        assert!(forest.probability(&[30.0, 5.0]) > 0.8);
        assert!(forest.probability(&[5.0, 5.0]) < 0.2);
    }

    #[test]
    fn the_same_samples_give_the_same_forest() {
        assert_eq!(grow_calibrated(&corner(), SMALL).0, grow_calibrated(&corner(), SMALL).0);
    }
}
