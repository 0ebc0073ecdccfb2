# Switches that are off, and what they would have let through.
package show

features := {"debug": false, "beta": false, "audit": true}

default answer := false

answer if {
	features.debug
	regex.match(`^dev-[0-9]+$`, input.user)
}

answer if {
	features.beta
	glob.match("beta:*", [":"], input.user)
}

answer if {
	features.audit
	input.user == "ann"
}
