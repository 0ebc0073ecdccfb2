//! Delta bundles: the changes of data that a `patch.json` lists (OPA's `v1/bundle`, "Delta Bundle File Format").
//!
//! Changes documents, and knows nothing of where they come from.

use serde_json::{Map, Value};

use crate::json;

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Operation {
    change: Change,
    /// The keys that lead to what is changed; at least one.
    path: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
enum Change {
    /// Adds or replaces, and makes objects on the way.
    Upsert(Value),
    /// Replaces what is there.
    Replace(Value),
    /// Removes what is there.
    Remove,
}

impl Operation {
    /// The path without its first slash, as messages show it.
    pub(crate) fn path(&self) -> String {
        self.path.join("/")
    }

    /// Makes the change.
    ///
    /// # Errors
    /// When nothing is there to be replaced or removed, or the path leads through what holds nothing.
    pub(crate) fn apply(self, data: &mut Map<String, Value>) -> Result<(), String> {
        let shown = self.path();
        let missing = || format!("document does not exist: /{shown}");
        let (last, parents) = self.path.split_last().ok_or_else(missing)?;
        let mut root = Value::Object(std::mem::take(data));
        let result = parent(&mut root, parents, matches!(self.change, Change::Upsert(_)))
            .ok_or_else(missing)
            .and_then(|parent| change(parent, last, self.change).ok_or_else(missing));
        if let Value::Object(changed) = root {
            *data = changed;
        }
        result
    }
}

/// What lies at a path; objects are made on the way if that is wanted.
fn parent<'v>(root: &'v mut Value, path: &[String], make: bool) -> Option<&'v mut Value> {
    path.iter().try_fold(root, |value, key| match value {
        Value::Object(entries) => {
            if make && !entries.contains_key(key) {
                entries.insert(key.clone(), Value::Object(Map::new()));
            }
            entries.get_mut(key)
        }
        Value::Array(items) => items.get_mut(index(key)?),
        _ => None,
    })
}

/// Changes an element of a collection; none when it is not there, or cannot be.
fn change(parent: &mut Value, key: &str, change: Change) -> Option<()> {
    match (parent, change) {
        (Value::Object(entries), Change::Upsert(value)) => {
            entries.insert(key.to_owned(), value);
        }
        (Value::Object(entries), Change::Replace(value)) => *entries.get_mut(key)? = value,
        (Value::Object(entries), Change::Remove) => {
            entries.shift_remove(key)?;
        }
        (Value::Array(items), Change::Upsert(value)) => {
            let at = if key == "-" { items.len() } else { index(key).filter(|at| *at <= items.len())? };
            items.insert(at, value);
        }
        (Value::Array(items), Change::Replace(value)) => *items.get_mut(index(key)?)? = value,
        (Value::Array(items), Change::Remove) => {
            let at = index(key).filter(|at| *at < items.len())?;
            items.remove(at);
        }
        _ => return None,
    }
    Some(())
}

fn index(key: &str) -> Option<usize> {
    key.parse().ok()
}

/// Reads the changes of a `patch.json`.
///
/// # Errors
/// When it is none.
pub(crate) fn parse(text: &[u8]) -> Result<Vec<Operation>, String> {
    let text = std::str::from_utf8(text).map_err(|_| "the patch is not UTF-8".to_owned())?;
    match json::parse(text)? {
        Value::Object(mut fields) => match fields.swap_remove("data") {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(operations)) => operations.into_iter().map(operation).collect(),
            Some(_) => Err("`data` is not a list of changes".to_owned()),
        },
        _ => Err("the patch is not an object".to_owned()),
    }
}

fn operation(json: Value) -> Result<Operation, String> {
    let field = |name: &str| json.get(name).and_then(Value::as_str).unwrap_or_default();
    let path = field("path").trim_matches('/');
    if path.is_empty() {
        return Err("a change has no path; data cannot be replaced as a whole".to_owned());
    }
    // As in JSON Patch, `~1` is a slash in a key and `~0` a tilde.
    let path = path.split('/').map(|key| key.replace("~1", "/").replace("~0", "~")).collect();
    let value = || json.get("value").cloned().unwrap_or_default();
    let change = match field("op") {
        "upsert" => Change::Upsert(value()),
        "replace" => Change::Replace(value()),
        "remove" => Change::Remove,
        other => return Err(format!("bad patch operation: {other}")),
    };
    Ok(Operation { change, path })
}
