//! `http.send` within TLS, against real servers on this machine and beside OPA: certificates, rare keys, HTTP/2.
#![expect(clippy::unwrap_used, reason = "a test ends at its first failure")]

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::common::Folder;
use crate::http::{POLICY, evaluate, value};
use crate::servers::{Reply, Server, certificate};

/// The options of a request to a server of TLS.
fn tls_request(server: &Server, options: Value) -> Value {
    let mut request =
        json!({"method": "get", "url": format!("https://127.0.0.1:{}/", server.port), "headers": {"a": "b"}});
    for (name, option) in options.as_object().unwrap() {
        request[name] = option.clone();
    }
    request
}

#[test]
fn servers_of_tls_are_checked_as_go_checks_them() {
    let server = |name: &str| Server::https(name, false, |_, _| Reply::Echo);
    let (good, other, unnamed, expired, alone) =
        (server("server"), server("other"), server("unnamed"), server("expired"), server("alone"));
    let plain = Server::http(|_, _| Reply::Echo);
    let garbage = Server::http(|_, _| Reply::text("HTTP/1.1 400 Bad\r\n\r\n"));
    let (ca, alone_file) = (certificate("ca.pem"), certificate("alone.pem"));
    let text = std::fs::read_to_string(&ca).unwrap();
    let trusted = json!({"tls_ca_cert_file": ca});
    let mut cases = vec![
        (tls_request(&good, trusted.clone()), "200 OK"),
        (tls_request(&good, json!({"tls_ca_cert": text})), "200 OK"),
        (tls_request(&good, json!({"tls_ca_cert": text.replace('\n', "\\n")})), "200 OK"),
        (tls_request(&good, json!({"tls_ca_cert_env_variable": "AUTHORITY"})), "200 OK"),
        (tls_request(&good, json!({"tls_use_system_certs": true, "tls_ca_cert_file": ca})), "200 OK"),
        (tls_request(&good, json!({"tls_insecure_skip_verify": true})), "200 OK"),
        (tls_request(&good, json!({"tls_ca_cert_file": ca, "tls_server_name": "server.test"})), "200 OK"),
        (tls_request(&good, json!({"tls_ca_cert_file": ca, "headers": {"host": "localhost"}})), "200 OK"),
        (
            tls_request(&good, json!({"tls_ca_cert_file": ca, "tls_server_name": "wrong.test"})),
            "certificate is valid for localhost, server.test, not wrong.test",
        ),
        (tls_request(&good, json!({})), "x509: certificate signed by unknown authority"),
        (tls_request(&good, json!({"tls_use_system_certs": true})), "x509: certificate signed by unknown authority"),
        (tls_request(&good, json!({"tls_ca_cert_file": alone_file})), "x509: certificate signed by unknown authority"),
        (
            tls_request(&other, trusted.clone()),
            "cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs",
        ),
        (
            tls_request(&unnamed, json!({"tls_ca_cert_file": ca, "tls_server_name": "unnamed.test"})),
            "x509: certificate",
        ),
        (tls_request(&alone, json!({"tls_ca_cert_file": alone_file})), "200 OK"),
    ];
    let mut request = tls_request(&plain, json!({"timeout": "5s"}));
    request["url"] = json!(format!("https://127.0.0.1:{}/", garbage.port));
    request["timeout"] = json!("300ms");
    cases.push((request, "error"));
    let requests: Vec<_> = cases.iter().map(|(request, _)| request.clone()).collect();
    let folder = Folder::new(&[("policy.rego", POLICY), ("input.json", &Value::Array(requests).to_string())]);
    let arguments = ["-d", "policy.rego", "-i", "input.json", "data.example.answers"];
    let answer = evaluate(&folder, &arguments, &[("AUTHORITY", &text)], &[&good, &alone]);
    for ((_, wanted), answer) in cases.iter().zip(value(&answer).as_array().unwrap()) {
        assert!(answer.to_string().contains(wanted), "no `{wanted}` in {answer}");
    }
    // The message has the time of now.
    let request = json!([tls_request(&expired, trusted)]);
    folder.write("input.json", request.to_string().as_bytes());
    let run = folder.run(&["eval", "-d", "policy.rego", "-i", "input.json", "data.example.answers"]).ok();
    assert!(run.stdout.contains("x509: certificate has expired or is not yet valid: current time "), "{}", run.stdout);
    assert!(run.stdout.contains("Z is after 2021-01-01T00:00:00Z"), "{}", run.stdout);
}

#[test]
fn servers_of_tls_may_have_keys_that_are_rare() {
    let folder = Folder::new(&[("policy.rego", POLICY), ("a", "hi")]);
    for (name, protocol) in [("p521", "-tls1_3"), ("rsa1024", "-tls1_3"), ("rsa1024", "-tls1_2")] {
        // The library of the other servers has no such keys.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let (pem, key) = (certificate(&format!("{name}.pem")), certificate(&format!("{name}.key")));
        let server = Command::new("openssl")
            .args(["s_server", "-quiet", "-WWW", protocol, "-accept", &format!("127.0.0.1:{port}")])
            .args(["-cert", &pem, "-key", &key, "-cipher", "ALL:@SECLEVEL=0"])
            .current_dir(folder.join(""))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut server) = server else {
            let _ = writeln!(std::io::stderr(), "skipped: `openssl` is not installed");
            return;
        };
        let url = format!("https://127.0.0.1:{port}/a");
        for _ in 0..100 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let requests = json!([
            {"method": "get", "url": url, "tls_ca_cert_file": pem},
            {"method": "get", "url": url, "tls_insecure_skip_verify": true},
            {"method": "get", "url": url, "tls_ca_cert_file": certificate("ca.pem")},
        ]);
        folder.write("input.json", requests.to_string().as_bytes());
        let answer = evaluate(&folder, &["-d", "policy.rego", "-i", "input.json", "data.example.answers"], &[], &[]);
        server.kill().unwrap();
        server.wait().unwrap();
        assert_eq!(answer.to_string().matches("\"raw_body\":\"hi\"").count(), 2, "{answer}");
    }
}

#[test]
fn clients_show_their_certificates() {
    let server = Server::https("server", true, |_, _| Reply::Echo);
    let (ca, file, key_file) = (certificate("ca.pem"), certificate("client.pem"), certificate("client.key"));
    let (pem, key) = (std::fs::read_to_string(&file).unwrap(), std::fs::read_to_string(&key_file).unwrap());
    let request = |options: Value| {
        let mut request = tls_request(&server, options);
        request["tls_ca_cert_file"] = json!(ca);
        request
    };
    let requests = json!([
        request(json!({"tls_client_cert_file": file, "tls_client_key_file": key_file})),
        request(json!({"tls_client_cert": pem, "tls_client_key": key})),
        request(json!({"tls_client_cert_env_variable": "CLIENT", "tls_client_key_env_variable": "KEY"})),
        request(json!({})),
        request(json!({"tls_client_cert_file": file})),
        request(json!({"tls_client_cert_file": file, "tls_client_key_file": certificate("other.key")})),
        request(json!({"tls_client_cert_file": key_file, "tls_client_key_file": file})),
        request(json!({"tls_client_cert_file": file, "tls_client_key_file": file})),
    ]);
    let folder = Folder::new(&[("policy.rego", POLICY), ("input.json", &requests.to_string())]);
    let arguments = ["-d", "policy.rego", "-i", "input.json", "data.example.answers"];
    let answer = evaluate(&folder, &arguments, &[("CLIENT", &pem), ("KEY", &key)], &[&server]);
    let wanted = [
        "200 OK",
        "200 OK",
        "200 OK",
        "remote error: tls: certificate required",
        "remote error: tls: certificate required",
        "tls: private key does not match public key",
        "PEM inputs may have been switched",
        "found a certificate rather than a key",
    ];
    for (wanted, answer) in wanted.iter().zip(value(&answer).as_array().unwrap()) {
        assert!(answer.to_string().contains(wanted), "no `{wanted}` in {answer}");
    }
}

#[test]
fn servers_of_tls_may_choose_http_2() {
    let server = Server::http2("server");
    let request = |method: &str, path: &str, options: Value| {
        let mut request =
            json!({"method": method, "url": format!("https://127.0.0.1:{}{path}", server.port), "timeout": "20s"});
        request.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
        request
    };
    let requests = json!([
        request("get", "/", json!({})),
        request(
            "get",
            "/a?b=c",
            json!({"headers": {"A": "b", "host": "server.test", "cookie": "a=b; c=d", "connection": "keep-alive"}})
        ),
        request("get", "/no", json!({"headers": {"connection": "x"}})),
        request("post", "/", json!({})),
        request("post", "/large", json!({"body": {"a": "x".repeat(300_000)}})),
        request("head", "/", json!({})),
        request("get", "/own", json!({"tls_ca_cert_file": certificate("ca.pem")})),
        request("get", "/short", json!({})),
        request("get", "/reset", json!({})),
        request("get", "/behind", json!({})),
    ]);
    let folder = Folder::new(&[("policy.rego", POLICY), ("input.json", &requests.to_string())]);
    let roots = certificate("ca.pem");
    let variables = [("SSL_CERT_FILE", roots.as_str()), ("SSL_CERT_DIR", "/none")];
    let arguments = ["-d", "policy.rego", "-i", "input.json", "data.example.answers"];
    let answer = evaluate(&folder, &arguments, &variables, &[&server]);
    assert!(answer.to_string().contains("user-agent: Go-http-client/2.0"), "{answer}");
}
