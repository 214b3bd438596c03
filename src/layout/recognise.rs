//! Which format a file is in, and reading it.

use std::sync::Arc;

use super::draft::Draft;
use super::{Format, Layout, Limits, Problem, alto, hocr, paddle, page_xml};
use crate::error::{Error, Result};
use crate::source::{Encoding, Source};

/// Bytes from the start of a file that show its format.
const HEAD: usize = 16 << 10;

/// The format of a file by its first bytes; `None` for what is no layout file, as plain text. Of
/// JSON the program that wrote it is known only when the file has been read: it counts as
/// [`Format::Paddle`].
pub fn recognise(bytes: &[u8]) -> Option<Format> {
    let head = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let head = String::from_utf8_lossy(&head[..head.len().min(HEAD)]);
    let head = head.trim_start();
    match head.as_bytes().first()? {
        b'<' => recognise_xml(head),
        b'{' | b'[' => recognise_json(head),
        _ => None,
    }
}

/// By the root element, or for hOCR by the classes that make HTML hOCR.
fn recognise_xml(head: &str) -> Option<Format> {
    let mut rest = head;
    let root = loop {
        let tag = &rest[rest.find('<')? + 1..];
        let skipped = [("?", "?>"), ("!--", "-->"), ("!", ">")];
        match skipped.iter().find(|(start, _)| tag.starts_with(start)) {
            Some((_, end)) => rest = &tag[tag.find(end)? + end.len()..],
            None => break tag,
        }
    };
    let name: &str = root.split(|c: char| c.is_whitespace() || c == '>' || c == '/').next()?;
    match name.rsplit(':').next()? {
        "alto" => Some(Format::Alto),
        "PcGts" => Some(Format::Page),
        _ => {
            let classes =
                ["ocr_page", "ocr_carea", "ocr_par", "ocr_line", "ocrx_word", "ocr-system"];
            classes.iter().any(|class| head.contains(class)).then_some(Format::Hocr)
        }
    }
}

/// By members no other JSON has, or by a list of boxes with texts.
fn recognise_json(head: &str) -> Option<Format> {
    let keys = ["rec_texts", "text_region", "dt_polys", "dt_boxes", "rec_txt", "transcription"];
    if keys.iter().any(|key| head.contains(&format!("\"{key}\""))) {
        return Some(Format::Paddle);
    }
    let has = |key: &str| head.contains(&format!("\"{key}\""));
    if has("box") && (has("text") || has("txt")) || has("code") && has("data") && has("time") {
        return Some(Format::Paddle);
    }
    // [[[[x, y], … or [[[x, y], …: a box comes first.
    let compact: String = head.chars().filter(|c| !c.is_whitespace()).take(8).collect();
    let numbers = compact.trim_start_matches('[');
    let nested = compact.len() - numbers.len();
    let number = numbers.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.');
    (nested >= 2 && number && head.contains('"')).then_some(Format::Paddle)
}

/// Reads the file called `name`; `None` when it is no layout file. With `format`, it is read as
/// that and nothing else.
///
/// # Errors
/// [`Error::Layout`] with the byte offset when the file is damaged, or has what is refused: entities
/// and declarations of its own, elements nested deeper than [`Limits::depth`], more bytes than
/// [`Limits::bytes`], or none of the texts its format promises. [`Error::Undecodable`] when it is
/// not UTF-8.
pub fn read(
    name: &str,
    bytes: &[u8],
    format: Option<Format>,
    limits: &Limits,
) -> Result<Option<Source>> {
    let Some(expected) = format.or_else(|| recognise(bytes)) else { return Ok(None) };
    let fail = |Problem { offset, what }: Problem| Error::Layout {
        name: name.to_string(),
        offset,
        problem: what,
    };
    if bytes.len() > limits.bytes {
        let what = format!("the file has more than {} bytes", limits.bytes);
        return Err(fail(Problem::new(limits.bytes, what)));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| Error::Undecodable {
        name: name.to_string(),
        encoding: Encoding::Utf8,
        offset: error.valid_up_to(),
        byte: error.error_len().map(|_| bytes[error.valid_up_to()]),
    })?;
    let (format, draft) = match expected {
        Format::Alto => (expected, alto::read(text, limits).map_err(fail)?),
        Format::Hocr => (expected, hocr::read(text, limits).map_err(fail)?),
        Format::Page => (expected, page_xml::read(text, limits).map_err(fail)?),
        Format::Paddle | Format::Rapid | Format::Umi => match json(text, format).map_err(fail)? {
            Some(read) => read,
            None => return Ok(None),
        },
    };
    let (plain, layout) = draft.finish(format, Arc::from(text));
    let layout: Arc<Layout> = Arc::new(layout);
    Ok(Some(Source::new(name, plain).with_layout(layout)))
}

/// Reads JSON. What only looked like the output of an OCR program is plain text, unless it was
/// called that.
fn json(
    text: &str,
    format: Option<Format>,
) -> std::result::Result<Option<(Format, Draft)>, Problem> {
    match (paddle::read(text)?, format) {
        (Some((written, draft)), format) => Ok(Some((format.unwrap_or(written), draft))),
        (None, Some(format)) => {
            let what = format!("no texts with boxes as {} writes them", format.name());
            Err(Problem::new(0, what))
        }
        (None, None) => Ok(None),
    }
}
