//! The rules as rows.
