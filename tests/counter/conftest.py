"""The small dug site of the app's tests, for what stands on a catalog."""

from tests.app.conftest import made_site as made_site
