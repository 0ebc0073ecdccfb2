//! How numbers are written.

/// A number with a comma before every third digit.
pub(crate) fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A ratio, with as many digits as say something.
pub(crate) fn ratio(number: f64) -> String {
    match number {
        small if small < 9.95 => format!("{small:.2}"),
        middle if middle < 99.5 => format!("{middle:.1}"),
        large => thousands(large),
    }
}

/// What stands where there is nothing.
pub(crate) const NONE: &str = "–";

/// A table of Markdown. So many columns, from the first, hold words and stand to the left, the others to the right.
pub(crate) fn table(words: usize, head: &[String], lines: &[Vec<String>]) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let rule: Vec<String> =
        (0..head.len()).map(|column| if column < words { ":--" } else { "--:" }.to_owned()).collect();
    let mut text = line(head) + &line(&rule);
    lines.iter().for_each(|cells| text.push_str(&line(cells)));
    text
}

#[cfg(test)]
mod tests {
    use super::{ratio, thousands};

    #[test]
    fn numbers_have_the_digits_that_say_something() {
        assert_eq!([thousands(999.4), thousands(1_234_567.0)], ["999", "1,234,567"]);
        assert_eq!([ratio(0.814), ratio(9.96), ratio(99.6), ratio(12_345.6)], ["0.81", "10.0", "100", "12,346"]);
    }
}
