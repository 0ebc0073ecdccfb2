package access_test

import data.access

test_allowed[name] if {
	some case in [
		{"user": "alice", "action": "rotate", "resource": "settings/keys"},
		{"user": "alice", "action": "write", "resource": "docs/a"},
		{"user": "alice", "action": "read", "resource": "docs/a/b"},
		{"user": "bob", "action": "delete", "resource": "docs/a"},
		{"user": "bob", "action": "read", "resource": "public"},
		{"user": "carol", "action": "read", "resource": "docs/a/b/c"},
	]
	name := concat(" ", [case.user, case.action, case.resource])
	access.allow with input as case
}

test_denied[name] if {
	some case in [
		{"user": "alice", "action": "rotate", "resource": "settings/keys/old"},
		{"user": "bob", "action": "write", "resource": "docs/a/b"},
		{"user": "bob", "action": "rotate", "resource": "settings/keys"},
		{"user": "carol", "action": "write", "resource": "docs/a"},
		{"user": "dave", "action": "read", "resource": "public"},
		{"user": "nobody", "action": "read", "resource": "public"},
	]
	name := concat(" ", [case.user, case.action, case.resource])
	not access.allow with input as case
}

test_roles_include_others if {
	access.roles == {"admin", "editor", "reader"} with input.user as "alice"
	access.roles == {"reader"} with input.user as "carol"
	access.roles == set() with input.user as "dave"
}

test_roles_may_include_each_other if {
	circle := {"a": {"includes": ["b"], "grants": []}, "b": {"includes": ["a"], "grants": []}}
	found := access.roles with data.roles as circle with data.users as {"x": {"roles": ["a"]}} with input.user as "x"
	found == {"a", "b"}
}

test_reasons if {
	access.reasons == {"unknown user"} with input as {"user": "nobody"}
	denied := {"user": "carol", "action": "write", "resource": "docs/a"}
	access.reasons == {"no role of carol may write docs/a"} with input as denied
	access.reasons == set() with input as object.union(denied, {"action": "read"})
}

todo_test_grants_that_end if access.allow with input.time as "2030-01-01T00:00:00Z"
