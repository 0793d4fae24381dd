"""Static files with a content hash in their name, compressed at set-up."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    """A name the set-up has not seen is served as it is: a page then lacks a picture at most."""

    manifest_strict = False
    # Style sheets name pictures, which get their hash. The rest of Django's patterns follow
    # scripts to source maps, which we do not serve.
    patterns = (
        (
            "*.css",
            (
                r"""(?P<matched>url\(['"]{0,1}\s*(?P<url>.*?)["']{0,1}\))""",
                (
                    r"""(?P<matched>@import\s*["']\s*(?P<url>.*?)["'])""",
                    """@import url("%(url)s")""",
                ),
            ),
        ),
    )
