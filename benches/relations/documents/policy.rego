package documents

import rego.v1

# Documents that their owners share with groups. Groups have their members, and those of the groups below them.
default allow := false

allow if document.owner == input.principal

allow if {
	input.action == "read"
	document.published
}

allow if {
	input.action == "read"
	some group in document.readers
	group in groups
}

allow if {
	input.action in {"read", "write"}
	some group in document.editors
	group in groups
}

document := data.entities.documents[input.resource]

groups := graph.reachable(data.entities.groups, data.entities.users[input.principal])
