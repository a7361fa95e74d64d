// One classic script: language, remembered and carried along; drawings drawn again; arrow keys.
(function () {
  "use strict";
  var root = document.documentElement;
  var KEY = "excavate-exhibition-language";

  function kept() {
    try { return window.localStorage.getItem(KEY); } catch (_refused) { return null; }
  }
  function keep(tongue) {
    try { window.localStorage.setItem(KEY, tongue); } catch (_refused) { /* the link carries it */ }
  }
  function spoken(hash) {
    var found = /^#(ko|en)$/.exec(hash || "");
    return found ? found[1] : null;
  }
  function each(selector, act) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), act);
  }
  function speak(tongue) {
    root.lang = tongue;
    root.setAttribute("data-tongue", tongue);
    each("[data-alt-ko]", function (img) { img.alt = img.getAttribute("data-alt-" + tongue); });
    each("[data-speak]", function (link) {
      if (link.getAttribute("data-speak") === tongue) { link.setAttribute("aria-current", "true"); }
      else { link.removeAttribute("aria-current"); }
    });
    each("a[href]", function (link) {
      var href = link.getAttribute("href");
      if (/^[^#:]+\.html(#(ko|en))?$/.test(href)) {
        link.setAttribute("href", href.replace(/#.*$/, "") + "#" + tongue);
      }
    });
  }

  var tongue = spoken(window.location.hash) || kept() || "ko";
  root.setAttribute("data-tongue", tongue);

  function press(event) {
    var link = event.target.closest ? event.target.closest("[data-speak]") : null;
    if (link) {
      event.preventDefault();
      tongue = link.getAttribute("data-speak");
      keep(tongue);
      speak(tongue);
      return;
    }
    if (event.target.closest && event.target.closest("[data-redraw]")) { redraw(); }
    if (event.target.closest && event.target.closest("[data-print]")) { window.print(); }
  }
  function redraw() {
    each(".redrawn svg", function (drawing) {
      drawing.classList.remove("drawing");
      void drawing.getBoundingClientRect();
      drawing.classList.add("drawing");
    });
  }
  function turn(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
    if (document.body.classList.contains("loop")) { return; }
    var way = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    var link = way && document.querySelector('.turn a[rel="' + way + '"]');
    if (link) { window.location.href = link.href; }
  }

  document.addEventListener("DOMContentLoaded", function () {
    speak(tongue);
    redraw();
    document.addEventListener("click", press);
    document.addEventListener("keydown", turn);
  });
  window.addEventListener("hashchange", function () {
    var asked = spoken(window.location.hash);
    if (asked) { tongue = asked; keep(tongue); speak(tongue); }
  });
})();
