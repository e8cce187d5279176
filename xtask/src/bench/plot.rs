//! Cost against number of statements, both on logarithmic axes, as SVG.

use std::fmt::Write as _;

use super::row::{Row, distinct};

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 460.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 190.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 50.0;

const COLOURS: [&str; 10] = [
    "#8a8a8a", "#0b6e4f", "#35a37a", "#9bc53d", "#5b8e7d", "#c0392b", "#e67e22", "#2c5f9e", "#7d5ba6",
    "#b8860b",
];

/// One line for each engine that was timed.
pub(crate) fn svg(shape: &str, rows: &[Row]) -> String {
    let rows: Vec<&Row> = rows.iter().filter(|row| row.shape == shape && row.p50 > 0.0).collect();
    let scale = Scale::of(&rows);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#ffffff\"/>\n\
         <text x=\"{LEFT}\" y=\"18\" font-size=\"14\">{shape}: p50 of a decision against number of statements</text>\n"
    );
    axes(&mut text, &scale);
    let engines = distinct(rows.iter().map(|row| row.engine.as_str()));
    let mut labels: Vec<(f64, &str, &str)> = Vec::new();
    for (engine, colour) in engines.iter().zip(COLOURS.iter().cycle()) {
        let mut points: Vec<&Row> = rows.iter().copied().filter(|row| row.engine == *engine).collect();
        points.sort_by_key(|row| row.statements);
        let places: Vec<String> =
            points.iter().map(|row| format!("{:.1},{:.1}", scale.x(size(row)), scale.y(row.p50))).collect();
        let _ = writeln!(
            text,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            places.join(" ")
        );
        if let Some(last) = points.last() {
            labels.push((scale.y(last.p50), engine, colour));
        }
    }
    legend(&mut text, labels);
    text.push_str("</svg>\n");
    text
}

/// Names at the right, in the order of the lines' ends, kept apart.
fn legend(text: &mut String, mut labels: Vec<(f64, &str, &str)>) {
    labels.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut lowest = TOP;
    for (end, engine, colour) in labels {
        let y = end.max(lowest + 15.0);
        lowest = y;
        let x = WIDTH - RIGHT + 8.0;
        let _ = writeln!(text, "<text x=\"{x}\" y=\"{:.1}\" fill=\"{colour}\">{engine}</text>", y + 4.0);
    }
}

fn axes(text: &mut String, scale: &Scale) {
    let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
    for power in decades(scale.costs) {
        let y = scale.y(power);
        let name = match power {
            small if small < 1e3 => format!("{small:.0} ns"),
            middle if middle < 1e6 => format!("{:.0} us", middle / 1e3),
            large => format!("{:.0} ms", large / 1e6),
        };
        let _ = writeln!(
            text,
            "<line x1=\"{LEFT}\" x2=\"{right}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"#dddddd\"/>"
        );
        let _ = writeln!(
            text,
            "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{name}</text>",
            LEFT - 8.0,
            y + 4.0
        );
    }
    for power in decades(scale.sizes) {
        let x = scale.x(power);
        let _ = writeln!(
            text,
            "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{TOP}\" y2=\"{bottom}\" stroke=\"#dddddd\"/>"
        );
        let y = bottom + 18.0;
        let _ = writeln!(text, "<text x=\"{x:.1}\" y=\"{y}\" text-anchor=\"middle\">{power:.0}</text>");
    }
    let _ = writeln!(
        text,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">statements</text>",
        f64::midpoint(LEFT, right),
        HEIGHT - 12.0
    );
}

/// Least and greatest of both axes, in whole powers of ten.
struct Scale {
    sizes: (f64, f64),
    costs: (f64, f64),
}

impl Scale {
    fn of(rows: &[&Row]) -> Self {
        Self { sizes: range(rows.iter().map(|row| size(row))), costs: range(rows.iter().map(|row| row.p50)) }
    }

    fn x(&self, size: f64) -> f64 {
        LEFT + part(self.sizes, size) * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, cost: f64) -> f64 {
        HEIGHT - BOTTOM - part(self.costs, cost) * (HEIGHT - TOP - BOTTOM)
    }
}

fn size(row: &Row) -> f64 {
    f64::from(u32::try_from(row.statements).unwrap_or(u32::MAX))
}

/// The powers of ten around all values; at least one decade.
fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (least, greatest) =
        values.fold((f64::MAX, f64::MIN), |(least, greatest), value| (least.min(value), greatest.max(value)));
    if least > greatest {
        return (1.0, 10.0);
    }
    let least = 10_f64.powf(least.log10().floor());
    (least, 10_f64.powf(greatest.log10().ceil()).max(least * 10.0))
}

fn part((least, greatest): (f64, f64), value: f64) -> f64 {
    (value / least).log10() / (greatest / least).log10()
}

fn decades((least, greatest): (f64, f64)) -> impl Iterator<Item = f64> {
    core::iter::successors(Some(least), |power| Some(power * 10.0))
        .take_while(move |power| *power <= greatest * 1.01)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_at_powers_of_ten() {
        let check = |values: &[f64], expected: (f64, f64)| {
            let (least, greatest) = range(values.iter().copied());
            assert!(
                (least - expected.0).abs() < 1e-6 && (greatest - expected.1).abs() < 1e-3,
                "{least} {greatest}"
            );
        };
        check(&[25.0, 4000.0], (10.0, 10_000.0));
        check(&[10.0, 10.0], (10.0, 100.0));
        check(&[], (1.0, 10.0));
        assert_eq!(decades((10.0, 1000.0)).count(), 3);
    }

    #[test]
    fn each_engine_has_a_line_and_a_name() {
        let line = |shape: &str, size: usize, name: &str| {
            format!("engine\t{shape}\t{size}\t{name}\t20\t0\t0\t0\t0\t-\t-\n")
        };
        let text = [line("mt", 10, "one"), line("mt", 100, "one"), line("flat", 10, "two")].concat();
        let drawn = svg("mt", &super::super::row::Run::read(&text).unwrap().rows);
        assert_eq!(drawn.matches("<polyline").count(), 1);
        assert!(drawn.contains(">one</text>") && !drawn.contains(">two</text>"));
    }
}
