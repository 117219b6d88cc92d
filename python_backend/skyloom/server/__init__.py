"""The sky server: jobs behind a gRPC service, its limits, its health and its life as a process."""
