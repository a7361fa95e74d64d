"""The door of a shared room: who comes in, by which link, and who stays outside."""
