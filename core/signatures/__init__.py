"""
Signatures of documents: who holds a key, how a PDF is signed, whether a signed PDF holds.

``keys.identity_of`` gives the identity of a holder, ``signing.sign_pdf`` signs with it,
``checking.verify_pdf`` tells everything about the signatures of a file and never raises on its
bytes. Holders are names and numbers here; what they are in the field is the caller's business.
See docs/decisions/0012-signatures.md.
"""
