//! `fmt` writes one form, keeps the meaning, and is still the second time.

mod common;

use std::fs;
use std::path::PathBuf;

use common::{run, status};

#[test]
fn a_file_is_formatted_once_and_for_all() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("fmt");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("it.json");
    let file = path.to_str().unwrap();
    fs::write(
        &path,
        r#"{"Statement":{"Resource":"*","Action":"s3:GetObject","Effect":"Allow"},"Version":"2012-10-17"}"#,
    )
    .unwrap();
    let before = fs::read(&path).unwrap();
    let checked = run(&["fmt", "--check", file], b"");
    assert_eq!((status(&checked), String::from_utf8_lossy(&checked.stdout).trim()), (1, file));
    assert_eq!(fs::read(&path).unwrap(), before, "--check changes nothing");
    assert_eq!(status(&run(&["fmt", file], b"")), 0);
    let after = fs::read(&path).unwrap();
    assert_ne!(before, after);
    let again = run(&["fmt", "--check", file], b"");
    assert_eq!((status(&again), again.stdout), (0, Vec::new()));
    let piped = run(&["fmt", "-"], &before);
    assert_eq!((status(&piped), piped.stdout), (0, after.clone()));
    let names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["it.json"], "nothing is left beside it");
}
