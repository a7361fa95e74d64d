"""The words of each measure, in the language of this run."""
