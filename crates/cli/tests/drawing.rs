//! Drawings of trees: the one of the docs is current, large trees are drawn in part and say so.

mod common;

use common::{run, status};

const SHOP: &str = "../../../../fixtures/shop";
const COMMAND: &str = "bailiwick inspect fixtures/shop --svg -o docs/images/tree-shop.svg";

fn draw(line: &str) -> String {
    let arguments: Vec<&str> = line.split(' ').collect();
    let output = run(&arguments, b"");
    assert_eq!(status(&output), 0, "{line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_drawing_in_the_docs_is_current() {
    let kept = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/images/tree-shop.svg");
    let kept = std::fs::read_to_string(kept).unwrap_or_default();
    assert!(draw(&format!("inspect {SHOP} --svg")) == kept, "the tree has changed; `{COMMAND}` draws it");
}

#[test]
fn a_drawing_is_the_same_each_time_and_from_the_artifact() {
    let artifact = std::env::temp_dir().join(format!("bailiwick-drawing-{}.bwk", std::process::id()));
    let artifact = artifact.to_string_lossy().into_owned();
    draw(&format!("build {SHOP} -o {artifact}"));
    for form in ["--svg", "--dot"] {
        let folder = draw(&format!("inspect {SHOP} {form}"));
        assert_eq!(folder, draw(&format!("inspect {SHOP} {form}")));
        assert_eq!(folder, draw(&format!("inspect {artifact} {form}")));
    }
    std::fs::remove_file(artifact).unwrap();
}

#[test]
fn layers_levels_and_kinds_of_grants_stand_apart() {
    for form in ["--svg", "--dot"] {
        let drawn = draw(&format!("inspect {SHOP} {form}"));
        for words in [
            "deny, service control level 1",
            "allow, service control level 1",
            "allow, boundary",
            "allow, resource, names provider",
            "identity of role arn:aws:iam::111122223333:role/shop/customer",
        ] {
            assert!(drawn.contains(words), "{form}: {words}");
        }
        assert!(!drawn.contains("Left out"), "{form}");
    }
}

#[test]
fn a_drawing_is_read_aloud_and_in_the_dark() {
    let drawn = draw(&format!("inspect {SHOP} --svg"));
    for part in
        ["role=\"img\"", "<title id=\"title\">", "<desc id=\"description\">", "prefers-color-scheme:dark"]
    {
        assert!(drawn.contains(part), "{part}");
    }
    assert_eq!(drawn.matches("<g>").count(), drawn.matches("<g><title>").count());
}

#[test]
fn what_is_left_out_is_said() {
    let all = draw(&format!("inspect {SHOP} --dot")).matches("label=").count();
    for form in ["--svg", "--dot"] {
        let drawn = draw(&format!("inspect {SHOP} {form} --most 10"));
        assert!(drawn.contains("Left out: ") && drawn.contains(" buckets"), "{form}");
        let boxes = drawn.matches(if form == "--svg" { "<g>" } else { "[label=" }).count();
        assert!((10..all).contains(&boxes), "{form} {boxes}");
    }
}
