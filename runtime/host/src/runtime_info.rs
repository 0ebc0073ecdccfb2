//! What a policy may see of the runtime: `opa.runtime` without the credentials in the configuration.

use crate::call::BuiltinError;
use crate::value::Value;

/// The same without the credentials of services and without keys.
///
/// # Errors
///
/// As OPA, when the configuration has another form than it can have.
pub(crate) fn redacted(mut runtime: Value) -> Result<Value, BuiltinError> {
    let Some(config @ Value::Object(_)) = entry(&mut runtime, "config") else { return Ok(runtime) };
    match entry(config, "services") {
        None | Some(Value::Null) => {}
        Some(Value::Array(services)) => {
            services.iter_mut().try_for_each(|service| remove(service, &["credentials"]))?;
        }
        Some(Value::Object(services)) => {
            services.iter_mut().try_for_each(|(_, service)| remove(service, &["credentials"]))?;
        }
        Some(other) => return Err(BuiltinError::failed(format!("illegal service config type: {}", go_type(other)))),
    }
    match entry(config, "keys") {
        None | Some(Value::Null) => {}
        Some(Value::Object(keys)) => keys.iter_mut().try_for_each(|(_, key)| remove(key, &["key", "private_key"]))?,
        Some(other) => return Err(BuiltinError::failed(format!("illegal keys config type: {}", go_type(other)))),
    }
    Ok(runtime)
}

fn entry<'a>(object: &'a mut Value, name: &str) -> Option<&'a mut Value> {
    let Value::Object(entries) = object else { return None };
    entries.iter_mut().find(|(key, _)| key.as_str() == Some(name)).map(|(_, value)| value)
}

fn remove(object: &mut Value, names: &[&str]) -> Result<(), BuiltinError> {
    let Value::Object(entries) = object else { return Err(BuiltinError::failed("type assertion error")) };
    entries.retain(|(key, _)| !key.as_str().is_some_and(|key| names.contains(&key)));
    Ok(())
}

/// The type that Go gives a value of JSON.
fn go_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "<nil>",
        Value::Boolean(_) => "bool",
        Value::Number(_) => "json.Number",
        Value::String(_) | Value::Bytes(_) => "string",
        Value::Array(_) | Value::Set(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
    }
}

#[cfg(test)]
mod tests {
    use super::redacted;
    use crate::value::Value;

    #[test]
    fn credentials_and_keys_are_taken_out() {
        let redact = |text: &str| match redacted(Value::parse(text).unwrap_or(Value::Null)) {
            Ok(value) => value.to_text(),
            Err(error) => error.to_string(),
        };
        let services = r#"{"config":{"services":{"a":{"url":"u","credentials":{"bearer":{}}}},"keys":{"k":{"key":"s","private_key":"p","scope":"x"}}},"env":{}}"#;
        assert_eq!(
            redact(services),
            r#"{"config":{"services":{"a":{"url":"u"}},"keys":{"k":{"scope":"x"}}},"env":{}}"#
        );
        assert_eq!(redact(r#"{"config":{"services":[{"credentials":1}]}}"#), r#"{"config":{"services":[{}]}}"#);
        assert_eq!(redact(r#"{"config":{"services":1}}"#), "illegal service config type: json.Number");
        assert_eq!(redact(r#"{"config":{"keys":[]}}"#), "illegal keys config type: []interface {}");
        assert_eq!(redact(r#"{"config":{"keys":{"a":1}}}"#), "type assertion error");
        assert_eq!(redact(r#"{"config":1}"#), r#"{"config":1}"#);
        assert_eq!(redact("{}"), "{}");
    }
}
