//! Tables with box-drawing lines, as OPA prints them.

/// Where the text of a head stands in its column.
const HEAD_PADDING: usize = 1;

/// A table as text. With `merge`, a cell of the first column that repeats the one above is left empty.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>], merge: bool) -> String {
    let columns = head.len();
    let width = |text: &str| text.chars().count();
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell));
            cells.chain(head.get(column).map(|text| width(text))).max().unwrap_or_default()
        })
        .collect();
    let rule = |left: &str, cross: &str, right: &str| {
        let lines: Vec<String> = widths.iter().map(|width| "─".repeat(width + 2 * HEAD_PADDING)).collect();
        format!("{left}{}{right}\n", lines.join(cross))
    };
    let line = |cells: &mut dyn Iterator<Item = String>| {
        let cells: Vec<String> = cells.collect();
        format!("│ {} │\n", cells.join(" │ "))
    };
    let mut out = rule("┌", "┬", "┐");
    out.push_str(&line(&mut head.iter().zip(&widths).map(|(text, total)| {
        let free = total - width(text);
        format!("{}{text}{}", " ".repeat(free / 2), " ".repeat(free - free / 2))
    })));
    out.push_str(&rule("├", "┼", "┤"));
    let mut above: Option<&String> = None;
    for row in rows {
        let repeated = merge && above.is_some() && above == row.first();
        out.push_str(&line(&mut row.iter().zip(&widths).enumerate().map(|(column, (text, total))| {
            let text = if column == 0 && repeated { "" } else { text };
            format!("{text}{}", " ".repeat(total - width(text)))
        })));
        above = row.first();
    }
    out.push_str(&rule("└", "┴", "┘"));
    out
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn heads_stand_in_the_middle_and_cells_to_the_left() {
        let rows = [vec!["data".to_owned(), "/a.rego".to_owned()], vec!["data".to_owned(), "/é.rego".to_owned()]];
        let wanted = "\
┌──────┬─────────┐
│  N   │  FILE   │
├──────┼─────────┤
│ data │ /a.rego │
│      │ /é.rego │
└──────┴─────────┘
";
        assert_eq!(table(&["N", "FILE"], &rows, true), wanted);
    }
}
