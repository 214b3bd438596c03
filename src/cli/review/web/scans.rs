//! The scans the texts were read from, found beside them.

use std::path::{Path, PathBuf};

use crate::cli::review::desk::Desk;
use kanwu::Source;

/// Extensions of images, with what they are.
const KINDS: [(&str, &str); 4] =
    [("png", "image/png"), ("jpg", "image/jpeg"), ("jpeg", "image/jpeg"), ("webp", "image/webp")];

/// The scans of all texts.
pub(crate) struct Scans {
    /// For each text the scan of each of its pages.
    of_text: Vec<Vec<Option<Scan>>>,
}

/// A scan of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scan {
    /// The file.
    pub(crate) path: PathBuf,
    /// Its media type.
    pub(crate) kind: &'static str,
}

impl Scans {
    /// Looks for the scans in `folder`, else in the folder of each text: the file an OCR program
    /// names as the page's image, or one of the same name as the text, with the number of the page
    /// where there are several.
    pub(crate) fn find(desk: &Desk, folder: Option<&Path>) -> Self {
        let of_text = |source: &Source| {
            let name = Path::new(source.name());
            let folder = folder.or_else(|| name.parent()).unwrap_or(Path::new("."));
            let pages = source.layout().map_or(1, |layout| layout.pages().len().max(1));
            let page = |page: usize| {
                let id = source.layout().and_then(|layout| layout.pages().get(page)?.id.clone());
                scan(folder, name, id.as_deref(), page + 1, pages)
            };
            (0..pages).map(page).collect()
        };
        Self { of_text: desk.texts.iter().map(|text| of_text(&text.source)).collect() }
    }

    /// The scan of a page, from 1, of a text.
    pub(crate) fn get(&self, text: usize, page: usize) -> Option<&Scan> {
        self.of_text.get(text)?.get(page.checked_sub(1)?)?.as_ref()
    }

    /// True when a page of the text has a scan.
    pub(crate) fn has(&self, text: usize) -> bool {
        self.of_text[text].iter().any(Option::is_some)
    }
}

/// The scan of page number `page` of `pages`, whose image the text calls `id`.
fn scan(folder: &Path, text: &Path, id: Option<&str>, page: usize, pages: usize) -> Option<Scan> {
    // An id comes from the file: no more than a name in this folder is taken from it.
    let named = id.and_then(|id| {
        let name = Path::new(id.rsplit(['/', '\\']).next()?).file_name()?;
        image(folder.join(name))
    });
    if named.is_some() {
        return named;
    }
    let mut stem = text.file_stem()?.to_str()?;
    loop {
        let mut names = Vec::new();
        if pages == 1 {
            names.push(stem.to_string());
        }
        for number in [format!("{page}"), format!("{page:02}"), format!("{page:03}")] {
            names.extend([format!("{stem}-{number}"), format!("{stem}_{number}")]);
        }
        let files = names.iter().flat_map(|name| {
            KINDS.iter().map(move |(extension, _)| folder.join(format!("{name}.{extension}")))
        });
        if let Some(found) = files.into_iter().find_map(image) {
            return Some(found);
        }
        // A page saved as p1.hocr.html has its image in p1.png.
        stem = stem.rsplit_once('.')?.0;
    }
}

/// The scan at `path`, when it is a file and an image by its name.
fn image(path: PathBuf) -> Option<Scan> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    let (_, kind) = KINDS.iter().find(|(known, _)| *known == extension)?;
    path.is_file().then_some(Scan { path, kind })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn scans_are_found_by_id_stem_and_number() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let folder = folder.path();
        for name in ["a.png", "b-2.jpg", "named.webp", "secret.txt"] {
            fs::write(folder.join(name), "").expect("it can be written");
        }
        let found = |text: &str, id, page, pages| {
            let scan = scan(folder, Path::new(text), id, page, pages)?;
            Some(scan.path.file_name()?.to_str()?.to_string())
        };
        assert_eq!(found("in/a.hocr.html", None, 1, 1).as_deref(), Some("a.png"));
        assert_eq!(found("b.xml", None, 2, 3).as_deref(), Some("b-2.jpg"));
        assert_eq!(found("b.xml", None, 1, 3), None);
        assert_eq!(
            found("c.xml", Some("/ocr/in\\named.webp"), 1, 1).as_deref(),
            Some("named.webp")
        );
        assert_eq!(found("c.xml", Some("../secret.txt"), 1, 1), None);
        assert_eq!(found("c.xml", Some(".."), 1, 1), None);
    }
}
