/* The case page: panes that remember, keys that walk the queue, words that are kept while typed. */
(function () {
  "use strict";
  function each(selector, act) { document.querySelectorAll(selector).forEach(act); }
  function token() {
    var field = document.querySelector("input[name=csrfmiddlewaretoken]");
    return field ? field.value : "";
  }

  /* Side panes open as they were left; a browser that forbids storage forgets. */
  each("details[data-remember]", function (pane) {
    var key = "dd-pane-" + pane.dataset.remember;
    try {
      if (localStorage.getItem(key) === "closed") { pane.open = false; }
    } catch (forbidden) { return; }
    pane.addEventListener("toggle", function () {
      try { localStorage.setItem(key, pane.open ? "open" : "closed"); } catch (full) { return; }
    });
  });

  /* What is being written is kept on the server two seconds after the last key. */
  function keep(area, url, place) {
    var timer = 0;
    area.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(function () {
        var body = new FormData();
        body.append("place", place);
        body.append("text", area.value);
        fetch(url, { method: "POST", body: body, headers: { "X-CSRFToken": token() },
                     keepalive: true }).catch(function () { return; });
      }, 2000);
    });
  }
  var root = document.querySelector("[data-words]");
  if (root) {
    each("textarea[data-keep]", function (area) {
      keep(area, root.dataset.words, area.dataset.keep);
    });
  }
  each("form[data-keep-form]", function (form) {
    var area = form.querySelector("textarea[name=text]");
    if (area) { keep(area, form.dataset.keepForm, form.dataset.place); }
  });

  /* Keys; they rest while somebody types or composes. */
  var help = document.querySelector("[data-keys]");
  function follow(selector) {
    var link = document.querySelector(selector);
    if (link) { link.click(); }
    return Boolean(link);
  }
  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) ||
      event.target.isContentEditable;
    if (event.isComposing) { return; }
    if (typing && event.ctrlKey && event.key === "Enter" && event.target.form) {
      event.preventDefault();
      event.target.form.requestSubmit();
      return;
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey || (help && help.open)) { return; }
    var done = false;
    if (event.key === "j") { done = follow("a[rel=next]"); }
    if (event.key === "k") { done = follow("a[rel=prev]"); }
    if (event.key === "d") {
      var changes = document.querySelector("a[href='?show=changes'][aria-current]");
      done = follow(changes ? "a[href='?show=all']" : "a[href='?show=changes']");
    }
    if (event.key === "e") { done = follow("[data-note]"); }
    if (event.key === "?" && help && help.showModal) { help.showModal(); done = true; }
    if (done || (document.querySelector("a[rel=next],a[rel=prev]") && /^[jk]$/.test(event.key))) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);
})();
