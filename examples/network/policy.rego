# Rules of a firewall: the first one that fits decides.
package network

default decision := {"action": "deny", "rule": "default"}

decision := {"action": rule.action, "rule": rule.name} if {
	fitting := [rule | some rule in data.firewall; fits(rule)]
	rule := fitting[0]
}

fits(rule) if {
	fits_address(rule)
	fits_port(rule)
	fits_time(rule)
}

fits_address(rule) if not rule.from

fits_address(rule) if net.cidr_contains(rule.from, input.address)

fits_port(rule) if not rule.ports

fits_port(rule) if input.port in rule.ports

fits_port(rule) if {
	some range in rule.port_ranges
	range.first <= input.port
	input.port <= range.last
}

fits_time(rule) if not rule.hours

fits_time(rule) if {
	[hour, _, _] := time.clock(time.now_ns())
	hour >= rule.hours.from
	hour < rule.hours.to
}
