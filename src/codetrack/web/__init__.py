"""The frame for HTML: base templates, components, navigation, error pages, static files. No domain."""
