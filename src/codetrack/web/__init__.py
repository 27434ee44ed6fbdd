"""The frame for HTML: base templates, components, navigation, error pages. No domain."""
