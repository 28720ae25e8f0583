(() => {
  // Draws the points of a map on a canvas, with pan and zoom, and finds points by position.
  const CELLS = 96;

  /** An index of points by cells of a grid, to find points near a position. */
  class Grid {
    constructor(x, y) {
      this.x = x;
      this.y = y;
      const n = x.length;
      this.starts = new Uint32Array(CELLS * CELLS + 1);
      const cell = new Uint16Array(n);
      for (let i = 0; i < n; i++) {
        cell[i] = this.cell(x[i]) + CELLS * this.cell(y[i]);
        this.starts[cell[i] + 1]++;
      }
      for (let c = 0; c < CELLS * CELLS; c++) {
        this.starts[c + 1] += this.starts[c];
      }
      const next = this.starts.slice();
      this.points = new Uint32Array(n);
      for (let i = 0; i < n; i++) {
        this.points[next[cell[i]]++] = i;
      }
    }

    cell(v) {
      return Math.max(0, Math.min(CELLS - 1, Math.floor(v * CELLS / 65536)));
    }

    /** Calls for each point of a rectangle's cells. */
    each(x0, y0, x1, y1, use) {
      for (let cy = this.cell(y0); cy <= this.cell(y1); cy++) {
        for (let cx = this.cell(x0); cx <= this.cell(x1); cx++) {
          for (let k = this.starts[cx + CELLS * cy]; k < this.starts[cx + CELLS * cy + 1]; k++) {
            use(this.points[k]);
          }
        }
      }
    }

    /** The nearest point within a distance, -1 if there is none. */
    nearest(x, y, within, takes) {
      let best = -1;
      let least = within * within;
      this.each(x - within, y - within, x + within, y + within, i => {
        const d = (this.x[i] - x) ** 2 + (this.y[i] - y) ** 2;
        if (d <= least && takes(i)) {
          least = d;
          best = i;
        }
      });
      return best;
    }
  }

  /** A canvas on which a point of 16 bits lies at x * scale + dx. */
  class MapView {
    constructor(canvas) {
      this.canvas = canvas;
      this.context = canvas.getContext('2d');
      this.probe = document.createElement('span');
      this.probe.hidden = true;
      document.body.append(this.probe);
      this.zoom = 1;
      this.cx = this.cy = 32768;
    }

    place(x, y) {
      this.x = x;
      this.y = y;
      this.grid = new Grid(x, y);
    }

    /** Fits the canvas to its box; returns whether its size changed. */
    fit() {
      const ratio = Math.min(2, devicePixelRatio || 1);
      const w = Math.round(this.canvas.clientWidth * ratio);
      const h = Math.round(this.canvas.clientHeight * ratio);
      this.ratio = ratio;
      if (w === this.canvas.width && h === this.canvas.height && this.image) {
        return false;
      }
      this.canvas.width = Math.max(1, w);
      this.canvas.height = Math.max(1, h);
      this.image = this.context.createImageData(this.canvas.width, this.canvas.height);
      this.pixels = new Uint32Array(this.image.data.buffer);
      return true;
    }

    get scale() {
      return .94 * Math.min(this.canvas.width, this.canvas.height) / 65536 * this.zoom;
    }

    /** Converts a position on the canvas, in CSS pixels, to a position on the map. */
    at(px, py) {
      const s = this.scale;
      return [(px * this.ratio - this.canvas.width / 2) / s + this.cx, this.cy - (py * this.ratio - this.canvas.height / 2) / s];
    }

    to(x, y) {
      const s = this.scale;
      return [((x - this.cx) * s + this.canvas.width / 2) / this.ratio, ((this.cy - y) * s + this.canvas.height / 2) / this.ratio];
    }

    /** Zooms around a position on the canvas. */
    enlarge(factor, px = this.canvas.clientWidth / 2, py = this.canvas.clientHeight / 2) {
      const [x, y] = this.at(px, py);
      this.zoom = Math.max(1, Math.min(400, this.zoom * factor));
      const [nx, ny] = this.at(px, py);
      this.look(this.cx + x - nx, this.cy + y - ny);
    }

    look(x, y) {
      this.cx = Math.max(0, Math.min(65535, x));
      this.cy = Math.max(0, Math.min(65535, y));
    }

    shift(dx, dy) {
      this.look(this.cx - dx * this.ratio / this.scale, this.cy + dy * this.ratio / this.scale);
    }

    colour(css) {
      this.probe.style.color = css;
      document.body.append(this.probe);
      const text = getComputedStyle(this.probe).color;
      // A mixed colour has components from 0 to 1, other colours have bytes.
      return text.match(/[\d.]+/g).slice(0, 3).map(v => text.startsWith('color') ? 255 * v : +v);
    }

    get radius() {
      const area = this.canvas.width * this.canvas.height / this.x.length;
      return this.ratio * Math.max(1, Math.min(6, Math.sqrt(area) * .2 / this.ratio * Math.pow(this.zoom, .5)));
    }

    /** The pixels around a point, each with the share that the point covers. */
    stamp() {
      const r = this.radius;
      const reach = Math.ceil(r);
      const found = [];
      for (let dy = -reach; dy <= reach; dy++) {
        for (let dx = -reach; dx <= reach; dx++) {
          const cover = Math.max(0, Math.min(1, r + .5 - Math.hypot(dx, dy)));
          if (cover > .05) {
            found.push([dy * this.canvas.width + dx, cover]);
          }
        }
      }
      return {reach, found};
    }

    /**
     * Draws all points.
     *
     * kind: of each point, an index into the colours; takes: which are drawn in full, null for all; density: cells that
     * are drawn in place of the other points, null for none
     */
    draw(kind, colours, takes, density) {
      this.fit();
      const w = this.canvas.width;
      const h = this.canvas.height;
      const [gr, gg, gb] = this.colour('var(--raised)');
      const quiet = this.colour('var(--quiet)');
      this.pixels.fill(255 << 24 | gb << 16 | gg << 8 | gr);
      const solid = colours.map(c => this.colour(c));
      const {reach, found} = this.stamp();
      const offsets = Int32Array.from(found, f => f[0]);
      const covers = Float32Array.from(found, f => f[1]);
      const s = this.scale;
      const n = this.x.length;
      const pixels = this.pixels;
      const put = (x, y, [r, g, b], strength) => {
        for (let k = 0; k < offsets.length; k++) {
          const at = y * w + x + offsets[k];
          const a = covers[k] * strength;
          const p = pixels[at];
          const pr = p & 255;
          const pg = p >> 8 & 255;
          const pb = p >> 16 & 255;
          pixels[at] = 255 << 24 | pb + (b - pb) * a << 16 | pg + (g - pg) * a << 8 | pr + (r - pr) * a;
        }
      };
      if (density) {
        this.shade(density, solid, quiet, takes ? .3 : 1);
      }
      // The points are drawn in another order than the rows, because rows sorted by label would hide other labels.
      let step = Math.floor(n * .618) | 1;
      while (gcd(step, n) !== 1) {
        step += 2;
      }
      const passes = takes ? [false, true] : [true];
      for (const full of density ? passes.filter(p => p && takes) : passes) {
        for (let k = 0, i = 0; k < n; k++, i = (i + step) % n) {
          if (takes && !!takes[i] !== full) {
            continue;
          }
          const x = Math.round((this.x[i] - this.cx) * s + w / 2);
          const y = Math.round((this.cy - this.y[i]) * s + h / 2);
          if (x >= reach && y >= reach && x < w - reach && y < h - reach) {
            put(x, y, full ? solid[kind[i]] || quiet : quiet, full ? .85 : .12);
          }
        }
      }
      this.context.putImageData(this.image, 0, 0);
    }

    /** Fills the cells of a grid; the opacity increases with the number of rows. */
    shade({side, counts, most, kind}, solid, quiet, strength) {
      const w = this.canvas.width;
      const h = this.canvas.height;
      const s = this.scale;
      const size = 65536 / side;
      const [gr, gg, gb] = this.colour('var(--raised)');
      const edge = (length, from, to) => Math.max(0, Math.min(length, Math.round((from - to) * s + length / 2)));
      for (let c = 0; c < counts.length; c++) {
        if (counts[c] === 0) {
          continue;
        }
        const x = c % side * size;
        const y = Math.floor(c / side) * size;
        const [x0, x1] = [edge(w, x, this.cx), edge(w, x + size, this.cx)];
        const [y0, y1] = [edge(h, this.cy, y + size), edge(h, this.cy, y)];
        const [r, g, b] = kind && solid[kind[c]] || quiet;
        const a = strength * (.15 + .85 * Math.log1p(counts[c]) / Math.log1p(most));
        const pixel = 255 << 24 | gb + (b - gb) * a << 16 | gg + (g - gg) * a << 8 | gr + (r - gr) * a;
        for (let line = y0; line < y1; line++) {
          this.pixels.fill(pixel, line * w + x0, line * w + x1);
        }
      }
    }

    /** Returns the cell of a grid at a position on the canvas, -1 if there is none. */
    cell(px, py, side) {
      const [x, y] = this.at(px, py).map(v => Math.floor(v * side / 65536));
      return x >= 0 && y >= 0 && x < side && y < side ? y * side + x : -1;
    }

    /** Draws a closed line through positions on the canvas, or a ring around a point. */
    over(line, ring) {
      const c = this.context;
      c.putImageData(this.image, 0, 0);
      const [r, g, b] = this.colour('var(--ink)');
      c.strokeStyle = `rgb(${r} ${g} ${b})`;
      c.lineWidth = 1.5 * this.ratio;
      if (line) {
        c.beginPath();
        line.forEach(([x, y]) => c.lineTo(x * this.ratio, y * this.ratio));
        c.closePath();
        c.stroke();
      }
      if (ring >= 0) {
        const [x, y] = this.to(this.x[ring], this.y[ring]);
        c.beginPath();
        c.arc(x * this.ratio, y * this.ratio, this.radius + 4 * this.ratio, 0, 7);
        c.stroke();
      }
    }

    /** Returns the point at a position on the canvas, -1 if there is none. */
    point(px, py, takes) {
      const [x, y] = this.at(px, py);
      return this.grid.nearest(x, y, (this.radius + 6 * this.ratio) / this.scale, takes);
    }

    /** Returns the points inside a closed line on the canvas. */
    within(line) {
      const polygon = line.map(([px, py]) => this.at(px, py));
      const xs = polygon.map(p => p[0]);
      const ys = polygon.map(p => p[1]);
      const inside = new Uint8Array(this.x.length);
      this.grid.each(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys), i => {
        let odd = 0;
        for (let a = 0, b = polygon.length - 1; a < polygon.length; b = a++) {
          const [ax, ay] = polygon[a];
          const [bx, by] = polygon[b];
          if (ay > this.y[i] !== by > this.y[i] && this.x[i] < (bx - ax) * (this.y[i] - ay) / (by - ay) + ax) {
            odd ^= 1;
          }
        }
        inside[i] = odd;
      });
      return inside;
    }
  }
  const gcd = (a, b) => b === 0 ? a : gcd(b, a % b);
  globalThis.heddle.MapView = MapView;
})();
