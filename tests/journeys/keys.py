"""
A person without a mouse: only keys reach and work the controls, and the focus is always in sight.

At every stop the focused control has an outline, stands inside the window and is not covered by
what sticks to its edges.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.journeys.visitor import Visitor

# Stops of the Tab key on the longest page, header and menu included.
STOPS_MAX = 120
# What is wrong with the place the focus is at; empty when a person sees it.
UNSEEN = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return 'nothing has the focus';
  const name = e.outerHTML.slice(0, 120);
  const style = getComputedStyle(e);
  if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2)
    return 'no outline: ' + name;
  const box = e.getBoundingClientRect();
  if (box.width < 1 || box.height < 1) return 'no size: ' + name;
  const x = box.left + Math.min(box.width, 40) / 2, y = box.top + Math.min(box.height, 40) / 2;
  if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) return 'out of the window: ' + name;
  const top = document.elementFromPoint(x, y);
  if (top && (e === top || e.contains(top) || top.contains(e))) return '';
  return 'covered by ' + (top ? top.outerHTML.slice(0, 80) : 'nothing') + ': ' + name;
}"""
AT = "selector => document.activeElement.matches(selector)"


class Keys:
    """The keyboard of a visitor."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = visitor.page

    def reach(self, selector: str) -> None:
        """Press Tab until the control has the focus; see the focus at every stop."""
        for _stop in range(STOPS_MAX):
            if self.page.evaluate(AT, selector):
                return
            self.page.keyboard.press("Tab")
            assert not (found := self.page.evaluate(UNSEEN)), f"{self.visitor.path}: {found}"
        raise AssertionError(f"{self.visitor.path}: Tab does not reach {selector}")

    def type(self, values: Mapping[str, str]) -> None:
        """Type into fields in the order of the page, by the names of their controls."""
        for name, text in values.items():
            self.reach(f"main [name='{name}']")
            self.page.keyboard.type(text)

    def choose(self, name: str, value: str) -> None:
        """Choose one of several with the arrow keys, or an entry of a list."""
        self.reach(f"main [name='{name}']")
        wanted = f"[name='{name}'][value='{value}']:checked, select[name='{name}']"
        for _stop in range(STOPS_MAX):
            chosen = self.page.evaluate(AT, wanted)
            if chosen and self.page.evaluate("() => document.activeElement.value") == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{self.visitor.path}: no key chooses {value} of {name}")

    def tick(self, name: str, *values: str) -> None:
        """Tick boxes with the space bar, in the order of the page."""
        for value in values:
            self.reach(f"main [name='{name}'][value='{value}']")
            self.page.keyboard.press("Space")
            assert self.page.evaluate(AT, ":checked"), f"the space bar does not tick {value}"

    def enter(self, selector: str, *, status: int = 200) -> None:
        """Reach a link or a button and press Enter; look at the page it leads to."""
        self.reach(selector)
        self.visitor.arrive(lambda: self.page.keyboard.press("Enter"), status=status)
