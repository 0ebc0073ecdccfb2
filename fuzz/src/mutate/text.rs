//! Changes of texts of languages: whole words, lines and brackets move, are repeated and replaced.

use regoc_abi::builtins::BUILTINS;

use super::{Random, bytes};

/// What a Rego text is made of, besides names of builtins.
const WORDS: &[&str] = &[
    "package p\n",
    "import rego.v1\n",
    "import data.a as b\n",
    "import future.keywords\n",
    "import input.x\n",
    "default ",
    "default p := 1\n",
    "default f(_) := 1\n",
    " as ",
    " if ",
    " contains ",
    " in ",
    " not ",
    " else := 1 ",
    " else ",
    " some x ",
    " some k, v in ",
    " every x in [1] { ",
    " with input as ",
    " with data.p as ",
    " with input.x as ",
    " with count as ",
    "data",
    "input",
    "null",
    "true",
    "false",
    "set()",
    "_",
    "x",
    "y",
    "f(x)",
    "p.q.r",
    "data.p",
    "data[x]",
    "input[_]",
    "[x | x := 1]",
    "{x | x := 1}",
    "{x: y | x := 1; y := 2}",
    "{\"a\": 1}",
    "{1, 2}",
    "[1, 2]",
    ":=",
    "==",
    "!=",
    "<=",
    ">=",
    "<",
    ">",
    "=",
    "+",
    "-",
    "*",
    "/",
    "%",
    "&",
    "|",
    ",",
    ";",
    ":",
    ".",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "\n",
    "#",
    "\t",
    "\"a\"",
    "`raw`",
    "$\"a {x} b\"",
    "$`{x}`",
    "\"\\u0041\"",
    "\"\\ud800\"",
    "0",
    "1",
    "-1",
    "1.5",
    "1e400",
    "1e-400",
    "9223372036854775808",
    "0.1",
    "# METADATA\n",
    "# scope: document\n",
    "# schemas:\n#   - input: schema.x\n",
    "# entrypoint: true\n",
    "test_a if ",
    "todo_test_a if ",
    "and",
    "or",
    "print(x)",
    "\u{e4}",
    "\u{feff}",
];

/// The ends of the tokens of a text, more or less as Rego's lexer sees them.
fn ends(text: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut characters = text.char_indices().peekable();
    while let Some((_, first)) = characters.next() {
        let class = |character: char| match character {
            'a'..='z' | 'A'..='Z' | '_' | '0'..='9' => 1,
            ' ' | '\t' => 2,
            ':' | '=' | '<' | '>' | '!' => 3,
            _ => 0,
        };
        if first == '"' || first == '`' {
            let mut escaped = false;
            for (_, next) in characters.by_ref() {
                if next == first && !escaped || next == '\n' {
                    break;
                }
                escaped = next == '\\' && !escaped;
            }
        } else if class(first) != 0 {
            while characters.next_if(|(_, next)| class(*next) == class(first)).is_some() {}
        }
        ends.push(characters.peek().map_or(text.len(), |(at, _)| *at));
    }
    ends
}

/// The tokens of a text.
fn tokens(text: &str) -> Vec<&str> {
    let mut start = 0;
    ends(text).into_iter().map(|end| &text[std::mem::replace(&mut start, end)..end]).collect()
}

/// A word that the language knows.
fn word(random: &mut Random) -> &'static str {
    if random.below(4) == 0 {
        return random.pick(BUILTINS).map_or("", |builtin| builtin.name);
    }
    random.pick(WORDS).unwrap_or("")
}

/// A text in UTF-8, changed; `None` when it is none.
#[must_use]
pub fn change(text: &[u8], random: &mut Random) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(text).ok()?;
    let mut tokens: Vec<String> = tokens(text).into_iter().map(str::to_owned).collect();
    for _ in 0..=random.below(4) {
        change_once(&mut tokens, random);
    }
    Some(tokens.concat().into_bytes())
}

/// The same for a text behind a byte that is kept.
#[must_use]
pub fn change_behind_first_byte(input: &[u8], random: &mut Random) -> Option<Vec<u8>> {
    let (first, text) = input.split_first()?;
    Some([&[*first], &change(text, random)?[..]].concat())
}

fn change_once(tokens: &mut Vec<String>, random: &mut Random) {
    if tokens.is_empty() {
        return tokens.push(word(random).to_owned());
    }
    let at = random.below(tokens.len());
    let length = 1 + random.below(12.min(tokens.len() - at));
    let end = (at + length).min(tokens.len());
    match random.below(9) {
        0 => tokens[at] = word(random).to_owned(),
        1 => tokens.insert(at, word(random).to_owned()),
        2 => tokens[at] = tokens[random.below(tokens.len())].clone(),
        3 => drop(tokens.drain(at..end)),
        4 => {
            let copy = tokens[at..end].to_vec();
            let to = random.below(tokens.len());
            tokens.splice(to..to, copy);
        }
        5 => {
            let other = random.below(tokens.len());
            tokens.swap(at, other);
        }
        6 => tokens[at] = String::from_utf8_lossy(&bytes(tokens[at].as_bytes(), 4)).into_owned(),
        7 => wrap(tokens, at, end, random),
        _ => {
            let times = random.times(9);
            let copy = tokens[at..end].to_vec();
            (0..times).for_each(|_| drop(tokens.splice(at..at, copy.clone())));
        }
    }
}

/// Puts brackets around some tokens, one pair or many.
fn wrap(tokens: &mut Vec<String>, at: usize, end: usize, random: &mut Random) {
    const PAIRS: [(&str, &str); 7] =
        [("(", ")"), ("[", "]"), ("{", "}"), ("{1: ", "}"), ("not ", ""), ("[x | x := ", "]"), ("f(", ")")];
    let Some((open, close)) = random.pick(&PAIRS) else { return };
    let times = random.times(10);
    tokens.insert(end, close.repeat(times));
    tokens.insert(at, open.repeat(times));
}
