"""What lives on without the server: networks as files for a browser, pages, sites and widgets that hold them."""
