//! Go's answers, most of them found by asking it.

use alloc::string::String;
use alloc::vec::Vec;

use super::{ErrorKind, Regex, table};

/// What the engine answers, and the table of the pattern.
fn matches(pattern: &str, text: &[u8]) -> bool {
    let answer = Regex::new(pattern.as_bytes()).expect(pattern).is_match(text);
    let table = table::make(pattern.as_bytes(), usize::MAX).expect(pattern);
    assert_eq!(table::occurs(&table, text), answer, "{pattern} in {text:?}");
    answer
}

fn found(pattern: &str, text: &str) -> Vec<String> {
    let mut regex = Regex::new(pattern.as_bytes()).expect(pattern);
    let places = regex.find_all(text.as_bytes(), usize::MAX);
    places.iter().filter_map(|places| places[0]).map(|(start, end)| String::from(&text[start..end])).collect()
}

#[test]
fn leftmost_first() {
    assert_eq!(found("a|ab", "ab"), ["a"]);
    assert_eq!(found("(?U)a+", "aaa"), ["a", "a", "a"]);
    assert_eq!(found("a+?", "aa"), ["a", "a"]);
    assert_eq!(found("a*", "baac"), ["", "aa", ""]);
    assert_eq!(found("(?i)straße|k", "STRAßE \u{212a}K"), ["STRAßE", "\u{212a}", "K"]);
}

#[test]
fn classes() {
    assert!(matches(r"^[[:alpha:]\d_-]+$", b"ab1_-"));
    assert!(!matches(r"^\w$", "é".as_bytes()));
    assert!(matches(r"^\p{Greek}\pL\P{Lu}$", "αbc".as_bytes()));
    assert!(matches(r"^\p{^Greek}\p{letter}$", b"ab"));
    assert!(matches(r"^[]a-]+$", b"]a-"));
    assert!(matches(r"^[^\n]$", b"a"));
    assert!(matches(r"(?s)^.$", b"\n"));
    assert!(!matches("^.$", b"\n"));
    assert!(matches(r"^\Qa.b\E$", b"a.b"));
    assert!(matches(r"^\x41\x{42}\103\0?$", b"ABC"));
    assert!(matches("(?m)^b$", b"a\nb\nc"));
    assert!(!matches("^b$", b"a\nb\nc"));
}

#[test]
fn invalid_bytes_are_one_character() {
    assert!(matches("^.$", b"\xff"));
    assert!(matches("^[^a]{2}$", b"\xff\xc3"));
    assert!(matches("^\u{fffd}$", b"\xff"));
    let mut regex = Regex::new(b"b").expect("a pattern");
    assert_eq!(regex.find_all(b"\xffb", 9)[0][0], Some((1, 2)));
}

#[test]
fn what_go_refuses() {
    let cases = [
        ("a**", ErrorKind::InvalidRepeatOperator, "**"),
        ("a{2}{3}", ErrorKind::InvalidRepeatOperator, "{2}{3}"),
        ("*", ErrorKind::MissingRepeatArgument, "*"),
        ("a|*", ErrorKind::MissingRepeatArgument, "*"),
        ("(a", ErrorKind::MissingParen, "(a"),
        ("a)", ErrorKind::UnexpectedParen, "a)"),
        ("[a", ErrorKind::MissingBracket, "[a"),
        ("[b-a]", ErrorKind::InvalidCharRange, "b-a"),
        (r"\p{Garay}", ErrorKind::InvalidCharRange, r"\p{Garay}"),
        (r"\q", ErrorKind::InvalidEscape, r"\q"),
        (r"\1", ErrorKind::InvalidEscape, r"\1"),
        ("a\\", ErrorKind::TrailingBackslash, ""),
        ("a{1001}", ErrorKind::InvalidRepeatSize, "{1001}"),
        ("(a{100}){11}", ErrorKind::InvalidRepeatSize, "{11}"),
        ("(?x)a", ErrorKind::InvalidPerlOperator, "(?x"),
        ("(?P<1-a>b)", ErrorKind::InvalidNamedCapture, "(?P<1-a>"),
    ];
    for (pattern, kind, part) in cases {
        let Err(error) = Regex::new(pattern.as_bytes()) else { panic!("{pattern} is refused by Go") };
        assert_eq!((error.kind, &*error.part), (kind, part.as_bytes()), "{pattern}");
        assert!(!Regex::is_valid(pattern.as_bytes()));
    }
    assert!(Regex::new(b"a{,2}").is_ok());
    assert!(Regex::new(b"(a{0,1000}){1}").is_ok());
    assert!(Regex::new(b"(?P<n>a)(?P<n>b)").is_ok());
}

#[test]
fn deep_and_large_patterns_are_refused() {
    let deep = "(".repeat(100_000);
    assert_eq!(Regex::new(deep.as_bytes()).err().expect("an error").kind, ErrorKind::NestingDepth);
    let starred = |depth| alloc::format!("{}a{}", "(".repeat(depth), ")*".repeat(depth));
    assert_eq!(Regex::new(starred(600).as_bytes()).err().expect("an error").kind, ErrorKind::NestingDepth);
    assert!(Regex::new(starred(400).as_bytes()).is_ok());
}

#[test]
fn groups_that_take_no_part_are_empty() {
    let mut regex = Regex::new(b"(x){0}a(b)?").expect("a pattern");
    assert_eq!(regex.find_all(b"a", 9)[0], [Some((0, 1)), None, None]);
}

#[test]
fn split_and_replace() {
    let mut comma = Regex::new(b",").expect("a pattern");
    assert_eq!(comma.split(b"a,b,"), [(0, 1), (2, 3), (4, 4)]);
    assert_eq!(comma.split(b""), [(0, 0)]);
    let mut empty = Regex::new(b"x*").expect("a pattern");
    assert_eq!(empty.split(b"axb"), [(0, 1), (2, 3)]);
    assert_eq!(empty.replace_all(b"axb", b"-"), b"-a-b-");
    let mut words = Regex::new(br"(?P<first>\w+) (\w+)").expect("a pattern");
    assert_eq!(words.replace_all(b"one two", b"$2 ${first}$$ $1x $"), b"two one$  $");
}

#[test]
fn tables_answer_as_the_engine() {
    let patterns = [
        "",
        "a",
        "^a",
        "a$",
        "^a$",
        "^$",
        "$",
        "a|b*c",
        "(?i)straße",
        "^[a-z0-9]([-a-z0-9]{0,40}[a-z0-9])?$",
        r"\bfoo\b",
        r"\Bo",
        "(?m)^b$",
        "(?s)a.b",
        "a.b",
        "[^a]",
        r"\d{2,4}-\w+",
        r"\pL+",
        r"\x{fffd}",
        "(a+)+$",
        "^(?:.*/)?x$",
        r"\z",
        r"\A",
    ];
    let texts: &[&[u8]] = &[
        b"",
        b"a",
        b"b",
        b"ab",
        b"ba",
        b"bc",
        b"foo",
        b"a foo!",
        b"food",
        b"a\nb",
        b"a\nb\n",
        "a\u{e9}b".as_bytes(),
        b"web-0",
        b"-web",
        b"12-x",
        "STRA\u{df}E".as_bytes(),
        b"a\xffb",
        b"\xff",
        b"\xe2\x82",
        b"dir/x",
        b"aaaaaaaaaaaaaaaaaaaaaaaa!",
        "\u{3b1}".as_bytes(),
    ];
    for pattern in patterns {
        for text in texts {
            let _answer = matches(pattern, text);
        }
    }
}

#[test]
fn what_is_no_pattern_or_too_large_has_no_table() {
    for pattern in ["(", "a**", "[z-a]"] {
        assert!(table::make(pattern.as_bytes(), usize::MAX).is_none(), "{pattern}");
    }
    assert!(table::make(b"(a|b)*a(a|b){14}", 1 << 14).is_none());
    assert!(table::make(br"\pL{1000}", usize::MAX).is_none());
    assert!(table::make(b"a", 10).is_none());
}
