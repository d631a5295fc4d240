// Draws a point cloud and moving skeletons on a plain 2D canvas with its own depth buffer: no WebGL, no library,
// so the page works from a file, without a network and without a graphics card.
"use strict";

const BACKGROUND = [246, 247, 250];
const LIGHT = [-0.45, 0.62, 0.64];

/** Decode base64 into a typed array. */
function decode(text, Kind) {
  const raw = atob(text), bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return new Kind(bytes.buffer);
}

/** Metres from 16-bit steps. */
function metres(packed) {
  const steps = decode(packed.data, Uint16Array), out = new Float32Array(steps.length);
  for (let i = 0; i < steps.length; i++) out[i] = packed.origin[i % 3] + steps[i] * packed.step;
  return out;
}

class Painter {
  constructor(width, height) {
    this.width = width; this.height = height;
    this.image = new ImageData(width, height);
    this.rgb = this.image.data;
    this.depth = new Float32Array(width * height);
    this.level = new Float32Array(width * height);  // depth without the roundness of the discs, for the outlines
  }

  look(camera) {
    const [ca, sa, ce, se] = [Math.cos(camera.azimuth), Math.sin(camera.azimuth), Math.cos(camera.elevation), Math.sin(camera.elevation)];
    this.right = [-sa, ca, 0]; this.up = [-se * ca, -se * sa, ce]; this.back = [ce * ca, ce * sa, se];
    this.target = camera.target; this.distance = camera.distance;
    this.focal = this.height / (2 * Math.tan(camera.view / 2));
  }

  project(x, y, z, out) {
    x -= this.target[0]; y -= this.target[1]; z -= this.target[2];
    const depth = this.distance - (x * this.back[0] + y * this.back[1] + z * this.back[2]);
    const scale = this.focal / Math.max(depth, 1e-6);
    out[0] = this.width / 2 + scale * (x * this.right[0] + y * this.right[1]);
    out[1] = this.height / 2 - scale * (x * this.up[0] + y * this.up[1] + z * this.up[2]);
    out[2] = depth;
  }

  clear() {
    this.depth.fill(Infinity); this.level.fill(Infinity);
    const word = (255 << 24) | (BACKGROUND[2] << 16) | (BACKGROUND[1] << 8) | BACKGROUND[0];
    new Uint32Array(this.rgb.buffer).fill(word);
  }

  disc(p, radius, r, g, b, nearer) {
    if (p[2] < 0.1) return;
    const size = Math.min(Math.max(this.focal * radius / p[2], 0.7), 24), cx = Math.round(p[0]), cy = Math.round(p[1]);
    const level = p[2] - nearer, limit = size * size, reach = Math.floor(size), bulge = radius / limit;
    const top = Math.max(-reach, -cy), bottom = Math.min(reach, this.height - 1 - cy);
    for (let dy = top; dy <= bottom; dy++) {
      const half = Math.floor(Math.sqrt(limit - dy * dy)), row = (cy + dy) * this.width;
      const last = Math.min(this.width - 1, cx + half);
      for (let x = Math.max(0, cx - half); x <= last; x++) {
        const i = row + x, depth = level + bulge * (dy * dy + (x - cx) ** 2);
        if (depth >= this.depth[i]) continue;
        this.depth[i] = depth; this.level[i] = level;
        this.rgb[4 * i] = r; this.rgb[4 * i + 1] = g; this.rgb[4 * i + 2] = b;
      }
    }
  }

  /** Darken where neighbours are nearer to the eye (eye-dome lighting). */
  outline() {
    const { width, height, level: depth, rgb } = this, logs = new Float32Array(depth.length);
    for (let i = 0; i < depth.length; i++) logs[i] = depth[i] === Infinity ? 30 : Math.log2(depth[i]);
    const step = Math.max(1, Math.round(height / 800)), around = [-step, step, -step * width, step * width];
    for (let i = step * width + step; i < depth.length - step * width - step; i++) {
      if (depth[i] === Infinity) continue;
      let deeper = 0;
      for (const d of around) { const gap = logs[i] - logs[i + d]; if (gap > 0) deeper += Math.min(gap, 0.12); }
      if (deeper < 0.004) continue;
      const shade = Math.exp(-2.6 * deeper);
      rgb[4 * i] *= shade; rgb[4 * i + 1] *= shade; rgb[4 * i + 2] *= shade;
    }
  }

  capsule(a, b, radius, color) {
    if (a[2] < 0.2 || b[2] < 0.2) return;
    const reach = this.focal * radius / Math.min(a[2], b[2]) + 1, { width, height, depth, rgb } = this;
    const left = Math.max(0, Math.floor(Math.min(a[0], b[0]) - reach)), right = Math.min(width, Math.ceil(Math.max(a[0], b[0]) + reach));
    const top = Math.max(0, Math.floor(Math.min(a[1], b[1]) - reach)), bottom = Math.min(height, Math.ceil(Math.max(a[1], b[1]) + reach));
    const ux = b[0] - a[0], uy = b[1] - a[1], uz = b[2] - a[2], length = Math.max(ux * ux + uy * uy, 1e-9);
    for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) {
      const t = Math.min(Math.max(((x - a[0]) * ux + (y - a[1]) * uy) / length, 0), 1);
      const axis = a[2] + t * uz, size = this.focal * radius / axis;
      const u = (x - a[0] - t * ux) / size, v = (a[1] + t * uy - y) / size, out = u * u + v * v;
      if (out > 1) continue;
      const w = Math.sqrt(1 - out), z = axis - radius * w, i = y * width + x;
      if (z >= depth[i]) continue;
      const light = Math.max(u * LIGHT[0] + v * LIGHT[1] + w * LIGHT[2], 0);
      const shade = Math.min(0.5 + 0.58 * light, 1.15) * (w < 0.35 ? 0.6 + 1.15 * w : 1), gloss = 40 * light ** 12;
      depth[i] = z;
      for (let c = 0; c < 3; c++) rgb[4 * i + c] = color[c] * shade + gloss;
    }
  }

  /** A soft shadow on the points near the floor at (x, y). */
  shadow(x, y, floor, width) {
    const p = [0, 0, 0];
    this.project(x, y, floor, p);
    if (p[2] < 0.2) return;
    const reach = 2.6 * width * this.focal / p[2];
    const left = Math.max(0, Math.floor(p[0] - reach)), right = Math.min(this.width, Math.ceil(p[0] + reach));
    const top = Math.max(0, Math.floor(p[1] - reach)), bottom = Math.min(this.height, Math.ceil(p[1] + reach));
    for (let row = top; row < bottom; row++) for (let column = left; column < right; column++) {
      const i = row * this.width + column, depth = this.depth[i];
      if (depth === Infinity) continue;
      const across = (column - this.width / 2) * depth / this.focal, rise = (this.height / 2 - row) * depth / this.focal, toward = this.distance - depth;
      const at = [0, 1, 2].map((k) => this.target[k] + across * this.right[k] + rise * this.up[k] + toward * this.back[k]);
      if (at[2] > floor + 0.12) continue;
      const gap = (at[0] - x) ** 2 + (at[1] - y) ** 2, dark = 1 - 0.38 * Math.exp(-gap / (2 * width * width));
      for (let c = 0; c < 3; c++) this.rgb[4 * i + c] *= dark;
    }
  }
}

class Viewer {
  constructor(stage, canvas) {
    this.stage = stage; this.canvas = canvas; this.context = canvas.getContext("2d");
    this.points = metres(stage.points); this.colors = decode(stage.colors, Uint8Array); this.sides = decode(stage.walls, Uint8Array);
    this.radii = decode(stage.radii, Uint8Array);
    this.motions = stage.motions.map((motion) => ({ ...motion, joints: metres(motion.joints), path: metres(motion.path), shown: true }));
    this.duration = Math.max(0, ...this.motions.map((motion) => (motion.frames - 1) / motion.fps));
    this.home(); this.time = 0; this.trail = false; this.allWalls = false; this.coarse = false; this.stale = true;
  }

  home() { this.camera = { ...this.stage.camera, target: [...this.stage.camera.target] }; this.stale = true; }

  resize() {
    const box = this.canvas.getBoundingClientRect();
    let scale = Math.min(window.devicePixelRatio || 1, 2) * (this.coarse ? 0.5 : 1);
    scale *= Math.min(1, Math.sqrt(1.8e6 / Math.max(1, box.width * box.height * scale * scale)));
    const width = Math.max(2, Math.round(box.width * scale)), height = Math.max(2, Math.round(box.height * scale));
    if (this.room && this.room.width === width && this.room.height === height) return;
    this.room = new Painter(width, height); this.front = new Painter(width, height);
    this.canvas.width = width; this.canvas.height = height; this.stale = true;
  }

  drawRoom() {
    const { stage, points, colors, room } = this, p = [0, 0, 0], toward = [];
    for (let s = 0; s < stage.sectors; s++) toward.push(Math.cos((s + 0.5) * 2 * Math.PI / stage.sectors - Math.PI - this.camera.azimuth) > 0.25);
    room.look(this.camera); room.clear();
    for (let i = 0; i < this.sides.length; i++) {
      if (!this.allWalls && (points[3 * i + 2] > stage.top || (this.sides[i] < stage.sectors && toward[this.sides[i]]))) continue;
      room.project(points[3 * i], points[3 * i + 1], points[3 * i + 2], p);
      room.disc(p, this.radii[i] / 1000, colors[3 * i], colors[3 * i + 1], colors[3 * i + 2], 0);
    }
    room.outline();
    this.stale = false;
  }

  draw() {
    this.resize();
    if (this.stale) this.drawRoom();
    this.front.rgb.set(this.room.rgb); this.front.depth.set(this.room.depth); this.front.look(this.camera);
    for (const motion of this.motions) if (motion.shown) this.drawMotion(motion);
    this.context.putImageData(this.front.image, 0, 0);
  }

  drawMotion(motion) {
    const last = motion.frames - 1, now = Math.min(this.time * motion.fps, last), p = [0, 0, 0];
    const color = (share) => motion.first.map((value, c) => value + (motion.last[c] - value) * share);
    const poses = this.trail ? motion.keys.filter((key) => Math.abs(key - now) > 2).map((key) => [key, color(key / last)]) : [];
    poses.push([now, color(this.trail ? now / last : 0.8)]);
    const joints = poses.map(([frame]) => this.pose(motion, frame));
    joints.forEach((pose) => { for (const [joint, width] of [[0, 0.22], [10, 0.11], [11, 0.11]]) this.front.shadow(pose[3 * joint], pose[3 * joint + 1], this.stage.floor, width); });
    const steps = motion.path.length / 3;
    for (let i = 0; i < steps; i++) {
      const done = motion.shares[i] <= now / last, [r, g, b] = done ? color(motion.shares[i]) : [255, 255, 255];
      this.front.project(motion.path[3 * i], motion.path[3 * i + 1], motion.path[3 * i + 2], p);
      this.front.disc(p, done ? 0.022 : 0.012, r, g, b, 0.12);
    }
    joints.forEach((pose, which) => this.drawBody(pose, poses[which][1]));
  }

  pose(motion, at) {
    const low = Math.min(Math.floor(at), motion.frames - 2), weight = at - low, out = new Float32Array(66);
    for (let i = 0; i < 66; i++) out[i] = motion.joints[66 * low + i] * (1 - weight) + motion.joints[66 * (low + 1) + i] * weight;
    return out;
  }

  drawBody(pose, color) {
    const at = (joint) => [pose[3 * joint], pose[3 * joint + 1], pose[3 * joint + 2]], a = [0, 0, 0], b = [0, 0, 0];
    const bone = (from, to, radius) => { this.front.project(...from, a); this.front.project(...to, b); this.front.capsule(a, b, radius, color); };
    this.stage.bones.forEach(([parent, child], i) => bone(at(parent), at(child), this.stage.thickness[i]));
    const neck = at(12), head = at(15), length = Math.max(Math.hypot(...head.map((v, k) => v - neck[k])), 1e-6);
    bone(head, head.map((v, k) => v + 0.045 * (v - neck[k]) / length), this.stage.head);
  }
}
