"""Static files with a content hash in their name, compressed at set-up."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    """A name the set-up has not seen is served as it is: a page then lacks a picture at most."""

    manifest_strict = False
