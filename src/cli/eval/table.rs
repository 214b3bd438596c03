//! Parts of tables that several kinds of measurement print.

use std::io::{self, Write};

use kanwu::eval::{Reliability, Verdicts};

/// A share as percent, right-aligned.
pub(super) fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "   n/a".to_string(), |share| format!("{:6.2}", 100.0 * share))
}

/// A part of a whole as percent.
pub(super) fn percent_of(part: usize, whole: usize) -> String {
    percent((whole > 0).then(|| part as f64 / whole as f64))
}

/// Suggestions by voice and by confidence.
pub(super) fn verdicts(verdicts: &Verdicts, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "  rule grade        level    right  wrong")?;
    for (voice, count) in &verdicts.voices {
        let (rule, grade, level) = (voice.rule, voice.grade, voice.level.name());
        writeln!(out, "  {rule} {grade:12} {level:7} {:6} {:6}", count.right, count.wrong)?;
    }
    reliability(&verdicts.reliability, out)
}

fn reliability(reliability: &Reliability, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "  confidence   suggestions  right  share   mean")?;
    for (from, to, bin) in reliability.bins() {
        let (suggestions, right) = (bin.suggestions, bin.right);
        let (share, mean) = (bin.share(), bin.mean_confidence());
        writeln!(out, "  {from:.2} to {to:.2} {suggestions:12} {right:6}  {share:.3}  {mean:.3}")?;
    }
    Ok(())
}
