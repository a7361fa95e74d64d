"""A site's findings as they leave it: tables, figures, and a report that can be defended."""
