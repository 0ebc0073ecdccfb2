# What an admission webhook asks: may this object be made?
package kubernetes.admission

import data.kubernetes.images

deny contains message if {
	some container in containers
	not images.is_trusted(container.image)
	message := sprintf("container %s: image %s is not from a trusted registry", [container.name, container.image])
}

deny contains message if {
	some container in containers
	images.tag(container.image) == "latest"
	message := sprintf("container %s: image needs a tag other than latest", [container.name])
}

deny contains message if {
	some container in containers
	some resource in ["cpu", "memory"]
	not container.resources.limits[resource]
	message := sprintf("container %s: no limit for %s", [container.name, resource])
}

deny contains message if {
	some container in containers
	limit := units.parse_bytes(container.resources.limits.memory)
	limit > units.parse_bytes("2Gi")
	message := sprintf("container %s: more than 2Gi of memory", [container.name])
}

deny contains message if {
	some container in containers
	container.securityContext.privileged
	message := sprintf("container %s: privileged", [container.name])
}

deny contains "label team is missing" if not input.request.object.metadata.labels.team

containers contains container if some container in input.request.object.spec.containers

containers contains container if some container in input.request.object.spec.initContainers
