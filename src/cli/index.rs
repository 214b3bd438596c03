//! `kanwu index`: count an archive, so that it is evidence for its own texts.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use super::Exit;
use super::args::IndexArgs;
use super::console::Console;
use super::destination::make_folder;
use super::input::{Input, Inputs};
use super::progress::Progress;
use kanwu::apply::Draft;
use kanwu::archive::{ArchiveIndex, IndexBuilder, table_size};
use kanwu::batch::{self, Window, survive};
use kanwu::document::documents;
use kanwu::emit::words;
use kanwu::lexicon::Names;
use kanwu::{Error, Result, Source};

/// Runs the command.
pub(crate) fn run(args: &IndexArgs, console: &mut Console) -> Result<Exit> {
    let begun = Instant::now();
    let inputs = args.paths.gather()?;
    for error in &inputs.errors {
        console.error(error);
    }
    let mut failed = inputs.errors.len();
    let size = args.size.map(|mebibytes| (mebibytes as usize) << 20);
    let read = |input: &Input| input.read(None);
    let index = count(&inputs, size, console, read, |error, console| {
        console.error(error);
        failed += 1;
    })?;
    write(&index, &args.output)?;
    let seconds = begun.elapsed().as_secs_f64();
    console.summary(&words::indexed(&index, seconds, console.language));
    Ok(if failed > 0 { Exit::Trouble } else { Exit::Done })
}

/// Counts the texts in a table of `size` bytes, or of what their own size asks for. What cannot be
/// read is handed to `fail` and left out.
pub(crate) fn count(
    inputs: &Inputs,
    size: Option<usize>,
    console: &Console,
    read: impl Fn(&Input) -> Result<Source> + Sync,
    mut fail: impl FnMut(&Error, &Console),
) -> Result<ArchiveIndex> {
    let names = Names::builtin()?;
    let size = size.unwrap_or_else(|| table_size(inputs.texts.iter().map(Input::size).sum()));
    let builder = IndexBuilder::new(size);
    let progress = Progress::start(console, inputs.texts.len());
    let add = |input: &Input| -> Result<u64> {
        let source = read(input)?;
        for span in documents(&source) {
            builder.add(span.of(source.text()), &names);
        }
        Ok(source.text().len() as u64)
    };
    let add = |input| {
        survive(|| add(input))
            .unwrap_or_else(|problem| Err(Error::Panic { name: input.name(), problem }))
    };
    let items = inputs.texts.iter().map(|input| (input.size(), input));
    batch::in_order(items, Window::of_threads(), add, |result: Result<u64>| {
        match result {
            Ok(bytes) => progress.read(bytes),
            Err(error) => {
                progress.failed();
                progress.beside(|| fail(&error, console));
            }
        }
        Ok::<(), Error>(())
    })?;
    drop(progress);
    Ok(builder.finish())
}

/// Writes an index to its file.
pub(crate) fn write(index: &ArchiveIndex, path: &Path) -> Result<()> {
    make_folder(path)?;
    let fail = |cause| Error::io(path, cause);
    let mut out = BufWriter::new(Draft::beside(path)?);
    index.write(&mut out).map_err(fail)?;
    out.into_inner().map_err(|error| fail(error.into_error()))?.put(path)
}

/// Reads the index of an archive.
pub(crate) fn read(path: &Path) -> Result<Arc<ArchiveIndex>> {
    let file = File::open(path).map_err(|cause| Error::io(path, cause))?;
    ArchiveIndex::read(&path.display().to_string(), BufReader::new(file)).map(Arc::new)
}
