"""What can go wrong, in words for the person who has to mend it.

    VerbatimError            what, where, and the remedy, in one or two lines
    ├── SettingsError        a setting is missing or makes no sense
    ├── ArticleError         an article cannot be read, or none could
    ├── ModelError           a model is missing, altered, or does not fit the index
    └── IndexProblem         the index is missing, damaged, of another format, or being written

Everything else that escapes is a defect.
"""

from __future__ import annotations


class VerbatimError(Exception):
    """Base of every error whose message is meant to be read by a user, as it stands."""


class SettingsError(VerbatimError):
    """A setting is missing or makes no sense."""


class ArticleError(VerbatimError):
    """An article cannot be read, or not one of those named could."""


class ModelError(VerbatimError):
    """A model is missing, is not the one it claims to be, or does not fit the index."""


class IndexProblem(VerbatimError):
    """The index is missing, damaged, of another format, or locked by another writer."""
