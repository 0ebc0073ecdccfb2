//! Makes a policy that shows a difference as small as it can be: leaves out what is not needed for a difference of the same kind.
//! Works on text, so that it can shrink whatever a text may hold; what does not compile any more shows another difference.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::Policy;
use super::tokens::{Kind, Token, blocks, groups, join, lines, tokens};

/// How long shrinking may take.
const TIME: Duration = Duration::from_secs(20);

/// The smallest policy found that still has what `shows` looks for.
pub fn shrink(policy: Policy, shows: impl FnMut(&Policy) -> bool) -> Policy {
    let mut shrinking = Shrinking { policy, shows, end: Instant::now() + TIME };
    loop {
        let before = shrinking.policy.clone();
        shrinking.inputs();
        shrinking.modules();
        shrinking.documents();
        for module in 0..shrinking.policy.modules.len() {
            shrinking.text(module);
        }
        if shrinking.policy == before || shrinking.is_late() {
            return shrinking.policy;
        }
    }
}

struct Shrinking<S> {
    policy: Policy,
    shows: S,
    end: Instant,
}

impl<S: FnMut(&Policy) -> bool> Shrinking<S> {
    fn is_late(&self) -> bool {
        Instant::now() > self.end
    }

    /// Takes the policy if it still shows the difference.
    fn offer(&mut self, policy: Policy) -> bool {
        if self.is_late() || policy == self.policy || !(self.shows)(&policy) {
            return false;
        }
        self.policy = policy;
        true
    }

    fn inputs(&mut self) {
        for input in self.policy.inputs.clone() {
            if self.policy.inputs.len() > 1 && self.offer(Policy { inputs: vec![input], ..self.policy.clone() }) {
                break;
            }
        }
        self.offer(Policy { inputs: vec![None], ..self.policy.clone() });
    }

    fn modules(&mut self) {
        let mut at = 0;
        while at < self.policy.modules.len() && self.policy.modules.len() > 1 {
            let mut smaller = self.policy.clone();
            smaller.modules.remove(at);
            if !self.offer(smaller) {
                at += 1;
            }
        }
    }

    fn documents(&mut self) {
        let with_data = |policy: &Policy, text: String| Policy { data: text, ..policy.clone() };
        self.document(self.policy.data.clone(), with_data);
        for at in 0..self.policy.inputs.len() {
            let Some(text) = self.policy.inputs[at].clone() else { continue };
            self.document(text, move |policy: &Policy, text: String| {
                let mut policy = policy.clone();
                policy.inputs[at] = Some(text);
                policy
            });
        }
    }

    fn document(&mut self, text: String, with: impl Fn(&Policy, String) -> Policy) {
        let Ok(mut value) = serde_json::from_str::<Value>(&text) else { return };
        let mut skipped = 0;
        while let Some(smaller) = smaller(&value, &mut { skipped }) {
            if self.is_late() {
                return;
            }
            match self.offer(with(&self.policy, smaller.to_string())) {
                true => value = smaller,
                false => skipped += 1,
            }
        }
    }

    fn text(&mut self, module: usize) {
        self.ranges(module, |tokens| blocks(tokens).into_iter().skip(1).map(|it| (it.start, it.end)).collect());
        self.ranges(module, |tokens| lines(tokens).into_iter().map(|it| (it.start, it.end)).collect());
        self.ranges(module, |tokens| groups(tokens).into_iter().map(|(start, end)| (start, end + 1)).collect());
        self.ranges(module, |tokens| groups(tokens).into_iter().map(|(start, end)| (start + 1, end)).collect());
        self.ranges(module, |tokens| {
            tokens.windows(2).enumerate().filter(|(_, it)| it[0].text == ".").map(|(at, _)| (at, at + 2)).collect()
        });
        for width in [12, 8, 6, 5, 4, 3, 2, 1] {
            self.ranges(module, |tokens| (0..tokens.len()).map(|at| (at, (at + width).min(tokens.len()))).collect());
        }
        self.replacements(module);
    }

    fn with_text(&self, module: usize, text: String) -> Policy {
        let mut policy = self.policy.clone();
        policy.modules[module].1 = text;
        policy
    }

    /// Leaves out ranges of tokens, from the end to the start.
    fn ranges(&mut self, module: usize, find: impl Fn(&[Token<'_>]) -> Vec<(usize, usize)>) {
        let text = self.policy.modules[module].1.clone();
        let mut ranges = find(&tokens(&text));
        while let Some((start, end)) = ranges.pop() {
            if self.is_late() {
                return;
            }
            let text = self.policy.modules[module].1.clone();
            let tokens = tokens(&text);
            // Space alone is left: it keeps what is found readable.
            let is_empty = |token: &Token<'_>| matches!(token.kind, Kind::Line | Kind::Space);
            if start >= end || end > tokens.len() || tokens[start..end].iter().all(is_empty) {
                continue;
            }
            let smaller = join(&tokens[..start]) + &join(&tokens[end..]);
            if self.offer(self.with_text(module, smaller)) {
                ranges = find(&self::tokens(&self.policy.modules[module].1));
                ranges.retain(|range| range.0 < start);
            }
        }
    }

    /// Puts what is simple in the place of what is not: brackets without their content, numbers, strings.
    fn replacements(&mut self, module: usize) {
        let mut at = 0;
        loop {
            let text = self.policy.modules[module].1.clone();
            let tokens = tokens(&text);
            let Some(token) = tokens.get(at) else { return };
            let group = groups(&tokens).into_iter().find(|(start, _)| *start == at);
            let (end, simple): (usize, &[&str]) = match (token.kind, group) {
                (Kind::Open, Some((_, end))) => (end + 1, &["1", "[]", "x"]),
                (Kind::Number, _) if token.text != "1" => (at + 1, &["1"]),
                (Kind::Text, _) if token.text != "\"a\"" => (at + 1, &["\"a\"", "1"]),
                _ => (at, &[]),
            };
            for simple in simple {
                let text = join(&tokens[..at]) + simple + &join(&tokens[end..]);
                if text.len() < join(&tokens).len() && self.offer(self.with_text(module, text)) {
                    break;
                }
            }
            at += 1;
        }
    }
}

/// The value with one part left out or made simple: that of the number `skipped`, counted from the top.
fn smaller(value: &Value, skipped: &mut usize) -> Option<Value> {
    let mut is_next = || match *skipped {
        0 => true,
        _ => {
            *skipped -= 1;
            false
        }
    };
    match value {
        Value::Array(items) => {
            for at in 0..items.len() {
                if is_next() {
                    let mut items = items.clone();
                    items.remove(at);
                    return Some(Value::Array(items));
                }
            }
            for (at, item) in items.iter().enumerate() {
                if let Some(item) = smaller(item, skipped) {
                    let mut items = items.clone();
                    items[at] = item;
                    return Some(Value::Array(items));
                }
            }
            None
        }
        Value::Object(entries) => {
            for key in entries.keys() {
                if is_next() {
                    let mut entries = entries.clone();
                    entries.remove(key);
                    return Some(Value::Object(entries));
                }
            }
            for (key, item) in entries {
                if let Some(item) = smaller(item, skipped) {
                    let mut entries = entries.clone();
                    entries.insert(key.clone(), item);
                    return Some(Value::Object(entries));
                }
            }
            None
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use regoc_compiler::source::RegoVersion;

    use super::*;

    #[test]
    fn what_is_not_needed_goes() {
        let policy = Policy {
            version: RegoVersion::V1,
            modules: vec![
                ("a.rego".to_owned(), "package a\n\np := 1\n\nq if {\n\tneedle(x, 2)\n\tp\n}\n".to_owned()),
                ("b.rego".to_owned(), "package b\n".to_owned()),
            ],
            data: r#"{"a": {"key": [1, 2]}, "b": 1}"#.to_owned(),
            inputs: vec![Some("1".to_owned()), None],
            origin: "test",
        };
        let small = shrink(policy, |it| it.modules[0].1.contains("needle") && it.data.contains("key"));
        // Space is left, so that what is found stays readable.
        let modules: Vec<(&str, &str)> =
            small.modules.iter().map(|(name, text)| (name.as_str(), text.trim())).collect();
        assert_eq!(modules, [("a.rego", "needle")]);
        assert_eq!(small.data, r#"{"a":{"key":[]}}"#);
        assert_eq!(small.inputs, [None]);
    }
}
