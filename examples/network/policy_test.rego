package network_test

import data.network

noon := time.parse_rfc3339_ns("2024-05-01T12:00:00Z")

night := time.parse_rfc3339_ns("2024-05-01T03:30:00Z")

test_first_rule_decides[name] if {
	some name, case in {
		"office at noon": {"address": "10.1.2.3", "port": 22, "at": noon, "rule": "office"},
		"office at night": {"address": "10.1.2.3", "port": 443, "at": night, "rule": "office"},
		"web at noon": {"address": "192.0.2.1", "port": 80, "at": noon, "rule": "web"},
		"web at night": {"address": "192.0.2.1", "port": 80, "at": night, "rule": "night"},
		"other port": {"address": "192.0.2.1", "port": 8080, "at": noon, "rule": "default"},
	}
	question := {"address": case.address, "port": case.port}
	network.decision.rule == case.rule with input as question with time.now_ns as case.at
}

test_ranges_of_ports if {
	rules := [{"name": "high", "action": "allow", "ports": [], "port_ranges": [{"first": 1024, "last": 2048}]}]
	network.decision.action == "allow" with input as {"port": 1024} with data.firewall as rules
	network.decision.action == "deny" with input as {"port": 2049} with data.firewall as rules
}

test_no_rules if network.decision.rule == "default" with data.firewall as []
