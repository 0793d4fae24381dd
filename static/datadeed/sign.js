/* The bar of the signing page: to the next place, and at the last one "finish". Without this file
   both stand in the bar and every place links to the next. */
(function () {
  "use strict";
  var bar = document.querySelector("[data-signbar]");
  if (!bar) { return; }
  var next = bar.querySelector("[data-next]");
  var toEnd = bar.querySelector("[data-end]");
  var finish = bar.querySelector("[data-finish]");
  var decline = bar.querySelector("[data-decline]");
  var left = bar.querySelector("[data-left]");
  var stops = Array.prototype.slice.call(document.querySelectorAll("[data-stop]"));
  var last = stops[stops.length - 1];
  var NEAR = 120;
  function ahead() {
    return stops.filter(function (stop) {
      return stop !== last && stop.getBoundingClientRect().top > NEAR;
    });
  }
  function atEnd() {
    return last.getBoundingClientRect().top < window.innerHeight * 0.7;
  }
  function show() {
    var end = atEnd();
    var more = ahead().length;
    if (finish) { finish.hidden = !end; }
    decline.hidden = !end;
    next.hidden = end || more === 0;
    toEnd.hidden = end;
    left.textContent = more ? " (" + more + ")" : "";
  }
  function goTo(place) {
    place.scrollIntoView();
    var entry = place === last && last.querySelector("input:not([type=hidden])");
    (entry || place).focus({preventScroll: true});
    show();
  }
  next.classList.add("btn-primary");
  next.addEventListener("click", function (event) {
    event.preventDefault();
    goTo(ahead()[0] || last);
  });
  toEnd.addEventListener("click", function (event) {
    event.preventDefault();
    goTo(last);
  });
  window.addEventListener("scroll", show, {passive: true});
  window.addEventListener("resize", show);
  show();
}());
