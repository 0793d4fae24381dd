/* Rules of the server for a field that was changed and left. Enhancement only: saving asks too. */
(function () {
  "use strict";
  /* What moves under a pressed pointer loses the click: marks wait until it is up. */
  var pressed = false, waiting = [];
  document.addEventListener("pointerdown", function () { pressed = true; }, true);
  ["pointerup", "pointercancel"].forEach(function (name) {
    document.addEventListener(name, function () {
      pressed = false;
      // The click follows the pointer's rise.
      setTimeout(function () { waiting.splice(0).forEach(function (act) { act(); }); }, 0);
    }, true);
  });
  function whenReleased(act) {
    if (pressed) { waiting.push(act); } else { act(); }
  }

  document.querySelectorAll("form[data-problems]").forEach(function (form) {
    var touched = {}, running = null;

    function idOf(control) {
      var group = control.closest("fieldset.dd-field");
      var table = control.closest("table[id]");
      return (group || table || control).id;
    }

    /* Marks one field, without moving the focus; what the page brought along is replaced. */
    function mark(id, text) {
      var control = document.getElementById(id);
      var box = control && control.closest(".dd-field");
      if (!box) { return; }
      var shown = box.querySelector(".dd-problem");
      if ((shown ? shown.textContent : "") === text) { return; }
      if (shown && !text) { shown.remove(); }
      if (text && !shown) {
        shown = document.createElement("div");
        shown.id = id + "_problem";
        var before = box.querySelector(".dd-hint:not([aria-hidden])") ||
          box.querySelector(".form-label, .form-check");
        before.insertAdjacentElement("afterend", shown);
      }
      if (text) {
        shown.className = "dd-problem is-early";
        shown.setAttribute("role", "status");
        shown.textContent = text;
      }
      var names = (control.getAttribute("aria-describedby") || "").split(" ");
      names = names.filter(function (name) { return name && name !== id + "_problem"; });
      if (text) { names.push(id + "_problem"); }
      if (names.length) {
        control.setAttribute("aria-describedby", names.join(" "));
      } else {
        control.removeAttribute("aria-describedby");
      }
      if (control.tagName !== "FIELDSET") { control.setAttribute("aria-invalid", String(!!text)); }
    }

    function ask() {
      if (running) { running.abort(); }
      running = new AbortController();
      var data = new FormData(form);
      form.querySelectorAll("input[type=file]").forEach(function (chooser) {
        data.delete(chooser.name);
      });
      fetch(form.dataset.problems, {
        method: "POST", body: data, redirect: "error", signal: running.signal
      }).then(function (answer) { return answer.ok ? answer.json() : null; }).then(function (found) {
        if (!found) { return; }
        whenReleased(function () {
          Object.keys(touched).forEach(function (id) { mark(id, found.problems[id] || ""); });
        });
      }).catch(function () { /* Offline or superseded: the save says the same. */ });
    }

    form.addEventListener("input", function (event) {
      event.target.dataset.changed = "1";
    });
    form.addEventListener("focusout", function (event) {
      if (!event.target.dataset.changed || event.target.closest("[data-upload]")) { return; }
      delete event.target.dataset.changed;
      if (!idOf(event.target)) { return; }
      touched[idOf(event.target)] = true;
      ask();
    });
  });
}());
