package tasks

import rego.v1

# Task lists of owners, with a team of readers and one of editors each. Who is of a low level, or away, may do less.
default allow := false

allow if {
	granted
	not forbidden
}

granted if list.owner == input.principal

granted if {
	input.action == "view"
	list.readers in user.teams
}

granted if {
	input.action in {"view", "update"}
	list.editors in user.teams
}

forbidden if {
	input.action == "delete"
	user.level < 2
}

forbidden if {
	user.away
	input.action != "view"
}

user := data.entities.users[input.principal]

list := data.entities.lists[input.resource]
