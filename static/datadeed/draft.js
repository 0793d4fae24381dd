/* Writing a draft: saves by itself, merges, survives a lost connection, session or tab. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-draft]");
  if (!form) { return; }
  var words = form.dataset, mark = form.querySelector("[data-autosave-status]");
  var revision = form.elements.revision, base = form.elements.base;
  var shelf = "dd-draft:" + words.draft + ":" + window.location.pathname;
  var OWN = { csrfmiddlewaretoken: 1, revision: 1, base: 1 };
  var timer = 0, keeper = 0, composing = false, dirty = false, running = false, waiting = null;
  var wait = 2;

  function say(text, failing) {
    mark.textContent = text;
    mark.classList.toggle("is-failing", Boolean(failing));
  }
  function time(at) {
    return ("0" + at.getHours()).slice(-2) + ":" + ("0" + at.getMinutes()).slice(-2);
  }
  function controls(name) {
    return Array.prototype.filter.call(form.elements, function (one) {
      return one.name === name && one.type !== "file";
    });
  }

  /* What is typed and not saved lies in this browser, for this person, until it is saved. */
  function typed() {
    var values = {};
    new FormData(form).forEach(function (value, name) {
      if (OWN[name] || typeof value !== "string") { return; }
      (values[name] = values[name] || []).push(value);
    });
    return values;
  }
  function put(values) {
    Array.prototype.forEach.call(form.elements, function (one) {
      if (!one.name || OWN[one.name] || one.type === "file" || one.type === "submit") { return; }
      var given = values[one.name] || [];
      if (one.type === "checkbox" || one.type === "radio") {
        one.checked = given.indexOf(one.value) >= 0;
      } else if (one.type !== "hidden" && given.length) {
        one.value = given[0];
      }
      one.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
  function keep(sent) {
    try {
      localStorage.setItem(shelf, JSON.stringify({
        at: Date.now(), revision: revision.value, base: base.value, values: typed(), sent: sent === true
      }));
    } catch (error) { /* A browser without room or leave to keep anything: the server has it soon. */ }
  }
  function forget() {
    clearTimeout(keeper);
    try { localStorage.removeItem(shelf); } catch (error) { /* Nothing was kept. */ }
  }
  /* What was handed in on the page before is stored once the draft has a later revision. */
  function tidy() {
    try {
      Object.keys(localStorage).forEach(function (key) {
        if (key.indexOf("dd-draft:" + words.draft + ":" + words.place) !== 0) { return; }
        var kept = JSON.parse(localStorage.getItem(key));
        if (kept.sent && Number(kept.revision) < Number(revision.value)) { localStorage.removeItem(key); }
      });
    } catch (error) { /* Nothing can be kept here, so nothing is. */ }
  }
  function same(one, other) {
    return JSON.stringify(one).replace(/\\r/g, "") === JSON.stringify(other).replace(/\\r/g, "");
  }
  function offer() {
    var kept = null;
    try { kept = JSON.parse(localStorage.getItem(shelf)); } catch (error) { kept = null; }
    if (!kept || !kept.values) { return; }
    if (same(kept.values, typed())) { forget(); return; }
    var bar = document.getElementById("draft-kept");
    bar.querySelector("[data-when]").textContent = time(new Date(kept.at));
    bar.hidden = false;
    bar.querySelector("[data-restore]").addEventListener("click", function () {
      put(kept.values);
      revision.value = kept.revision;
      base.value = kept.base;
      bar.hidden = true;
      change();
    });
    bar.querySelector("[data-discard]").addEventListener("click", function () {
      forget();
      bar.hidden = true;
    });
  }

  /* What somebody else wrote meanwhile comes in where nobody is writing. */
  function takeIn(answer) {
    var marks = JSON.parse(base.value), named = [], later = false;
    var stay = {};
    answer.came_in.forEach(function (entry) {
      var fields = controls(entry.name);
      var plain = fields.length === 1 && /^(text|textarea|number|email|tel|date)$/.test(fields[0].type);
      if (!plain || fields[0] === document.activeElement) {
        stay[entry.entry] = marks[entry.entry];
        later = later || !plain;
      } else {
        fields[0].value = entry.value === null ? "" : entry.value;
        named.push(entry.label);
      }
    });
    revision.value = answer.revision;
    base.value = JSON.stringify(Object.assign({}, answer.base, stay));
    if (later) { return " · " + words.textReload; }
    return named.length ? " · " + words.textMerged + named.join("、") : "";
  }
  function ask(html) {
    var place = new DOMParser().parseFromString(html, "text/html").querySelector("dialog");
    if (!place) { say(words.textFailed, true); return; }
    document.querySelectorAll("dialog[data-merge]").forEach(function (old) { old.remove(); });
    document.body.appendChild(place);
    place.querySelector("form").addEventListener("submit", function () {
      form.dataset.clean = "1";
      forget();
    });
    place.showModal();
  }

  function save() {
    if (!dirty || composing || running || form.dataset.sent) { return; }
    running = true;
    dirty = false;
    var body = new FormData(form);
    Array.prototype.forEach.call(form.querySelectorAll("input[type=file]"), function (one) {
      body.delete(one.name);
    });
    fetch(form.dataset.autosave, {
      method: "POST", body: body, redirect: "manual",
      headers: { "X-Requested-With": "autosave", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value }
    }).then(function (response) {
      offline(false);
      wait = 2;
      if (response.ok) {
        return response.json().then(function (answer) {
          var more = takeIn(answer);
          if (!dirty) { form.dataset.clean = "1"; forget(); }
          if (answer.unsaved.length) { more += " · " + words.textUnfit + answer.unsaved.join("、"); }
          say(words.textSaved + " " + time(new Date()) + more, answer.unsaved.length > 0);
        });
      }
      dirty = true;
      if (response.status === 401 || response.status === 403) {
        say(words.textSignedOut, true);
        signIn();
        return null;
      }
      if (response.status === 409 && /html/.test(response.headers.get("Content-Type"))) {
        return response.text().then(function (html) { say(words.textClash, true); ask(html); });
      }
      return response.json().then(function (answer) { say(answer.problem, true); }, function () {
        say(words.textFailed, true);
      });
    }, function () {
      dirty = true;
      offline(true);
      say(words.textFailed, true);
      timer = setTimeout(save, 1000 * wait);
      wait = Math.min(60, wait * 2);
    }).then(function () {
      running = false;
      if (!waiting) { return; }
      var button = waiting.button;
      waiting = null;
      form.requestSubmit(button);
    });
  }

  /* The connection. */
  function offline(is) { document.getElementById("draft-offline").hidden = !is; }
  window.addEventListener("offline", function () { offline(true); });
  window.addEventListener("online", function () { clearTimeout(timer); wait = 2; offline(false); save(); });

  /* Signed out: sign in over the page; the same person, the same text. */
  var gate = document.getElementById("draft-sign-in");
  function page(address) {
    return fetch(address, { credentials: "same-origin" }).then(function (answer) {
      return answer.text();
    }).then(function (text) { return new DOMParser().parseFromString(text, "text/html"); });
  }
  function tokenIn(doc) {
    var field = doc.querySelector("input[name=csrfmiddlewaretoken]");
    return field ? field.value : "";
  }
  function signIn() {
    if (gate.open) { return; }
    gate.showModal();
    gate.querySelector("[name=password]").focus();
  }
  gate.querySelector("form").addEventListener("submit", function (event) {
    event.preventDefault();
    event.stopPropagation();
    var password = gate.querySelector("[name=password]"), problem = gate.querySelector("[role=alert]");
    problem.textContent = "";
    page(gate.dataset.address).then(function (doc) {
      var body = new URLSearchParams({
        csrfmiddlewaretoken: tokenIn(doc), username: gate.dataset.username, password: password.value
      });
      return fetch(gate.dataset.address, { method: "POST", body: body, redirect: "manual" });
    }).then(function (answer) {
      password.value = "";
      if (answer.type !== "opaqueredirect") { problem.textContent = words.textWrong; password.focus(); return null; }
      return page(window.location.pathname).then(function (doc) {
        var fresh = tokenIn(doc);
        document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach(function (one) { one.value = fresh; });
        document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": fresh }));
        gate.close();
        save();
      });
    }).catch(function () { problem.textContent = words.textFailed; });
  });

  /* Two seconds after the last key, and when a field is left; never moves the focus. */
  function change() {
    dirty = true;
    form.dataset.clean = "";
    clearTimeout(timer);
    timer = setTimeout(save, 2000);
    clearTimeout(keeper);
    keeper = setTimeout(keep, 400);
  }
  form.addEventListener("compositionstart", function () { composing = true; });
  form.addEventListener("compositionend", function () { composing = false; });
  form.addEventListener("input", change);
  form.addEventListener("focusout", function () { clearTimeout(timer); save(); });
  // A save under way is let through first: the next one must know the revision it made.
  form.addEventListener("submit", function (event) {
    clearTimeout(timer);
    if (running) {
      event.preventDefault();
      event.stopImmediatePropagation();
      waiting = { button: event.submitter };
      return;
    }
    clearTimeout(keeper);
    keep(true);
  });
  tidy();
  offer();
})();
