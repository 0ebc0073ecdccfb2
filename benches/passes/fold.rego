# What a policy computes of constants only, so that it can be read and changed in one place.
package show

prefix := concat("/", ["", "api", "v1"])

roles := {lower(role) | some role in ["Admin", "Ops", "Support"]}

answer if {
	startswith(input.path, prefix)
	lower(input.role) in roles
	count(roles) < 10
}
