# Who may do what: users have roles, roles have grants, and some roles include others.
package access

default allow := false

allow if {
	some grant in grants
	matches(grant, input.action, input.resource)
}

# The roles of the user, with those that they include.
roles contains role if some role in data.users[input.user].roles

roles contains role if {
	some included in data.users[input.user].roles
	reachable := graph.reachable(includes, {included})
	some role in reachable
}

includes[role] := object.get(data.roles[role], "includes", []) if some role, _ in data.roles

grants contains grant if {
	some role in roles
	some grant in data.roles[role].grants
}

matches(grant, action, resource) if {
	action in grant.actions
	glob.match(grant.resource, ["/"], resource)
}

matches({"actions": "*", "resource": pattern}, _, resource) if glob.match(pattern, ["/"], resource)

# Why a request is denied, for people.
reasons contains "unknown user" if not data.users[input.user]

reasons contains sprintf("no role of %s may %s %s", [input.user, input.action, input.resource]) if {
	data.users[input.user]
	not allow
}
