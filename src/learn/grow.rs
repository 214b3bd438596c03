//! The trainer: boosted trees for a yes or no, grown on histograms, leaf by leaf.
//!
//! Nothing is drawn at random, so the same samples in the same order give the same forest.

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
    let total: f64 = samples.iter().map(|s| f64::from(s.weight)).sum();
    let yes: f64 = samples.iter().filter(|s| s.yes).map(|s| f64::from(s.weight)).sum();
    let bias = ((yes + 0.5) / (total - yes + 0.5)).ln() as f32;
    let mut forest = Forest { bias, ..Forest::default() };
    if samples.is_empty() {
        return forest;
    }
    let binned = Binned::new(samples);
    let mut scores = vec![bias; samples.len()];
    for _ in 0..growth.trees {
        let slopes: Vec<(f64, f64)> = samples
            .iter()
            .zip(&scores)
            .map(|(sample, score)| {
                let p = f64::from(1.0 / (1.0 + (-score).exp()));
                let weight = f64::from(sample.weight);
                let answer = if sample.yes { 1.0 } else { 0.0 };
                ((answer - p) * weight, (p * (1.0 - p)).max(1e-6) * weight)
            })
            .collect();
        let weights: Vec<f64> = samples.iter().map(|s| f64::from(s.weight)).collect();
        let tree = Grower { binned: &binned, slopes: &slopes, weights: &weights, growth }
            .tree(&mut scores);
        forest.trees.push(tree);
    }
    forest
}

/// Grows a forest on all samples, its curve fitted to scores of forests that had not seen the
/// sample's group. Also returns those scores, in the order of the samples.
pub fn grow_calibrated(samples: &[Sample], growth: Growth) -> (Forest, Vec<f32>) {
    let mut unseen = vec![0.0; samples.len()];
    for fold in 0..FOLDS {
        let known: Vec<&Sample> = samples.iter().filter(|s| s.group % FOLDS != fold).collect();
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
        let mut columns = Vec::with_capacity(features);
        let mut edges = Vec::with_capacity(features);
        for feature in 0..features {
            let cuts = cuts(samples.iter().map(|sample| sample.values[feature]).collect());
            let bin = |v: f32| cuts.partition_point(|edge| *edge <= v) as u8;
            columns.push(samples.iter().map(|sample| bin(sample.values[feature])).collect());
            edges.push(cuts);
        }
        Self { columns, edges }
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
#[derive(Clone, Copy, Default)]
struct Sum {
    slope: f64,
    curve: f64,
    weight: f64,
}

impl Sum {
    fn add(&mut self, other: &Sum) {
        self.slope += other.slope;
        self.curve += other.curve;
        self.weight += other.weight;
    }

    fn minus(&self, other: &Sum) -> Sum {
        Sum {
            slope: self.slope - other.slope,
            curve: self.curve - other.curve,
            weight: self.weight - other.weight,
        }
    }

    fn worth(&self) -> f64 {
        self.slope * self.slope / (self.curve + PRIOR)
    }
}

/// A leaf that may still be split.
struct Open {
    samples: Vec<u32>,
    sums: Vec<[Sum; BINS]>,
    total: Sum,
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

struct Grower<'a> {
    binned: &'a Binned,
    slopes: &'a [(f64, f64)],
    weights: &'a [f64],
    growth: Growth,
}

impl Grower<'_> {
    /// Grows one tree and adds its leaves to the scores.
    fn tree(&self, scores: &mut [f32]) -> Vec<Node> {
        let all: Vec<u32> = (0..self.slopes.len() as u32).collect();
        let sums = self.sums(&all);
        let mut drafts = vec![Draft::Leaf(0.0)];
        let mut open = vec![self.open(all, sums, 0)];
        while open.len() < self.growth.leaves {
            let best = (0..open.len())
                .filter(|i| open[*i].best.is_some())
                .max_by(|a, b| gain(&open[*a]).total_cmp(&gain(&open[*b])).then(b.cmp(a)));
            let Some(best) = best else { break };
            let leaf = open.swap_remove(best);
            self.split(leaf, &mut drafts, &mut open);
        }
        for leaf in &open {
            let value = self.growth.rate * (leaf.total.slope / (leaf.total.curve + PRIOR)) as f32;
            // Four digits keep the file short; a leaf moves the odds by far more.
            let value = (value * 10_000.0).round() / 10_000.0;
            drafts[leaf.node] = Draft::Leaf(value);
            for sample in &leaf.samples {
                scores[*sample as usize] += value;
            }
        }
        let mut nodes = Vec::new();
        self.write(&drafts, 0, &mut nodes);
        nodes
    }

    fn sums(&self, samples: &[u32]) -> Vec<[Sum; BINS]> {
        let mut sums = vec![[Sum::default(); BINS]; self.binned.columns.len()];
        for (column, sums) in self.binned.columns.iter().zip(&mut sums) {
            for sample in samples {
                let (slope, curve) = self.slopes[*sample as usize];
                let weight = self.weights[*sample as usize];
                sums[column[*sample as usize] as usize].add(&Sum { slope, curve, weight });
            }
        }
        sums
    }

    fn open(&self, samples: Vec<u32>, sums: Vec<[Sum; BINS]>, node: usize) -> Open {
        let mut total = Sum::default();
        for sum in sums.first().into_iter().flatten() {
            total.add(sum);
        }
        let mut best: Option<Cut> = None;
        for (feature, bins) in sums.iter().enumerate() {
            let mut left = Sum::default();
            for (bin, sum) in bins.iter().enumerate().take(self.binned.edges[feature].len()) {
                left.add(sum);
                let right = total.minus(&left);
                if left.weight < self.growth.least || right.weight < self.growth.least {
                    continue;
                }
                let gain = left.worth() + right.worth() - total.worth();
                if gain > 1e-3 && best.is_none_or(|best| gain > best.gain) {
                    best = Some(Cut { gain, feature, bin });
                }
            }
        }
        Open { samples, sums, total, best, node }
    }

    fn split(&self, leaf: Open, drafts: &mut Vec<Draft>, open: &mut Vec<Open>) {
        let Some(Cut { feature, bin, .. }) = leaf.best else { return };
        let column = &self.binned.columns[feature];
        let (left, right): (Vec<u32>, Vec<u32>) =
            leaf.samples.iter().partition(|sample| column[**sample as usize] as usize <= bin);
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
        open.push(self.open(left, left_sums, node));
        open.push(self.open(right, right_sums, node + 1));
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

    const SMALL: Growth = Growth { trees: 20, leaves: 4, rate: 0.3, least: 5.0 };

    #[test]
    fn a_corner_is_learnt() {
        let samples = corner();
        let (forest, _) = grow_calibrated(&samples, SMALL);
        let wrong = samples.iter().filter(|s| (forest.score(&s.values) > 0.0) != s.yes).count();
        assert_eq!(wrong, 0);
        assert!(forest.probability(&[30.0, 5.0]) > 0.95);
        assert!(forest.probability(&[5.0, 5.0]) < 0.05);
    }

    #[test]
    fn the_same_samples_give_the_same_forest() {
        assert_eq!(grow_calibrated(&corner(), SMALL).0, grow_calibrated(&corner(), SMALL).0);
    }
}
