//! What read a page: which misreadings are to be expected.

use std::sync::Arc;

use super::{Channel, ChannelCounts};
use crate::error::Result;

/// An OCR engine, by what it is known to misread.
#[derive(Clone, Debug, Default)]
pub enum Engine {
    /// Any: the mean of the engines kanwu knows.
    #[default]
    Generic,
    /// PP-OCR (PaddleOCR, RapidOCR).
    Paddle,
    /// Tesseract.
    Tesseract,
    /// One whose misreadings were counted (`kanwu train channel`). They weigh as much as those of
    /// the engines kanwu knows together: what was not counted yet is still expected.
    Counted(Arc<ChannelCounts>),
}

impl PartialEq for Engine {
    /// Two tables are the same only if they were read once.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Generic, Self::Generic)
            | (Self::Paddle, Self::Paddle)
            | (Self::Tesseract, Self::Tesseract) => true,
            (Self::Counted(one), Self::Counted(two)) => Arc::ptr_eq(one, two),
            _ => false,
        }
    }
}

impl Engine {
    /// How probable its misreadings are.
    ///
    /// # Errors
    /// [`crate::Error::Table`] when a shipped table has a mistake.
    pub fn channel(&self) -> Result<Channel> {
        let paddle = || {
            let text = include_str!("../../dictionaries/models/channel_paddle.tsv");
            ChannelCounts::parse("channel_paddle.tsv", text)
        };
        let tesseract = || {
            let text = include_str!("../../dictionaries/models/channel_tesseract.tsv");
            ChannelCounts::parse("channel_tesseract.tsv", text)
        };
        Ok(match self {
            Self::Generic => Channel::mean(&[&paddle()?, &tesseract()?]),
            Self::Paddle => Channel::mean(&[&paddle()?]),
            Self::Tesseract => Channel::mean(&[&tesseract()?]),
            Self::Counted(own) => Channel::mean(&[own, own, &paddle()?, &tesseract()?]),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn engines_misread_in_their_own_ways() {
        let channel = |engine: Engine| engine.channel().expect("the shipped tables are right");
        // Tesseract reads 国 for ■ far more often than PP-OCR.
        let square = |engine| channel(engine).ln_probability(Some('■'), Some('国'));
        assert!(square(Engine::Tesseract) > square(Engine::Paddle));
        let mut counts = ChannelCounts::default();
        for _ in 0..100 {
            counts.add_line("龘", "龙");
        }
        let own = channel(Engine::Counted(Arc::new(counts)));
        let generic = channel(Engine::Generic);
        assert!(own.ln_probability(Some('龙'), Some('龘')) > -1.5);
        let known = |channel: &Channel| channel.ln_probability(Some('日'), Some('目'));
        assert!((known(&own) - (known(&generic) - 2f32.ln())).abs() < 0.01);
    }
}
