// The sheet: one draws with a pen, a finger or a mouse. When the pen lifts and rests, the drawing
// is sent as it stands; until the server has taken it, it stays in this tab.
const REST = 400, AGAIN = 2000, SLOWEST = 15000; // ms
const SIDE = 512, NEAR = 0.8, PALM = 60, STEP = 8; // units of the sheet; PALM in CSS pixels
const WIDTHS = [12, 24, 44];
const kept = new WeakMap();

export default function ({ data, parentElement }) {
  const shelf = `excavate-draw:${data.person}:${data.plan}`; // a tablet is passed on
  let mine = kept.get(parentElement);
  mine?.leave?.();
  if (mine?.shelf !== shelf) mine = begin(shelf);
  kept.set(parentElement, mine);
  const view = parts(parentElement, data);
  const { words } = data;
  const store = () => {
    const { agreed, now, waiting, made, width, creator } = mine;
    try { sessionStorage.setItem(shelf, JSON.stringify({ agreed, now, waiting, made, width, creator })); } catch { /* full: it stays in memory */ }
  };
  const may = () => mine.agreed === data.agreed || (!data.consent && !mine.asked);

  // What is drawn on the sheet. A pen's line follows its pressure, as strokes.py draws it.
  const ink = view.sheet.getContext("2d");
  const thick = (one, pressure) => (one.pen === "pen" ? one.width * (0.4 + 1.2 * pressure) : one.width);
  const dab = (one, from, to) => {
    const scale = view.sheet.width / SIDE;
    ink.strokeStyle = ink.fillStyle = "#1c1b19";
    ink.lineCap = "round";
    ink.lineWidth = Math.max(1, thick(one, (from[2] + to[2]) / 2) * scale);
    ink.beginPath();
    ink.moveTo(from[0] * scale, from[1] * scale);
    ink.lineTo(to[0] * scale + 0.01, to[1] * scale);
    ink.stroke();
  };
  const redraw = () => {
    ink.clearRect(0, 0, view.sheet.width, view.sheet.height);
    for (const one of mine.now.strokes) {
      one.points.forEach((point, n) => dab(one, one.points[Math.max(0, n - 1)], point));
    }
  };
  const fit = () => {
    const side = Math.round(view.sheet.clientWidth * (window.devicePixelRatio || 1));
    if (side > 0 && view.sheet.width !== side) { view.sheet.width = view.sheet.height = side; redraw(); }
  };

  // Strokes. A hand that rests on the glass draws nothing once a pen has been seen.
  const at = (event) => {
    const box = view.sheet.getBoundingClientRect();
    const pressed = event.pointerType === "pen" ? Math.min(1, Math.max(0.02, event.pressure)) : 0.5;
    return [round((event.clientX - box.left) / box.width * SIDE, 10),
      round((event.clientY - box.top) / box.height * SIDE, 10), round(pressed, 100),
      Math.max(0, Math.round(event.timeStamp - mine.began))];
  };
  const is_palm = (event) => event.pointerType === "touch"
    && (mine.now.pen || Math.max(event.width, event.height) > PALM);
  const down = (event) => {
    if (!may() || event.button !== 0 || is_palm(event)) return;
    if (event.pointerType === "pen") {
      mine.now.pen = true;
      if (mine.stroke?.pen === "touch") { drop(); } // the hand came down before its pen
    }
    if (mine.stroke) return;
    event.preventDefault();
    view.sheet.focus({ preventScroll: true });
    clearTimeout(mine.resting);
    start(event.pointerId, event.pointerType === "" ? "mouse" : event.pointerType, () => at(event), event.timeStamp);
    try { view.sheet.setPointerCapture(event.pointerId); } catch { /* it left already */ }
  };
  const start = (pointer, pen, where, moment) => {
    if (!mine.now.strokes.length) mine.began = moment;
    const one = { pen, width: WIDTHS[mine.width], points: [] };
    mine.stroke = one;
    mine.pointer = pointer;
    one.points.push(where());
    mine.now.strokes.push(one);
    dab(one, one.points[0], one.points[0]);
    draw();
  };
  const move = (event) => {
    if (!mine.stroke || event.pointerId !== mine.pointer) return;
    const seen = event.getCoalescedEvents?.() ?? [];
    for (const each of seen.length ? seen : [event]) add(at(each));
  };
  const add = (point) => {
    const before = mine.stroke.points.at(-1);
    if (Math.hypot(point[0] - before[0], point[1] - before[1]) < NEAR) return;
    mine.stroke.points.push(point);
    dab(mine.stroke, before, point);
  };
  const up = (event) => {
    if (!mine.stroke || event.pointerId !== mine.pointer) return;
    if (event.type === "pointercancel" && mine.stroke.pen === "touch") { drop(); return; }
    lifted();
  };
  const lifted = () => { mine.stroke = mine.pointer = null; changed(REST); };
  const drop = () => {
    mine.now.strokes = mine.now.strokes.filter((one) => one !== mine.stroke);
    mine.stroke = mine.pointer = null;
    redraw();
    draw();
  };

  // What is sent: the drawing as it stands. A newer state takes the place of one not yet sent.
  const changed = (rest) => {
    store();
    draw();
    clearTimeout(mine.resting);
    mine.pending = mine.now.strokes.length > 0;
    if (mine.pending) mine.resting = setTimeout(put, rest);
  };
  const put = () => {
    clearTimeout(mine.resting);
    const { now } = mine;
    if (!now.strokes.length || !may() || mine.stroke) return;
    mine.pending = false;
    const first = !now.tried; // what was refused may still have come through before
    now.sent = now.tried = true;
    const strokes = { width: SIDE, height: SIDE, strokes: now.strokes };
    queue({ member: now.member, row: first ? now.member : new_id(), rights: rights(now), strokes,
      label: now.label, reason: now.reason, creator: mine.creator, agreed: data.agreed });
  };
  const rights = (now) => { // given anew only where the name changed
    if (now.creator !== mine.creator || !now.rights) { now.creator = mine.creator; now.rights = new_id(); }
    return now.rights;
  };
  const queue = (one) => {
    mine.waiting = mine.waiting.filter((other) => other.member !== one.member || other === mine.going);
    mine.waiting.push(JSON.parse(JSON.stringify(one)));
    store();
    void send();
  };
  const send = async () => {
    const one = mine.waiting.find((other) => other.back || may());
    if (mine.going || !one || mine.over) return;
    clearTimeout(mine.again);
    mine.going = one;
    draw();
    const lasting = { ...one, plan: data.plan, person: data.person, lang: data.language };
    let answer = null, told = null;
    try {
      const body = JSON.stringify(lasting); // a small one outlives the tab that sends it
      answer = await fetch(data.ask, { method: "POST", body, keepalive: body.length < 50000,
        headers: { "Content-Type": "application/json" }, signal: AbortSignal.timeout(20000) });
      if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
      told = answer.headers.get("content-type")?.includes("json") ? await answer.json() : { what: await answer.text() };
    } catch {
      mine.going = null;
      mine.failed += 1;
      if (!mine.over) mine.again = setTimeout(send, Math.min(SLOWEST, AGAIN * 2 ** (mine.failed - 1)));
      draw();
      return;
    }
    mine.going = null;
    mine.failed = 0;
    if (told.again) ask_again(told.again);
    else {
      mine.waiting = mine.waiting.filter((other) => other !== one);
      if (answer.ok) taken(one, told); else refused(one, told);
    }
    store();
    draw();
    void send();
  };
  const taken = (one, told) => {
    mine.refused = null;
    if (one.back) { mine.made = mine.made.filter((id) => id !== one.member); return; }
    const newer = mine.waiting.some((other) => other.member === one.member && other.back);
    if (!mine.made.includes(one.member) && !newer) mine.made.unshift(one.member);
    mine.stamps[one.member] = one.row;
    if (one.member === mine.now.member) { mine.told = told; mine.now.stands = true; mine.stood = JSON.stringify(mine.now.strokes) === JSON.stringify(one.strokes.strokes); }
  };
  const ask_again = (again) => { // what is not kept yet waits until it is agreed to
    data = { ...data, ...again };
    mine.agreed = "";
    mine.asked = true;
    mine.refused = null;
    view.tick.checked = false;
    show_asked(parentElement, data);
  };
  const agree = () => {
    mine.agreed = data.agreed;
    mine.asked = false;
    const anew = {};
    for (const one of mine.waiting.filter((other) => !other.back)) {
      one.agreed = data.agreed;
      one.rights = anew[one.member] ??= new_id();
    }
    mine.now.rights = anew[mine.now.member] ?? null;
    store();
    draw();
    fit();
    view.sheet.focus({ preventScroll: true });
    if (mine.pending) put();
    void send();
  };
  const refused = (one, told) => {
    if (one.member === mine.now.member) { mine.refused = told; mine.now.sent = mine.now.stands ?? false; }
    else mine.refused = told;
  };

  // What can be pressed.
  const undo = () => {
    mine.now.strokes.pop();
    if (!mine.now.strokes.length) { wipe(); return; }
    redraw();
    changed(REST);
  };
  const wipe = () => { take_back(mine.now); fresh(); };
  const take_back = ({ member, tried }) => {
    if (tried) queue({ back: true, member });
    else store();
  };
  const fresh = () => {
    clearTimeout(mine.resting);
    mine.now = blank(mine.now);
    mine.told = mine.refused = null;
    mine.stood = false;
    redraw();
    store();
    draw();
    view.sheet.focus({ preventScroll: true });
  };
  const next = () => { if (mine.pending) put(); fresh(); };
  const pressed = (event) => {
    const target = event.target.closest("button");
    if (!target || target.disabled) return;
    const { act, width, label, member } = target.dataset;
    if (act === "agree") { if (view.tick.checked) agree(); }
    else if (act === "undo") undo();
    else if (act === "wipe") wipe();
    else if (act === "next") next();
    else if (width) { mine.width = Number(width); store(); draw(); }
    else if (label !== undefined) { mine.now.label = label; mine.now.named = true; changed(50); }
    else if (member) { queue({ back: true, member }); if (member === mine.now.member) fresh(); }
  };
  const typed = (event) => {
    if (event.target === view.reason) { mine.now.reason = view.reason.value; changed(1200); }
    if (event.target === view.creator) { mine.creator = view.creator.value; changed(1200); }
    if (event.target === view.tick) view.agree.disabled = !view.tick.checked;
  };

  // Without a pointer: arrows move a dot over the sheet, the space bar puts the pen down and lifts it.
  const keyed = (event) => {
    if (event.target !== view.sheet || event.ctrlKey || event.metaKey || event.altKey) {
      if ((event.ctrlKey || event.metaKey) && event.key === "z" && event.target === view.sheet) { event.preventDefault(); undo(); }
      return;
    }
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!by && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    if (!may()) return;
    const spot = mine.spot ??= [SIDE / 2, SIDE / 2];
    const where = () => [spot[0], spot[1], 0.5, Math.max(0, Math.round(event.timeStamp - mine.began))];
    if (by) {
      const far = event.shiftKey ? 3 * STEP : STEP;
      by.forEach((d, n) => { spot[n] = Math.min(SIDE, Math.max(0, spot[n] + d * far)); });
      if (mine.pointer === "keys") add(where());
    } else if (mine.pointer === "keys") lifted();
    else if (!mine.stroke) { clearTimeout(mine.resting); start("keys", "mouse", where, event.timeStamp); }
    draw();
  };

  // What is shown. Words only ever as text: labels and names are people's words.
  const draw = () => {
    const { now } = mine;
    view.gate.hidden = may();
    view.agree.disabled = !view.tick.checked;
    view.hint.hidden = !may() || now.strokes.length > 0;
    view.spot.hidden = document.activeElement !== view.sheet || !mine.spot;
    if (mine.spot) { view.spot.style.left = `${mine.spot[0] / SIDE * 100}%`; view.spot.style.top = `${mine.spot[1] / SIDE * 100}%`; }
    view.undo.disabled = view.wipe.disabled = view.next.disabled = !now.strokes.length;
    set(view.wipe, now.tried ? words.wipe_back : words.wipe);
    [...view.widths.children].forEach((one, n) => one.setAttribute("aria-pressed", String(n === mine.width)));
    [...view.labels.children].forEach((one) =>
      one.setAttribute("aria-pressed", String(Boolean(now.named) && one.dataset.label === now.label)));
    if (document.activeElement !== view.reason && view.reason.value !== now.reason) view.reason.value = now.reason;
    if (document.activeElement !== view.creator && view.creator.value !== mine.creator) view.creator.value = mine.creator;
    set(view.state, state());
    view.state.classList.toggle("exc-dashed", Boolean(mine.refused) || mine.asked || mine.failed > 1);
    draw_told();
    draw_made();
  };
  const state = () => {
    const { now } = mine;
    if (mine.refused?.faults?.length) return [words.refused, ...mine.refused.faults].join(" · ");
    if (mine.refused) return [mine.refused.what, mine.refused.todo].filter(Boolean).join(" · ");
    if (mine.asked) return words.again;
    if (mine.failed > 1) return words.down;
    if (mine.waiting.length) return words.going;
    if (now.sent && mine.told?.why) return `${words.kept_only} ${mine.told.why}`;
    if (now.sent && now.strokes.length) return words.kept;
    return "";
  };
  const draw_told = () => {
    const told = mine.now.strokes.length ? mine.told : null;
    view.near.hidden = !told?.nearest;
    view.empty.hidden = Boolean(told?.nearest);
    if (!told?.nearest || view.near.excTold === told) return;
    view.near.excTold = told;
    view.cells.replaceChildren(...told.nearest.map(cell));
    set(view.lens, told.lens);
    view.form.hidden = !told.form;
    if (told.form) { view.form.querySelector("img").src = told.form.picture; set(view.form.querySelector("figcaption"), told.form.words); }
  };
  const cell = (one) => {
    const figure = make("figure", ""), link = make("a", ""), image = new Image();
    image.src = one.picture;
    image.alt = one.caption;
    image.classList.toggle("exc-tiny", one.tiny);
    link.href = one.href;
    link.target = "_self";
    link.dataset.page = "item";
    link.append(image);
    const said = make("figcaption", "");
    said.append(make("span", one.caption), make("small", one.similarity));
    figure.append(link, said);
    return figure;
  };
  const draw_made = () => {
    const others = mine.made.filter((id) => id !== mine.now.member);
    const wanted = others.join(" ");
    view.made.hidden = !others.length;
    if (view.strip.dataset.ids === wanted) return;
    view.strip.dataset.ids = wanted;
    view.strip.replaceChildren(...others.map((id, n) => {
      const one = make("li", ""), image = new Image(), back = make("button", words.back);
      image.src = `${data.picture}?member=${id}&v=${mine.stamps[id] ?? ""}`;
      image.alt = words.mine.replace("{n}", String(others.length - n));
      image.onerror = () => one.classList.add("exc-gone");
      back.type = "button";
      back.dataset.member = id;
      back.setAttribute("aria-label", `${words.back}: ${image.alt}`);
      one.append(image, back);
      return one;
    }));
  };

  const hidden = () => { if (document.hidden && mine.pending) put(); };
  const online = () => { mine.failed = 0; void send(); };
  const watched = new ResizeObserver(fit);
  watched.observe(view.sheet);
  const listening = [
    [view.sheet, "pointerdown", down], [view.sheet, "pointermove", move],
    [view.sheet, "pointerup", up], [view.sheet, "pointercancel", up],
    [view.sheet, "focus", draw], [view.sheet, "blur", draw],
    [parentElement, "click", pressed], [parentElement, "input", typed],
    [parentElement, "keydown", keyed], [document, "visibilitychange", hidden], [window, "online", online],
  ];
  for (const [who, what, does] of listening) who.addEventListener(what, does);
  mine.over = false;
  fit();
  redraw();
  draw();
  if (mine.fresh) { mine.fresh = false; void send(); if (mine.now.strokes.length && !mine.waiting.length) put(); }
  return mine.leave = () => {
    watched.disconnect();
    for (const [who, what, does] of listening) who.removeEventListener(what, does);
    clearTimeout(mine.again);
    if (mine.pending) put();
    mine.leave = null;
  };
}
