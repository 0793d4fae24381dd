/* The code of an invitation stands behind the hash sign of the link; no server has seen it. */
(function () {
  "use strict";
  var field = document.querySelector("[data-code]");
  if (!field || window.location.hash.length < 2) { return; }
  if (!field.value) { field.value = window.location.hash.slice(1); }
  /* It must not stay in the address bar or in the history. */
  window.history.replaceState(null, "", window.location.pathname);
}());
