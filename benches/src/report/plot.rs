//! Pictures of growth: the time of a decision over the size of what it looks at, both on log scales, one picture a family. Written as SVG by
//! hand: a crate for plots would change the features of others, so that much would be built twice.

use std::fmt::Write as _;

use super::Row;
use super::decisions::OPA;
use super::format::thousands;
use crate::contestant::Who;
use crate::question::{family, scale};

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 380.0;

/// Where the plot lies: left, top, right, bottom.
const FRAME: [f64; 4] = [80.0, 40.0, 490.0, 325.0];

/// A line of a picture: its name, who counts there, and its color.
type Line = (&'static str, &'static [Who], &'static str);

/// Colors that stay different for those who see few.
const LINES: &[Line] = &[
    ("regoc", &[Who::Regoc], "#0072b2"),
    ("OPA", OPA, "#d55e00"),
    ("OPA's wasm", &[Who::OpaModule], "#e69f00"),
    ("regorus engine", &[Who::RegorusEngine], "#009e73"),
    ("regorus VM", &[Who::RegorusMachine], "#56b4e9"),
    ("Cedar", &[Who::Cedar], "#cc79a7"),
    ("Rust by hand", &[Who::Native], "#000000"),
    ("serde_json", &[Who::SerdeJson], "#999999"),
];

/// What grows in a family.
fn grows(family: &str) -> &'static str {
    match family {
        "servers" => "servers in the input",
        "rbac" => "users in the data",
        "http-routes" => "rules in the policy",
        "acp" => "rows in the data",
        "inventory" => "namespaces in the data",
        "graph" => "people in the data",
        "tf-plan" => "resource changes in the input",
        family if family.ends_with("-input") => "entities of each type in the input",
        _ => "entities of each type in the data",
    }
}

/// A scale on which each power of ten is as wide as another.
struct LogScale {
    values: [f64; 2],
    places: [f64; 2],
}

impl LogScale {
    fn place(&self, value: f64) -> f64 {
        let [from, to] = self.values.map(f64::log10);
        let [start, end] = self.places;
        start + (value.log10() - from) / (to - from) * (end - start)
    }
}

/// The picture of a family.
#[must_use]
pub fn svg(name: &str, rows: &[Row]) -> String {
    let mut rows: Vec<(f64, &Row)> =
        rows.iter().filter(|row| family(&row.name) == name).map(|row| (scale_of(row), row)).collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let points = |who: &[Who]| -> Vec<(f64, f64)> {
        rows.iter().filter_map(|(scale, row)| Some((*scale, row.fastest(who)?.median()))).collect()
    };
    let lines: Vec<_> = LINES.iter().map(|(label, who, color)| (*label, points(who), *color)).collect();
    let times = lines.iter().flat_map(|(_, points, _)| points).map(|(_, time)| *time);
    let ends = times.fold([f64::INFINITY, 1.0], |[low, high]: [f64; 2], time| [low.min(time), high.max(time)]);
    let [low, high] = [ends[0].log10().floor(), ends[1].log10().ceil()];
    let [left, top, right, bottom] = FRAME;
    let sizes = [rows.first(), rows.last()].map(|row| row.map_or(1.0, |row| row.0));
    let across = LogScale { values: sizes, places: [left, right] };
    let up = LogScale { values: [low, high].map(|power| 10_f64.powf(power)), places: [bottom, top] };
    let mut text = head(name);
    for power in low as i32..=high as i32 {
        let value = 10_f64.powi(power);
        let y = up.place(value);
        rule(&mut text, [left, y, right, y]);
        label(&mut text, [left - 8.0, y + 4.0], "end", &duration(value));
    }
    for (size, _) in &rows {
        let x = across.place(*size);
        rule(&mut text, [x, top, x, bottom]);
        label(&mut text, [x, bottom + 18.0], "middle", &thousands(*size));
    }
    label(&mut text, [f64::midpoint(left, right), bottom + 40.0], "middle", grows(name));
    let mut y = top + 10.0;
    for (who, points, color) in lines.iter().filter(|(_, points, _)| !points.is_empty()) {
        let placed: Vec<[f64; 2]> = points.iter().map(|(size, time)| [across.place(*size), up.place(*time)]).collect();
        line(&mut text, &placed, color, *who == "regoc");
        line(&mut text, &[[right + 15.0, y], [right + 31.0, y]], color, *who == "regoc");
        label(&mut text, [right + 38.0, y + 4.0], "start", who);
        y += 20.0;
    }
    text.push_str("</svg>\n");
    text
}

fn head(name: &str) -> String {
    format!(
        concat!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" ",
            "font-family=\"sans-serif\" font-size=\"12\">\n<title>{name}: time of a decision</title>\n",
            "<rect width=\"{width}\" height=\"{height}\" fill=\"white\"/>\n",
            "<text x=\"16\" y=\"24\" font-size=\"15\" font-weight=\"bold\">{name}: time of a decision</text>\n",
        ),
        width = WIDTH,
        height = HEIGHT,
        name = name
    )
}

fn rule(text: &mut String, [x1, y1, x2, y2]: [f64; 4]) {
    let _ = writeln!(text, "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"#dddddd\"/>");
}

fn label(text: &mut String, [x, y]: [f64; 2], anchor: &str, label: &str) {
    let _ = writeln!(text, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{label}</text>");
}

fn line(text: &mut String, points: &[[f64; 2]], color: &str, thick: bool) {
    let width = if thick { 3 } else { 1 };
    let path: Vec<String> = points.iter().map(|[x, y]| format!("{x:.1},{y:.1}")).collect();
    let path = path.join(" ");
    let _ = writeln!(text, "<polyline points=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\"/>");
    for [x, y] in points {
        let _ = writeln!(text, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{}\" fill=\"{color}\"/>", width + 1);
    }
}

/// A power of ten of nanoseconds in the unit that suits it.
fn duration(nanoseconds: f64) -> String {
    let units = [(1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1.0, "ns")];
    let (unit, name) = units.into_iter().find(|(unit, _)| nanoseconds >= *unit).unwrap_or((1.0, "ns"));
    format!("{} {name}", nanoseconds / unit)
}

/// The scale of a row. The introductory example has five servers, and no number in its name.
fn scale_of(row: &Row) -> f64 {
    scale(&row.name).map_or(5.0, f64::from)
}

#[cfg(test)]
mod tests {
    use super::super::Row;
    use super::{LogScale, svg};
    use crate::contestant::Who;
    use crate::measure::{Figures, Outcome, Outcomes};

    #[test]
    fn each_power_of_ten_is_as_wide_as_another() {
        let scale = LogScale { values: [10.0, 1_000.0], places: [0.0, 200.0] };
        assert_eq!([10.0, 100.0, 1_000.0].map(|value| scale.place(value).round() as i64), [0, 100, 200]);
    }

    #[test]
    fn whoever_was_measured_has_a_line() {
        let outcomes = |time| Outcomes::from([(Who::Regoc, Outcome::Measured(Figures { passes: vec![time] }))]);
        let row = |name: &str, time| Row {
            name: name.to_owned(),
            relation: false,
            input: 0,
            module: 0,
            opa_module: None,
            outcomes: outcomes(time),
        };
        let picture = svg("acp", &[row("acp-100", 1_000.0), row("acp-10000", 1_000_000.0), row("rbac-10", 1.0)]);
        // From the lower left to the upper right corner, and the sample beside the name.
        assert!(picture.contains("<polyline points=\"80.0,325.0 490.0,40.0\""), "{picture}");
        assert_eq!((picture.matches("<polyline").count(), picture.matches(">OPA<").count()), (2, 0));
    }
}
