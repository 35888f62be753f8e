"""TensorFlow in a process of its own, so that the page stays light: server, client, and the messages between."""
