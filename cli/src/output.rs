//! The formats of `eval`'s answer, as OPA's (`internal/presentation`).

use serde_json::{Map, Value};

use crate::json;
use crate::table::table;

/// One solution of a query.
#[derive(Debug, Default)]
pub(crate) struct Solution {
    /// The statements of the query, each with its value.
    pub(crate) expressions: Vec<Expression>,
    /// The variables.
    pub(crate) bindings: Map<String, Value>,
}

/// A statement of a query with its value.
#[derive(Debug)]
pub(crate) struct Expression {
    /// The value.
    pub(crate) value: Value,
    /// The statement as it was written.
    pub(crate) text: String,
    /// Where in the query, from 1.
    pub(crate) row: u32,
    /// See `row`.
    pub(crate) col: u32,
}

/// How to write an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// The whole answer as JSON
    Json,
    /// A JSON array of the values of the statements for each solution
    Values,
    /// A JSON object of the variables for each solution
    Bindings,
    /// For people: one value as it is, several as a table
    Pretty,
    /// For scripts: the values on one line for each solution, strings without quotes
    Raw,
    /// As json, with the result replaced by `discarded`
    Discard,
}

/// Times and counts, by OPA's names.
pub(crate) type Metrics = Vec<(&'static str, u64)>;

/// An answer as text.
pub(crate) fn render(format: Format, solutions: &[Solution], metrics: Option<&Metrics>, pretty_limit: usize) -> String {
    match format {
        Format::Json => whole(solutions_json(solutions), metrics),
        Format::Discard => {
            let result = (!solutions.is_empty()).then(|| "\"discarded\"".to_owned());
            // OPA sorts the keys of this format.
            let mut entries = metrics_field(metrics);
            entries.extend(result.map(|result| ("result", result)));
            format!("{}\n", json::fields(&entries, 0))
        }
        Format::Values => solutions
            .iter()
            .map(|solution| {
                json::pretty(&solution.expressions.iter().map(|expression| expression.value.clone()).collect())
            })
            .collect(),
        Format::Bindings => {
            solutions.iter().map(|solution| json::pretty(&Value::Object(solution.bindings.clone()))).collect()
        }
        Format::Pretty => pretty(solutions, pretty_limit) + &metrics.map(metrics_table).unwrap_or_default(),
        Format::Raw => solutions.iter().map(raw).collect(),
    }
}

fn whole(result: Option<String>, metrics: Option<&Metrics>) -> String {
    let mut entries: Vec<(&str, String)> = result.map(|result| ("result", result)).into_iter().collect();
    entries.extend(metrics_field(metrics));
    format!("{}\n", json::fields(&entries, 0))
}

fn metrics_field(metrics: Option<&Metrics>) -> Vec<(&'static str, String)> {
    let text = |metrics: &Metrics| {
        let entries: Vec<_> = metrics.iter().map(|(name, value)| (*name, value.to_string())).collect();
        json::fields(&entries, 1)
    };
    metrics.map(|metrics| ("metrics", text(metrics))).into_iter().collect()
}

fn solutions_json(solutions: &[Solution]) -> Option<String> {
    (!solutions.is_empty()).then(|| json::array(solutions.iter().map(solution_json), 1))
}

fn solution_json(solution: &Solution) -> String {
    let expressions = solution.expressions.iter().map(|expression| {
        let place = [("row", expression.row.to_string()), ("col", expression.col.to_string())];
        let entries = [
            ("value", json::nested(&expression.value, 5)),
            ("text", json::compact(&Value::from(expression.text.as_str()))),
            ("location", json::fields(&place, 5)),
        ];
        json::fields(&entries, 4)
    });
    let mut entries = vec![("expressions", json::array(expressions, 3))];
    if !solution.bindings.is_empty() {
        entries.push(("bindings", json::nested(&Value::Object(solution.bindings.clone()), 3)));
    }
    json::fields(&entries, 2)
}

fn raw(solution: &Solution) -> String {
    let values: Vec<String> = solution
        .expressions
        .iter()
        .map(|expression| match &expression.value {
            Value::String(text) => text.clone(),
            value => json::compact(value),
        })
        .collect();
    format!("{}\n", values.join(" "))
}

fn pretty(solutions: &[Solution], limit: usize) -> String {
    let Some(first) = solutions.first() else { return "undefined\n".to_owned() };
    if solutions.len() == 1 && first.bindings.is_empty() {
        let all_boolean = first.expressions.iter().all(|expression| expression.value.is_boolean());
        if let (true, Some(expression)) = (all_boolean || first.expressions.len() == 1, first.expressions.first()) {
            return json::pretty(&expression.value);
        }
    }
    // A column for each variable, and for each statement that says more than true.
    let mut variables: Vec<&str> = first.bindings.keys().map(String::as_str).collect();
    variables.sort_unstable();
    let statements: Vec<(usize, &str)> = first
        .expressions
        .iter()
        .enumerate()
        .filter(|(_, expression)| first.bindings.is_empty() || !expression.value.is_boolean())
        .map(|(index, expression)| (index, expression.text.as_str()))
        .collect();
    let cell = |value: Option<&Value>| shorten(json::compact(value.unwrap_or(&Value::Null)), limit);
    let rows: Vec<Vec<String>> = solutions
        .iter()
        .map(|solution| {
            let values = statements.iter().map(|(index, _)| solution.expressions.get(*index).map(|found| &found.value));
            // OPA's order: statements have no name, and so come first.
            values.chain(variables.iter().map(|name| solution.bindings.get(*name))).map(cell).collect()
        })
        .collect();
    let head: Vec<&str> = statements.iter().map(|(_, text)| *text).chain(variables.iter().copied()).collect();
    table(&head, &rows, false)
}

fn shorten(text: String, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((at, _)) if limit > 0 => format!("{}...", text.get(..at).unwrap_or_default()),
        _ => text,
    }
}

fn metrics_table(metrics: &Metrics) -> String {
    let mut rows: Vec<Vec<String>> =
        metrics.iter().map(|(name, value)| vec![(*name).to_owned(), value.to_string()]).collect();
    rows.sort();
    table(&["Metric", "Value"], &rows, false)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Expression, Format, Solution, render};

    fn solution(value: serde_json::Value, bindings: serde_json::Value) -> Solution {
        let expressions = vec![Expression { value, text: "x > 1".to_owned(), row: 1, col: 9 }];
        let serde_json::Value::Object(bindings) = bindings else { unreachable!() };
        Solution { expressions, bindings }
    }

    #[test]
    fn json_is_opa_s_to_the_byte() {
        let wanted = r#"{
  "result": [
    {
      "expressions": [
        {
          "value": {
            "a": [],
            "b": [
              1
            ]
          },
          "text": "x \u003e 1",
          "location": {
            "row": 1,
            "col": 9
          }
        }
      ],
      "bindings": {
        "x": 2
      }
    }
  ]
}
"#;
        let solutions = [solution(json!({"b": [1], "a": []}), json!({"x": 2}))];
        assert_eq!(render(Format::Json, &solutions, None, 80), wanted);
        assert_eq!(render(Format::Json, &[], None, 80), "{}\n");
    }

    #[test]
    fn the_other_formats() {
        let solutions = [solution(json!("a<b"), json!({"x": 2})), solution(json!([1]), json!({"x": 3}))];
        assert_eq!(render(Format::Raw, &solutions, None, 80), "a<b\n[1]\n");
        assert_eq!(render(Format::Values, &solutions, None, 80), "[\n  \"a\\u003cb\"\n]\n[\n  [\n    1\n  ]\n]\n");
        assert_eq!(render(Format::Bindings, &solutions, None, 80), "{\n  \"x\": 2\n}\n{\n  \"x\": 3\n}\n");
        assert_eq!(render(Format::Pretty, &[], None, 80), "undefined\n");
        assert_eq!(render(Format::Discard, &solutions, None, 80), "{\n  \"result\": \"discarded\"\n}\n");
        let pretty = render(Format::Pretty, &solutions, None, 4);
        assert!(pretty.contains("│ \"a\\u... │ 2 │"), "{pretty}");
    }
}
