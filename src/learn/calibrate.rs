//! From a score to a probability: isotonic regression, kept as a few points of a curve.

/// A rising curve through a few points, straight between them and flat outside.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    /// Score and probability, both rising.
    points: Vec<(f32, f32)>,
}

/// Fewest samples a point of the curve rests on. Below that a run of luck reads as certainty.
const POINT: f64 = 30.0;

impl Curve {
    /// The curve through `points`, which must rise in both columns.
    pub fn new(points: Vec<(f32, f32)>) -> Option<Self> {
        let rising = points.windows(2).all(|p| p[0].0 < p[1].0 && p[0].1 <= p[1].1);
        rising.then_some(Self { points })
    }

    /// Its points: score and probability.
    pub fn points(&self) -> &[(f32, f32)] {
        &self.points
    }

    /// Fits the curve to scores of samples that were not trained on. Each is (score, came true,
    /// weight).
    pub fn fit(mut samples: Vec<(f32, bool, f32)>) -> Self {
        samples.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut pools: Vec<Pool> = Vec::new();
        for (score, came_true, weight) in samples {
            let weight = f64::from(weight);
            let right = if came_true { weight } else { 0.0 };
            let pool = Pool { score: f64::from(score) * weight, right, weight };
            match pools.last_mut() {
                Some(last) if last.weight < POINT => *last = last.with(&pool),
                _ => pools.push(pool),
            }
        }
        let mut rising: Vec<Pool> = Vec::new();
        for mut pool in pools {
            while let Some(last) = rising.pop_if(|last| {
                last.share() >= pool.share() || last.weight < POINT || pool.weight < POINT
            }) {
                pool = last.with(&pool);
            }
            rising.push(pool);
        }
        let mut points: Vec<(f32, f32)> = Vec::new();
        for pool in rising {
            let point = ((pool.score / pool.weight) as f32, pool.rate() as f32);
            match points.last_mut() {
                Some(last) if last.0 >= point.0 || last.1 > point.1 => last.1 = last.1.max(point.1),
                _ => points.push(point),
            }
        }
        Self { points }
    }

    /// The probability that belongs to `score`; one half where nothing was fitted.
    pub fn at(&self, score: f32) -> f32 {
        let above = self.points.partition_point(|point| point.0 < score);
        match (above.checked_sub(1).map(|i| self.points[i]), self.points.get(above)) {
            (None, None) => 0.5,
            (Some((_, p)), None) | (None, Some(&(_, p))) => p,
            (Some((x0, p0)), Some((x1, p1))) => p0 + (p1 - p0) * (score - x0) / (x1 - x0),
        }
    }
}

/// Neighbouring samples that share one probability.
#[derive(Clone, Copy)]
struct Pool {
    score: f64,
    right: f64,
    weight: f64,
}

impl Pool {
    fn share(&self) -> f64 {
        self.right / self.weight
    }

    /// The share, with half a sample's doubt on either side.
    fn rate(&self) -> f64 {
        (self.right + 0.5) / (self.weight + 1.0)
    }

    fn with(&self, other: &Self) -> Self {
        Self {
            score: self.score + other.score,
            right: self.right + other.right,
            weight: self.weight + other.weight,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_follows_the_shares() {
        let samples = (0..400).map(|i| (i as f32, i % 100 < i / 4, 1.0)).collect();
        let curve = Curve::fit(samples);
        assert!(curve.points().windows(2).all(|p| p[0].0 < p[1].0 && p[0].1 <= p[1].1));
        assert!(curve.at(-5.0) < 0.2 && curve.at(1000.0) > 0.7);
    }

    #[test]
    fn nothing_fitted_says_nothing() {
        assert_eq!(Curve::default().at(3.0), 0.5);
    }
}
