# A scan that wants one user.
package show

answer if {
	some name, user in users
	name == input.user
	user.active
}

users[name] := {"active": true} if some name in input.names
