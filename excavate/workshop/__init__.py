"""The workshop: what people said and made in a site. It cannot be rebuilt, so nothing is lost.

`workshop.duckdb` is append-only: a correction is a new row, a view shows the newest of each.
One process writes, the app; what people chose or made lies in `media/`, named by its hash.
"""
