"""The explorer: pages, figures and an API over the results of a workspace; see :func:`primacy.web.app.create_app`."""
