/* The bar of the signing page: to the next place, and at the last one "finish". Without this file
   both stand in the bar and every place links to the next. */
(function () {
  "use strict";
  var bar = document.querySelector("[data-signbar]");
  if (!bar) { return; }
  var next = bar.querySelector("[data-next]");
  var finish = bar.querySelector("[data-finish]");
  var left = bar.querySelector("[data-left]");
  var stops = Array.prototype.slice.call(document.querySelectorAll("[data-stop]"));
  var last = stops[stops.length - 1];
  var NEAR = 120;
  function ahead() {
    return stops.filter(function (stop) { return stop.getBoundingClientRect().top > NEAR; });
  }
  function atEnd() {
    var box = last.getBoundingClientRect();
    return box.top < window.innerHeight * 0.7 || document.activeElement === last ||
      last.contains(document.activeElement);
  }
  function show() {
    var end = atEnd();
    var more = ahead().length;
    if (finish) { finish.hidden = !end; }
    next.hidden = end;
    left.textContent = more > 1 ? " (" + more + ")" : "";
  }
  next.classList.add("btn-primary");
  next.addEventListener("click", function (event) {
    var to = ahead()[0] || last;
    event.preventDefault();
    to.scrollIntoView();
    to.focus({preventScroll: true});
    if (to === last) {
      var entry = last.querySelector("input:not([type=hidden])");
      if (entry) { entry.focus({preventScroll: true}); }
    }
    show();
  });
  window.addEventListener("scroll", show, {passive: true});
  window.addEventListener("resize", show);
  document.addEventListener("focusin", show);
  show();
}());
