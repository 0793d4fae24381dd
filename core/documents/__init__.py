"""
The document kit: official Chinese pages as PDF, the same bytes for the same facts.

``fonts`` knows which glyphs there are, ``typeset`` breaks Chinese lines, ``parts`` makes the
pieces of a page, ``furniture`` what stands around them, ``kit`` builds the file. Renderers in the
apps turn one frozen dataclass of facts into bytes and know nothing of the database.
"""
