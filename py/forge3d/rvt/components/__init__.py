"""Components: what stands in a scene."""
