# Complete rules: one constant for all stops at the first success; different values may conflict; `else` stops its own chain.
package example

allow if input.user == "admin"

allow if input.roles[_] == "root"

default deny := false

deny if not allow

level := 1 if input.a

level := count(input.b) if input.c

grade := "high" if {
	input.score > 90
} else := "low" if {
	input.score < 10
}
