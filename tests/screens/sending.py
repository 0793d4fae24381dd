"""Forms sent from a reader's window, so that the answer is a screen: whole ones and broken ones."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping

from playwright.sync_api import Response

from tests.screens.looking import Looker

# The form carries what it is told and the token of the page; the page's own form stays as it is.
SEND = """async ({action, values, file, token}) => {
  const form = document.createElement('form');
  Object.assign(form, {method: 'post', action, enctype: 'multipart/form-data', hidden: true});
  const put = (name, value) => {
    const field = Object.assign(document.createElement('input'), {type: 'hidden', name, value});
    form.append(field);
  };
  const known = document.querySelector('[name=csrfmiddlewaretoken]');
  if (token && known) put('csrfmiddlewaretoken', known.value);
  for (const [name, value] of values) put(name, value);
  if (file) {
    const bytes = Uint8Array.from(atob(file.content), one => one.charCodeAt(0));
    const carrier = new DataTransfer();
    carrier.items.add(new File([bytes], file.name, {type: 'application/pdf'}));
    const field = Object.assign(document.createElement('input'), {type: 'file', name: 'file'});
    field.files = carrier.files;
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}"""


def send(
    looker: Looker,
    path: str,
    values: Mapping[str, str | list[str]] | None = None,
    *,
    at: str = "",
    file: bytes = b"",
    token: bool = True,
) -> Response:
    """Send a form to an address from the page at another one; return what is answered."""
    looker.page.goto(looker.base + (at or path))
    looker.noise.clear()
    pairs = [
        (name, one)
        for name, value in (values or {}).items()
        for one in ([value] if isinstance(value, str) else value)
    ]
    sent = {
        "action": path,
        "values": pairs,
        "file": {"name": "文件.pdf", "content": b64encode(file).decode()} if file else None,
        "token": token,
    }
    with looker.page.expect_navigation(wait_until="load") as going:
        looker.page.evaluate(SEND, sent)
    answer = going.value
    assert answer is not None, path
    return answer
