//! What is asked of regoc, beside what it reached.

use super::decisions::OPA;
use super::format::{NONE, ratio, table, thousands};
use super::{Report, Row};
use crate::beside::{Beside, Compared, Growth};
use crate::contestant::Who;
use crate::question::family;

/// What one line asks, and what was reached.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Goal {
    figure: String,
    against: &'static str,
    asked: String,
    reached: String,
    met: Option<bool>,
}

/// A ratio with the name of the row that it comes from.
type Named<'a> = (&'a str, f64);

/// The most bytes that one rule may have.
const ONE_RULE: usize = 7_000;
/// The most bytes that the introductory example may have.
const SERVERS: usize = 20_000;
/// From how many bytes on reading the input counts against `serde_json`.
const LARGE_INPUT: usize = 1_000;
/// How much longer a further instance may take over data.
const AS_FAST: f64 = 1.3;

/// All lines as a table.
#[must_use]
pub fn table_of(report: &Report) -> String {
    let head = ["figure", "against", "asked", "reached", "met"].map(str::to_owned);
    let met = |met| match met {
        Some(true) => "yes",
        Some(false) => "**no**",
        None => NONE,
    };
    let cells = |it: Goal| vec![it.figure, it.against.to_owned(), it.asked, it.reached, met(it.met).to_owned()];
    table(4, &head, &goals(report).into_iter().map(cells).collect::<Vec<_>>())
}

fn goals(report: &Report) -> Vec<Goal> {
    let (relations, workloads): (Vec<&Row>, Vec<&Row>) = report.rows.iter().partition(|row| row.relation);
    let mut goals = rivals(&workloads);
    goals.extend([cedar(&relations), by_hand(&workloads), reading(&workloads)]);
    goals.extend(growth(report));
    goals.push(sizes(report));
    goals.extend(compared(report));
    goals.extend(beside(report));
    goals.push(Goal {
        figure: "Node, Chromium, Chicory".to_owned(),
        against: "OPA's module there",
        asked: "8, in the median 20 times".to_owned(),
        reached: "`make hosts`".to_owned(),
        met: None,
    });
    goals
}

/// Another engine of Rego, and how many times as fast as it a decision must be.
struct Rival {
    name: &'static str,
    who: &'static [Who],
    asked: &'static str,
    each: f64,
    median: f64,
    /// Where an index replaces a scan.
    indexed: f64,
    rows: &'static [&'static str],
}

const RIVALS: &[Rival] = &[
    Rival {
        name: "OPA",
        who: OPA,
        asked: "20 on each row, 100 in the median, 1,000 on rbac-100000, acp-30000, servers-1000, inventory-3000",
        each: 20.0,
        median: 100.0,
        indexed: 1_000.0,
        rows: &["rbac-100000", "acp-30000", "servers-1000", "inventory-3000"],
    },
    Rival {
        name: "OPA's wasm",
        who: &[Who::OpaModule],
        asked: "4 on each row, 10 in the median, 500 on http-routes-5000, rbac-100000, acp-30000",
        each: 4.0,
        median: 10.0,
        indexed: 500.0,
        rows: &["http-routes-5000", "rbac-100000", "acp-30000"],
    },
    Rival { name: "regorus engine", who: &[Who::RegorusEngine], ..REGORUS },
    Rival { name: "regorus VM", who: &[Who::RegorusMachine], ..REGORUS },
];

/// What is the same for both of regorus' engines.
const REGORUS: Rival = Rival {
    name: "",
    who: &[],
    asked: "4 on each row, 10 in the median",
    each: 4.0,
    median: 10.0,
    indexed: 0.0,
    rows: &[],
};

/// A decision beside those of other engines of Rego.
fn rivals(rows: &[&Row]) -> Vec<Goal> {
    let goal = |rival: &Rival| {
        let times = times(rows, rival.who);
        let (least, median) = (least(&times), median(&times));
        let indexed: Vec<Named> = times.iter().filter(|(name, _)| rival.rows.contains(name)).copied().collect();
        let shown: String = indexed.iter().map(|it| format!(", {}", named_ratio(Some(*it)))).collect();
        let all = least.is_some_and(|it| it.1 >= rival.each) && median.is_some_and(|it| it >= rival.median);
        Goal {
            figure: "a decision, times as fast as".to_owned(),
            against: rival.name,
            asked: rival.asked.to_owned(),
            reached: format!("least {}, median {}{shown}", named_ratio(least), median.map_or(NONE.to_owned(), ratio)),
            met: (!times.is_empty()).then(|| all && indexed.iter().all(|it| it.1 >= rival.indexed)),
        }
    };
    RIVALS.iter().map(goal).collect()
}

/// Cedar, where the entities are held.
fn cedar(rows: &[&Row]) -> Goal {
    let held: Vec<&Row> = rows.iter().filter(|row| !family(&row.name).ends_with("-input")).copied().collect();
    let least = least(&times(&held, &[Who::Cedar]));
    Goal {
        figure: "a decision on relation policies, entities held, times as fast as".to_owned(),
        against: "Cedar",
        asked: "4 on each row".to_owned(),
        reached: format!("least {}", named_ratio(least)),
        met: least.map(|it| it.1 >= 4.0),
    }
}

/// Rust written by hand: how much longer regoc takes.
fn by_hand(rows: &[&Row]) -> Goal {
    let longer = longer(rows, Who::Native);
    let (most, median) = (most(&longer), median(&longer));
    Goal {
        figure: "a decision, times as long as".to_owned(),
        against: "Rust by hand",
        asked: "at most 1.5 on each row".to_owned(),
        reached: format!("most {}, median {}", named_ratio(most), median.map_or(NONE.to_owned(), ratio)),
        met: most.map(|it| it.1 <= 1.5),
    }
}

/// Reading a large input into values: how much longer regoc takes to decide.
fn reading(rows: &[&Row]) -> Goal {
    let large: Vec<&Row> = rows.iter().filter(|row| row.input > LARGE_INPUT).copied().collect();
    let longer = longer(&large, Who::SerdeJson);
    let unread = |name: &str| ["k8s-admission", "tf-plan"].contains(&family(name));
    let fits = |(name, times): &Named| *times <= if unread(name) { 0.5 } else { 1.0 };
    let reached: Vec<String> = longer.iter().map(|it| named_ratio(Some(*it))).collect();
    Goal {
        figure: "a decision on more than 1 KB of input, times as long as".to_owned(),
        against: "`serde_json`",
        asked: "at most 1.0; 0.5 on k8s-admission and tf-plan".to_owned(),
        reached: reached.join(", "),
        met: (!longer.is_empty()).then(|| longer.iter().all(fits)),
    }
}

/// The largest rows of families beside the smallest.
fn growth(report: &Report) -> Vec<Goal> {
    let goal = |it: &Growth| Goal {
        figure: format!("{} to {}", it.from, it.to),
        against: "itself",
        asked: format!("at most {} times", it.most),
        reached: ratio(it.times),
        met: Some(it.times <= it.most),
    };
    report.beside.growth.iter().map(goal).collect()
}

/// The bytes of modules.
fn sizes(report: &Report) -> Goal {
    let rows: Vec<&Row> = report.rows.iter().filter(|row| !row.relation).collect();
    let servers = rows.iter().find(|row| row.name == "servers").map(|row| row.module);
    let others = rows.iter().filter(|row| family(&row.name) != "servers");
    let parts: Vec<Named> =
        others.filter_map(|row| Some((&*row.name, row.opa_module? as f64 / row.module as f64))).collect();
    let least = least(&parts);
    let one = report.beside.one_rule.map(|(ours, _)| ours);
    let bytes = |size: Option<usize>| size.map_or(NONE.to_owned(), |it| thousands(it as f64));
    let known = one.zip(servers).zip(least);
    Goal {
        figure: "bytes of a module".to_owned(),
        against: "OPA's",
        asked: "one rule under 7,000, servers under 20,000, the others a tenth".to_owned(),
        reached: format!("{}, {}, a part of {}", bytes(one), bytes(servers), named_ratio(least)),
        met: known.map(|((one, servers), least)| one < ONE_RULE && servers < SERVERS && least.1 >= 10.0),
    }
}

/// Starts and builds.
fn compared(report: &Report) -> Vec<Goal> {
    let goal = |it: &Compared| {
        let least = it.least?;
        Some(Goal {
            figure: it.what.clone(),
            against: it.against,
            asked: format!("{least:.0} times sooner"),
            reached: it.times().map_or(NONE.to_owned(), ratio),
            met: it.times().map(|times| times >= least),
        })
    };
    report.beside.compared.iter().filter_map(goal).collect()
}

fn beside(report: &Report) -> [Goal; 3] {
    let Beside { instance_with_data, memory, threads, .. } = &report.beside;
    let with_data = *instance_with_data;
    let taken = memory.as_ref().map(|memory| (memory.one(), memory.all()));
    [
        Goal {
            figure: "a further instance over 6 MB of data".to_owned(),
            against: "over none",
            asked: "as fast".to_owned(),
            reached: with_data.map_or(NONE.to_owned(), |it| format!("{} times as long", ratio(it))),
            met: with_data.map(|it| it <= AS_FAST),
        },
        Goal {
            figure: "resident memory for data".to_owned(),
            against: "its JSON text",
            asked: "at most 1.5 times, once for all instances".to_owned(),
            reached: taken
                .map_or(NONE.to_owned(), |(one, all)| format!("{} in one instance, {} in 8", ratio(one), ratio(all))),
            met: taken.map(|(_, all)| all <= 1.5),
        },
        Goal {
            figure: "two threads".to_owned(),
            against: "one",
            asked: "1.9 times".to_owned(),
            reached: threads.map_or(NONE.to_owned(), ratio),
            met: threads.map(|it| it >= 1.9),
        },
    ]
}

/// How many times as long as regoc somebody takes, for each row where that is known.
fn times<'a>(rows: &[&'a Row], who: &[Who]) -> Vec<Named<'a>> {
    rows.iter().filter_map(|row| Some((&*row.name, row.times(who)?))).collect()
}

/// How many times as long as somebody regoc takes.
fn longer<'a>(rows: &[&'a Row], who: Who) -> Vec<Named<'a>> {
    times(rows, &[who]).into_iter().map(|(name, times)| (name, 1.0 / times)).collect()
}

fn least<'a>(all: &[Named<'a>]) -> Option<Named<'a>> {
    all.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1))
}

fn most<'a>(all: &[Named<'a>]) -> Option<Named<'a>> {
    all.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1))
}

fn median(all: &[Named]) -> Option<f64> {
    (!all.is_empty()).then(|| crate::measure::median(all.iter().map(|it| it.1).collect()))
}

fn named_ratio(named: Option<Named>) -> String {
    named.map_or(NONE.to_owned(), |(name, times)| format!("{} ({name})", ratio(times)))
}

#[cfg(test)]
mod tests {
    use super::super::Row;
    use super::{reading, rivals};
    use crate::contestant::Who;
    use crate::measure::{Figures, Outcome, Outcomes};

    /// A row in which regoc takes 1 µs and others so many times as long.
    fn row(name: &str, others: &[(Who, f64)]) -> Row {
        let measured = |times: f64| Outcome::Measured(Figures { passes: vec![times * 1_000.0] });
        let own = (Who::Regoc, measured(1.0));
        let outcomes: Outcomes = others.iter().map(|(who, times)| (*who, measured(*times))).chain([own]).collect();
        Row { name: name.to_owned(), relation: false, input: 5_000, module: 0, opa_module: None, outcomes }
    }

    #[test]
    fn each_row_the_median_and_the_rows_with_an_index_must_be_fast_enough() {
        let met = |least: f64, median: f64, indexed: f64| {
            let rows = [
                row("servers", &[(Who::OpaAst, least)]),
                row("acp-100", &[(Who::OpaAst, median)]),
                row("acp-30000", &[(Who::OpaAst, indexed)]),
            ];
            rivals(&rows.iter().collect::<Vec<_>>())[0].met
        };
        assert_eq!(met(20.0, 100.0, 1_000.0), Some(true));
        assert_eq!([met(19.0, 100.0, 1_000.0), met(20.0, 99.0, 1_000.0), met(20.0, 100.0, 999.0)], [Some(false); 3]);
        assert_eq!(rivals(&[&row("servers", &[])])[0].met, None);
    }

    #[test]
    fn half_of_the_time_is_asked_where_half_is_not_read() {
        let met = |name: &str, times: f64| reading(&[&row(name, &[(Who::SerdeJson, times)])]).met;
        assert_eq!([met("servers", 1.0), met("servers", 0.9)], [Some(true), Some(false)]);
        assert_eq!([met("tf-plan-20", 2.0), met("tf-plan-20", 1.9)], [Some(true), Some(false)]);
    }
}
