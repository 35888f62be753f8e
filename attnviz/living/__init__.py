"""What lives on without the server: networks as files for a browser, pages, sites and widgets with a network in them."""
