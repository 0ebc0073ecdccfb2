package releases_test

import data.releases

release := {
	"version": "1.3.0",
	"previous": "1.2.9",
	"changes": [{"number": 7, "author": "ada", "reviewers": ["bob"], "paths": ["docs/a.md"]}],
	"tests": {"unit": "passed", "slow": "skipped"},
}

freezes := [{"name": "holidays", "from": "2024-12-20T00:00:00Z", "to": "2025-01-02T00:00:00Z"}]

in_june := time.parse_rfc3339_ns("2024-06-01T00:00:00Z")

problems_of(changed, now) := problems if {
	document := object.union(release, changed)
	problems := releases.problems with input as document with data.freezes as freezes with time.now_ns as now
}

test_good_release if {
	problems_of({}, in_june) == set()
	releases.allow with input as release with data.freezes as []
}

test_problems[name] if {
	some name, case in {
		"not semantic": {"changed": {"version": "1.3"}, "problem": "version is not semantic"},
		"too low": {"changed": {"version": "1.2.9"}, "problem": "version 1.2.9 does not follow 1.2.9"},
		"failed": {"changed": {"tests": {"unit": "failed"}}, "problem": "tests unit: failed"},
		"own review": {
			"changed": {"changes": [{"number": 8, "author": "ada", "reviewers": ["ada"], "paths": []}]},
			"problem": "change 8 needs 1 reviews",
		},
		"security": {
			"changed": {"changes": [{"number": 9, "author": "ada", "reviewers": ["bob"], "paths": ["security/x"]}]},
			"problem": "change 9 needs 2 reviews",
		},
	}
	problems_of(case.changed, in_june) == {case.problem}
}

test_freeze[when] if {
	some when, frozen in {
		"2024-12-19T23:59:59Z": false,
		"2024-12-20T00:00:00Z": true,
		"2025-01-01T12:00:00Z": true,
		"2025-01-02T00:00:00Z": false,
	}
	problems := problems_of({}, time.parse_rfc3339_ns(when))
	is_frozen := "freeze: holidays" in problems
	is_frozen == frozen
}
