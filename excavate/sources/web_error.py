"""The error of the web, light to import: what asks the web may never come to do so."""

from __future__ import annotations

from excavate.errors import SourceError

TODO = "Check the address, or download it and give the file"


class WebError(SourceError):
    """The web does not give what was asked for. `temporary`: it may, another time.

    `whole_host`: nothing of that host can be had, whatever its address.
    """

    def __init__(
        self,
        what: str,
        where: str,
        todo: str = TODO,
        temporary: bool = False,
        whole_host: bool = False,
    ) -> None:
        super().__init__(what, where, todo)
        self.temporary, self.whole_host = temporary, whole_host
