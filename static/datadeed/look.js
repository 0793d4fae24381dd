/* Before the first paint: the theme of the system, where the reader has chosen none. */
(function () {
  "use strict";
  var root = document.documentElement;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  var theme = root.getAttribute("data-bs-theme") || "auto";
  function paint() {
    var name = theme === "auto" ? (dark.matches ? "dark" : "light") : theme;
    if (root.getAttribute("data-bs-theme") === name) { return; }
    root.setAttribute("data-bs-theme", name);
  }
  paint();
  dark.addEventListener("change", paint);

  /* A choice takes effect in place, so that a half-filled form keeps what was typed. */
  function apply(name, value) {
    if (name === "theme") { theme = value; paint(); return; }
    if (value === "normal") { root.removeAttribute("data-dd-" + name); return; }
    root.setAttribute("data-dd-" + name, value);
  }
  function press(name, value) {
    document.querySelectorAll("[data-look] button[name='" + name + "']").forEach(function (one) {
      one.setAttribute("aria-pressed", String(one.value === value));
    });
  }
  document.addEventListener("submit", function (event) {
    var form = event.target, button = event.submitter;
    if (!form.matches("[data-look]") || !button) { return; }
    event.preventDefault();
    var data = new FormData(form);
    data.set(button.name, button.value);
    fetch(form.action, { method: "POST", body: data, redirect: "manual" }).then(function (answer) {
      // The answer leads back to a page, which is here already; anything else is a page to show.
      if (answer.type !== "opaqueredirect") { throw new Error(String(answer.status)); }
      apply(button.name, button.value);
      press(button.name, button.value);
    }).catch(function () {
      var chosen = document.createElement("input");
      chosen.type = "hidden";
      chosen.name = button.name;
      chosen.value = button.value;
      form.append(chosen);
      form.submit();
    });
  });
})();
