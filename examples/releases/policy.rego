# May this release go out? Versions rise, changes are reviewed by others, tests passed, and freezes are kept.
package releases

allow if count(problems) == 0

problems contains "version is not semantic" if not semver.is_valid(input.version)

problems contains message if {
	semver.compare(input.version, input.previous) <= 0
	message := $"version {input.version} does not follow {input.previous}"
}

problems contains message if {
	some change in input.changes
	reviewers := {reviewer | some reviewer in change.reviewers; reviewer != change.author}
	count(reviewers) < required_reviews(change)
	message := sprintf("change %d needs %d reviews", [change.number, required_reviews(change)])
}

problems contains message if {
	some suite, result in input.tests
	not result in {"passed", "skipped"}
	message := sprintf("tests %s: %s", [suite, result])
}

problems contains message if {
	some freeze in data.freezes
	now := time.now_ns()
	time.parse_rfc3339_ns(freeze.from) <= now
	now < time.parse_rfc3339_ns(freeze.to)
	message := sprintf("freeze: %s", [freeze.name])
}

required_reviews(change) := 2 if {
	some path in change.paths
	regex.match(`^(security|infrastructure)/`, path)
} else := 1
