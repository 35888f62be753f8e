"""Our own components: live things that change in place. Each has its HTML, CSS and JavaScript beside it."""
