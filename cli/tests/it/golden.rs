//! Texts that are reviewed like code. `UPDATE_GOLDEN=1 cargo test` writes them anew.

use std::path::Path;

/// Compares the text with the one in `golden/`.
#[track_caller]
pub(crate) fn check(name: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden");
    let path = path.join(format!("{name}.txt"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, actual).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        actual,
        expected,
        "{} differs: see golden.rs",
        path.display()
    );
}
