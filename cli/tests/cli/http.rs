//! `http.send` against real servers on this machine, and what OPA answers to the same, where it is installed: each case says a part of the answer
//! that is wanted, and OPA's whole answer and requests must be ours.
#![expect(clippy::unwrap_used, reason = "a test ends at its first failure")]

use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use serde_json::{Value, json};

use crate::common::Folder;
use crate::servers::{Reply, Server, certificate};

/// Answers each of several requests, none of which raises an error.
pub(crate) const POLICY: &str = r#"package example

answers := [answer | some request in input; answer := http.send(object.union({"raise_error": false}, request))]
"#;

/// A request, what the server replies to it, and a part of the answer.
struct Case {
    options: Value,
    reply: Reply,
    wanted: &'static str,
}

fn case(reply: &str, wanted: &'static str) -> Case {
    with(json!({}), Reply::text(reply), wanted)
}

fn with(options: Value, reply: Reply, wanted: &'static str) -> Case {
    Case { options, reply, wanted }
}

/// OPA's command, on the path or where `go install` puts it.
fn opa() -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    let found = std::env::split_paths(&folders).map(|folder| folder.join("opa")).find(|path| path.is_file());
    let installed = || {
        let folders = String::from_utf8(Command::new("go").args(["env", "GOPATH"]).output().ok()?.stdout).ok()?;
        std::env::split_paths(folders.trim()).map(|folder| folder.join("bin/opa")).find(|path| path.is_file())
    };
    let found = found.or_else(installed);
    if found.is_none() {
        let _ = writeln!(std::io::stderr(), "skipped: `opa` is not installed; its answers are not compared");
    }
    found
}

/// Runs a command with arguments and variables in a folder; what it printed.
fn run(program: PathBuf, folder: &Folder, arguments: &[&str], variables: &[(&str, &str)]) -> Value {
    let output = Command::new(program)
        .args(arguments)
        .envs(variables.iter().copied())
        .current_dir(folder.join(""))
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let mut value = serde_json::from_str(&text).unwrap_or_else(|_| json!({"error": format!("{output:?}")}));
    drop_stack_traces(&mut value);
    value
}

/// Only OPA's interpreter has a stack to tell.
fn drop_stack_traces(value: &mut Value) {
    for error in value.get_mut("errors").and_then(Value::as_array_mut).into_iter().flatten() {
        error.as_object_mut().unwrap().remove("stack_trace");
    }
}

/// Our answer, after it was compared with OPA's; the requests to the servers too.
pub(crate) fn evaluate(folder: &Folder, arguments: &[&str], variables: &[(&str, &str)], servers: &[&Server]) -> Value {
    let arguments = [&["eval", "-f", "json"], arguments].concat();
    let ours = run(PathBuf::from(env!("CARGO_BIN_EXE_regoc")), folder, &arguments, variables);
    let asked: Vec<_> = servers.iter().map(|server| server.take_asked()).collect();
    if let Some(opa) = opa() {
        let theirs = run(opa, folder, &arguments, variables);
        assert_eq!(text(&ours), text(&theirs), "regoc on the left, OPA on the right");
        let asked_by_opa: Vec<_> = servers.iter().map(|server| server.take_asked()).collect();
        assert_eq!(asked, asked_by_opa, "regoc on the left, OPA on the right");
    }
    ours
}

fn text(value: &Value) -> String {
    let mut value = value.clone();
    value.sort_all_objects();
    without_resets(&serde_json::to_string_pretty(&value).unwrap())
}

/// The same text where a server that ended a connection always did so in one way: with an end of its own, or with a reset if it had not
/// read all by then, which is chance.
fn without_resets(text: &str) -> String {
    const RESET: &str = ": read: connection reset by peer";
    let mut out = String::new();
    let mut rest = text;
    while let Some((part, behind)) = rest.split_once(RESET) {
        out += part.rsplit_once("read tcp ").map_or(part, |(before, _)| before);
        out += "EOF";
        rest = behind;
    }
    out + rest
}

/// The value of the only expression.
pub(crate) fn value(answer: &Value) -> &Value {
    answer.pointer("/result/0/expressions/0/value").unwrap_or(answer)
}

/// Asks one server for all cases, in one decision.
fn check(cases: Vec<Case>) {
    let replies: Vec<Reply> = cases.iter().map(|case| case.reply.clone()).collect();
    let server = Server::http(move |target, _| {
        let number = target.trim_start_matches('/').split(['/', '?']).next().unwrap_or_default();
        number.parse().ok().and_then(|number: usize| replies.get(number).cloned()).unwrap_or(Reply::Echo)
    });
    let requests: Vec<Value> = cases
        .iter()
        .enumerate()
        .map(|(number, case)| {
            let mut request = json!({"method": "get", "url": format!("http://127.0.0.1:{}/{number}", server.port)});
            for (name, option) in case.options.as_object().unwrap() {
                let option = option.to_string().replace("PORT", &server.port.to_string());
                request[name] = serde_json::from_str(&option).unwrap();
            }
            request
        })
        .collect();
    let folder = Folder::new(&[("policy.rego", POLICY), ("input.json", &Value::Array(requests).to_string())]);
    let answer = evaluate(&folder, &["-d", "policy.rego", "-i", "input.json", "data.example.answers"], &[], &[&server]);
    let answers = value(&answer).as_array().unwrap_or_else(|| unreachable!("{answer}"));
    assert_eq!(answers.len(), cases.len());
    for (case, answer) in cases.iter().zip(answers) {
        assert!(answer.to_string().contains(case.wanted), "no `{}` in {answer}", case.wanted);
    }
}

#[test]
fn responses_are_read_as_go_reads_them() {
    check(vec![
        case("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", r#""raw_body":"hi""#),
        case(
            "HTTP/1.1 200 Fine Thing\r\nContent-Type: application/json\r\nX: a\r\nx: b\r\n\r\n{\"a\":1.50}",
            r#""body":{"a":1.50},"headers":{"content-type":["application/json"],"x":["a","b"]}"#,
        ),
        case("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nhi", r#""raw_body":"h""#),
        case(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhi\r\n1\r\n!\r\n0\r\nA: b\r\n\r\n",
            r#""raw_body":"hi!""#,
        ),
        case("HTTP/1.1 200\r\n\r\nhi", r#""status":"200","status_code":200"#),
        case("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi", r#"{"content-length":["2"]}"#),
        case("HTTP/1.1 204 No Content\r\n\r\nhi", r#""raw_body":"""#),
        case("HTTP/1.1 200   Two  Words \r\n\r\n", r#""status":"200 "#),
        case("HTTP/1.1 200 \r\n\r\n", r#""status":"200 ""#),
        case("HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n\r\n", r#"["a=b","c=d"]"#),
        case("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhi", r#""headers":{}"#),
        case(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nContent-Length: 99\r\nTrailer: X\r\n\r\n2\r\nhi\r\n0\r\nX: y\r\n\r\n",
            r#""headers":{}"#,
        ),
        with(json!({}), Reply::Bytes(b"HTTP/1.1 200 Sch\xf6n\r\nX: \xe4\xff\r\n\r\n".to_vec()), r#""status":"200 Sch"#),
        case("HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\n", r#""status_code":304"#),
        case("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhi", r#""status_code":200"#),
        case("HTTP/1.0 200 OK\r\nA: b\r\n c\r\n\r\nhi", r#""a":["b c"]"#),
        case("HTTP/1.1 200 OK\nA: b\n\nhi", r#""a":["b"]"#),
        case("HTTP/1.1 200 OK\r\nPragma: no-cache\r\n\r\n", r#""cache-control":["no-cache"]"#),
        case(
            "HTTP/1.1 200 OK\r\nContent-Type: application/yaml\r\n\r\na: [1, 0x10, 1.0, yes]",
            r#""body":{"a":[1,16,1,"yes"]}"#,
        ),
        case("HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=\r\n\r\n{}", r#""body":null"#),
        case("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.x+json; a=\"b;c\"\r\n\r\n[1]", r#""body":[1]"#),
        case("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"a\":", r#""body":null"#),
        case("HTTP/1.1 200 OK\r\nConnection: x, Close\r\n\r\n", r#""headers":{}"#),
        case("HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n", r#""connection":["close"]"#),
        case("HTTP/1.1 418 I'm a teapot\r\n\r\n", r#""status":"418 I'm a teapot""#),
        with(
            json!({"force_json_decode": true}),
            Reply::text("HTTP/1.1 200 OK\r\n\r\n{\"a\":1} x"),
            r#""body":{"a":1}"#,
        ),
        with(json!({"force_yaml_decode": true}), Reply::text("HTTP/1.1 200 OK\r\n\r\na: 1"), r#""body":{"a":1}"#),
        with(json!({}), Reply::Bytes(b"HTTP/1.1 200 OK\r\n\r\n\xff\xfe\xe2\x82".to_vec()), r#""raw_body":""#),
        with(
            json!({"method": "head"}),
            Reply::text("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"),
            r#""content-length":["9"]"#,
        ),
    ]);
}

#[test]
fn broken_responses_are_told_in_gos_words() {
    check(vec![
        case("", "EOF"),
        case("garbage\r\n\r\n", r#"malformed HTTP response \"garbage\""#),
        case("HTTP/1.1 20 OK\r\n\r\n", r#"malformed HTTP status code \"20\""#),
        case("HTTP/1.1 abc OK\r\n\r\n", "malformed HTTP status code"),
        case("HTTQ/1.1 200 OK\r\n\r\n", "malformed HTTP"),
        case("HTTP/1.1 200 OK\r\nbad header\r\n\r\n", "missing colon"),
        case("HTTP/1.1 200 OK\r\n: x\r\n\r\n", "malformed MIME header"),
        case("HTTP/1.1 200 OK\r\n a: x\r\n\r\n", "malformed MIME header initial line"),
        case("HTTP/1.1 200 OK\r\nA: b\r\n", "unexpected EOF"),
        case("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", r#"bad Content-Length \"x\""#),
        case("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "bad Content-Length"),
        case("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi", "multiple Content-Length"),
        case("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "unsupported transfer encoding"),
        case("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhi", "http.send: unexpected EOF"),
        case("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n", "unexpected EOF"),
        case("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhi\r\n", "invalid byte in chunk length"),
        case("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi!!", "malformed chunked encoding"),
        case("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nhi", "unexpected EOF"),
        case("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nhello hello", "gzip: invalid header"),
    ]);
}

#[test]
fn requests_are_written_as_go_writes_them() {
    let echo = |options: Value, wanted: &'static str| with(options, Reply::Echo, wanted);
    check(vec![
        echo(json!({}), "User-Agent: Go-http-client/1.1"),
        echo(
            json!({"headers": {"x-b": "1", "A": " 2 ", "host": "other"}}),
            r"Host: other\r\nUser-Agent: Open-Policy-Agent/1.22.0",
        ),
        echo(json!({"method": "post"}), r"Content-Length: 0\r\n"),
        echo(
            json!({"method": "put", "body": {"z": [1, "<é>", {"a": 1.0}]}}),
            r#"{\"z\":[1,\"\\u003cé\\u003e\",{\"a\":1.0}]}"#,
        ),
        echo(json!({"method": "PATCH", "body": "text"}), r#"\r\n\r\n\"text\""#),
        echo(json!({"method": "post", "body": 1, "raw_body": "raw"}), r"\r\n\r\nraw"),
        echo(json!({"method": "foo", "raw_body": "\"quoted\""}), r"FOO /"),
        echo(json!({"method": ""}), "GET /"),
        echo(json!({"method": "delete", "body": null}), r"\r\n\r\nnull"),
        echo(json!({"url": "http://u:p%40@127.0.0.1:PORT/e c%2fho?a%20b|{}^`\\#f"}), "Authorization: Basic dTpwQA=="),
        echo(json!({"url": "HTTP://LOCALHOST:PORT"}), "Host: LOCALHOST:"),
        echo(
            json!({"headers": {"accept-encoding": "x", "content-length": "9", "connection": "x", "user-agent": ""}}),
            "Connection: x",
        ),
        echo(json!({"headers": {"Range": "bytes=0-"}}), "Range: bytes=0-"),
        echo(json!({"tls_insecure_skip_verify": true}), "Connection: close"),
    ]);
}

#[test]
fn redirects_are_followed_as_go_follows_them() {
    let to = |location: &str| Reply::text(&format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\n\r\nhi"));
    let keeping = |location: &str| Reply::text(&format!("HTTP/1.1 307 Keep\r\nLocation: {location}\r\n\r\nhi"));
    let follow = |mut options: Value| {
        options["enable_redirect"] = json!(true);
        options
    };
    let headers = json!({"a": "b", "Authorization": "c", "content-type": "d", "host": "e"});
    check(vec![
        with(json!({}), to("/echo"), r#""status_code":302"#),
        with(json!({}), to("http://[::1/"), "failed to parse Location header"),
        with(follow(json!({"headers": headers})), to("/echo?y"), "Referer: http://127.0.0.1:"),
        with(follow(json!({"headers": headers, "method": "post", "body": 1})), to("/echo"), "GET /echo"),
        with(follow(json!({"headers": headers, "method": "post", "body": 1})), keeping("/echo"), "POST /echo"),
        with(follow(json!({"method": "head"})), to("/echo"), r#""raw_body":"""#),
        with(follow(json!({})), to("ftp://x/"), r#"Get \"ftp://x/\": unsupported protocol scheme"#),
        with(follow(json!({})), Reply::text("HTTP/1.1 302 Found\r\n\r\nhi"), r#""status_code":302"#),
        with(follow(json!({"url": "http://u:p@127.0.0.1:PORT/0"})), to("/echo"), "Authorization: Basic dTpw"),
        with(follow(json!({})), Reply::text("HTTP/1.1 304 No\r\nLocation: /echo\r\n\r\n"), r#""status_code":304"#),
    ]);
}

#[test]
fn servers_that_hang_and_redirect_for_ever_end_with_the_time() {
    let started = Instant::now();
    let short = |reply: Reply, wanted: &'static str| with(json!({"timeout": "300ms"}), reply, wanted);
    let waiting = "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
    check(vec![
        short(Reply::Hang(Vec::new()), waiting),
        short(Reply::Hang(b"HTTP/1.1 200 OK\r\nConte".to_vec()), waiting),
        short(Reply::Hang(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhi".to_vec()), "while reading body"),
        with(json!({"timeout": 300_000_000}), Reply::Hang(Vec::new()), waiting),
    ]);
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
    // How many redirects fit into the time is nobody's to say.
    let server =
        Server::http(|_, _| Reply::text("HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n"));
    let request = json!([{"method": "get", "url": format!("http://127.0.0.1:{}/", server.port), "enable_redirect": true, "timeout": "500ms"}]);
    let folder = Folder::new(&[("policy.rego", POLICY), ("input.json", &request.to_string())]);
    let run = folder.run(&["eval", "-d", "policy.rego", "-i", "input.json", "data.example.answers"]).ok();
    assert!(run.stdout.contains(waiting), "{}", run.stdout);
}

#[test]
fn servers_that_send_for_ever_end_at_the_limit() {
    let endless = |head: &str| Reply::Endless(head.as_bytes().to_vec(), vec![b'x'; 1 << 16]);
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(&vec![0; 64 << 20]).unwrap();
    let bomb = packer.finish().unwrap();
    let server = Server::http(move |target, _| match target {
        "/header" => endless("HTTP/1.1 200 OK\r\nA: "),
        "/length" => endless("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n"),
        "/informational" => Reply::Endless(Vec::new(), b"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n".repeat(1000)),
        "/packed" => Reply::Bytes([b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", bomb.as_slice()].concat()),
        _ => endless("HTTP/1.1 200 OK\r\n\r\n"),
    });
    let url = |path: &str| json!({"method": "get", "url": format!("http://127.0.0.1:{}{path}", server.port), "timeout": "60s"});
    let requests = json!([url("/header"), url("/informational"), url("/length"), url("/end"), url("/packed")]);
    let folder = Folder::new(&[("policy.rego", POLICY), ("input.json", &requests.to_string())]);
    let arguments =
        ["eval", "--memory-limit", "16MiB", "-d", "policy.rego", "-i", "input.json", "data.example.answers"];
    let run = folder.run(&arguments).ok();
    let header = "net/http: server response headers exceeded 10485760 bytes; aborted";
    assert_eq!(run.stdout.matches(header).count(), 2, "{}", run.stdout);
    assert_eq!(run.stdout.matches("response body exceeds the limit of 16777216 bytes").count(), 3, "{}", run.stdout);
}

#[test]
fn wrong_options_are_told_in_opas_words() {
    let wrong = |options: Value, wanted: &'static str| with(options, Reply::Echo, wanted);
    check(vec![
        wrong(json!({"x": 1, "y": 2}), r#"operand 1 invalid request parameters(s): {\"x\", \"y\"}"#),
        wrong(json!({"method": 1}), r#"\"method\" must be a string"#),
        wrong(json!({"tls_ca_cert": null}), r#"\"tls_ca_cert\" must be a string"#),
        wrong(json!({"timeout": "x"}), "invalid timeout value"),
        wrong(json!({"timeout": "1d"}), "unknown unit"),
        wrong(json!({"timeout": 1.5}), "must be int64"),
        wrong(json!({"timeout": true}), "must be one of {string, number} but got boolean"),
        wrong(json!({"cache": 1}), r#"invalid value for \"cache\" field"#),
        wrong(json!({"force_cache": "x"}), r#"invalid value for \"force_cache\" field"#),
        wrong(json!({"force_cache": true}), "parameter is missing"),
        wrong(json!({"force_cache": true, "force_cache_duration_seconds": "x"}), "strconv.ParseInt"),
        wrong(json!({"force_cache": true, "force_cache_duration_seconds": 99_999_999_999_i64}), "value out of range"),
        wrong(json!({"enable_redirect": "x"}), "strconv.ParseBool"),
        wrong(json!({"tls_insecure_skip_verify": null}), "strconv.ParseBool"),
        wrong(json!({"headers": 1}), "invalid type for headers key"),
        wrong(json!({"headers": {"a": 1}}), r#"invalid type for headers value \"1\""#),
        wrong(json!({"headers": {"a": ["x", true, null]}}), "invalid type for headers value"),
        wrong(json!({"headers": {"a b": "c"}}), "invalid header field name"),
        wrong(json!({"headers": {"a": "c\nd"}}), "invalid header field value"),
        wrong(json!({"cache_ignored_headers": 1, "headers": {}}), "must be an array of strings"),
        wrong(json!({"max_retry_attempts": -1}), "invalid value -1"),
        wrong(json!({"max_retry_attempts": "1"}), "invalid value"),
        wrong(json!({"method": "g et"}), r#"invalid method \"G ET\""#),
        wrong(json!({"url": "http://127.0.0.1/%zz"}), "invalid URL escape"),
        wrong(json!({"url": " http://x"}), "first path segment"),
        wrong(json!({"url": "foo"}), "unsupported protocol scheme"),
        wrong(json!({"url": "http:///"}), "no Host in request URL"),
        wrong(json!({"url": "http:127.0.0.1/x"}), "no Host in request URL"),
        wrong(json!({"url": "http://127.0.0.1:99999/"}), "invalid port"),
        wrong(json!({"url": "http://127.0.0.1:1/"}), "dial tcp 127.0.0.1:1: connect: connection refused"),
        wrong(json!({"url": "http://u:p@127.0.0.1:1"}), r"u:***@127.0.0.1:1"),
        wrong(json!({"url": "http://a..b/"}), "no such host"),
        wrong(json!({"url": "unix://localhost/x"}), "unsupported protocol scheme"),
        wrong(json!({"url": "unix://localhost/x?socket="}), "missing address"),
        wrong(json!({"url": "unix://localhost/p?socket=%2Fnone.sock"}), "dial unix /none.sock: connect: no such file"),
        wrong(json!({"force_json_decode": 1}), r#"invalid value for \"force_json_decode\" field"#),
        wrong(json!({"tls_ca_cert": "x"}), "could not append certificates"),
        wrong(json!({"tls_ca_cert_file": "none.pem"}), "open none.pem: no such file or directory"),
        wrong(json!({"tls_ca_cert_file": "policy.rego"}), "could not append CA certificates from"),
        wrong(json!({"tls_ca_cert_env_variable": "NONE"}), r#"could not add CA certificates from envvar \"NONE\""#),
        wrong(
            json!({"tls_client_cert": "a", "tls_client_key": "b"}),
            "failed to find any PEM data in certificate input",
        ),
        wrong(json!({"tls_client_cert_file": "none", "tls_client_key_file": "none"}), "open none"),
        wrong(
            json!({"tls_client_cert_env_variable": "A", "tls_client_key_env_variable": "B"}),
            "cannot extract public/private key pair",
        ),
    ]);
}

#[test]
fn strict_errors_have_opas_code_and_place() {
    let policy = |options: &str| format!("package example\n\nanswer :=  http.send({options})\n");
    for (options, code, message) in [
        (
            "{\"method\": \"get\", \"url\": \"http://127.0.0.1:1/\"}",
            "eval_builtin_error",
            "http.send: Get \"http://127.0.0.1:1/\": dial tcp",
        ),
        (
            "{\"method\": \"get\"}",
            "eval_type_error",
            "http.send: operand 1 missing required request parameters(s): {\"url\"}",
        ),
        (
            "{\"method\": \"get\", \"url\": \"x\", \"raise_error\": 1}",
            "eval_builtin_error",
            "invalid value for raise_error field",
        ),
    ] {
        let folder = Folder::new(&[("policy.rego", &policy(options))]);
        let answer =
            evaluate(&folder, &["-d", "policy.rego", "--strict-builtin-errors", "data.example.answer"], &[], &[]);
        let error = answer.pointer("/errors/0").unwrap_or(&answer);
        assert_eq!(error.get("code"), Some(&json!(code)), "{answer}");
        assert!(error.to_string().replace('\\', "").contains(message), "{answer}");
        assert_eq!(error.pointer("/location/row"), Some(&json!(3)), "{answer}");
        assert_eq!(evaluate(&folder, &["-d", "policy.rego", "data.example.answer"], &[], &[]), json!({}));
    }
}

#[test]
fn a_query_without_a_file_is_its_own_place() {
    let folder = Folder::new(&[]);
    let query =
        "http.send({\"method\": \"get\", \"url\": \"http://127.0.0.1/\", \"timeout\": \"x\", \"raise_error\": false})";
    let answer = evaluate(&folder, &[query], &[], &[]);
    assert!(answer.to_string().contains("eval_http_send_internal_error"), "{answer}");
}

#[test]
fn a_decision_that_is_over_ends_with_it() {
    let server = Server::http(|_, _| Reply::Hang(Vec::new()));
    let folder = Folder::new(&[]);
    for options in ["", ", \"timeout\": \"-1s\"", ", \"max_retry_attempts\": 5"] {
        let query =
            format!("http.send({{\"method\": \"get\", \"url\": \"http://127.0.0.1:{}/\"{options}}})", server.port);
        let answer = evaluate(&folder, &["--timeout", "2s", &query], &[], &[]);
        assert_eq!(answer.pointer("/errors/0/code"), Some(&json!("eval_cancel_error")), "{answer}");
        let message = answer.pointer("/errors/0/message");
        assert_eq!(message, Some(&json!("http.send: timed out (context deadline exceeded)")), "{answer}");
    }
}

#[test]
fn failures_are_tried_again() {
    let server = Server::http(|target, count| match target {
        "/third" if count < 3 => Reply::Bytes(Vec::new()),
        "/never" => Reply::Bytes(Vec::new()),
        _ => Reply::Echo,
    });
    let ask = |options: Value, wanted: &str, count: usize| {
        let mut request = json!({"method": "get", "max_retry_attempts": 2});
        for (name, option) in options.as_object().unwrap() {
            request[name] =
                serde_json::from_str(&option.to_string().replace("PORT", &server.port.to_string())).unwrap();
        }
        let folder = Folder::new(&[("policy.rego", POLICY), ("input.json", &json!([request]).to_string())]);
        let arguments = ["-d", "policy.rego", "-i", "input.json", "data.example.answers"];
        let answer = evaluate(&folder, &arguments, &[], &[]);
        assert!(answer.to_string().contains(wanted), "no `{wanted}` in {answer}");
        let runs = if opa().is_some() { 2 } else { 1 };
        assert_eq!(server.take_asked().len(), count * runs);
    };
    ask(json!({"url": "http://127.0.0.1:PORT/never"}), "EOF", 3);
    // The body is used up by the first attempt, in OPA too.
    let body = json!({"url": "http://127.0.0.1:PORT/never", "method": "post", "raw_body": "abc"});
    ask(body, "http: ContentLength=3 with Body length 0", 1);
}

#[test]
fn bodies_keep_their_bytes() {
    let server = Server::http(|_, _| Reply::Bytes(b"HTTP/1.1 200 OK\r\n\r\na\xff\xe2\x82\"\n\xc3\xa9".to_vec()));
    let policy = r#"package example

answer := http.send({"method": "post", "url": input.url, "raw_body": base64.decode("gP8=")})

body := base64.encode(answer.raw_body)

length := count(answer.raw_body)

joined := base64.encode(concat("\u00ff", [answer.raw_body, "b"]))
"#;
    let input = json!({"url": format!("http://127.0.0.1:{}/", server.port)});
    let folder = Folder::new(&[("policy.rego", policy), ("input.json", &input.to_string())]);
    let answer = evaluate(&folder, &["-d", "policy.rego", "-i", "input.json", "data.example.body"], &[], &[&server]);
    assert_eq!(value(&answer), &json!("Yf/igiIKw6k="));
    for rule in ["data.example.length", "data.example.joined"] {
        evaluate(&folder, &["-d", "policy.rego", "-i", "input.json", rule], &[], &[&server]);
    }
}

#[test]
fn the_same_request_is_sent_once_in_a_decision() {
    let server = Server::http(|target, count| match target {
        "/error" => Reply::text(&format!("HTTP/1.1 500 Error\r\n\r\n{count}")),
        _ => Reply::text(&format!("HTTP/1.1 200 OK\r\n\r\n{count}")),
    });
    let url = |path: &str| format!("http://127.0.0.1:{}{path}", server.port);
    let get = |path: &str| json!({"method": "get", "url": url(path)});
    let with_headers = |headers: Value, ignored: Value| json!({"method": "get", "url": url("/headers"), "headers": headers, "cache_ignored_headers": ignored});
    let kept = json!({"method": "get", "url": url("/error"), "cache": true});
    let requests = json!([
        get("/a"), get("/a"), get("/b"), get("/error"), get("/error"), kept, kept,
        with_headers(json!({"x": "1", "y": "1"}), json!(["x"])), with_headers(json!({"x": "2", "y": "1"}), json!(["x", "z"])),
        with_headers(json!({"x": "2", "y": "2"}), json!(["x"])),
        {"method": "get", "url": "http://127.0.0.1:1"}, {"method": "get", "url": "http://127.0.0.1:1"},
    ]);
    let folder = Folder::new(&[("policy.rego", POLICY), ("input.json", &requests.to_string())]);
    let answer = evaluate(&folder, &["-d", "policy.rego", "-i", "input.json", "data.example.answers"], &[], &[&server]);
    let bodies: Vec<_> =
        value(&answer).as_array().unwrap().iter().map(|one| one["raw_body"].as_str().unwrap_or("")).collect();
    assert_eq!(bodies, ["1", "1", "2", "3", "4", "5", "6", "7", "7", "8", "", ""]);
}

#[test]
fn connections_carry_one_request_after_the_other() {
    let sized = |text: &str| Reply::text(&format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{text}", text.len()));
    let server = Server::keeping(move |target, _| match target {
        "/chunks" => Reply::text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nA: b\r\n\r\n"),
        "/head" | "/304" => Reply::text("HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n"),
        "/more" => Reply::text("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi, and more"),
        "/old" => Reply::text("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
        "/said" => Reply::text("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi"),
        "/to" => Reply::text("HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 2\r\n\r\nhi"),
        other => sized(other),
    });
    let request = |method: &str, path: &str| json!({"method": method, "url": format!("http://127.0.0.1:{}{path}", server.port), "enable_redirect": true});
    let mut body = request("post", "/body");
    body["raw_body"] = json!("x".repeat(100_000));
    let mut own = request("get", "/own");
    own["tls_insecure_skip_verify"] = json!(true);
    let requests = json!([
        request("get", "/a"),
        request("get", "/b"),
        request("post", "/c"),
        body,
        request("get", "/chunks"),
        request("head", "/head"),
        request("get", "/304"),
        request("get", "/to"),
        request("get", "/close1"),
        request("get", "/d"),
        request("post", "/close2"),
        request("get", "/e"),
        request("get", "/more"),
        request("get", "/f"),
        request("get", "/said"),
        request("get", "/g"),
        request("get", "/old"),
        request("get", "/h"),
        own,
        request("get", "/i"),
    ]);
    let folder = Folder::new(&[("policy.rego", POLICY), ("input.json", &requests.to_string())]);
    let answer = evaluate(&folder, &["-d", "policy.rego", "-i", "input.json", "data.example.answers"], &[], &[&server]);
    assert_eq!(answer.to_string().matches("\"status_code\":200").count(), 18, "{answer}");
}

#[test]
fn sockets_of_this_machine() {
    let folder = Folder::new(&[("policy.rego", POLICY)]);
    let path = folder.join("http.sock");
    let server = Server::unix(&path, |_, _| Reply::Echo);
    let socket = path.to_string_lossy().replace('/', "%2F");
    let requests = json!([
        {"method": "get", "url": format!("unix://localhost/end/point?z=1&socket={socket}&a=b c")},
        {"method": "post", "url": format!("unix://host.test:81/?socket={socket}"), "body": [1], "headers": {"a": "b"}},
    ]);
    folder.write("input.json", requests.to_string().as_bytes());
    let answer = evaluate(&folder, &["-d", "policy.rego", "-i", "input.json", "data.example.answers"], &[], &[&server]);
    assert!(answer.to_string().contains("GET /end/point?a=b+c&z=1 HTTP/1.1"), "{answer}");
}

#[test]
fn only_allowed_hosts_are_reached() {
    let server = Server::http(|target, _| match target {
        "/elsewhere" => Reply::text("HTTP/1.1 302 Found\r\nLocation: http://localhost/x\r\n\r\n"),
        _ => Reply::Echo,
    });
    let capabilities = |hosts: Value| {
        json!({
            "builtins": [
                {"name": "http.send", "decl": {"type": "function", "args": [{"type": "object", "dynamic": {"key": {"type": "string"}, "value": {"type": "any"}}}], "result": {"type": "object", "dynamic": {"key": {"type": "any"}, "value": {"type": "any"}}}}, "nondeterministic": true},
                {"name": "net.lookup_ip_addr", "decl": {"type": "function", "args": [{"type": "string"}], "result": {"type": "set", "of": {"type": "string"}}}, "nondeterministic": true},
                {"name": "eq", "decl": {"type": "function", "args": [{"type": "any"}, {"type": "any"}], "result": {"type": "boolean"}}, "infix": "="},
                {"name": "assign", "decl": {"type": "function", "args": [{"type": "any"}, {"type": "any"}], "result": {"type": "boolean"}}, "infix": ":="},
            ],
            "features": ["rego_v1"],
            "allow_net": hosts,
        })
        .to_string()
    };
    let url = |path: &str| format!("http://127.0.0.1:{}{path}", server.port);
    let folder =
        Folder::new(&[("none.json", &capabilities(json!([]))), ("one.json", &capabilities(json!(["127.0.0.1"])))]);
    let ask = |capabilities: &str, query: &str| {
        evaluate(&folder, &["--capabilities", capabilities, "--strict-builtin-errors", query], &[], &[&server])
            .to_string()
    };
    let send = |path: &str| {
        format!("http.send({{\"method\": \"get\", \"enable_redirect\": true, \"url\": \"{}\"}})", url(path))
    };
    assert!(ask("one.json", &send("/")).contains("200 OK"));
    assert!(ask("none.json", &send("/")).contains("http.send: disallowed host: 127.0.0.1"));
    assert!(ask("one.json", &send("/elsewhere")).contains("disallowed host: localhost"));
    assert!(ask("one.json", "net.lookup_ip_addr(\"127.0.0.1\")").contains("[\"127.0.0.1\"]"));
    assert!(
        ask("one.json", "net.lookup_ip_addr(\"localhost\")").contains("net.lookup_ip_addr: disallowed host: localhost")
    );
}

#[test]
fn proxies_are_those_of_the_environment() {
    let proxy = Server::http(|_, _| Reply::Echo);
    let address = format!("http://user:pass@127.0.0.1:{}", proxy.port);
    let folder = Folder::new(&[]);
    let ask = |scheme: &str, host: &str, variables: &[(&str, &str)]| {
        let query = format!(
            "http.send({{\"method\": \"get\", \"url\": \"{scheme}://{host}/a?b\", \"headers\": {{\"c\": \"d\"}}, \"raise_error\": false}})"
        );
        evaluate(&folder, &[&query], variables, &[&proxy]).to_string()
    };
    let plain = ask("http", "server.test:81", &[("HTTP_PROXY", &address)]);
    assert!(
        plain.contains("GET http://server.test:81/a?b") && plain.contains("Proxy-Authorization: Basic dXNlcjpwYXNz"),
        "{plain}"
    );
    let tunnel = ask("https", "server.test", &[("https_proxy", &address)]);
    assert!(tunnel.contains("error"), "{tunnel}");
    let refused = ask("http", "server.test", &[("HTTP_PROXY", "127.0.0.1:1")]);
    assert!(refused.contains("proxyconnect tcp: dial tcp 127.0.0.1:1: connect: connection refused"), "{refused}");
    let direct = ask("http", "127.0.0.1:1", &[("HTTP_PROXY", &address)]);
    assert!(direct.contains("dial tcp 127.0.0.1:1"), "{direct}");
    let excepted = ask("http", "a..b", &[("HTTP_PROXY", &address), ("NO_PROXY", "x.y,a..b")]);
    assert!(excepted.contains("no such host"), "{excepted}");
    let denying =
        Server::http(|_, _| Reply::text("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"));
    let address = format!("http://127.0.0.1:{}", denying.port);
    let denied = ask("https", "server.test", &[("HTTPS_PROXY", &address)]);
    assert!(denied.contains("Get \\\"https://server.test/a?b\\\": Proxy Authentication Required"), "{denied}");
}

#[test]
fn hosts_that_are_not_ascii_are_encoded_as_go_encodes_them() {
    let proxy = Server::http(|_, _| Reply::Echo);
    let hosts = [
        "b\u{fc}cher.example/x",
        "B\u{dc}CHER.example:81/",
        "fa\u{df}.de/",
        "xn--bcher-kva.example/",
        "\u{65e5}\u{672c}\u{3002}jp/",
        "-\u{fc}-.de/",
        "a\u{200d}b.de/",
        "\u{628}a.de/",
        "\u{2603}.net/",
        "a%C3%BC.de/",
        "[fe80::1%25en0]:1/",
    ];
    let requests: Vec<_> = hosts.iter().map(|host| json!({"method": "get", "url": format!("http://{host}")})).collect();
    let folder = Folder::new(&[("policy.rego", POLICY), ("input.json", &Value::Array(requests).to_string())]);
    let address = format!("http://127.0.0.1:{}", proxy.port);
    let arguments = ["-d", "policy.rego", "-i", "input.json", "data.example.answers"];
    let answer = evaluate(&folder, &arguments, &[("HTTP_PROXY", &address)], &[&proxy]);
    assert!(answer.to_string().contains("GET http://xn--bcher-kva.example/x HTTP/1.1"), "{answer}");
}

#[test]
fn tunnels_and_socks() {
    let folder = Folder::new(&[]);
    let (socks, tunnel) = (Server::socks(|_, _| Reply::Echo), Server::tunnel("server", |_, _| Reply::Echo));
    let ask = |request: &Value, variable: &str, address: &str| {
        evaluate(&folder, &[&format!("http.send({request})")], &[(variable, address)], &[&socks, &tunnel]).to_string()
    };
    let plain = json!({"method": "get", "url": "http://server.test:81/a", "raise_error": false});
    let secure = json!({"method": "get", "url": "https://server.test/a", "raise_error": false, "tls_ca_cert_file": certificate("ca.pem")});
    for user in ["", "user:pass@"] {
        let answer = ask(&plain, "HTTP_PROXY", &format!("socks5://{user}127.0.0.1:{}", socks.port));
        assert!(answer.contains("GET /a HTTP/1.1"), "{answer}");
        let answer = ask(&secure, "HTTPS_PROXY", &format!("http://{user}127.0.0.1:{}", tunnel.port));
        assert!(answer.contains("GET /a HTTP/1.1"), "{answer}");
    }
    let answer = ask(&plain, "HTTP_PROXY", "socks5://127.0.0.1:1");
    assert!(answer.contains("connection refused"), "{answer}");
}

#[test]
fn urls_are_gos() {
    let urls = [
        "http://a%25b/",
        "http://u:p%3a@127.0.0.1:1/a%2Fb?x=%zz#%41é",
        "//127.0.0.1:1/x",
        "/x",
        "?x",
        "#",
        "",
        "http://127.0.0.1:1?x",
        "http://127.0.0.1:1/a/../b",
        "http://127.0.0.1:1/é",
        "http://127.0.0.1:1/a b\\c|^`{}<>",
        "mailto:x@y",
        "http://exa mple/",
        "http://:1/",
        "http://127.0.0.1:1/?",
        "http://127.0.0.1:1/#",
        "http://@127.0.0.1:1/",
        "http://u@127.0.0.1:1",
        "http://u:@127.0.0.1:1",
        "HTTPS://127.0.0.1:1/X",
        "http:/127.0.0.1/x",
        "http://127.0.0.1:1//x//y",
        "http://127.0.0.1:1/%7Ea%e9",
        "http://127.0.0.1:1/a;b,c=d&e+f$g!h'i(j)*k",
        "http://[::1]:1x/",
        "http://127.0.0.1:1/a?b?c#d#e",
        "ht!tp://x/",
        "1http://x/",
        ":x",
        "http://%31/",
        "http://127.0.0.1:1/\u{7f}",
        "http://[::1/",
        "*",
    ];
    let wrong = |url: &str| with(json!({"url": url}), Reply::Echo, "error");
    check(urls.iter().map(|url| wrong(url)).collect());
}

#[test]
fn addresses_are_looked_up() {
    let folder = Folder::new(&[]);
    let ask = |name: &str| {
        evaluate(&folder, &["--strict-builtin-errors", &format!("net.lookup_ip_addr({name:?})")], &[], &[])
    };
    assert_eq!(value(&ask("127.0.0.1")), &json!(["127.0.0.1"]));
    assert_eq!(value(&ask("::1")), &json!(["::1"]));
    assert!(ask("a b").to_string().contains("net.lookup_ip_addr: lookup a b: no such host"));
    assert!(ask("").to_string().contains("net.lookup_ip_addr: lookup : no such host"));
}

#[test]
fn other_effects_are_opas() {
    let folder = Folder::new(&[]);
    let ask = |query: &str| evaluate(&folder, &["--strict-builtin-errors", query], &[("SOME_VARIABLE", "a=b")], &[]);
    assert_eq!(
        value(&ask("object.remove(opa.runtime(), [\"commit\", \"env\"])")).get("version"),
        Some(&json!("1.22.0"))
    );
    assert_eq!(value(&ask("opa.runtime().env.SOME_VARIABLE")), &json!("a=b"));
    assert_eq!(value(&ask("rand.intn(\"a\", 0)")), &json!(0));
    assert_eq!(value(&ask("rand.intn(\"a\", 1000) == rand.intn(\"a\", -1000)")), &json!(true));
    assert_eq!(value(&ask("uuid.rfc4122(\"a\") == uuid.rfc4122(\"a\")")), &json!(true));
    assert_eq!(value(&ask("count({uuid.rfc4122(\"a\"), uuid.rfc4122(\"b\")})")), &json!(2));
    assert_eq!(value(&ask("time.now_ns() == time.now_ns()")), &json!(true));
    assert_eq!(value(&ask("trace(\"x\")")), &json!(true));
    let message = "rand.intn: operand 2 must be integer number but got floating-point number";
    assert!(ask("x := 1.5; rand.intn(\"a\", x)").to_string().contains(message));
}
