//! Reads a capabilities file of OPA: which builtins and features a policy may use.

use std::collections::BTreeMap;

use regoc_abi::builtins::{self, Placement};
use regoc_compiler::capabilities::{Builtin, BuiltinType, Capabilities};
use regoc_compiler::syntax::ast::Name;
use serde_json::Value;

use crate::files::read_text;
use crate::json;

/// The capabilities of a file, or all there are.
///
/// # Errors
///
/// When the file cannot be read or does not say what a capabilities file says.
pub(crate) fn load(path: Option<&str>) -> Result<Capabilities, String> {
    let Some(path) = path else { return Ok(Capabilities::default()) };
    parse(&read_text(path)?).map_err(|error| format!("{path}: {error}"))
}

fn parse(text: &str) -> Result<Capabilities, String> {
    let file = json::parse(text)?;
    let list = |name: &str| file.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let words = |name: &str| list(name).iter().filter_map(Value::as_str).map(str::to_owned);
    let mut builtins = BTreeMap::new();
    for entry in list("builtins") {
        let builtin = builtin(entry)?;
        builtins.insert(builtin.name.clone(), builtin);
    }
    Ok(Capabilities {
        builtins,
        future_keywords: words("future_keywords").collect(),
        features: words("features").collect(),
        allow_net: file.get("allow_net").map(|_| words("allow_net").collect()),
    })
}

fn builtin(entry: &Value) -> Result<Builtin, String> {
    let name = entry.get("name").and_then(Value::as_str).ok_or("a builtin without a name")?;
    let wrong = |what: &str| format!("builtin `{name}`: {what}");
    let declaration = entry.get("decl").ok_or_else(|| wrong("no declaration"))?;
    let params = declaration.get("args").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let flag = |name: &str| entry.get(name).and_then(Value::as_bool).unwrap_or_default();
    Ok(Builtin {
        name: Name::from(name),
        infix: entry.get("infix").and_then(Value::as_str).map(Name::from),
        params: params.iter().map(type_of).collect::<Result<_, _>>().map_err(|error| wrong(&error))?,
        variadic: declaration.get("variadic").map(type_of).transpose().map_err(|error| wrong(&error))?,
        result: declaration.get("result").map(type_of).transpose().map_err(|error| wrong(&error))?,
        // A builtin that OPA does not have is the embedder's.
        placement: builtins::find(name).map_or(Placement::Host, |row| row.placement),
        nondeterministic: flag("nondeterministic"),
        relation: flag("relation"),
        deprecated: builtins::find(name).is_some_and(|row| row.deprecated) || flag("deprecated"),
    })
}

/// A type as OPA writes it: `{"type": "array", "dynamic": {"type": "string"}}`.
fn type_of(entry: &Value) -> Result<BuiltinType, String> {
    let inner = |name: &str| entry.get(name).map(type_of).transpose();
    let list = |name: &str| entry.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let types = |name: &str| list(name).iter().map(type_of).collect::<Result<Vec<_>, _>>();
    match entry.get("type").and_then(Value::as_str) {
        Some("any") if entry.get("of").is_none() => Ok(BuiltinType::Any),
        Some("any") => Ok(BuiltinType::Union(types("of")?)),
        Some("null") => Ok(BuiltinType::Null),
        Some("boolean") => Ok(BuiltinType::Boolean),
        Some("number") => Ok(BuiltinType::Number),
        Some("string") => Ok(BuiltinType::String),
        Some("array") => Ok(BuiltinType::Array(types("static")?, inner("dynamic")?.map(Box::new))),
        Some("set") => Ok(BuiltinType::Set(Box::new(inner("of")?.unwrap_or(BuiltinType::Any)))),
        Some("object") => {
            let property = |entry: &Value| {
                let key = entry.get("key").and_then(Value::as_str).ok_or("a property without a key")?;
                Ok::<_, String>((Name::from(key), type_of(entry.get("value").ok_or("a property without a type")?)?))
            };
            let fixed = list("static").iter().map(property).collect::<Result<_, _>>()?;
            let rest = match entry.get("dynamic") {
                None => None,
                Some(rest) => {
                    let part = |name: &str| rest.get(name).map_or(Ok(BuiltinType::Any), type_of);
                    Some(Box::new((part("key")?, part("value")?)))
                }
            };
            Ok(BuiltinType::Object(fixed, rest))
        }
        other => Err(format!("unknown type {other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use regoc_abi::builtins::Placement;
    use regoc_compiler::capabilities::Capabilities;
    use regoc_compiler::syntax::ast::Name;

    use super::parse;

    #[test]
    fn a_builtin_of_the_embedder_is_the_host_s() {
        let text = r#"{"builtins": [{"name": "my.f", "decl": {"type": "function", "args": [{"type": "number"}], "result": {"type": "any"}}},
            {"name": "count", "decl": {"args": [{"of": [{"type": "string"}], "type": "any"}], "result": {"type": "number"}}}],
            "features": ["rego_v1"], "allow_net": []}"#;
        let capabilities = parse(text).unwrap_or_default();
        let placement = |name: &str| capabilities.builtins.get(&Name::from(name)).map(|builtin| builtin.placement);
        assert_eq!(placement("my.f"), Some(Placement::Host));
        assert_eq!(
            placement("count"),
            Capabilities::default().builtins.get(&Name::from("count")).map(|row| row.placement)
        );
        assert_eq!(capabilities.allow_net, Some(Vec::new()));
        assert!(parse("[").is_err() && parse(r#"{"builtins": [{"name": "x"}]}"#).is_err());
    }
}
