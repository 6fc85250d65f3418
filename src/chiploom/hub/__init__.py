"""The web application: database, accounts, pages, API. A face, as the command line is: it holds no domain rule."""
