//! `--schema` and the schemas of metadata, with OPA's answers (`opa check`).

use crate::common::Folder;

const SERVER: &str = r#"{"type": "object", "properties": {"user": {"type": "string"}, "age": {"type": "integer"},
    "roles": {"type": "array", "items": {"type": "string"}}}}"#;

/// The errors of a policy: row, column, message.
fn errors(folder: &Folder, schema: Option<&str>) -> Vec<(u64, u64, String)> {
    let schema = schema.map_or(Vec::new(), |path| vec!["--schema", path]);
    let run = folder.run(&[&["check", "policy.rego", "-f", "json"], schema.as_slice()].concat());
    let json: serde_json::Value = serde_json::from_str(&run.stderr).unwrap_or_default();
    let error = |error: &serde_json::Value| {
        let number = |name: &str| error["location"][name].as_u64().unwrap_or(0);
        (number("row"), number("col"), error["message"].as_str().unwrap_or_default().to_owned())
    };
    json["errors"].as_array().into_iter().flatten().map(error).collect()
}

fn list(errors: &[(u64, u64, &str)]) -> Vec<(u64, u64, String)> {
    errors.iter().map(|(row, col, message)| (*row, *col, (*message).to_owned())).collect()
}

#[test]
fn one_schema_is_that_of_the_input() {
    let policy = "package a\n\np if input.usr == 1\n\nq if input.user == 7\n\nr if input.roles[_] == 1\n\n\
        s if startswith(input.age, \"x\")\n";
    let folder = Folder::new(&[("policy.rego", policy), ("s.json", SERVER), ("null.json", "null")]);
    let wanted = [
        (3, 6, "undefined ref: input.usr"),
        (5, 6, "match error"),
        (7, 6, "match error"),
        (9, 6, "startswith: invalid argument(s)"),
    ];
    assert_eq!(errors(&folder, Some("s.json")), list(&wanted));
    assert_eq!(errors(&folder, Some("null.json")), []);
    folder.run(&["eval", "-s", "s.json", "input.usr"]).fails(2, &[]);
    folder.run(&["eval", "input.usr"]).ok();
    folder.run(&["check", "-s", "nowhere.json", "policy.rego"]).fails(1, &["nowhere.json"]);
}

#[test]
fn metadata_names_schemas_of_a_folder() {
    let policy = "package a\n\n# METADATA\n# schemas:\n#   - input.x: schema.dir.server\n#   - data.acl: schema.acl\np if {\n\t\
        input.x.usr == 1\n\tdata.acl.alice == 7\n}\n\nq if input.x.usr == 1\n\n# METADATA\n# schemas:\n\
        #   - input: schema[\"no such\"]\nr if input.x\n";
    let acl = r#"{"type": "object", "properties": {"alice": {"type": "boolean"}}}"#;
    let folder =
        Folder::new(&[("policy.rego", policy), ("schemas/dir/server.json", SERVER), ("schemas/acl.json", acl)]);
    let wanted =
        [(8, 2, "undefined ref: input.x.usr"), (9, 2, "match error"), (17, 1, "undefined schema: schema[\"no such\"]")];
    assert_eq!(errors(&folder, Some("schemas")), list(&wanted));
    // Without schemas, names of schemas are not looked up; building never looks at metadata.
    assert_eq!(errors(&folder, None), []);
    folder.run(&["build", "policy.rego", "-o", "policy.wasm"]).ok();
}

#[test]
fn tests_are_checked_against_schemas() {
    let schema = r#"{type: object, properties: {x: {type: number}}}"#;
    let annotated = format!("package a_test\n\n# METADATA\n# schemas:\n# - input: {schema}\ntest_p if not input.y\n");
    let plain = "package a_test\n\ntest_p if not input.user\n\ntest_q if not input.usr\n";
    let folder = Folder::new(&[("annotated.rego", &annotated), ("plain.rego", plain), ("s.json", SERVER)]);
    folder
        .run(&["test", "annotated.rego"])
        .fails(1, &["rego_type_error", "undefined ref: input.y", "annotated.rego:6"]);
    folder.run(&["test", "plain.rego"]).ok();
    folder.run(&["test", "plain.rego", "-s", "s.json"]).fails(1, &["undefined ref: input.usr", "plain.rego:5"]);
}

#[test]
fn schemas_can_stand_in_metadata() {
    let policy = "# METADATA\n# scope: package\n# schemas:\n#   - input: {type: object, properties: {n: {type: number}}}\n\
        package a\n\np if input.n == \"x\"\n\n# METADATA\n# schemas:\n#   - input.n: {type: string}\nq if input.n == \"x\"\nelse := 2 if \
        input.n == \"x\"\n\n# METADATA\n# schemas:\n#   - input: {allOf: [{type: string}, {type: number}]}\nr if input.n\n";
    let folder = Folder::new(&[("policy.rego", policy)]);
    let wanted = [
        (7, 6, "match error"),
        (13, 14, "match error"),
        (18, 1, "type checking: unable to merge these schemas: type mismatch: string and number"),
    ];
    assert_eq!(errors(&folder, None), list(&wanted));
}
