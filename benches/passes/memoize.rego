# Rules that two entrypoints ask for, each once: a decision is of one of them.
package show

answer if {
	input.kind == "b"
	adult
	named
}

other if {
	adult
	named
}

adult if input.age >= 18

named if count(input.name) > 2
