//! `regoc inspect --index` and `regoc check --warn-cost`: what is indexed, and what grows.
#![expect(clippy::unwrap_used, reason = "a test ends at its first failure")]

use serde_json::Value;

use crate::common::Folder;

/// What is told of the first scan of a rule `found` with this body, of those of base data if there are any.
fn scan(body: &str) -> Value {
    let policy = format!(
        "package a\n\nfound contains 1 if {{\n{body}\n}}\n\nfits(x) if x.name == input.user\n\nshort(x) := count(x.name)\n\nh := input.request\n"
    );
    let rules = rules(&policy);
    let rule = rules.iter().find(|rule| rule["path"] == "data.a.found").unwrap();
    let scans = rule["scans"].as_array().unwrap();
    let is_of_data = |scan: &&Value| scan["of"].as_str().unwrap().starts_with("data.");
    scans.iter().find(is_of_data).or(scans.first()).unwrap().clone()
}

fn rules(policy: &str) -> Vec<Value> {
    let folder = Folder::new(&[("a.rego", policy)]);
    folder.run(&["inspect", "--index", "-f", "json", "a.rego"]).ok().json()["rules"].as_array().unwrap().clone()
}

/// What scans are looked up by, each as `PART = KEY`.
fn keys(scan: &Value) -> Vec<String> {
    let keys = scan["keys"].as_array().into_iter().flatten();
    keys.map(|key| format!("{} = {}", key["part"].as_str().unwrap(), key["key"].as_str().unwrap())).collect()
}

/// By what each rule is chosen, or why it is not.
fn choices(policy: &str) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let choice = |rule: &Value| match rule["chosen_by"].as_array() {
        Some(by) => {
            let by: Vec<String> = by.iter().map(|it| format!("{} of {}", text(&it["on"]), it["constants"])).collect();
            by.join(", ")
        }
        None if rule["is_fallback"] == true => "fallback".to_owned(),
        None => text(&rule["not_chosen"]["reason"]),
    };
    rules(policy).iter().map(choice).collect()
}

/// The warnings for a policy: each message, then its helps.
fn warnings(policy: &str) -> Vec<Vec<String>> {
    let folder = Folder::new(&[("a.rego", policy)]);
    let run = folder.run(&["check", "--warn-cost", "-f", "json", "a.rego"]);
    assert!(run.code == 0 && run.stdout.is_empty(), "{run:?}");
    let told: Value = serde_json::from_str(&run.stderr).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let lines = |warning: &Value| {
        let helps = warning["helps"].as_array().unwrap().iter().map(text);
        std::iter::once(text(&warning["message"])).chain(helps).collect()
    };
    told["warnings"].as_array().unwrap().iter().map(lines).collect()
}

#[test]
fn scans_of_data_are_looked_up_by_what_they_ask() {
    for (body, wanted) in [
        ("some u in data.users\nu.name == input.user", "name = input.user"),
        ("data.users[_].address.city == input.cities[0]", "address.city = input.cities[0]"),
        ("some u in data.users\ninput.group in u.groups", "groups[_] = input.group"),
        ("some u in data.users\nsome g in u.groups\ng == input.group", "groups[_] = input.group"),
        ("some n in data.names\nn == input.name", " = input.name"),
        ("some r in data.rows\nr[\"a-b\"] == data.groups[input.id]", "[\"a-b\"] = data.groups[input.id]"),
        ("count([u | some u in data.users; u.name == input.user]) > 1", "name = input.user"),
        ("not_any := {u | some u in data.users; u.name == \"x\"}\nnot_any == set()", "name = \"x\""),
    ] {
        let scan = scan(body);
        assert_eq!((scan["index"].as_str(), keys(&scan)), (Some("data"), vec![wanted.to_owned()]), "{body}: {scan}");
    }
}

#[test]
fn why_a_scan_of_data_is_not_indexed_and_what_to_write_instead() {
    for (body, reason, help, instead) in [
        (
            "some u in data.users\nstartswith(u.mail, \"a\")\nu.name == input.user",
            "what could be looked up is compared in row 6, behind more than comparisons",
            "write that comparison first, right behind what begins the scan",
            "some u in data.users\nu.name == input.user\nstartswith(u.mail, \"a\")",
        ),
        (
            "some u in data.users\nu.role in input.roles",
            "`data.users[_].role in input.roles` asks for several keys, and only one can be looked up",
            "begin with `some x in input.roles`, and compare `data.users[_].role == x` in the scan",
            "some x in input.roles\nsome u in data.users\nu.role == x",
        ),
        (
            "some u in data.users\nu.name == lower(input.user)",
            "`data.users[_].name` is compared with `lower(input.user)`, which is not known before the scan",
            "assign `lower(input.user)` to a variable in front of the scan, and compare that",
            "name := lower(input.user)\nsome u in data.users\nu.name == name",
        ),
        (
            "some u in data.users\nsome x in input.roles\nu.role == x",
            "`data.users[_].role` is compared with `input.roles[_]`, which is not known before the scan",
            "begin with the scan that gives `input.roles[_]`, and scan `data.users` in it",
            "some x in input.roles\nsome u in data.users\nu.role == x",
        ),
        (
            "some u in data.users\nsome x in input.roles\nu.role == input.role\nx > 1",
            "what could be looked up is compared in row 6, behind more than comparisons",
            "write that comparison first, right behind what begins the scan",
            "some u in data.users\nu.role == input.role\nsome x in input.roles\nx > 1",
        ),
        (
            "some u in data.users\nu.name == h.user",
            "`data.users[_].name` is compared with `h.user`, which is not known before the scan",
            "assign `h.user` to a variable in front of the scan, and compare that",
            "user := h.user\nsome u in data.users\nu.name == user",
        ),
        (
            "some u in data.users\nfits(u)",
            "elements are tested in the function `fits` in row 5, and what a function compares is not looked up",
            "move a comparison with `==` out of the function, in front of the call",
            "some u in data.users\nu.name == input.user\nfits(u)",
        ),
        (
            "some u in data.users\nu.active",
            "`data.users[_].active` is only tested for being there and not `false`",
            "if it is a boolean, write `data.users[_].active == true`",
            "some u in data.users\nu.active == true",
        ),
        (
            "some u in data.users\nu.age > input.age",
            "elements are tested by `>` in row 5, which cannot be looked up",
            "a comparison of the element with `==` in front of it would be looked up",
            "some u in data.users\nu.kind == \"x\"\nu.age > input.age",
        ),
    ] {
        let told = scan(body);
        assert_eq!(told["not_indexed"]["reason"], reason, "{body}: {told}");
        assert_eq!(told["not_indexed"]["help"], help, "{body}: {told}");
        // What is advised is looked up.
        let told = scan(instead);
        assert_eq!(told["index"], "data", "{instead}: {told}");
    }
}

#[test]
fn why_other_scans_are_not_indexed() {
    let once = "this scan runs once in a decision, and to index for it would take longer";
    for (body, of, reason) in [
        (
            "some n, u in data.users\nlower(u.name) == \"x\"\nn == input.user",
            "data.users",
            "the key of each element is compared in row 6, behind more than comparisons",
        ),
        (
            "some u in data.users\nu[input.key] == 1",
            "data.users",
            "`data.users[_][input.key]` is compared with `1`, and is not in the element under constant names",
        ),
        (
            "some u in data.users\nlower(u.name) == input.user",
            "data.users",
            "`lower(data.users[_].name)` is compared with `input.user`, and is not in the element under constant names",
        ),
        (
            "some u in data.users\nu.name == u.other",
            "data.users",
            "`data.users[_].name` is compared with `data.users[_].other`, which is not known before the scan",
        ),
        (
            "some u in data.users\nsome t in data.teams\nt.id == u.team",
            "data.users",
            "`data.users[_].team` is compared with `data.teams[_].id`, which is looked up for each element",
        ),
        (
            "some u in data.users\nnot u.active",
            "data.users",
            "what is asked of elements in row 5 stands in a body of its own (`not`, `every`, a comprehension)",
        ),
        (
            "every u in data.users { u.active }",
            "data.users",
            "what is asked of elements in row 4 stands in a body of its own (`not`, `every`, a comprehension)",
        ),
        (
            "count([x | some u in data.users; x := short(u)]) > 1",
            "data.users",
            "no element is compared with anything that is known before the scan",
        ),
        (
            "count({u | some u in data.users}) > 1",
            "data.users",
            "no element is compared with anything that is known before the scan",
        ),
        ("some s in input.servers\ns.id == input.id", "input.servers", once),
        ("some r in data.roles[input.user]\nr == \"x\"", "data.roles[input.user]", once),
        ("some x in h\nx == 1", "h", once),
        ("some part in split(input.path, \"/\")\npart == \"x\"", "split(input.path, \"/\")", once),
        ("some x in {1, 2}\nx == input.x", "{1, 2}", "it is a constant"),
        ("input.user in data.names", "data.names", "`in` compares one element after the other"),
    ] {
        let told = scan(body);
        assert_eq!((&told["of"], &told["not_indexed"]["reason"]), (&of.into(), &reason.into()), "{body}: {told}");
    }
}

#[test]
fn what_is_scanned_again_is_looked_up_in_the_decision() {
    let rules = rules(
        "package a\n\nports contains p if {\n\tsome s in input.servers\n\tsome p in s.ports\n\tsome q in input.ports\n\tq.id == p\n}\n\n\
         first(key) := r if {\n\tsome r in input.rows\n\tr.key == key\n\tr.kind == \"x\"\n}\n\nasked := first(input.key)\n",
    );
    let scans: Vec<&Value> = rules.iter().flat_map(|rule| rule["scans"].as_array().unwrap()).collect();
    let told: Vec<_> =
        scans.iter().map(|scan| (scan["of"].as_str().unwrap(), scan["index"].as_str().unwrap())).collect();
    let wanted = [
        ("input.servers", "none"),
        ("input.servers[_].ports", "none"),
        ("input.ports", "decision"),
        ("input.rows", "decision"),
    ];
    assert_eq!(told, wanted);
    assert_eq!(scans[1]["inside"], 0);
    assert_eq!(
        scans[1]["not_indexed"]["reason"],
        "it may be another collection each time, and to index each would take longer"
    );
    assert_eq!(keys(scans[2]), ["id = input.servers[_].ports[_]"]);
    assert_eq!(keys(scans[3]), ["key = key", "kind = \"x\""]);
}

#[test]
fn rules_are_chosen_by_switches() {
    let nested = "package a\n\ndefault allow := false\n\n\
        allow if { input.path[0] == \"a\"; input.method == \"GET\" }\n\nallow if { input.path[0] == \"a\"; input.method == \"PUT\" }\n\n\
        allow if { input.path[0] == \"a\"; input.method == \"POST\" }\n\nallow if { input.path[0] == \"b\"; input.x > 1 }\n\n\
        allow if input.path[0] == \"c\"\n\nallow if input.path[0] == \"d\"\n";
    let both = "input.path[0] of 4, input.method of 3";
    let one = "input.path[0] of 4";
    assert_eq!(choices(nested), ["fallback", both, both, both, one, one, one]);
    let called = "package a\n\nlevel(\"guest\") := 1\n\nlevel(role) := 2 if role == \"user\"\n\nlevel(role) := 3 if role == \"admin\"\n\n\
        levels := [level(role) | some role in input.roles]\n";
    assert_eq!(choices(called)[..3], ["role of 3", "role of 3", "role of 3"]);
    let partial = "package a\n\ndeny contains 1 if input.kind == \"a\"\n\ndeny contains 2 if input.kind == \"b\"\n\n\
        deny contains 3 if input.kind == \"c\"\n\ncost.x := 1 if input.kind == \"a\"\n\ncost.y := 1 if input.kind == \"b\"\n\n\
        cost[z] := 2 if { input.kind == \"c\"; some z in input.names }\n";
    assert_eq!(choices(partial), ["input.kind of 3"; 6]);
    let branches = "package a\n\nx := 1 if { input.a == 1 } else := 2 if { input.a == 2 } else := 3 if { input.a == 3 } else := 4\n";
    assert_eq!(
        choices(branches),
        ["input.a of 3", "input.a of 3", "input.a of 3", "it compares nothing in a document with a constant"]
    );
    let made = "package a\n\nx := y if { some y in input.ys; y > 1 } else := input.z\n";
    assert_eq!(choices(made), ["fewer than 3 rules to choose among", "fallback"]);
}

#[test]
fn why_rules_are_not_chosen() {
    let policy = "package a\n\nx := 1 if input.action in {\"a\", \"b\"}\n\nx := 2 if input.action == \"c\"\n\n\
        x := 3 if startswith(input.path, \"/\")\n\nx := 4 if { some s in input.servers; s == 1 }\n\ny := 1\n";
    let row = |row: u32| format!("it compares nothing in a document with a constant before row {row}");
    let by = |name: &str, row: u32| {
        format!("it compares nothing in a document with a constant before `{name}` in row {row}")
    };
    let alone = "of the rules that nothing else chooses, fewer than 3 in a row compare `input.action` with constants that differ";
    let few = "fewer than 3 rules to choose among";
    assert_eq!(choices(policy), [by("in", 3), alone.to_owned(), by("startswith", 7), row(9), few.to_owned()]);
}

#[test]
fn tables_are_for_people() {
    let folder = Folder::new(&[(
        "a.rego",
        "package a\n\nallow if {\n\tsome u in data.users\n\tu.name == input.user\n\tu.role == \"x\"\n}\n\nnames contains u.name if some u in data.users\n",
    )]);
    let wanted = "\
┌──────────────┬──────────┬────────────────────────────────────────────────────────────────────────────────────────────────┐
│     RULE     │  PLACE   │                                        WHAT IS INDEXED                                         │
├──────────────┼──────────┼────────────────────────────────────────────────────────────────────────────────────────────────┤
│ data.a.allow │ a.rego:3 │ not chosen: fewer than 3 rules to choose among                                                 │
│              │          │ scan of `data.users` in row 4: looked up by `name` = `input.user` and `role` = `\"x\"`           │
│ data.a.names │ a.rego:9 │ not chosen: fewer than 3 rules to choose among                                                 │
│              │          │ scan of `data.users` in row 9: not indexed: no element is compared with anything that is known │
│              │          │   before the scan                                                                              │
└──────────────┴──────────┴────────────────────────────────────────────────────────────────────────────────────────────────┘
";
    assert_eq!(folder.run(&["inspect", "--index", "a.rego"]).ok().stdout, wanted);
    let one = folder.run(&["inspect", "--index", "-e", "a/allow", "a.rego"]).ok().stdout;
    assert!(one.contains("data.a.allow") && !one.contains("data.a.names"), "{one}");
    folder.run(&["inspect", "--index", "-e", "a/none", "a.rego"]).fails(1, &["a/none"]);
    folder.run(&["inspect", "-e", "a/allow", "a.rego"]).fails(1, &["--index"]);
    folder.run(&["build", "a.rego", "-o", "a.wasm"]).ok();
    folder.run(&["inspect", "--index", "a.wasm"]).fails(1, &["a.wasm is a module", "policies"]);
    folder.run(&["inspect", "a.rego", "a.rego"]).fails(1, &["only one path"]);
}

#[test]
fn rules_whose_time_grows_are_warned_of() {
    let folder = Folder::new(&[(
        "a.rego",
        "package a\n\nlarge contains [a, b] if {\n\tsome a in input.as\n\tsome b in data.bs\n\ta.x < b.x\n}\n",
    )]);
    let wanted = "\
warning: the time of `data.a.large` grows with `input.as` times `data.bs`
 --> a.rego:4:2
  |
4 |     some a in input.as
  |     ^^^^^^^^^^^^^^^^^^
  |
 ::: a.rego:5:2
  |
5 |     some b in data.bs
  |     ----------------- for each of these, each element of `data.bs` is looked at
  |
  = note: `input.as` is not indexed: this scan runs once in a decision, and to index for it would take longer
  = note: `data.bs` is not indexed: elements are tested by `<` in row 6, which cannot be looked up
  = help: a comparison of the element with `==` in front of it would be looked up
";
    let run = folder.run(&["check", "--warn-cost", "a.rego"]);
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (0, "", wanted));
    // Errors come first, and warnings only where there are none.
    folder.write("b.rego", b"package b\n\np if x == 1\n");
    let run = folder.run(&["check", "--warn-cost", "."]).fails(1, &["rego_unsafe_var_error"]);
    assert!(!run.stderr.contains("warning"), "{run:?}");
}

#[test]
fn products_go_through_functions() {
    let policy = "package a\n\nx contains s if {\n\tsome s in input.servers\n\topen(s)\n}\n\nopen(s) if {\n\tsome p in s.ports\n\tp > 80\n}\n\n\
        y if plain([1, 2])\n\nplain(xs) if {\n\tsome x in xs\n\tx > 1\n}\n";
    let wanted = [
        vec!["the time of `data.a.x` grows with `input.servers` times `input.servers[_].ports`"],
        vec!["the time of `data.a.open` grows with `s.ports`"],
    ];
    assert_eq!(warnings(policy), wanted);
}

#[test]
fn chains_of_many_functions_come_to_an_end() {
    let calls = |number| format!("f{number}(x) if {{\n\tsome y in x.ys\n\tf{}(y)\n}}\n\n", number + 1);
    let policy =
        format!("package a\n\nx if f0(input)\n\n{}f500(x) if x == 1\n", (0..500).map(calls).collect::<String>());
    let told = warnings(&policy);
    assert_eq!(told.len(), 500);
    // Eight factors are enough to see it.
    assert_eq!(told[0][0].matches(" times ").count(), 7, "{:?}", told[0]);
}

#[test]
fn nothing_is_warned_of_that_does_not_grow() {
    for policy in [
        // An index serves the scan, and the one inside of it.
        "package a\n\nx if {\n\tsome u in data.users\n\tsome g in u.groups\n\tg == input.group\n}\n",
        "package a\n\nx if {\n\tsome u in data.users\n\tu.name == input.user\n\tinput.role in u.roles\n}\n",
        // Constants, and what a rule makes of them.
        "package a\n\nx contains y if some y in {1, 2, 3}\n\nz contains y if { some y in x; y > 1 }\n\nw if input.x in {1, 2}\n",
        // What stands in for a document.
        "package a\n\nx if {\n\tsome y in input.xs with input as {\"xs\": [1]}\n\ty == 1\n}\n",
        // Switches.
        "package a\n\nx if input.a == 1\n\nx if input.a == 2\n\nx if input.a == 3\n",
    ] {
        assert_eq!(warnings(policy), Vec::<Vec<String>>::new(), "{policy}");
    }
}

#[test]
fn one_scan_of_a_document_grows_with_it() {
    let grows = |of: &str| format!("the time of `data.a.x` grows with `{of}`");
    for (body, of) in [
        ("some s in input.servers\ns.id == 1", "input.servers"),
        ("some r in data.roles[input.user]\nr == input.role", "data.roles[input.user]"),
        ("input.user in data.users", "data.users"),
        ("every s in input.servers { s.open }", "input.servers"),
        ("walk(input.tree, [_, 1])", "walk(input.tree)"),
        ("count([1 | input.servers[_].open]) > 1", "input.servers"),
        ("some k in input.keys\nsome r in input.rows\nr.key == k", "input.keys"),
    ] {
        let told = warnings(&format!("package a\n\nx if {{\n{body}\n}}\n"));
        assert_eq!(told.iter().map(|lines| lines[0].clone()).collect::<Vec<_>>(), [grows(of)], "{body}: {told:?}");
    }
}
