// Mouse, touch, keys and the bar below the picture.
"use strict";

function start() {
  const find = (id) => document.getElementById(id);
  const viewer = new Viewer(JSON.parse(find("stage").textContent), find("view"));
  const { canvas, camera: _, stage } = viewer, pressed = new Map();
  const icons = { play: "M7 4v16l13-8z", pause: "M6 4h4v16H6zM14 4h4v16h-4z" };
  let playing = false, before = 0, waiting = false, settle = 0;

  const redraw = () => { if (!waiting) { waiting = true; requestAnimationFrame(tick); } };
  const setTime = (seconds) => {
    viewer.time = seconds;
    find("time").value = seconds;
    find("clock").textContent = `${seconds.toFixed(1)} / ${viewer.duration.toFixed(1)} s`;
    redraw();
  };
  const setPlaying = (value) => {
    playing = value && viewer.duration > 0; before = 0;
    find("play").querySelector("path").setAttribute("d", playing ? icons.pause : icons.play);
    redraw();
  };
  function tick(now) {
    waiting = false;
    if (playing) {
      const passed = before ? Math.min((now - before) / 1000, 0.2) * Number(find("speed").value) : 0;
      before = now;
      const pause = 0.6;  // seconds of pause at the end before the motion restarts
      viewer.clock = ((viewer.clock ?? viewer.time) + passed) % (viewer.duration + pause);
      setTime(Math.min(viewer.clock, viewer.duration));
      redraw();
    }
    viewer.draw();
  }
  const moved = () => {  // draw at half resolution while the camera moves
    viewer.coarse = true; viewer.stale = true; redraw();
    clearTimeout(settle);
    settle = setTimeout(() => { viewer.coarse = false; viewer.stale = true; redraw(); }, 160);
  };

  function turn(dx, dy) {
    viewer.camera.azimuth -= dx * 0.007;
    viewer.camera.elevation = Math.min(1.55, Math.max(-0.1, viewer.camera.elevation + dy * 0.006));
  }
  function shift(dx, dy) {
    const { right, up } = viewer.room, scale = viewer.camera.distance * 2 * Math.tan(viewer.camera.view / 2) / canvas.clientHeight;
    viewer.camera.target = viewer.camera.target.map((value, k) => value + scale * (-dx * right[k] + dy * up[k]));
  }
  function zoom(factor) { viewer.camera.distance = Math.min(120, Math.max(0.6, viewer.camera.distance * factor)); }
  const spread = () => { const [a, b] = [...pressed.values()]; return Math.hypot(a.x - b.x, a.y - b.y); };

  canvas.addEventListener("pointerdown", (event) => { canvas.setPointerCapture(event.pointerId); pressed.set(event.pointerId, { x: event.clientX, y: event.clientY }); });
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, (event) => pressed.delete(event.pointerId));
  canvas.addEventListener("pointermove", (event) => {
    const from = pressed.get(event.pointerId);
    if (!from) return;
    const wide = pressed.size === 2 ? spread() : 0, dx = event.clientX - from.x, dy = event.clientY - from.y;
    pressed.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (pressed.size === 2) { zoom(wide / Math.max(spread(), 1)); shift(dx / 2, dy / 2); }
    else if (event.shiftKey || event.buttons & 2) shift(dx, dy);
    else turn(dx, dy);
    moved();
  });
  canvas.addEventListener("wheel", (event) => { event.preventDefault(); zoom(Math.exp(Math.sign(event.deltaY) * 0.09)); moved(); }, { passive: false });
  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  canvas.addEventListener("dblclick", () => { viewer.home(); moved(); });
  addEventListener("resize", redraw);
  addEventListener("keydown", (event) => {
    if (["SELECT", "INPUT", "BUTTON"].includes(event.target.tagName)) return;
    const steps = { ArrowLeft: -0.05, ArrowRight: 0.05 };
    if (event.key === " ") setPlaying(!playing);
    else if (event.key in steps) { setPlaying(false); viewer.clock = Math.min(viewer.duration, Math.max(0, viewer.time + steps[event.key])); setTime(viewer.clock); }
    else return;
    event.preventDefault();
  });
  find("play").addEventListener("click", () => setPlaying(!playing));
  find("time").max = viewer.duration;
  find("time").addEventListener("input", (event) => { setPlaying(false); viewer.clock = Number(event.target.value); setTime(viewer.clock); });
  find("trail").addEventListener("change", (event) => { viewer.trail = event.target.checked; redraw(); });
  find("walls").addEventListener("change", (event) => { viewer.allWalls = event.target.checked; viewer.stale = true; redraw(); });
  find("walls-label").hidden = !stage.scene;
  find("controls").hidden = viewer.motions.length === 0;

  for (const motion of viewer.motions) {
    const label = document.createElement("label"), box = document.createElement("input"), chip = document.createElement("i");
    box.type = "checkbox"; box.checked = true;
    chip.style.background = `linear-gradient(90deg, rgb(${motion.first}), rgb(${motion.last}))`;
    box.addEventListener("change", () => { motion.shown = box.checked; redraw(); });
    label.append(box, chip, motion.name);
    find("legend").append(label);
  }
  const at = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash);
  viewer.clock = Math.min(at ? Number(at[1]) : 0, viewer.duration);
  setTime(viewer.clock);
  if (!at && !matchMedia("(prefers-reduced-motion: reduce)").matches) setPlaying(true);
}

start();
