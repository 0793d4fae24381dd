/* Files of a form: sent at once, with progress. Enhancement only: the form sends them too. */
(function () {
  "use strict";
  function make(name, classes, text) {
    var node = document.createElement(name);
    node.className = classes;
    if (text) { node.textContent = text; }
    return node;
  }

  document.querySelectorAll("[data-upload]").forEach(function (box) {
    var form = box.closest("form");
    var inner = box.querySelector("[data-upload-inner]");
    var queue = box.querySelector("[data-upload-queue]");
    var status = box.querySelector("[data-upload-status]");
    var words = box.dataset;
    // One file after the other: each one is a revision of the draft.
    var waiting = [], running = false;

    function say(text) { status.textContent = text; }

    function dress() {
      box.querySelectorAll("[data-upload-plain]").forEach(function (b) { b.hidden = true; });
      box.querySelectorAll("[data-upload-hint]").forEach(function (p) { p.hidden = false; });
    }

    function chooser() {
      return inner.querySelector("input[type=file]:not([data-upload-swap]), [tabindex]");
    }

    /* A row that goes while the focus is in it hands the focus to the chooser. */
    function leave(job) {
      var focused = job.row.contains(document.activeElement);
      job.row.remove();
      if (focused && chooser()) { chooser().focus(); }
    }

    function show(request) {
      var focused = inner.contains(document.activeElement);
      var stored = request.getResponseHeader("X-Revision");
      var shown = form.querySelector("input[name=revision]");
      if (stored && shown) { shown.value = stored; }
      inner.innerHTML = request.responseText;
      dress();
      if (focused && chooser()) { chooser().focus(); }
    }

    function refuse(job, text, again) {
      job.row.classList.add("is-refused");
      job.note.textContent = text;
      job.bar.hidden = true;
      job.stop.hidden = true;
      if (again) {
        job.again.hidden = false;
        job.again.focus();
      }
      job.away.hidden = false;
      say(job.file.name + ": " + text);
    }

    function add(file, replaces) {
      var job = { file: file, replaces: replaces };
      job.row = make("li", "dd-chips");
      job.bar = make("progress", "");
      job.bar.max = 100;
      job.bar.value = 0;
      job.bar.setAttribute("aria-label", words.textSending + " " + file.name);
      job.note = make("span", "dd-faint", words.textSending);
      job.stop = make("button", "btn btn-sm", words.textCancel);
      job.again = make("button", "btn btn-sm", words.textRetry);
      job.away = make("button", "btn btn-sm", words.textDismiss);
      [job.stop, job.again, job.away].forEach(function (button) {
        button.type = "button";
        button.appendChild(make("span", "visually-hidden", " " + file.name));
      });
      job.again.hidden = true;
      job.away.hidden = true;
      [make("span", "", file.name), job.bar, job.note, job.stop, job.again, job.away]
        .forEach(function (part) { job.row.appendChild(part); });
      queue.appendChild(job.row);
      job.stop.addEventListener("click", function () {
        waiting = waiting.filter(function (other) { return other !== job; });
        if (job.request) { job.request.abort(); } else { leave(job); }
      });
      job.away.addEventListener("click", function () { leave(job); });
      job.again.addEventListener("click", function () {
        job.row.classList.remove("is-refused");
        job.again.hidden = true;
        job.away.hidden = true;
        job.stop.hidden = false;
        job.stop.focus();
        job.bar.hidden = false;
        job.bar.value = 0;
        job.note.textContent = words.textSending;
        waiting.push(job);
        next();
      });
      if (file.size > Number(words.bytes)) { refuse(job, words.textLarge, false); return; }
      waiting.push(job);
      next();
    }

    function next() {
      if (running || !waiting.length) { return; }
      running = true;
      var job = waiting.shift();
      var data = new FormData();
      data.append("file", job.file);
      if (job.replaces) { data.append("replaces", job.replaces); }
      job.request = post(words.upload, data, function (request) {
        running = false;
        job.request = null;
        if (request === null) {
          leave(job);
        } else if (request.status === 200) {
          leave(job);
          show(request);
          say(job.file.name + ": " + words.textStored);
        } else if (request.status >= 400 && request.status < 500 && isPlain(request)) {
          refuse(job, request.responseText, false);
        } else {
          refuse(job, isPlain(request) ? request.responseText : words.textFailed, true);
        }
        next();
      });
      job.request.upload.addEventListener("progress", function (event) {
        if (!event.lengthComputable) { return; }
        job.bar.value = Math.round(100 * event.loaded / event.total);
        job.note.textContent = event.loaded < event.total
          ? words.textSending + " " + job.bar.value + "%"
          : words.textChecking;
      });
    }

    function isPlain(request) {
      return (request.getResponseHeader("Content-Type") || "").indexOf("text/plain") === 0;
    }

    /* ``done`` gets the request, or null when it was canceled. */
    function post(address, data, done) {
      var request = new XMLHttpRequest();
      request.open("POST", address);
      request.setRequestHeader("X-Requested-With", "upload");
      request.setRequestHeader(
        "X-CSRFToken", form.querySelector("input[name=csrfmiddlewaretoken]").value
      );
      request.addEventListener("load", function () { done(request); });
      request.addEventListener("error", function () { done(request); });
      request.addEventListener("abort", function () { done(null); });
      request.send(data);
      return request;
    }

    box.addEventListener("change", function (event) {
      if (event.target.type !== "file") { return; }
      var files = Array.from(event.target.files);
      var swapped = event.target.dataset.uploadSwap || "";
      event.target.value = "";
      files.forEach(function (file) { add(file, swapped); });
    });
    // What is sent from here is no entry of the form that waits to be saved.
    box.addEventListener("input", function (event) { event.stopPropagation(); });
    box.addEventListener("click", function (event) {
      var button = event.target.closest("[data-upload-drop]");
      if (!button) { return; }
      event.preventDefault();
      button.disabled = true;
      post(button.dataset.uploadDrop, new FormData(), function (request) {
        if (request && request.status === 200) {
          show(request);
          say(words.textRemoved);
          if (chooser()) { chooser().focus(); }
        } else {
          button.disabled = false;
          say(request && isPlain(request) ? request.responseText : words.textFailed);
        }
      });
    });
    function carries(event) {
      return event.dataTransfer && Array.from(event.dataTransfer.types).indexOf("Files") >= 0;
    }
    box.addEventListener("dragover", function (event) {
      if (!carries(event)) { return; }
      event.preventDefault();
      box.classList.add("is-target");
    });
    box.addEventListener("dragleave", function () { box.classList.remove("is-target"); });
    box.addEventListener("drop", function (event) {
      if (!carries(event)) { return; }
      event.preventDefault();
      box.classList.remove("is-target");
      Array.from(event.dataTransfer.files).forEach(function (file) { add(file, ""); });
    });
    box.addEventListener("paste", function (event) {
      var files = event.clipboardData ? Array.from(event.clipboardData.files) : [];
      if (!files.length) { return; }
      event.preventDefault();
      files.forEach(function (file) { add(file, ""); });
    });
    dress();
  });
}());
