package kubernetes.admission_test

import data.kubernetes.admission
import data.kubernetes.images

good := {
	"name": "app",
	"image": "registry.example.com/team/app:1.2",
	"resources": {"limits": {"cpu": "500m", "memory": "512Mi"}},
}

pod(containers) := {"request": {"object": {
	"metadata": {"labels": {"team": "a"}},
	"spec": {"containers": containers},
}}}

test_good_pod if count(admission.deny) == 0 with input as pod([good])

test_denied[name] if {
	some name, case in {
		"untrusted": {
			"change": {"image": "docker.io/app:1"},
			"message": "container app: image docker.io/app:1 is not from a trusted registry",
		},
		"latest": {
			"change": {"image": "registry.example.com/app"},
			"message": "container app: image needs a tag other than latest",
		},
		"too much memory": {
			"change": {"resources": {"limits": {"memory": "3Gi"}}},
			"message": "container app: more than 2Gi of memory",
		},
		"privileged": {
			"change": {"securityContext": {"privileged": true}},
			"message": "container app: privileged",
		},
	}
	document := pod([object.union(good, case.change)])
	admission.deny == {case.message} with input as document
}

test_limits_are_needed if {
	document := pod([object.remove(good, ["resources"])])
	admission.deny == {"container app: no limit for cpu", "container app: no limit for memory"} with input as document
}

test_init_containers_count if {
	document := json.patch(pod([good]), [{
		"op": "add",
		"path": "/request/object/spec/initContainers",
		"value": [object.union(good, {"name": "init", "securityContext": {"privileged": true}})],
	}])
	admission.deny == {"container init: privileged"} with input as document
}

test_team_is_needed if {
	document := json.remove(pod([good]), ["request/object/metadata/labels/team"])
	admission.deny == {"label team is missing"} with input as document
}

test_tag[image] if {
	some image, tag in {
		"app": "latest",
		"app:1": "1",
		"host:5000/app": "latest",
		"host:5000/app:2": "2",
		"app@sha256:abc": "digest",
	}
	images.tag(image) == tag
}
