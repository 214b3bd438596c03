//! Many texts at once, reported in their order.

use super::console::Console;
use super::input::Input;
use kanwu::batch::{self, Window, survive};
use kanwu::{Error, Result};

/// Does `work` on every input, many at a time, and hands the results to `report` in the order of
/// the inputs, whatever the number of threads. A page that trips over a mistake in kanwu does not
/// cost the other pages.
pub(crate) fn in_order<T: Send>(
    inputs: &[Input],
    console: &mut Console,
    work: impl Fn(&Input) -> Result<T> + Sync,
    mut report: impl FnMut(&Input, Result<T>, &mut Console) -> Result<()>,
) -> Result<()> {
    let bar = console.progress(inputs.len());
    let items = inputs.iter().map(|input| (input.size(), input));
    let one = |input| {
        let result = survive(|| work(input)).unwrap_or_else(|panic| Err(tripped(input, panic)));
        bar.inc(1);
        (input, result)
    };
    batch::in_order(items, Window::of_threads(), one, |(input, result): (&Input, Result<T>)| {
        report(input, result, console)
    })?;
    bar.finish_and_clear();
    Ok(())
}

/// What is said of a text that brought a mistake in kanwu to light.
pub(crate) fn tripped(input: &Input, panic: String) -> Error {
    Error::Panic { name: input.name(), problem: panic }
}
