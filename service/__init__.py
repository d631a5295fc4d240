"""The HTTP service over a gallery: search and scores under ``/v1``, built by ``service.app.create_app``."""
