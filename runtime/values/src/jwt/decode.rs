//! `io.jwt.decode`: a token's parts, nothing verified.

use data_encoding::HEXLOWER;

use super::{Token, claims};
use crate::builtins::encoding::decode_base64url;
use crate::{Array, Value};

/// The header, the payload and the signature, in hexadecimal. Of a token in a token (`cty` is `JWT`) those of the inner one.
pub(crate) fn decode(token: Value) -> Option<Value> {
    let mut token = Token::of_operand(token)?;
    loop {
        let header = token.header()?;
        let payload = token.payload()?;
        if header.get(Value::string(b"cty")).as_str() == Some(b"JWT") {
            // Some write the inner token as a JSON string.
            let is_quote = |byte: &u8| matches!(byte, b'"' | b'\'');
            let start = payload.iter().position(|byte| !is_quote(byte)).unwrap_or(payload.len());
            let end = payload.iter().rposition(|byte| !is_quote(byte)).map_or(start, |last| last + 1);
            token = Token::of_operand(Value::string(payload.get(start..end).unwrap_or_default()))?;
            continue;
        }
        let payload = claims(&payload)?;
        let signature = decode_base64url("JWT signature had invalid encoding: ", token.signature)?;
        let signature = Value::string(HEXLOWER.encode(&signature).as_bytes());
        return Some([header.into(), payload.into(), signature].into_iter().collect::<Array>().into());
    }
}
