//! Forests of decision trees and the file they are kept in.

use std::fmt::Write;

use super::Curve;
use crate::error::{Error, Result};

/// The features of one sample, each named where it is measured.
#[derive(Default)]
pub struct Row {
    values: Vec<f32>,
    names: Option<Vec<String>>,
}

impl Row {
    /// A row that also remembers the names, to learn which features a function measures.
    pub fn named() -> Self {
        Self { values: Vec::new(), names: Some(Vec::new()) }
    }

    /// Adds a feature.
    pub fn push(&mut self, name: &str, value: impl Into<f32>) {
        if let Some(names) = &mut self.names {
            names.push(name.to_string());
        }
        self.values.push(value.into());
    }

    /// Adds a feature of a neighbour: its name is `prefix.name`.
    pub fn push_of(&mut self, prefix: &str, name: &str, value: impl Into<f32>) {
        if let Some(names) = &mut self.names {
            names.push(format!("{prefix}.{name}"));
        }
        self.values.push(value.into());
    }

    /// Adds a yes or no.
    pub fn flag(&mut self, name: &str, value: bool) {
        self.push(name, if value { 1.0 } else { 0.0 });
    }

    /// Forgets the values, keeps the memory.
    pub fn clear(&mut self) {
        self.values.clear();
        if let Some(names) = &mut self.names {
            names.clear();
        }
    }

    /// Adds features that were measured before.
    pub fn extend(&mut self, values: &[f32]) {
        self.values.extend_from_slice(values);
    }

    /// The values in the order they were added.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// The names in the same order; empty unless the row was made by [`Row::named`].
    pub fn names(&self) -> &[String] {
        self.names.as_deref().unwrap_or_default()
    }
}

/// A node of a tree. Trees are stored in preorder: the left child follows its parent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Node {
    /// Left when the feature is below the threshold; `right` is the index of the right child.
    Split {
        feature: u16,
        threshold: f32,
        right: u16,
    },
    Leaf(f32),
}

/// Trees whose leaves add up to the logarithm of the odds, and the curve that turns the sum
/// into a measured probability.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Forest {
    pub(super) bias: f32,
    pub(super) trees: Vec<Vec<Node>>,
    pub(super) curve: Curve,
}

impl Forest {
    /// The sum of the leaves `values` falls into.
    pub fn score(&self, values: &[f32]) -> f32 {
        self.trees.iter().fold(self.bias, |sum, tree| sum + leaf(tree, values))
    }

    /// The calibrated probability.
    pub fn probability(&self, values: &[f32]) -> f32 {
        self.curve.at(self.score(values))
    }

    /// The curve from scores to probabilities.
    pub fn curve(&self) -> &Curve {
        &self.curve
    }

    /// The same trees with another curve.
    pub fn with_curve(self, curve: Curve) -> Self {
        Self { curve, ..self }
    }

    /// The probability before calibration, as one forest's opinion for another to weigh.
    pub fn opinion(&self, values: &[f32]) -> f32 {
        1.0 / (1.0 + (-self.score(values)).exp())
    }
}

fn leaf(tree: &[Node], values: &[f32]) -> f32 {
    let mut at = 0;
    loop {
        match tree[at] {
            Node::Leaf(value) => return value,
            Node::Split { feature, threshold, right } => {
                at = if values[feature as usize] < threshold { at + 1 } else { right as usize };
            }
        }
    }
}

/// Named forests in one text file.
///
/// ```text
/// # kanwu forests 1
/// forest seam.hard
/// features a.width b.width …
/// bias -1.25
/// curve -3:0.01 2.5:0.98
/// tree 0<7.5 +0.12 1<3 -0.02 -0.4
/// ```
/// A tree is written in preorder: `feature<threshold`, then the left side, then the right;
/// a number with a sign is a leaf. Features count from 0 in the `features` line.
#[derive(Default)]
pub struct ForestFile {
    forests: Vec<(String, Vec<String>, Forest)>,
}

/// First line of a file of forests.
const HEADER: &str = "# kanwu forests 1";

impl ForestFile {
    /// Adds a forest that reads the features called `names`.
    pub fn add(&mut self, name: &str, features: Vec<String>, forest: Forest) {
        self.forests.push((name.to_string(), features, forest));
        self.forests.sort_by(|a, b| a.0.cmp(&b.0));
    }

    /// Takes out the forest called `name`, if it reads exactly `features`.
    ///
    /// # Errors
    /// [`Error::Table`] when it is not there, or was trained on other features.
    pub fn take(&mut self, name: &str, features: &[String]) -> Result<Forest> {
        let fail = |problem: String| Error::table("forests", 0, problem);
        let at = self.forests.iter().position(|(known, ..)| known == name);
        let at = at.ok_or_else(|| fail(format!("no forest called {name}")))?;
        if self.forests[at].1 != features {
            return Err(fail(format!("{name} was trained on other features")));
        }
        Ok(self.forests.remove(at).2)
    }

    /// Reads a file of forests called `name`.
    ///
    /// # Errors
    /// [`Error::Table`] with the line of the mistake.
    pub fn parse(name: &str, text: &str) -> Result<Self> {
        let mut file = Self::default();
        if text.lines().next() != Some(HEADER) {
            return Err(Error::table(name, 1, format!("does not start with `{HEADER}`")));
        }
        for (number, line) in text.lines().enumerate() {
            let fail = |problem: &str| Error::table(name, number + 1, problem);
            let (key, rest) = line.split_once(' ').unwrap_or((line, ""));
            if key == "#" || line.is_empty() {
                continue;
            }
            if key == "forest" {
                file.forests.push((rest.to_string(), Vec::new(), Forest::default()));
                continue;
            }
            let (_, features, forest) =
                file.forests.last_mut().ok_or_else(|| fail("a line before any `forest`"))?;
            match key {
                "features" => *features = rest.split(' ').map(str::to_string).collect(),
                "bias" => forest.bias = rest.parse().map_err(|_| fail("the bias is no number"))?,
                "curve" => {
                    forest.curve = parse_curve(rest).ok_or_else(|| fail("no rising curve"))?;
                }
                "tree" => {
                    let tree = parse_tree(rest, features.len()).ok_or_else(|| fail("no tree"))?;
                    forest.trees.push(tree);
                }
                _ => return Err(fail("unknown word")),
            }
        }
        Ok(file)
    }

    /// The file as text. `notes` become comment lines under the header.
    pub fn to_text(&self, notes: &[&str]) -> String {
        let mut out = format!("{HEADER}\n");
        for note in notes {
            out.push_str(&format!("# {note}\n"));
        }
        for (name, features, forest) in &self.forests {
            out.push_str(&format!("forest {name}\nfeatures {}\n", features.join(" ")));
            out.push_str(&format!("bias {}\ncurve", forest.bias));
            for (score, probability) in forest.curve.points() {
                out.push_str(&format!(" {score}:{probability}"));
            }
            out.push('\n');
            for tree in &forest.trees {
                out.push_str("tree");
                for node in tree {
                    // Writing to a string cannot fail.
                    let _ = match node {
                        Node::Split { feature, threshold, .. } => {
                            write!(out, " {feature}<{threshold}")
                        }
                        Node::Leaf(value) => write!(out, " {value:+}"),
                    };
                }
                out.push('\n');
            }
        }
        out
    }
}

fn parse_curve(text: &str) -> Option<Curve> {
    let point = |word: &str| {
        let (score, probability) = word.split_once(':')?;
        Some((score.parse().ok()?, probability.parse().ok()?))
    };
    Curve::new(text.split_whitespace().map(point).collect::<Option<_>>()?)
}

fn parse_tree(text: &str, features: usize) -> Option<Vec<Node>> {
    let mut nodes = Vec::new();
    // Splits whose left side is being read, then those whose right side is.
    let mut open: Vec<usize> = Vec::new();
    let mut words = text.split(' ');
    loop {
        let word = words.next()?;
        if let Some((feature, threshold)) = word.split_once('<') {
            let feature: u16 = feature.parse().ok()?;
            if usize::from(feature) >= features {
                return None;
            }
            open.push(nodes.len());
            nodes.push(Node::Split { feature, threshold: threshold.parse().ok()?, right: 0 });
            continue;
        }
        nodes.push(Node::Leaf(word.parse().ok()?));
        let next = u16::try_from(nodes.len()).ok()?;
        // A finished side belongs to the innermost split that still waits for its right side.
        match open.pop() {
            None => return words.next().is_none().then_some(nodes),
            Some(split) => {
                if let Node::Split { right, .. } = &mut nodes[split] {
                    *right = next;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# kanwu forests 1\n# a note\nforest a\nfeatures x y\nbias 0.5\ncurve -1:0.25 1:0.75\ntree 0<7.5 +0.25 1<3 -0.5 -0.125\n";

    #[test]
    fn a_file_reads_as_it_was_written() {
        let mut file = ForestFile::parse("t", TEXT).expect("the file is right");
        assert_eq!(file.to_text(&["a note"]), TEXT);
        let names = ["x".to_string(), "y".to_string()];
        assert!(file.take("a", &names[..1]).is_err());
        let forest = file.take("a", &names).expect("it is there");
        assert_eq!(forest.score(&[0.0, 0.0]), 0.75);
        assert_eq!(forest.score(&[9.0, 2.0]), 0.0);
        assert_eq!(forest.score(&[9.0, 3.0]), 0.375);
        assert_eq!(forest.probability(&[9.0, 2.0]), 0.5);
    }

    #[test]
    fn broken_trees_are_refused() {
        for tree in ["0<1 +1", "+1 +1", "5<1 +1 +1", "0<1 x +1"] {
            let text = format!("# kanwu forests 1\nforest a\nfeatures x\ntree {tree}\n");
            assert!(ForestFile::parse("t", &text).is_err(), "{tree}");
        }
    }
}
