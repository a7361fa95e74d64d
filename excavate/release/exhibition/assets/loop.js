// The projection: one plate after another, unattended; keys and a remote may turn them.
(function () {
  "use strict";
  var body = document.body;
  var slides = Array.prototype.slice.call(document.querySelectorAll(".slide"));
  var asked = Number(new URLSearchParams(location.search).get("seconds"));
  var wait = 1000 * (asked || Number(body.getAttribute("data-seconds")));
  var PACE = 12;  // signs a second: longer words stay until they can be read
  var at = 0, timer = null, paused = false, resting = null, lock = null;

  function show(number) {
    var before = at;
    at = (number + slides.length) % slides.length;
    var near = [at, at + 1, at - 1, before];
    slides.forEach(function (slide, place) {
      slide.classList.toggle("now", place === at);
      slide.classList.toggle("near", near.some(function (one) {
        return (one + slides.length) % slides.length === place;
      }));
    });
    var bar = document.querySelector(".bar i");
    bar.style.width = (100 * (at + 1)) / slides.length + "%";
    fit(slides[at]);
    plan();
  }
  function plan() {
    clearTimeout(timer);
    var read = asked ? 0 : (1000 * slides[at].innerText.length) / PACE;
    if (!paused) { timer = setTimeout(function () { show(at + 1); }, Math.max(wait, read)); }
  }
  function fit(slide) {
    slide.style.setProperty("--fit", 1);
    for (var size = 1; size > 0.35 && slide.scrollHeight > window.innerHeight; size *= 0.92) {
      slide.style.setProperty("--fit", size);
    }
  }
  function pause() {
    paused = !paused;
    body.classList.toggle("paused", paused);
    plan();
  }
  function fill() {
    if (document.fullscreenElement) { document.exitFullscreen(); }
    else if (root.requestFullscreen) { root.requestFullscreen().catch(function () {}); }
    stayAwake();
  }
  function stayAwake() {
    try {
      if (navigator.wakeLock && !lock) {
        navigator.wakeLock.request("screen").then(function (given) {
          lock = given;
          given.addEventListener("release", function () { lock = null; });
        }).catch(function () {});
      }
    } catch (_refused) { /* this browser lets the screen sleep */ }
  }
  function stir() {
    body.classList.add("stirred");
    clearTimeout(resting);
    resting = setTimeout(function () { body.classList.remove("stirred"); }, 2500);
  }

  var root = document.documentElement;
  var KEYS = {
    ArrowRight: 1, PageDown: 1, ArrowDown: 1, MediaTrackNext: 1, Enter: 1,
    ArrowLeft: -1, PageUp: -1, ArrowUp: -1, MediaTrackPrevious: -1
  };
  document.addEventListener("keydown", function (event) {
    if (event.altKey || event.ctrlKey || event.metaKey) { return; }
    if (event.key === "Enter" && event.target.closest("a, button")) { return; }
    if (KEYS[event.key]) { event.preventDefault(); show(at + KEYS[event.key]); }
    else if (event.key === "Home") { show(0); }
    else if (event.key === "End") { show(slides.length - 1); }
    else if ((event.key === " " && !event.target.closest("button")) ||
             event.key === "MediaPlayPause") { event.preventDefault(); pause(); }
    else if (event.key === "f" || event.key === "F") { fill(); }
    else if (event.key === "Escape" && !document.fullscreenElement) {
      location.href = "index.html#" + root.getAttribute("data-tongue");
    }
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-fill]")) { fill(); return; }
    if (event.target.closest(".hand")) { return; }
    show(at + (event.clientX < window.innerWidth / 3 ? -1 : 1));
  });
  ["mousemove", "touchstart", "focusin"].forEach(function (name) {
    document.addEventListener(name, stir, { passive: true });
  });
  window.addEventListener("resize", function () { fit(slides[at]); });
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "visible") { stayAwake(); }
  });
  body.classList.add("running");
  show(0);
  setTimeout(function () { body.classList.add("started"); }, 100);
  stir();
  stayAwake();
})();
