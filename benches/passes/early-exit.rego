# Rules that ask whether there is any: the first that is found is enough. OPA's planner goes on to the last, so what is measured is its plan
# (`opa build -t plan -e show/answer`, plan.json) of this policy.
package show

answer if {
	some role in input.roles
	role == "a"
}
