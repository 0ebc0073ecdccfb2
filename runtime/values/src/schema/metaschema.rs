//! The metaschemas: what drafts 4, 6 and 7 say of a schema's keywords, without titles and defaults. A schema can refer to them; it is not
//! checked by them.

use super::node::Draft;
use crate::{Value, json};

macro_rules! draft_six {
    ($url:literal, $patterns:literal, $more:literal) => {
        concat!(
            r##"{"$schema":""##,
            $url,
            r##"#","$id":""##,
            $url,
            r##"#","definitions":{"schemaArray":{"type":"array","minItems":1,"items":{"$ref":"#"}},"##,
            r##""nonNegativeInteger":{"type":"integer","minimum":0},"##,
            r##""nonNegativeIntegerDefault0":{"allOf":[{"$ref":"#/definitions/nonNegativeInteger"},{"default":0}]},"##,
            r##""simpleTypes":{"enum":["array","boolean","integer","null","number","object","string"]},"##,
            r##""stringArray":{"type":"array","items":{"type":"string"},"uniqueItems":true}},"##,
            r##""type":["object","boolean"],"properties":{"$id":{"type":"string","format":"uri-reference"},"##,
            r##""$schema":{"type":"string","format":"uri"},"$ref":{"type":"string","format":"uri-reference"},"##,
            r##""title":{"type":"string"},"description":{"type":"string"},"default":{},"##,
            r##""examples":{"type":"array","items":{}},"multipleOf":{"type":"number","exclusiveMinimum":0},"##,
            r##""maximum":{"type":"number"},"exclusiveMaximum":{"type":"number"},"minimum":{"type":"number"},"##,
            r##""exclusiveMinimum":{"type":"number"},"maxLength":{"$ref":"#/definitions/nonNegativeInteger"},"##,
            r##""minLength":{"$ref":"#/definitions/nonNegativeIntegerDefault0"},"##,
            r##""pattern":{"type":"string","format":"regex"},"additionalItems":{"$ref":"#"},"##,
            r##""items":{"anyOf":[{"$ref":"#"},{"$ref":"#/definitions/schemaArray"}]},"##,
            r##""maxItems":{"$ref":"#/definitions/nonNegativeInteger"},"##,
            r##""minItems":{"$ref":"#/definitions/nonNegativeIntegerDefault0"},"uniqueItems":{"type":"boolean"},"##,
            r##""contains":{"$ref":"#"},"maxProperties":{"$ref":"#/definitions/nonNegativeInteger"},"##,
            r##""minProperties":{"$ref":"#/definitions/nonNegativeIntegerDefault0"},"##,
            r##""required":{"$ref":"#/definitions/stringArray"},"additionalProperties":{"$ref":"#"},"##,
            r##""definitions":{"type":"object","additionalProperties":{"$ref":"#"}},"##,
            r##""properties":{"type":"object","additionalProperties":{"$ref":"#"}},"##,
            r##""patternProperties":{"type":"object","additionalProperties":{"$ref":"#"}"##,
            $patterns,
            r##"},"dependencies":{"type":"object","additionalProperties":{"anyOf":[{"$ref":"#"},"##,
            r##"{"$ref":"#/definitions/stringArray"}]}},"propertyNames":{"$ref":"#"},"const":{},"##,
            r##""enum":{"type":"array","minItems":1,"uniqueItems":true},"##,
            r##""type":{"anyOf":[{"$ref":"#/definitions/simpleTypes"},{"type":"array","##,
            r##""items":{"$ref":"#/definitions/simpleTypes"},"minItems":1,"uniqueItems":true}]},"##,
            r##""format":{"type":"string"},"allOf":{"$ref":"#/definitions/schemaArray"},"##,
            r##""anyOf":{"$ref":"#/definitions/schemaArray"},"oneOf":{"$ref":"#/definitions/schemaArray"},"##,
            $more,
            r##""not":{"$ref":"#"}}}"##
        )
    };
}

const FOUR: &str = concat!(
    r##"{"id":"http://json-schema.org/draft-04/schema#","$schema":"http://json-schema.org/draft-04/schema#","##,
    r##""definitions":{"schemaArray":{"type":"array","minItems":1,"items":{"$ref":"#"}},"##,
    r##""positiveInteger":{"type":"integer","minimum":0},"##,
    r##""positiveIntegerDefault0":{"allOf":[{"$ref":"#/definitions/positiveInteger"},{"default":0}]},"##,
    r##""simpleTypes":{"enum":["array","boolean","integer","null","number","object","string"]},"##,
    r##""stringArray":{"type":"array","items":{"type":"string"},"minItems":1,"uniqueItems":true}},"type":"object","##,
    r##""properties":{"id":{"type":"string"},"$schema":{"type":"string"},"title":{"type":"string"},"##,
    r##""description":{"type":"string"},"default":{},"##,
    r##""multipleOf":{"type":"number","minimum":0,"exclusiveMinimum":true},"maximum":{"type":"number"},"##,
    r##""exclusiveMaximum":{"type":"boolean"},"minimum":{"type":"number"},"exclusiveMinimum":{"type":"boolean"},"##,
    r##""maxLength":{"$ref":"#/definitions/positiveInteger"},"##,
    r##""minLength":{"$ref":"#/definitions/positiveIntegerDefault0"},"pattern":{"type":"string","format":"regex"},"##,
    r##""additionalItems":{"anyOf":[{"type":"boolean"},{"$ref":"#"}]},"##,
    r##""items":{"anyOf":[{"$ref":"#"},{"$ref":"#/definitions/schemaArray"}]},"##,
    r##""maxItems":{"$ref":"#/definitions/positiveInteger"},"minItems":{"$ref":"#/definitions/positiveIntegerDefault0"},"##,
    r##""uniqueItems":{"type":"boolean"},"maxProperties":{"$ref":"#/definitions/positiveInteger"},"##,
    r##""minProperties":{"$ref":"#/definitions/positiveIntegerDefault0"},"##,
    r##""required":{"$ref":"#/definitions/stringArray"},"##,
    r##""additionalProperties":{"anyOf":[{"type":"boolean"},{"$ref":"#"}]},"##,
    r##""definitions":{"type":"object","additionalProperties":{"$ref":"#"}},"##,
    r##""properties":{"type":"object","additionalProperties":{"$ref":"#"}},"##,
    r##""patternProperties":{"type":"object","additionalProperties":{"$ref":"#"}},"##,
    r##""dependencies":{"type":"object","additionalProperties":{"anyOf":[{"$ref":"#"},"##,
    r##"{"$ref":"#/definitions/stringArray"}]}},"enum":{"type":"array","minItems":1,"uniqueItems":true},"##,
    r##""type":{"anyOf":[{"$ref":"#/definitions/simpleTypes"},{"type":"array","##,
    r##""items":{"$ref":"#/definitions/simpleTypes"},"minItems":1,"uniqueItems":true}]},"##,
    r##""format":{"type":"string"},"allOf":{"$ref":"#/definitions/schemaArray"},"##,
    r##""anyOf":{"$ref":"#/definitions/schemaArray"},"oneOf":{"$ref":"#/definitions/schemaArray"},"not":{"$ref":"#"}},"##,
    r##""dependencies":{"exclusiveMaximum":["maximum"],"exclusiveMinimum":["minimum"]}}"##
);

const SIX: &str = draft_six!("http://json-schema.org/draft-06/schema", "", "");

const SEVEN: &str = draft_six!(
    "http://json-schema.org/draft-07/schema",
    r#","propertyNames":{"format":"regex"}"#,
    r##""$comment":{"type":"string"},"readOnly":{"type":"boolean"},"contentMediaType":{"type":"string"},"contentEncoding":{"type":"string"},"if":{"$ref":"#"},"then":{"$ref":"#"},"else":{"$ref":"#"},"##
);

/// The draft that a URL names.
pub(super) fn draft(url: &[u8]) -> Option<Draft> {
    match url.strip_prefix(b"http://json-schema.org/draft-0")? {
        b"4/schema" => Some(Draft::Four),
        b"6/schema" => Some(Draft::Six),
        b"7/schema" => Some(Draft::Seven),
        _ => None,
    }
}

/// The metaschema at a URL without fragment.
pub(super) fn load(url: &[u8]) -> Option<Value> {
    let text = match draft(url)? {
        Draft::Four => FOUR,
        Draft::Six => SIX,
        _ => SEVEN,
    };
    json::parse(text.as_bytes()).ok()
}
