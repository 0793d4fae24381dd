/* Enhancement only: every page works without this file. */
(function () {
  "use strict";
  var words = document.body.dataset;
  function each(selector, act) { document.querySelectorAll(selector).forEach(act); }
  function token() {
    var field = document.querySelector("input[name=csrfmiddlewaretoken]");
    return field ? field.value : "";
  }

  /* Focus goes to the error summary after a refused form. */
  var summary = document.querySelector("[data-focus]");
  if (summary) { summary.focus(); }

  /* A second click on a button that acts is not a second act. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || event.defaultPrevented) { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    form.dataset.clean = "1";
    form.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", function () {
    each("form[data-sent]", function (form) {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    });
  });

  /* Who leaves leaves no text behind in this browser. */
  document.addEventListener("submit", function (event) {
    if (!event.target.matches("[data-leave]")) { return; }
    try {
      Object.keys(localStorage).forEach(function (key) {
        if (key.indexOf("dd-draft:") === 0) { localStorage.removeItem(key); }
      });
    } catch (error) { /* Nothing was kept. */ }
  });

  /* Grave acts ask once more. */
  document.addEventListener("click", function (event) {
    var asked = event.target.closest("[data-confirm]");
    if (asked && !window.confirm(asked.dataset.confirm)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);

  /* Copy a key or a number. */
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy]");
    if (!button || !navigator.clipboard) { return; }
    var source = document.querySelector(button.dataset.copy);
    var text = source ? source.textContent.trim() : button.dataset.copy;
    navigator.clipboard.writeText(text).then(function () {
      var before = button.textContent;
      button.textContent = words.textCopied;
      setTimeout(function () { button.textContent = before; }, 1500);
    });
  });

  /* On a phone the results come first; the filters open on request. */
  if (window.matchMedia("(max-width: 991.98px)").matches) {
    each("details.dd-facets", function (panel) { panel.open = false; });
  }

  /* Open panels close on Escape or a click elsewhere. */
  document.addEventListener("click", function (event) {
    each("details.dd-person[open], details.dd-drawer[open]", function (panel) {
      if (!panel.contains(event.target)) { panel.open = false; }
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    each("details.dd-person[open], details.dd-drawer[open]", function (panel) {
      panel.open = false;
      panel.querySelector("summary").focus();
    });
  });

  /* Autosave: two seconds after the last key and when a field is left; never moves the focus. */
  each("form[data-autosave]:not([data-draft])", function (form) {
    var timer = 0, composing = false, dirty = false, running = false;
    var mark = form.querySelector("[data-autosave-status]");
    function say(text, failing) {
      if (!mark) { return; }
      mark.textContent = text;
      mark.classList.toggle("is-failing", Boolean(failing));
    }
    function save() {
      if (!dirty || composing || running || form.dataset.sent) { return; }
      running = true;
      dirty = false;
      fetch(form.dataset.autosave, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Requested-With": "autosave", "X-CSRFToken": token() },
        redirect: "manual"
      }).then(function (response) {
        running = false;
        if (!response.ok) { throw new Error(String(response.status)); }
        var time = new Date();
        var clock = ("0" + time.getHours()).slice(-2) + ":" + ("0" + time.getMinutes()).slice(-2);
        var stored = response.headers.get("X-Revision");
        var shown = form.querySelector("input[name=revision]");
        if (stored && shown) { shown.value = stored; }
        form.dataset.clean = "1";
        say(words.textSaved + " " + clock, false);
      }).catch(function () {
        running = false;
        dirty = true;
        say(words.textUnsaved, true);
      }).then(function () {
        if (!waiting) { return; }
        var button = waiting.button;
        waiting = null;
        form.requestSubmit(button);
      });
    }
    // A save under way is let through first: the next one must know the revision it made.
    var waiting = null;
    form.addEventListener("submit", function (event) {
      clearTimeout(timer);
      if (!running) { return; }
      event.preventDefault();
      event.stopImmediatePropagation();
      waiting = { button: event.submitter };
    });
    form.addEventListener("compositionstart", function () { composing = true; });
    form.addEventListener("compositionend", function () { composing = false; });
    form.addEventListener("input", function () {
      dirty = true;
      clearTimeout(timer);
      timer = setTimeout(save, 2000);
    });
    form.addEventListener("focusout", function () { clearTimeout(timer); save(); });
  });

  /* Leaving a form with entries that are not saved asks first. */
  each("form[data-guard], form[data-autosave]", function (form) {
    form.dataset.clean = "1";
    form.addEventListener("input", function () { form.dataset.clean = ""; });
  });
  window.addEventListener("beforeunload", function (event) {
    if (document.querySelector("form[data-clean='']")) {
      event.preventDefault();
      event.returnValue = words.textLeave;
    }
  });

  /* Length of a long text beside its limit. */
  each("textarea[maxlength]", function (area) {
    var count = document.createElement("div");
    count.className = "dd-hint";
    count.setAttribute("aria-hidden", "true");
    area.insertAdjacentElement("afterend", count);
    function show() { count.textContent = area.value.length + " / " + area.maxLength; }
    area.addEventListener("input", show);
    show();
  });

  /* Shortcuts: j and k walk a list, Enter opens, / searches, g then i goes to the messages. */
  var chord = "", row = -1;
  document.addEventListener("keydown", function (event) {
    var tag = event.target.tagName;
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey ||
        /^(INPUT|TEXTAREA|SELECT)$/.test(tag) || event.target.isContentEditable) { return; }
    if (event.key === "/") {
      var search = document.querySelector("input[type=search]");
      if (search) { event.preventDefault(); search.focus(); }
    } else if (chord === "g" && event.key === "i") {
      var bell = document.querySelector(".dd-bell");
      if (bell) { bell.click(); }
    } else if (event.key === "j" || event.key === "k") {
      var links = document.querySelectorAll(".list-table tbody tr td a");
      if (links.length) {
        row = Math.max(0, Math.min(links.length - 1, row + (event.key === "j" ? 1 : -1)));
        links[row].focus();
      }
    }
    chord = event.key;
  });

  /* One box ticks the rows of the page. */
  each("[data-pick-page]", function (label) {
    var box = label.querySelector("input");
    label.hidden = false;
    box.addEventListener("change", function () {
      each("input[name=row][form]", function (one) { one.checked = box.checked; });
    });
  });

  /* Charts: <div data-chart="id-of-json">; the table beside it says the same without script.
     Their colors are those of the style sheet, in the theme of the moment; paper is light. */
  function tokens(paper) {
    var found = {}, probe = document.createElement("div");
    if (paper) { probe.dataset.bsTheme = "light"; }
    document.body.append(probe);
    var style = getComputedStyle(probe);
    ["ink", "soft", "line", "paper", "accent", "green-line", "yellow-line", "seal"].forEach(
      function (name) { found[name] = style.getPropertyValue("--dd-" + name).trim(); }
    );
    probe.remove();
    return found;
  }
  function dressed(source, said, paper) {
    var option = JSON.parse(source.textContent), hue = tokens(paper);
    option.tooltip = Object.assign({ trigger: "axis" }, option.tooltip, {
      renderMode: "richText", backgroundColor: hue.paper, borderColor: hue.line,
      textStyle: { color: hue.ink }
    });
    option.aria = { enabled: true, label: { description: said }, decal: { show: true } };
    option.color = option.color || [hue.accent, hue["green-line"], hue["yellow-line"], hue.seal];
    option.textStyle = Object.assign({ color: hue.ink }, option.textStyle);
    if (option.legend) { option.legend.textStyle = { color: hue.ink }; }
    ["xAxis", "yAxis"].forEach(function (name) {
      [].concat(option[name] || []).forEach(function (axis) {
        axis.axisLabel = Object.assign({ color: hue.ink }, axis.axisLabel);
        axis.nameTextStyle = Object.assign({ color: hue.soft }, axis.nameTextStyle);
        axis.axisLine = Object.assign({ lineStyle: { color: hue.soft } }, axis.axisLine);
        axis.splitLine = Object.assign({ lineStyle: { color: hue.line } }, axis.splitLine);
      });
    });
    return option;
  }
  each("[data-chart]", function (place) {
    var source = document.getElementById(place.dataset.chart);
    if (!source || !window.echarts) { return; }
    var chart = window.echarts.init(place, null, { renderer: "svg" });
    var said = place.getAttribute("aria-label");
    function draw(paper) { chart.setOption(dressed(source, said, paper === true), true); }
    draw();
    window.addEventListener("resize", function () { chart.resize(); });
    window.addEventListener("beforeprint", function () { draw(true); });
    window.addEventListener("afterprint", draw);
    new MutationObserver(draw).observe(
      document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] }
    );
  });
})();
