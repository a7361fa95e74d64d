"""The app: Streamlit's pages and our own routes in one ASGI application."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from excavate.base_path import UnderBase
from excavate.components.head import middleware
from excavate.door.doorway import doorway
from excavate.keeping_route import keeping
from excavate.pages.parts import tell
from excavate.routes import routes
from excavate.settings import Settings

app = st.App(
    Path(__file__).resolve().parent / "excavate" / "pages" / "main.py",
    routes=routes(),
    middleware=[
        Middleware(UnderBase, base=Settings.from_environment().base_path),
        *doorway(),
        *middleware(),
    ],
    lifespan=keeping,
    on_script_error=tell,
)
