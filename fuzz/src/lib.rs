//! What the targets share: how bytes are read as what they ask, and how they are changed. Knows nothing of what they test.

pub mod archive;
pub mod mutate;
pub mod small_modules;

use regoc_abi::builtins::{BUILTINS, Builtin, Placement};
use regoc_compiler::source::RegoVersion;
use regoc_values::{Value, syntax};

/// What stands between the modules of one input of `compile`.
pub const BETWEEN_MODULES: &str = "\n--\n";

/// What stands between the operands of one input of `builtins`. No text in UTF-8 holds it.
pub const BETWEEN_OPERANDS: u8 = 0xFF;

/// The first letter of an operand that is a string: the bytes behind it. Any other operand is written in value syntax.
pub const STRING: u8 = b's';

const VERSIONS: [RegoVersion; 4] = [RegoVersion::V0, RegoVersion::V1, RegoVersion::V0CompatV1, RegoVersion::V2];

/// A first byte that names a version, and a text.
#[must_use]
pub fn version_and_text(input: &[u8]) -> Option<(RegoVersion, &str)> {
    let (version, text) = input.split_first()?;
    Some((*VERSIONS.get(usize::from(*version) % VERSIONS.len())?, std::str::from_utf8(text).ok()?))
}

/// The operands of a call. What is no value is a string, so that no input is refused.
#[must_use]
pub fn operands(input: &[u8]) -> Vec<Value> {
    let operand = |bytes: &[u8]| match bytes.split_first() {
        Some((&STRING, text)) => Value::string(text),
        _ => syntax::parse(bytes).unwrap_or_else(|_| Value::string(bytes)),
    };
    input.split(|byte| *byte == BETWEEN_OPERANDS).map(operand).collect()
}

/// The builtins of a category that the guest library answers; of all categories without a name.
#[must_use]
pub fn family(name: Option<&str>) -> Vec<&'static Builtin> {
    let inside = BUILTINS.iter().filter(|builtin| builtin.placement == Placement::Guest);
    inside.filter(|builtin| name.is_none_or(|name| name == builtin.category)).collect()
}

/// Whether the answer is as long as a number of the operands says. Only a module's limits end such a call, and here there are none.
#[must_use]
pub fn is_endless(builtin: &str, operands: &[Value]) -> bool {
    let text = |operand: &Value| {
        String::from_utf8_lossy(operand.as_str().unwrap_or_else(|| syntax::write(*operand))).into_owned()
    };
    match builtin {
        "numbers.range" | "numbers.range_step" => {
            operands.iter().any(|operand| text(operand).parse::<f64>().is_ok_and(|number| number.abs() > 10_000.0))
        }
        "net.cidr_expand" => operands.iter().any(|operand| {
            let text = text(operand);
            let Some((address, length)) = text.rsplit_once('/') else { return false };
            let bits = if address.contains(':') { 128 } else { 32 };
            length.parse().is_ok_and(|length: u32| length + 12 < bits)
        }),
        _ => false,
    }
}
