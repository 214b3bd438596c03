//! What is counted on pages.

use std::iter::Sum;
use std::ops::AddAssign;

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use crate::eval::Rates;
use crate::han::is_han;

/// Counts that can be added up.
macro_rules! counts {
    ($($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $field:ident: $kind:ty,)* })*) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
        pub struct $name {
            $($(#[$doc])* pub $field: $kind,)*
        }

        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                $(self.$field += other.$field;)*
            }
        }

        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
                counts.fold(Self::default(), |mut sum, counts| {
                    sum += counts;
                    sum
                })
            }
        }
    )*};
}

counts! {
    /// A text held against what is printed.
    PageCounts {
        /// Edit distance over headlines, bylines, subheads, body and captions. Half and full
        /// width of ASCII marks and the shapes of quotation marks and dashes count as equal.
        errors: usize,
        /// Characters printed there.
        characters: usize,
        /// The same where nothing counts as equal.
        strict_errors: usize,
        /// Characters printed there.
        strict_characters: usize,
        /// Characters of bylines, subheads and body.
        flow_characters: usize,
        /// Paragraph breaks of the text flow.
        breaks_due: usize,
        /// Breaks in the text.
        breaks_made: usize,
        /// Breaks in the text where one is printed, give or take a character.
        breaks_right: usize,
        /// Breaks between two paragraphs of the body.
        body_breaks_due: usize,
        /// Of these, kept.
        body_breaks_right: usize,
        /// Captions.
        captions: FloatCounts,
        /// Captions that stand inside a paragraph.
        mid_captions: usize,
        /// Of these, those alone in a paragraph of their own between others.
        mid_captions_extracted: usize,
        /// Headlines.
        headlines: FloatCounts,
        /// Jump lines.
        jump_lines: FloatCounts,
        /// Running heads.
        running_heads: FurnitureCounts,
        /// Page numbers.
        page_numbers: FurnitureCounts,
    }

    /// Pieces that may stand anywhere.
    FloatCounts {
        /// Printed.
        all: usize,
        /// Found in the text.
        found: usize,
        /// Found in paragraphs of their own.
        own: usize,
        /// In paragraphs of their own, and not inside a paragraph of the flow.
        extracted: usize,
    }

    /// Pieces that are to go.
    FurnitureCounts {
        /// Printed.
        all: usize,
        /// Still in the text.
        left: usize,
        /// Of these, those inside a line with other text.
        leaked: usize,
    }

    /// What became of the characters of the text flow.
    Repairs {
        /// Wrong before.
        wrong: usize,
        /// Wrong before and right after.
        fixed: usize,
        /// Right before and wrong after.
        broken: usize,
    }

    /// What became of the characters of the text flow by kind, compared strictly.
    RepairsByKind {
        /// Chinese characters.
        chinese: Repairs,
        /// Marks, digits and letters: misread, lost or of another width.
        others: Repairs,
    }
}

impl RepairsByKind {
    /// `printed` are the characters of the flow; the others say which were right.
    pub(super) fn between(printed: &[char], before: &[bool], after: &[bool]) -> Self {
        debug_assert_eq!((printed.len(), printed.len()), (before.len(), after.len()));
        let of_kind = |chinese: bool| {
            let only = |right: &[bool]| {
                let right = printed.iter().zip(right).filter(|(c, _)| is_han(**c) == chinese);
                right.map(|(_, right)| *right).collect::<Vec<bool>>()
            };
            Repairs::between(&only(before), &only(after))
        };
        Self { chinese: of_kind(true), others: of_kind(false) }
    }
}

impl PageCounts {
    /// Character error rate; absent where nothing is printed.
    pub fn error_rate(&self) -> Option<f64> {
        share(self.errors, self.characters)
    }

    /// The same where nothing counts as equal.
    pub fn strict_error_rate(&self) -> Option<f64> {
        share(self.strict_errors, self.strict_characters)
    }

    /// Precision and recall of paragraph breaks.
    pub fn breaks(&self) -> Rates {
        Rates::new(self.breaks_right, self.breaks_made, self.breaks_due)
    }
}

impl Repairs {
    pub(super) fn between(before: &[bool], after: &[bool]) -> Self {
        let count = |was, is| before.iter().zip(after).filter(|pair| *pair == (&was, &is)).count();
        Self {
            wrong: before.iter().filter(|right| !**right).count(),
            fixed: count(false, true),
            broken: count(true, false),
        }
    }

    /// Characters fixed for each one broken; absent where none was broken.
    pub fn ratio(&self) -> Option<f64> {
        share(self.fixed, self.broken)
    }
}

/// Pages before and after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageFigures {
    /// Pages.
    pub pages: usize,
    /// As the engine read them.
    pub before: PageCounts,
    /// As kanwu leaves them.
    pub after: PageCounts,
    /// What became of the characters of the text flow.
    pub repairs: Repairs,
    /// The same by kind, of corrections alone: the structure is repaired before and after.
    pub by_kind: RepairsByKind,
}

impl Serialize for PageFigures {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        /// Counts with the rates that follow from them.
        #[derive(Serialize)]
        struct Side {
            error_rate: Option<f64>,
            strict_error_rate: Option<f64>,
            breaks: Rates,
            #[serde(flatten)]
            counts: PageCounts,
        }
        let side = |counts: PageCounts| Side {
            error_rate: counts.error_rate(),
            strict_error_rate: counts.strict_error_rate(),
            breaks: counts.breaks(),
            counts,
        };
        let mut fields = out.serialize_struct("PageFigures", 6)?;
        fields.serialize_field("pages", &self.pages)?;
        fields.serialize_field("before", &side(self.before))?;
        fields.serialize_field("after", &side(self.after))?;
        fields.serialize_field("repairs", &self.repairs)?;
        fields.serialize_field("by_kind", &self.by_kind)?;
        fields.serialize_field("fixed_for_each_broken", &self.repairs.ratio())?;
        fields.end()
    }
}

fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
