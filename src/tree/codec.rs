//! The artifact's bytes: a header, the string blob, the identities, then every table as a count and rows of
//! little-endian words.
//!
//! The same bytes on every target. Reading is one pass over the words and one validating pass over the rows.

use std::sync::Arc;

use super::table::Table;
use super::validate::validate;
use super::words::Words;
use super::{Compiled, Tree};
use crate::identity::{Identities, Pack};
use crate::value::{Profile, hash_bytes};

/// First bytes of every artifact.
const MAGIC: &[u8; 8] = b"bailiwik";
/// Counts up with every change of the layout.
const VERSION: u32 = 6;
/// Magic, version, flags, checksum.
const HEADER: usize = 8 + 4 + 4 + 8;
/// Artifacts are at most this large.
const MAX_BYTES: usize = 1 << 30;

/// Why bytes are not an artifact that this version can load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArtifactError {
    /// It does not begin like one (`E200`).
    NotAnArtifact,
    /// It was built for another layout (`E201`).
    Version {
        /// The layout it was built for.
        found: u32,
    },
    /// Bytes are missing, too many, or changed (`E202`).
    Damaged,
    /// The checksum fits but a table refers to what is not there (`E203`).
    Inconsistent {
        /// Which table.
        table: &'static str,
    },
    /// Larger than 1 GiB (`E204`).
    TooLarge,
}

impl ArtifactError {
    /// Its diagnostic code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAnArtifact => "E200",
            Self::Version { .. } => "E201",
            Self::Damaged => "E202",
            Self::Inconsistent { .. } => "E203",
            Self::TooLarge => "E204",
        }
    }
}

impl core::fmt::Display for ArtifactError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::NotAnArtifact => f.write_str("not a bailiwick artifact; build one with `bailiwick build`"),
            Self::Version { found } => {
                write!(
                    f,
                    "the artifact has layout {found}, this program reads layout {VERSION}; build it again"
                )
            }
            Self::Damaged => f.write_str("the artifact is damaged; copy or build it again"),
            Self::Inconsistent { table } => {
                write!(f, "the artifact's table `{table}` is inconsistent; build it again")
            }
            Self::TooLarge => f.write_str("the artifact is larger than 1 GiB"),
        }
    }
}

impl std::error::Error for ArtifactError {}

/// Every table in the order of the layout.
macro_rules! tables {
    ($with:ident, $tree:expr) => {
        $with!(
            $tree,
            own_services,
            owned,
            keys,
            pieces,
            arns,
            words,
            operands,
            atoms,
            rule_atoms,
            action_tests,
            resource_tests,
            principal_tests,
            clauses,
            rules,
            roots,
            attachments,
            attachment_texts,
            declared,
            symbols,
            buckets,
            access,
            nodes,
            lists,
            splits,
            filters,
            statements,
            documents
        )
    };
}

impl Tree {
    /// The artifact.
    pub fn to_bytes(&self) -> Vec<u8> {
        let tree = &*self.inner;
        let mut words = Vec::new();
        tree.home_account.put(&mut words);
        tree.management_account.put(&mut words);
        Words::put(&tree.everyone, &mut words);
        u32::from(tree.asks_request).put(&mut words);
        macro_rules! put {
            ($tree:expr, $($name:ident),*) => { $(put_rows(&$tree.$name, &mut words);)* };
        }
        tables!(put, tree);
        for table in [&tree.targets, &tree.symbol_table, &tree.bucket_table, &tree.dispatch, &tree.branches] {
            put_rows(&table.slots, &mut words);
            table.reach.put(&mut words);
        }
        let mut bytes = Vec::with_capacity(HEADER + 4 + tree.blob.len() + 4 + words.len() * 4);
        bytes.extend(MAGIC);
        bytes.extend(VERSION.to_le_bytes());
        let flags = u32::from(tree.profile == Profile::Strict) | u32::from(tree.optimized) << 1;
        bytes.extend(flags.to_le_bytes());
        bytes.extend([0; 8]);
        put_section(tree.blob.as_bytes(), &mut bytes);
        let mut identities = Vec::new();
        tree.identities.put(&mut identities);
        put_section(&identities, &mut bytes);
        bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
        let sum = checksum(&bytes);
        bytes[HEADER - 8..HEADER].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    /// Loads an artifact. Hostile bytes give an error, never a panic and never more memory than a few times their length.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ArtifactError> {
        if bytes.len() > MAX_BYTES {
            return Err(ArtifactError::TooLarge);
        }
        if bytes.get(..8) != Some(MAGIC) {
            return Err(ArtifactError::NotAnArtifact);
        }
        let word = |at: usize| {
            let bytes = bytes.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
            bytes.map(u32::from_le_bytes).ok_or(ArtifactError::Damaged)
        };
        let version = word(8)?;
        if version != VERSION {
            return Err(ArtifactError::Version { found: version });
        }
        let flags = word(12)?;
        let sum = u64::from(word(16)?) | u64::from(word(20)?) << 32;
        if !bytes.len().is_multiple_of(4) || sum != checksum(bytes) {
            return Err(ArtifactError::Damaged);
        }
        let mut rest = bytes.get(HEADER..).ok_or(ArtifactError::Damaged)?;
        let blob = take_section(&mut rest).ok_or(ArtifactError::Damaged)?;
        let blob = core::str::from_utf8(blob).map_err(|_| ArtifactError::Damaged)?.to_owned();
        let mut section = take_section(&mut rest).ok_or(ArtifactError::Damaged)?;
        let identities = Identities::take(&mut section).filter(|_| section.is_empty());
        let identities = identities.ok_or(ArtifactError::Inconsistent { table: "identities" })?;
        let words: Vec<u32> = rest
            .chunks_exact(4)
            .map(|chunk| u32::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3]]))
            .collect();
        let profile = if flags & 1 == 1 { Profile::Strict } else { Profile::Aws };
        let mut tree = read(&words, blob, profile, flags & 2 != 0).ok_or(ArtifactError::Damaged)?;
        tree.identities = identities;
        validate(&tree).map_err(|table| ArtifactError::Inconsistent { table })?;
        Ok(Self { inner: Arc::new(tree) })
    }
}

/// Of everything but the checksum's own place. Four lanes, so that no word waits for the one before it.
fn checksum(bytes: &[u8]) -> u64 {
    let head = bytes.get(..HEADER - 8).unwrap_or_default();
    let body = bytes.get(HEADER..).unwrap_or_default();
    let mut lanes = [hash_bytes(head), 1, 2, 3];
    let mut blocks = body.chunks_exact(32);
    for block in &mut blocks {
        for (lane, word) in lanes.iter_mut().zip(block.chunks_exact(8)) {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(word);
            *lane = (*lane ^ u64::from_le_bytes(bytes)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
        }
    }
    let mut last = [0; 40];
    for (to, lane) in last.chunks_exact_mut(8).zip(lanes) {
        to.copy_from_slice(&lane.to_le_bytes());
    }
    last[32..].copy_from_slice(&hash_bytes(blocks.remainder()).to_le_bytes());
    hash_bytes(&last)
}

/// Length, bytes, and nothing up to the next word. More than 4 GiB of anything would not have compiled.
fn put_section(section: &[u8], bytes: &mut Vec<u8>) {
    bytes.extend(u32::try_from(section.len()).unwrap_or(u32::MAX).to_le_bytes());
    bytes.extend(section);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
}

fn take_section<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, rest) = bytes.split_first_chunk()?;
    let length = u32::from_le_bytes(*length) as usize;
    let section = rest.get(..length)?;
    *bytes = rest.get(length.checked_next_multiple_of(4)?..)?;
    Some(section)
}

fn read(mut words: &[u32], blob: String, profile: Profile, optimized: bool) -> Option<Compiled> {
    let words = &mut words;
    let mut tree = Compiled {
        profile,
        optimized,
        blob,
        home_account: Words::take(words)?,
        management_account: Words::take(words)?,
        everyone: Words::take(words)?,
        asks_request: u32::take(words)? != 0,
        ..Compiled::default()
    };
    macro_rules! take {
        ($tree:expr, $($name:ident),*) => { $($tree.$name = take_rows(words)?;)* };
    }
    tables!(take, tree);
    for table in [
        &mut tree.targets,
        &mut tree.symbol_table,
        &mut tree.bucket_table,
        &mut tree.dispatch,
        &mut tree.branches,
    ] {
        *table = Table { slots: take_rows(words)?, reach: Words::take(words)? };
    }
    tree.derive();
    words.is_empty().then_some(tree)
}

fn put_rows<T: Words>(rows: &[T], out: &mut Vec<u32>) {
    // More than 2^32 rows would not have compiled.
    out.push(u32::try_from(rows.len()).unwrap_or(u32::MAX));
    out.reserve(rows.len() * T::COUNT);
    for row in rows {
        row.put(out);
    }
}

fn take_rows<T: Words>(words: &mut &[u32]) -> Option<Vec<T>> {
    let count = u32::take(words)? as usize;
    // Before any memory is asked for.
    let needed = count.checked_mul(T::COUNT)?;
    let rows = words.get(..needed)?;
    *words = words.get(needed..)?;
    Some(rows.chunks_exact(T::COUNT).map(|row| T::read(&mut row.iter())).collect())
}
