//! Many texts at once, reported in their order.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use super::console::Console;
use super::input::Input;
use kanwu::{Error, Result};

/// Texts in work at the same time, for each thread. Results wait for their turn in memory; more
/// would only hold more of them.
const TEXTS_PER_THREAD: usize = 8;

/// Does `work` on every input, many at a time, and hands the results to `report` in the order of
/// the inputs, whatever the number of threads.
pub(crate) fn in_order<T: Send>(
    inputs: &[Input],
    console: &mut Console,
    work: impl Fn(&Input) -> Result<T> + Sync,
    mut report: impl FnMut(&Input, Result<T>, &mut Console) -> Result<()>,
) -> Result<()> {
    let bar = console.progress(inputs.len());
    let one = |input: &Input| {
        let result = survive(input, || work(input));
        bar.inc(1);
        result
    };
    for chunk in inputs.chunks(rayon::current_num_threads() * TEXTS_PER_THREAD) {
        let results: Vec<Result<T>> = chunk.par_iter().map(one).collect();
        for (input, result) in chunk.iter().zip(results) {
            report(input, result, console)?;
        }
    }
    bar.finish_and_clear();
    Ok(())
}

/// A page that trips over a mistake in kanwu must not cost the other pages of a night's run.
fn survive<T>(input: &Input, work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let problem = format!("{}: kanwu failed on this text; please report it", input.name);
        Err(Error::Usage(problem))
    })
}
