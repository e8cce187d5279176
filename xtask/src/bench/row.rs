//! The lines that `benches/peers` prints.

/// All figures of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Run {
    pub(crate) rows: Vec<Row>,
    pub(crate) figures: Vec<Figure>,
}

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

/// One figure of a stage; its name ends in its unit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Figure {
    pub(crate) shape: String,
    pub(crate) statements: usize,
    pub(crate) name: String,
    pub(crate) value: f64,
}

impl Run {
    /// Reads all lines.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let mut run = Self::default();
        for line in text.lines() {
            let read = match line.split_once('\t') {
                Some(("engine", cells)) => row(cells).map(|row| run.rows.push(row)),
                Some(("figure", cells)) => figure(cells).map(|figure| run.figures.push(figure)),
                _ => None,
            };
            read.ok_or_else(|| format!("not a line of figures: `{line}`"))?;
        }
        Ok(run)
    }

    /// What was measured of an engine.
    pub(crate) fn row(&self, shape: &str, statements: usize, engine: &str) -> Option<&Row> {
        self.rows
            .iter()
            .find(|row| row.shape == shape && row.statements == statements && row.engine == engine)
    }

    /// Its p50 in nanoseconds.
    pub(crate) fn p50(&self, shape: &str, statements: usize, engine: &str) -> Option<f64> {
        self.row(shape, statements, engine).map(|row| row.p50)
    }

    /// A figure; of a workload of one size the size may be left out.
    pub(crate) fn figure(&self, shape: &str, statements: Option<usize>, name: &str) -> Option<f64> {
        let wanted = |figure: &&Figure| {
            figure.shape == shape
                && figure.name == name
                && statements.is_none_or(|statements| figure.statements == statements)
        };
        self.figures.iter().find(wanted).map(|figure| figure.value)
    }
}

fn row(cells: &str) -> Option<Row> {
    let mut cells = cells.split('\t');
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

fn figure(cells: &str) -> Option<Figure> {
    let mut cells = cells.split('\t');
    Some(Figure {
        shape: cells.next()?.to_owned(),
        statements: cells.next()?.parse().ok()?,
        name: cells.next()?.to_owned(),
        value: cells.next()?.parse().ok()?,
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
