//! The lines that `benches/peers` prints.

/// What was measured of one engine on one workload. A figure that was not measured is not a number.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) shape: String,
    pub(crate) statements: usize,
    pub(crate) engine: String,
    /// Nanoseconds.
    pub(crate) p50: f64,
    /// Nanoseconds.
    pub(crate) p99: f64,
    /// Nanoseconds.
    pub(crate) mean: f64,
    /// For one decision.
    pub(crate) allocations: f64,
    pub(crate) load_milliseconds: f64,
    pub(crate) live_bytes: f64,
}

/// Reads all lines after the headings.
pub(crate) fn read(text: &str) -> Result<Vec<Row>, String> {
    text.lines()
        .skip(1)
        .map(|line| row(line).ok_or_else(|| format!("not a line of figures: `{line}`")))
        .collect()
}

fn row(line: &str) -> Option<Row> {
    let mut cells = line.split('\t');
    let (shape, statements, engine) = (cells.next()?, cells.next()?, cells.next()?);
    let mut figure = || Some(cells.next()?.parse().unwrap_or(f64::NAN));
    let (p50, p99, mean, allocations) = (figure()?, figure()?, figure()?, figure()?);
    let _requests = figure()?;
    Some(Row {
        shape: shape.to_owned(),
        statements: statements.parse().ok()?,
        engine: engine.to_owned(),
        p50,
        p99,
        mean,
        allocations,
        load_milliseconds: figure()?,
        live_bytes: figure()?,
    })
}

/// Each text once, in order of first appearance.
pub(crate) fn distinct<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for text in texts {
        if !seen.iter().any(|other| other == text) {
            seen.push(text.to_owned());
        }
    }
    seen
}
