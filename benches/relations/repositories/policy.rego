package repositories

import rego.v1

# Repositories with a team for each role. A role may do what the ones below it may, teams have the members of the teams below them, and
# nobody changes what is archived.
default allow := false

allow if {
	granted
	not frozen
}

granted if {
	input.action in {"read", "fork"}
	repository.readers in teams
}

granted if {
	input.action in {"read", "fork", "push"}
	repository.writers in teams
}

granted if repository.admins in teams

frozen if {
	repository.archived
	not input.action in {"read", "fork"}
}

repository := data.entities.repositories[input.resource]

teams := graph.reachable(data.entities.teams, data.entities.users[input.principal])
