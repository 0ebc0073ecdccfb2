//! Header fields as Go's `net/http` keeps them: by canonical names, each with its values in their order.

use std::collections::BTreeMap;

/// Header fields, by canonical name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Headers {
    fields: BTreeMap<String, Vec<String>>,
}

impl Headers {
    /// Adds a value.
    pub(super) fn add(&mut self, name: &str, value: impl Into<String>) {
        self.fields.entry(canonical(name)).or_default().push(value.into());
    }

    /// Replaces all values.
    pub(super) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.fields.insert(canonical(name), vec![value.into()]);
    }

    /// Replaces all values by several.
    pub(super) fn set_all(&mut self, name: &str, values: Vec<String>) {
        self.fields.insert(canonical(name), values);
    }

    /// Takes a field out.
    pub(super) fn remove(&mut self, name: &str) -> Option<Vec<String>> {
        self.fields.remove(&canonical(name))
    }

    /// The first value, or an empty text.
    pub(super) fn get(&self, name: &str) -> &str {
        self.values(name).first().map_or("", String::as_str)
    }

    /// All values.
    pub(super) fn values(&self, name: &str) -> &[String] {
        self.fields.get(&canonical(name)).map_or(&[], Vec::as_slice)
    }

    /// Whether there is a field.
    pub(super) fn has(&self, name: &str) -> bool {
        self.fields.contains_key(&canonical(name))
    }

    /// The fields in the order of their names.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.fields.iter().map(|(name, values)| (name.as_str(), values.as_slice()))
    }

    /// Their size in bytes, about.
    pub(super) fn size(&self) -> usize {
        self.iter().map(|(name, values)| name.len() + values.iter().map(String::len).sum::<usize>()).sum()
    }

    /// The directives of `Cache-Control`, each with its value or an empty text, as OPA reads them.
    pub(super) fn cache_control(&self) -> BTreeMap<&str, &str> {
        let parts =
            self.get("Cache-Control").split(',').map(|part| part.trim_matches(' ')).filter(|part| !part.is_empty());
        parts
            .filter_map(|part| match part.split_once('=') {
                Some((_, value)) if value.contains('=') => None,
                Some((name, value)) => Some((name.trim_matches(' '), value)),
                None => Some((part, "")),
            })
            .collect()
    }
}

/// The canonical form of a name: each word between hyphens begins with a capital letter. A name that no field can have stays as it is.
pub(super) fn canonical(name: &str) -> String {
    if !is_token(name) {
        return name.to_owned();
    }
    let mut upper = true;
    name.chars()
        .map(|letter| {
            let letter = if upper { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() };
            upper = letter == '-';
            letter
        })
        .collect()
}

/// Whether a text is a token (RFC 9110, section 5.6.2), as names and methods are.
pub(super) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Whether a text can be the value of a field: no control characters but tabs.
pub(super) fn is_value(text: &str) -> bool {
    text.bytes().all(|byte| byte == b'\t' || (byte >= b' ' && byte != 0x7f))
}

#[cfg(test)]
mod tests {
    use super::{Headers, canonical};

    #[test]
    fn names_are_canonical() {
        assert_eq!(canonical("content-TYPE"), "Content-Type");
        assert_eq!(canonical("x--y"), "X--Y");
        assert_eq!(canonical("a b"), "a b");
        assert_eq!(canonical(""), "");
    }

    #[test]
    fn directives() {
        let mut headers = Headers::default();
        headers.set("cache-control", "max-age=1, no-store,a=b=c, s = 2");
        let directives: Vec<_> = headers.cache_control().into_iter().collect();
        assert_eq!(directives, [("max-age", "1"), ("no-store", ""), ("s", " 2")]);
    }
}
