package example_test

import data.example

test_public_server_with_http[protocol] if {
	some protocol in ["http", "telnet"]
	document := {
		"servers": [{"id": "app", "protocols": [protocol], "ports": ["p1"]}],
		"networks": [{"id": "net1", "public": true}],
		"ports": [{"id": "p1", "network": "net1"}],
	}
	violations := example.violation with input as document
	violations == expected(protocol)
}

expected("http") := {"app"}

expected("telnet") := {"app"}

test_private_server_with_http if {
	document := {
		"servers": [{"id": "app", "protocols": ["http"], "ports": ["p1"]}],
		"networks": [{"id": "net1", "public": false}],
		"ports": [{"id": "p1", "network": "net1"}],
	}
	count(example.violation) == 0 with input as document
}
