//! URIs of the editor and paths of the system.

use std::path::{Path, PathBuf};

use gen_lsp_types::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

/// What stands in a path as it is.
const ESCAPED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The path of a file; `None` for a text that is none, as one never saved.
pub(super) fn path_of(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.0.strip_prefix("file://")?;
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    let bytes: Vec<u8> = percent_decode_str(rest).collect();
    path_from(bytes)
}

#[cfg(unix)]
fn path_from(bytes: Vec<u8>) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    let absolute = bytes.starts_with(b"/") && !bytes.contains(&0);
    absolute.then(|| PathBuf::from(std::ffi::OsString::from_vec(bytes)))
}

#[cfg(not(unix))]
fn path_from(bytes: Vec<u8>) -> Option<PathBuf> {
    let text = String::from_utf8(bytes).ok()?;
    // `/c:/pages` is a drive, `server/pages` a share.
    match text.strip_prefix('/') {
        Some(drive) if drive.as_bytes().get(1) == Some(&b':') => Some(PathBuf::from(drive)),
        Some(_) => Some(PathBuf::from(text)),
        None => Some(PathBuf::from(format!("//{text}"))),
    }
}

/// The URI of an absolute path.
pub(super) fn uri_of(path: &Path) -> Uri {
    let bytes = path.as_os_str().as_encoded_bytes();
    #[cfg(not(unix))]
    let bytes = &*String::from_utf8_lossy(bytes).replace('\\', "/").into_bytes();
    let root = if bytes.starts_with(b"/") { "file://" } else { "file:///" };
    Uri(format!("{root}{}", percent_encode(bytes, ESCAPED)))
}

/// The folder of the editor's that a file lies in, the innermost of several.
pub(super) fn folder_around<'a>(path: &Path, folders: &'a [PathBuf]) -> Option<&'a Path> {
    let around = folders.iter().filter(|folder| path.starts_with(folder));
    around.max_by_key(|folder| folder.components().count()).map(PathBuf::as_path)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn paths_are_uris_and_back() {
        let path = Path::new("/版面/要闻 1#.txt");
        let uri = uri_of(path);
        assert_eq!(uri.0, "file:///%E7%89%88%E9%9D%A2/%E8%A6%81%E9%97%BB%201%23.txt");
        assert_eq!(path_of(&uri).as_deref(), Some(path));
        // Not every editor escapes what is not ASCII.
        let plain = Uri("file:///版面/要闻%201%23.txt".to_string());
        assert_eq!(path_of(&plain).as_deref(), Some(path));
        let local = Uri("file://localhost/a.txt".to_string());
        assert_eq!(path_of(&local).as_deref(), Some(Path::new("/a.txt")));
        for none in ["untitled:Untitled-1", "file://", "file://%00/", "git:/a.txt"] {
            assert_eq!(path_of(&Uri(none.to_string())), None, "{none}");
        }
    }

    #[test]
    fn the_inner_folder_counts() {
        let folders = [PathBuf::from("/a"), PathBuf::from("/a/b"), PathBuf::from("/ab")];
        let around = |path: &str| folder_around(Path::new(path), &folders).map(Path::to_path_buf);
        assert_eq!(around("/a/b/c.txt"), Some(PathBuf::from("/a/b")));
        assert_eq!(around("/a/c.txt"), Some(PathBuf::from("/a")));
        assert_eq!(around("/abc/c.txt"), None);
    }
}
