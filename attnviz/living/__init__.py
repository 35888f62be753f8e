"""What goes on without the server: networks as files that the browser's own code runs."""
