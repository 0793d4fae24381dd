/* Ctrl+K: the search page over the page at hand. Without script the same link opens the page. */
(function () {
  "use strict";
  var dialog = document.getElementById("palette");
  if (!dialog || !dialog.showModal) { return; }
  var field = document.getElementById("palette-text");
  var place = document.getElementById("palette-hits");
  var timer = 0, running = null;

  function ask() {
    if (running) { running.abort(); }
    running = new AbortController();
    var url = dialog.dataset.palette + "?part=hits&q=" + encodeURIComponent(field.value.trim());
    fetch(url, { signal: running.signal, redirect: "error" }).then(function (answer) {
      return answer.ok ? answer.text() : "";
    }).then(function (html) {
      place.innerHTML = html;
    }).catch(function () { /* Superseded by the next letter, or offline: Enter opens the page. */ });
  }
  function open() {
    dialog.showModal();
    field.select();
    ask();
  }
  function walk(step) {
    var hits = Array.prototype.slice.call(place.querySelectorAll("[data-hit]"));
    var next = hits.indexOf(document.activeElement) + step;
    if (next < 0) { field.focus(); } else if (hits[next]) { hits[next].focus(); }
  }

  document.addEventListener("keydown", function (event) {
    if (event.isComposing) { return; }
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (!dialog.open) { open(); }
    } else if (dialog.open && event.key === "ArrowDown") {
      event.preventDefault();
      walk(1);
    } else if (dialog.open && event.key === "ArrowUp") {
      event.preventDefault();
      walk(-1);
    }
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-open-palette]")) {
      event.preventDefault();
      open();
    } else if (event.target === dialog) {
      dialog.close();
    }
  });
  field.addEventListener("input", function (event) {
    if (event.isComposing) { return; }
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
  field.addEventListener("compositionend", function () {
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
})();
