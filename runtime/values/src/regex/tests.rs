//! Go's answers, most of them found by asking it.

use alloc::string::String;
use alloc::vec::Vec;

use super::{ErrorKind, Regex};

fn matches(pattern: &str, text: &[u8]) -> bool {
    Regex::new(pattern.as_bytes()).expect(pattern).is_match(text)
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
