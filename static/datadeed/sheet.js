/* The running total of a score sheet. Enhancement only: the server counts again. */
(function () {
  "use strict";
  document.querySelectorAll("form[data-sheet]").forEach(function (form) {
    var line = form.querySelector("[data-total-line]");
    var place = form.querySelector("[data-total]");
    function count() {
      var total = 0;
      form.querySelectorAll("[data-points]").forEach(function (field) {
        var points = parseInt(field.value, 10);
        if (points > 0) { total += points; }
      });
      place.textContent = String(total);
    }
    if (!line || !place) { return; }
    line.hidden = false;
    form.addEventListener("input", count);
    count();
  });
}());
