package kubernetes.images

registries := {"registry.example.com", "mirror.example.com:5000"}

is_trusted(image) if {
	some registry in registries
	startswith(image, concat("", [registry, "/"]))
}

# The tag of an image; images without a tag or digest have the tag latest.
tag(image) := "digest" if contains(image, "@sha256:")

else := last if {
	parts := split(name(image), ":")
	count(parts) == 2
	last := parts[1]
} else := "latest"

# What follows the last slash: a port is no tag.
name(image) := parts[count(parts) - 1] if parts := split(image, "/")
