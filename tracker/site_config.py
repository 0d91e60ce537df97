"""Puts our admin site in the place of Django's; read before any model is."""

from django.contrib.admin.apps import AdminConfig


class CurationConfig(AdminConfig):
    """Django's admin app with `tracker.site.CurationSite` as its site."""

    default_site = "tracker.site.CurationSite"
