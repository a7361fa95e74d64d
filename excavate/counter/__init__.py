"""The counter-dataset: what a room makes in answer to an absence, and how far people agree."""
