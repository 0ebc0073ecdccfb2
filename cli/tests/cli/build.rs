//! `regoc build` as a user calls it: modules, bundles, entrypoints, and files that stay whole.
#![expect(clippy::unwrap_used, reason = "a test ends at its first failure")]

use crate::common::Folder;

const POLICY: &str = "package example\n\nallow if input.x == data.wanted\n\ndeny if not allow\n";

fn folder() -> Folder {
    Folder::new(&[("policy.rego", POLICY), ("data.json", r#"{"wanted": 1}"#), ("input.json", r#"{"x": 1}"#)])
}

#[test]
fn entrypoints_are_those_that_are_named_or_all() {
    let folder = folder();
    let entrypoints = |arguments: &[&str]| {
        folder.run(&[&["build", "policy.rego", "-o", "policy.wasm"], arguments].concat()).ok();
        let mut names: Vec<String> = serde_json::from_value(
            folder.run(&["inspect", "-f", "json", "policy.wasm"]).ok().json()["entrypoints"].clone(),
        )
        .unwrap();
        names.sort();
        names
    };
    assert_eq!(entrypoints(&["-e", "example/allow"]), ["example/allow"]);
    assert_eq!(entrypoints(&["-e", "example/allow", "-e", "example/deny"]), ["example/allow", "example/deny"]);
    assert_eq!(entrypoints(&["-e", "example.*"]), ["example/allow", "example/deny"]);
    assert_eq!(entrypoints(&[]), ["example", "example/allow", "example/deny"]);
    folder
        .run(&["build", "policy.rego", "-o", "policy.wasm", "-e", "example/alow"])
        .fails(1, &["entrypoint \"example/alow\"", "example/allow"]);
}

/// Verdicts of `opa build -t wasm -e` (1.22.0), and answers of `opa eval`.
#[test]
fn entrypoints_lead_into_the_documents_of_rules() {
    let policy =
        "package d\n\ns contains 1\n\no := {\"1\": \"text\", 2: \"number\"}\n\na := [\"x\", \"y\"]\n\np if true\n";
    let folder = Folder::new(&[("d.rego", policy), ("empty.rego", "package d.p.none\n")]);
    let build = |entrypoint| folder.run(&["build", "d.rego", "empty.rego", "-e", entrypoint, "-o", "d.wasm"]);
    for (entrypoint, answer) in [("d/s/1", "1"), ("d/o/2", "number"), ("d/a/1", "y"), ("d/a/01", "y"), ("d/p", "true")]
    {
        build(entrypoint).ok();
        assert_eq!(
            folder.run(&["eval", "-w", "d.wasm", "-f", "raw"]).ok().stdout,
            format!("{answer}\n"),
            "{entrypoint}"
        );
    }
    for (entrypoint, said) in [("d/o/1", "data.d.o[1]"), ("d/a/7", "data.d.a[7]"), ("d/p/none", "data.d.p.none")] {
        build(entrypoint).fails(1, &["rego_type_error", &format!("undefined ref: {said}")]);
    }
    build("d/p/none").fails(1, &["have: boolean"]);
    folder.run(&["build", "d.rego", "empty.rego", "-o", "d.wasm"]).ok();
}

#[test]
fn what_is_compiled_to_machine_code_answers_and_is_refused_when_damaged() {
    let folder = folder();
    folder.run(&["build", "policy.rego", "-e", "example/allow", "--aot", "-o", "policy.cwasm"]).ok();
    let ask = ["eval", "-w", "policy.cwasm", "-d", "data.json", "-i", "input.json", "-f", "raw"];
    assert_eq!(folder.run(&ask).ok().stdout, "true\n");
    folder
        .run(&[&ask[..], &["--timeout", "5s"]].concat())
        .fails(2, &["for another host, which limits no time: build it again"]);
    folder.run(&["inspect", "policy.cwasm"]).fails(1, &["precompiled"]);
    folder.run(&["build", "policy.rego", "--aot", "-o", "policy.wasm"]).fails(1, &["policy.wasm", ".cwasm"]);
    folder.run(&["build", "policy.rego", "-o", "policy.cwasm"]).fails(1, &["add --aot"]);
    folder
        .run(&["build", "policy.rego", "--aot", "-t", "plan", "-o", "policy.json"])
        .fails(1, &["--aot is for modules"]);
    let mut damaged = folder.read("policy.cwasm");
    let place = damaged.len() / 2;
    damaged[place] ^= 1;
    folder.write("policy.cwasm", &damaged);
    folder.run(&ask).fails(2, &["damaged"]);
}

#[test]
fn passes_of_the_optimizer_can_be_left_out() {
    let rule = |n: usize| format!("allow if {{\n\tinput.x == {n}\n\tinput.y == \"{n}\"\n}}\n");
    let policy = format!("package example\n\n{}", (0..50).map(rule).collect::<String>());
    let folder = Folder::new(&[("policy.rego", &policy), ("input.json", r#"{"x": 7, "y": "7"}"#)]);
    let size = |flags: &[&str]| {
        folder.run(&[&["build", "policy.rego", "-e", "example/allow", "-o", "policy.wasm"], flags].concat()).ok();
        let ask = ["eval", "-w", "policy.wasm", "-i", "input.json", "-f", "raw"];
        assert_eq!(folder.run(&ask).ok().stdout, "true\n", "{flags:?}");
        folder.read("policy.wasm").len()
    };
    assert!(size(&[]) < size(&["--opt-disable", "case-tables"]));
    assert!(size(&["--opt-disable", "case-tables", "--opt-disable", "rule-index"]) > 0);
    let unknown = ["build", "policy.rego", "-o", "policy.wasm", "--opt-disable", "case-table"];
    folder.run(&unknown).fails(1, &["case-table", "case-tables"]);
}

#[test]
fn a_bundle_holds_what_opas_would() {
    let folder = folder();
    folder.run(&["build", "policy.rego", "data.json", "-e", "example/allow", "-r", "r7", "-o", "b.tar.gz"]).ok();
    let run = folder.run(&["inspect", "-f", "json", "b.tar.gz"]).ok().json();
    assert_eq!(run["manifest"]["revision"], "r7");
    assert_eq!(run["manifest"]["wasm"][0]["entrypoint"], "example/allow");
    assert_eq!(run["namespaces"]["data.example"][0], "/policy.rego");
    assert_eq!(run["namespaces"]["data"][0], "/data.json");
    assert_eq!(run["wasm_modules"][0]["path"], "/policy.wasm");
    // The bundle can be asked; what its module stands for is not in its Rego any more.
    let ask = ["eval", "-w", "b.tar.gz", "-e", "example/allow", "-i", "input.json", "-f", "raw"];
    assert_eq!(folder.run(&ask).ok().stdout, "true\n");
    folder.run(&["eval", "-b", "b.tar.gz", "data.example.allow"]).fails(2, &["example/allow is compiled", "--wasm"]);
    folder.run(&["build", "-b", "b.tar.gz", "-o", "c.tar.gz"]).fails(1, &["example/allow is compiled"]);
    // What needs an entrypoint is one, unless it is not wanted.
    let entrypoints = |flags: &[&str]| {
        folder.run(&[&["build", "policy.rego", "-e", "example/allow", "-o", "b.tar.gz"], flags].concat()).ok();
        let run = folder.run(&["inspect", "-f", "json", "b.tar.gz"]).ok().json();
        run["wasm_modules"][0]["entrypoints"].clone()
    };
    assert_eq!(entrypoints(&[]), serde_json::json!(["data.example.allow", "data.example.deny"]));
    assert_eq!(entrypoints(&["--prune-unused"]), serde_json::json!(["data.example.allow"]));
}

#[test]
fn bundles_of_several_bundles_keep_what_each_says() {
    let folder = Folder::new(&[
        ("old/.manifest", r#"{"roots": ["old"], "rego_version": 0}"#),
        ("old/p.rego", "package old\n\np { input.x }\n\nf(x) { p; x }\n"),
        ("new/.manifest", r#"{"roots": ["new"]}"#),
        ("new/p.rego", "package new\n\np if data.old.p\n"),
    ]);
    folder.run(&["build", "-b", "old", "new", "-e", "old/p", "-o", "b.tar.gz"]).ok();
    let run = folder.run(&["inspect", "-f", "json", "b.tar.gz"]).ok().json();
    assert_eq!(run["manifest"]["roots"], serde_json::json!(["old", "new"]));
    assert_eq!(run["manifest"]["rego_version"], 1);
    assert_eq!(run["manifest"]["file_rego_versions"], serde_json::json!({"/old/p.rego": 0}));
    assert_eq!(run["wasm_modules"][0]["entrypoints"], serde_json::json!(["data.old.p", "data.new.p"]));
    // Functions are no documents: they stay, and what they need is imported.
    let run = folder.run(&["eval", "-b", "b.tar.gz", "data.old.f(1)"]);
    assert!(run.stdout.contains("old/p is compiled"), "{run:?}");
}

#[test]
fn plans_of_opas_go_in_and_out() {
    let folder = folder();
    let ask = |module: &str| {
        let arguments =
            ["eval", "-w", module, "-e", "example/allow", "-d", "data.json", "-i", "input.json", "-f", "raw"];
        folder.run(&arguments).ok().stdout
    };
    folder.run(&["build", "-t", "plan", "policy.rego", "-e", "example/allow", "-o", "plan.json"]).ok();
    let plan: serde_json::Value = serde_json::from_slice(&folder.read("plan.json")).unwrap();
    assert_eq!(plan["plans"]["plans"][0]["name"], "example/allow");
    assert_eq!(plan["static"]["files"][0]["value"], "policy.rego");
    folder.run(&["build", "plan.json", "-o", "policy.wasm"]).ok();
    assert_eq!(ask("policy.wasm"), "true\n");
    folder.run(&["build", "-t", "plan", "policy.rego", "data.json", "-o", "b.tar.gz"]).ok();
    let run = folder.run(&["build", "-b", "b.tar.gz", "-e", "example/allow", "-o", "bundle.wasm"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(ask("bundle.wasm"), "true\n");
    folder
        .run(&["build", "plan.json", "-e", "example/alow", "-o", "x.wasm"])
        .fails(1, &["example/alow", "example/allow"]);
    folder.run(&["build", "plan.json", "policy.rego", "-o", "x.wasm"]).fails(1, &["plan.json is a plan"]);
    folder.run(&["build", "-t", "plan", "policy.rego", "-o", "x.wasm"]).fails(1, &["neither .json"]);
    folder.write(
        "broken/plan.json",
        br#"{"static": {}, "plans": {"plans": [{"name": "a", "blocks": [{"stmts": [{}]}]}]}}"#,
    );
    folder
        .run(&["build", "broken/plan.json", "-o", "x.wasm"])
        .fails(1, &["broken/plan.json: not a plan", "/plans/plans/0"]);
}

#[test]
fn data_can_be_part_of_the_module() {
    let folder = folder();
    let ask = |arguments: &[&str]| {
        folder.run(
            &[&["eval", "-f", "raw", "-w", "policy.wasm", "-e", "example/allow", "-i", "input.json"], arguments]
                .concat(),
        )
    };
    let run = folder.run(&["build", "policy.rego", "data.json", "-o", "policy.wasm"]);
    assert_eq!(run.code, 0);
    assert!(run.stderr.contains("the data is not part of the module"), "{run:?}");
    assert_eq!(ask(&[]).ok().stdout, "");
    assert_eq!(ask(&["-d", "data.json"]).ok().stdout, "true\n");
    folder.run(&["build", "policy.rego", "data.json", "--embed-data", "-o", "policy.wasm"]).ok();
    assert_eq!(ask(&[]).ok().stdout, "true\n");
}

#[test]
fn the_same_sources_give_the_same_bytes() {
    let (a, b) = (folder(), folder());
    for output in ["policy.wasm", "bundle.tar.gz"] {
        for folder in [&a, &b] {
            folder.run(&["build", "policy.rego", "-o", output]).ok();
        }
        assert_eq!(a.read(output), b.read(output), "{output}");
    }
}

#[test]
fn an_old_file_stays_whole_when_anything_fails() {
    let folder = folder();
    folder.write("bad.rego", b"package bad\n\np if {\n");
    folder.write("policy.wasm", b"old");
    folder.run(&["build", "bad.rego", "-o", "policy.wasm"]).fails(1, &["bad.rego"]);
    folder.run(&["build", "policy.rego", "-e", "nope", "-o", "policy.wasm"]).fails(1, &["nope"]);
    folder.run(&["build", "missing.rego", "-o", "policy.wasm"]).fails(1, &["missing.rego: no such file or directory"]);
    assert_eq!(folder.read("policy.wasm"), b"old");
    let before = folder.names();
    folder.run(&["build", "policy.rego", "-o", "policy.wasm"]).ok();
    assert!(folder.read("policy.wasm").starts_with(b"\0asm"));
    assert_eq!(folder.names(), before, "no temporary file is left");
}

#[test]
fn what_cannot_be_written_to_is_named() {
    let folder = folder();
    folder
        .run(&["build", "policy.rego", "-o", "no/such/policy.wasm"])
        .fails(1, &["no/such/policy.wasm: no such file or directory"]);
    folder.run(&["build", "policy.rego", "-o", "policy.txt"]).fails(1, &["ends with neither .wasm", ".tar.gz"]);
    std::fs::create_dir(folder.join("dir.wasm")).unwrap();
    folder.run(&["build", "policy.rego", "-o", "dir.wasm"]).fails(1, &["dir.wasm: is a directory"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_named() {
    let folder = folder();
    for name in ["full.wasm", "full.tar.gz"] {
        std::os::unix::fs::symlink("/dev/full", folder.join(name)).unwrap();
        folder.run(&["build", "policy.rego", "-o", name]).fails(1, &["no space left on device"]);
    }
}

#[cfg(unix)]
#[test]
fn a_folder_without_permission_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let closed = folder.join("closed");
    std::fs::create_dir(&closed).unwrap();
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o555)).unwrap();
    // The superuser may write anywhere; what is tested then is that writing works.
    if std::fs::write(closed.join("probe"), "").is_ok() {
        folder.run(&["build", "policy.rego", "-o", "closed/policy.wasm"]).ok();
    } else {
        folder.run(&["build", "policy.rego", "-o", "closed/policy.wasm"]).fails(1, &["permission denied"]);
    }
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn the_order_of_files_does_not_matter() {
    let folder = Folder::new(&[("a.rego", "package a\n\np if input.x\n"), ("b.rego", "package b\n\nq := data.a.p\n")]);
    folder.run(&["build", "a.rego", "b.rego", "-o", "one.wasm"]).ok();
    folder.run(&["build", "b.rego", "a.rego", "-o", "two.wasm"]).ok();
    assert_eq!(folder.read("one.wasm"), folder.read("two.wasm"));
}

#[test]
fn types_are_written_beside_what_is_built() {
    let folder = folder();
    let build =
        |arguments: &[&str]| folder.run(&[&["build", "policy.rego", "--emit-types", "p.d.ts"], arguments].concat());
    build(&["-o", "policy.wasm"]).ok();
    let types = String::from_utf8(folder.read("p.d.ts")).unwrap();
    assert!(
        types.contains(
            "\"example/allow\": {\n    input: {\n      x?: unknown;\n    };\n    result: boolean | undefined;"
        )
    );
    build(&["-o", "bundle.tar.gz", "-e", "example/deny"]).ok();
    assert!(!String::from_utf8(folder.read("p.d.ts")).unwrap().contains("allow"));
    // A schema says more of the input, and is checked against.
    folder.write("schema.json", br#"{"type": "object", "properties": {"x": {"type": "number"}}, "required": ["x"]}"#);
    build(&["-o", "policy.wasm", "-s", "schema.json"]).ok();
    assert!(String::from_utf8(folder.read("p.d.ts")).unwrap().contains("export type Input = {\n  x: number;\n};"));
    folder.write("schema.json", br#"{"type": "object", "properties": {"y": {"type": "number"}}}"#);
    build(&["-o", "policy.wasm", "-s", "schema.json"]).fails(1, &["rego_type_error", "input.x"]);
    // A plan has no types.
    folder.run(&["build", "-t", "plan", "policy.rego", "-e", "example/allow", "-o", "plan.json"]).ok();
    let wrong = ["build", "plan.json", "--emit-types", "p.d.ts", "-o", "policy.wasm"];
    folder.run(&wrong).fails(1, &["a plan has no types"]);
    folder.run(&["build", "policy.rego", "--emit-types", "none/p.d.ts", "-o", "x.wasm"]).fails(1, &["none/p.d.ts"]);
}
