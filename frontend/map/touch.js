// regl-scatterplot listens to the mouse only. One finger or a pen becomes the mouse (pan, lasso,
// tap), two fingers become the wheel (zoom). Without this a tablet could only look.

function asMouse(kind, touch, buttons) {
  return new MouseEvent(kind, {
    bubbles: true,
    cancelable: true,
    view: window,
    button: 0,
    buttons,
    clientX: touch.clientX,
    clientY: touch.clientY,
  });
}

function spread([a, b]) {
  return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
}

function middle([a, b]) {
  return { clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2 };
}

export function listenToTouch(canvas) {
  let pinch = 0;
  let from = null;
  const send = (kind, touch, buttons = 0) => canvas.dispatchEvent(asMouse(kind, touch, buttons));

  canvas.addEventListener("touchstart", (event) => {
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    if (event.touches.length === 2) {
      if (from) send("mouseup", from);
      from = null;
      pinch = spread(event.touches);
      return;
    }
    from = event.touches[0];
    canvas.dispatchEvent(new MouseEvent("mouseenter", from));
    send("mousemove", from);
    send("mousedown", from, 1);
  }, { passive: false });

  canvas.addEventListener("touchmove", (event) => {
    event.preventDefault();
    if (event.touches.length === 2) {
      const now = spread(event.touches);
      const place = middle(event.touches);
      const deltaY = (pinch - now) * 2;
      pinch = now;
      canvas.dispatchEvent(new WheelEvent("wheel", { bubbles: true, cancelable: true, deltaY, ...place }));
    } else if (from) {
      send("mousemove", event.touches[0], 1);
    }
  }, { passive: false });

  canvas.addEventListener("touchend", (event) => {
    event.preventDefault();
    const to = event.changedTouches[0];
    if (!from || event.touches.length) return;
    send("mouseup", to);
    const still = Math.hypot(to.clientX - from.clientX, to.clientY - from.clientY) < 8;
    if (still) send("click", to);
    from = null;
  }, { passive: false });
}
