//! The starter that `bailiwick new` writes.

/// Names and texts of a small deployment that works: its own tests pass.
pub fn starter() -> Vec<(&'static str, &'static str)> {
    vec![
        ("bailiwick.toml", include_str!("new/bailiwick.toml")),
        ("README.md", include_str!("new/README.md")),
        ("policies/everyone.json", include_str!("new/everyone.json")),
        ("policies/editors.json", include_str!("new/editors.json")),
        ("policies/guardrails.json", include_str!("new/guardrails.json")),
        ("claims/alice.json", include_str!("new/alice.json")),
        ("claims/bob.json", include_str!("new/bob.json")),
        ("tests.yaml", include_str!("new/tests.yaml")),
    ]
}
