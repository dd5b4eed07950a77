"""Materials, their instances and textures."""
