(() => {
  // Charts as SVG. Colours are variables of the style sheet, so a change of the theme needs no redrawing.
  const {data, escape, count, percent, noun, classColour, clusterColour, clusterName, showMembers} = globalThis.heddle;
  const LETTER = 6.9;
  const LINE = 17;
  // Maximum number of letters of a rotated name, and the width of such a name.
  const LONGEST = 18;
  const TURNED = 13;
  const box = name => document.getElementById('chart-' + name);
  const round = v => Math.round(v * 10) / 10;
  const widest = texts => Math.max(0, ...texts.map(t => String(t).length)) * LETTER;
  const label = (x, y, text, more = '') => `<text x="${round(x)}" y="${round(y)}" ${more}>${escape(String(text))}</text>`;
  const line = (x1, y1, x2, y2) => `<path class="grid" d="M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}"/>`;
  const column = (x, y, w, h, colour, opacity = 1) =>
    `<rect x="${round(x)}" y="${round(y)}" width="${round(Math.max(w, .5))}" height="${round(Math.max(h, 0))}" rx="1.5" style="fill:${colour};opacity:${opacity}"/>`;

  const short = text => text.length > LONGEST ? text.slice(0, LONGEST - 1) + '…' : text;

  /** Values of an axis: from low to high, at steps of 1, 2 or 5. */
  const ticks = (low, high, most, whole) => {
    const raw = (high - low || 1) / most;
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = Math.max(whole ? 1 : 0, [1, 2, 5, 10].map(m => m * power).find(s => s >= raw * .999));
    const found = [];
    for (let i = Math.floor(low / step + 1e-9); i * step < high + step * .999; i++) {
      found.push(+(i * step).toPrecision(12));
    }
    return found;
  };

  /**
   * Columns and lines over names.
   *
   * names; columns: [{values, colour(i), opacity}], side by side or stacked; lines: [{values, colour, right, dots(i)}];
   * text(v) of the left axis; right: text(v) of a second axis from 0 to 1; low: minimum of the left axis; whole: of
   * counts; every: of names to show; turn: at which share of the width names are turned; above(i): text over a column;
   * tip(i): HTML; click(i); legend: [[name, colour, isLine]]; titles: of the axes.
   */
  const plot = (el, s) => {
    const width = el.clientWidth;
    const height = el.clientHeight;
    const n = s.names.length;
    const sums = s.stacked
      ? s.names.map((_, i) => s.columns.reduce((sum, c) => sum + c.values[i], 0))
      : [...s.columns.flatMap(c => c.values), ...(s.lines || []).filter(l => !l.right).flatMap(l => l.values)];
    const left = ticks(s.low ?? 0, Math.max(s.high ?? 0, ...sums), height > 250 ? 5 : 4, s.whole);
    const low = left[0];
    const high = left.at(-1);
    const text = s.text || count;
    const axis = widest(left.map(text)) + 10;
    const to = width - (s.right ? 46 : 4);
    const rows = s.names.map(name => String(name).split('\n'));
    const flat = widest(rows.flat());
    const turned = !s.every && flat > 24 && flat + 6 > (to - axis) / n;
    // A rotated name ends below its column and starts to the left of it.
    const from = turned ? Math.max(axis, widest([short(rows[0][0])]) * .58) : axis;
    const band = (to - from) / n;
    const every = s.every || Math.ceil((turned ? TURNED : flat <= 24 && band < flat + 6 ? flat + 8 : 0) / band) || 1;
    const foot = turned ? Math.min(120, widest(rows.map(r => short(r[0]))) * .8 + 14) : LINE * Math.max(...rows.map(r => r.length)) + 6;
    // A legend takes as many lines as it needs.
    let legend = '';
    let across = 0;
    let down = 12;
    (s.legend || []).forEach(([name, colour, isLine]) => {
      const wide = name.length * LETTER + 40;
      if (across > 0 && across + wide > width) {
        across = 0;
        down += LINE;
      }
      legend += column(across, down - (isLine ? 5 : 9), 16, isLine ? 3 : 10, colour) + label(across + 22, down, name);
      across += wide;
    });
    const head = (s.legend ? down + 6 : 4) + (s.titles ? LINE + 6 : 8) + (s.above ? LINE : 0);
    const bottom = height - foot;
    const y = v => bottom - (v - low) / (high - low || 1) * (bottom - head);
    const yRight = v => bottom - v * (bottom - head);
    const x = i => from + (i + .5) * band;
    let out = legend;
    left.forEach(v => {
      out += line(from, y(v), to, y(v)) + label(from - 8, y(v) + 4, text(v), 'text-anchor="end"');
    });
    if (s.right) {
      [0, .2, .4, .6, .8, 1].forEach(v => out += label(to + 8, yRight(v) + 4, s.right(v)));
    }
    if (s.titles) {
      out += label(0, head - 12, s.titles[0]) + (s.titles[1] ? label(width, head - 12, s.titles[1], 'text-anchor="end"') : '');
    }
    const wide = Math.min(s.columns.length && !s.stacked ? 34 * s.columns.length : 54, band * .72);
    for (let i = 0; i < n; i++) {
      let base = low;
      s.columns.forEach((c, k) => {
        const v = c.values[i];
        const own = s.stacked ? wide : wide / s.columns.length;
        const at = s.stacked ? x(i) - wide / 2 : x(i) - wide / 2 + k * own;
        const top = s.stacked ? base + v : v;
        out += column(at, y(top), s.stacked ? own : own - (s.columns.length > 1 ? 1 : 0), y(s.stacked ? base : low) - y(top), c.colour(i), c.opacity);
        base = top;
      });
      if (s.every ? i === 0 || (i + 1) % every === 0 : i % every === 0) {
        out += turned
          ? label(0, 0, short(rows[i][0]), `text-anchor="end" transform="translate(${round(x(i) + 4)} ${round(bottom + 14)}) rotate(-55)"`)
          : rows[i].map((t, r) => label(x(i), bottom + LINE * (r + 1) - 1, t, 'text-anchor="middle"')).join('');
      }
      if (s.above && s.above(i)) {
        out += label(x(i), y(sums[i]) - 9, s.above(i), 'text-anchor="middle" class="said"');
      }
    }
    (s.lines || []).forEach(l => {
      const at = l.right ? yRight : y;
      out += `<path class="curve" style="stroke:${l.colour}" d="M${l.values.map((v, i) => `${round(x(i))} ${round(at(v))}`).join('L')}"/>`;
      if (l.dots) {
        out += l.values.map((v, i) => `<circle cx="${round(x(i))}" cy="${round(at(v))}" r="${l.dots(i)}" style="fill:${l.colour}"/>`).join('');
      }
    });
    paint(el, out, {
      at: (px, py) => px >= from && px < to && py < height ? Math.min(n - 1, Math.floor((px - from) / band)) : -1,
      mark: i => `<rect class="mark" x="${round(from + i * band)}" y="${round(head)}" width="${round(band)}" height="${round(bottom - head)}"/>`,
      tip: s.tip, click: s.click,
    });
  };

  /** Horizontal bars, each with its name on the left and its value on the right. */
  const barsAcross = (el, names, values, text) => {
    const width = el.clientWidth;
    const step = el.clientHeight / names.length;
    const from = Math.min(width / 2, widest(names) + 8);
    const scale = (width - from - widest(values.map(text)) - 10) / Math.max(...values, 1e-9);
    paint(el, names.map((name, i) => {
      const middle = (i + .5) * step;
      return label(from - 8, middle + 4, name, 'text-anchor="end"') + column(from, middle - 8, values[i] * scale, 16, 'var(--accent)')
        + label(from + values[i] * scale + 7, middle + 4, text(values[i]));
    }).join(''), {});
  };

  // The tooltip of the column under the pointer.
  const live = new Map();
  const tip = document.createElement('div');
  tip.className = 'tip float';
  tip.hidden = true;
  document.body.append(tip);
  const paint = (el, content, acts) => {
    el.innerHTML = `<svg width="${el.clientWidth}" height="${el.clientHeight}" aria-hidden="true">${content}<g class="over"></g></svg>`;
    el.classList.toggle('clickable', !!acts.click);
    live.set(el, acts);
  };
  const found = (el, e) => {
    const acts = live.get(el);
    const area = el.getBoundingClientRect();
    const i = acts && acts.at ? acts.at(e.clientX - area.left, e.clientY - area.top) : -1;
    return {acts, i};
  };
  const leave = el => {
    tip.hidden = true;
    el.querySelector('.over')?.replaceChildren();
  };
  const watch = el => {
    el.addEventListener('pointermove', e => {
      const {acts, i} = found(el, e);
      if (i < 0 || !acts.tip) {
        leave(el);
        return;
      }
      el.querySelector('.over').innerHTML = acts.mark(i);
      tip.innerHTML = acts.tip(i);
      tip.hidden = false;
      tip.style.left = Math.max(4, Math.min(innerWidth - tip.offsetWidth - 8, e.clientX + 14)) + 'px';
      tip.style.top = Math.max(4, e.clientY - tip.offsetHeight - 12) + 'px';
    });
    el.addEventListener('pointerleave', () => leave(el));
    el.addEventListener('click', e => {
      const {acts, i} = found(el, e);
      if (i >= 0 && acts.click) {
        leave(el);
        acts.click(i);
      }
    });
  };

  const share = v => Math.round(100 * v) + '\u00a0%';
  const upTo = shares => {
    let sum = 0;
    return shares.map(s => sum += s);
  };
  const charts = {
    labels: el => plot(el, {
      names: data.classes, whole: true,
      columns: [{values: data.train, colour: () => 'var(--accent)'}, {values: data.test, colour: () => 'var(--study)'}],
      legend: [['training', 'var(--accent)'], ['test', 'var(--study)']],
      tip: i => `${escape(data.classes[i])}<br>training: ${count(data.train[i])}<br>test: ${count(data.test[i])}`,
    }),

    variance: el => {
      const n = Math.max(data.featureVariance.length, data.pixelVariance.length);
      const features = upTo(data.featureVariance);
      const pixels = upTo(data.pixelVariance);
      const said = (name, v) => v === undefined ? '' : `<br>${name}: ${percent(v)}`;
      plot(el, {
        names: Array.from({length: n}, (_, i) => i + 1), every: 10, text: share, right: share,
        titles: ['each', 'all up to it'],
        columns: [{values: Array.from({length: n}, (_, i) => data.featureVariance[i] || 0), colour: () => 'var(--c7)'}],
        lines: [{values: features, colour: 'var(--accent)', right: true}, {values: pixels, colour: 'var(--study)', right: true}],
        legend: [['each, of the features', 'var(--c7)'], ['up to it, of the features', 'var(--accent)', true], ['up to it, of the pixels', 'var(--study)', true]],
        tip: i => `component ${i + 1}` + said('of the features', data.featureVariance[i]) + said('up to it', features[i]) + said('up to it, of the pixels', pixels[i]),
      });
    },

    clusters: el => {
      const all = data.clusters;
      // The names of many columns would overlap.
      const name = c => all.length > 14 || !clusterName(c) ? String(c.number) : `${clusterName(c)}\n${c.number}`;
      const most = c => clusterName(c) ? `<br>${escape(clusterName(c))}: ${count(c.pure)} (${percent(c.pure / Math.max(1, c.size))})` : '';
      plot(el, {
        names: all.map(name), stacked: true, whole: true,
        columns: [
          {values: all.map(c => c.pure), colour: i => clusterColour(all[i])},
          {values: all.map(c => c.size - c.pure), colour: i => clusterColour(all[i]), opacity: .32},
        ],
        tip: i => `${noun} ${all[i].number}: ${count(all[i].size)}${most(all[i])}`,
        click: i => showMembers(all[i].number),
      });
    },

    tried: el => {
      const scores = data.tried.map(t => t[1]);
      const low = Math.min(...scores);
      plot(el, {
        names: data.tried.map(t => t[0]), columns: [], low: Math.max(-1, low - .1 * (Math.max(...scores) - low)), high: Math.max(...scores),
        text: v => v.toFixed(2), titles: ['silhouette'], tip: i => `${data.tried[i][0]} groups: ${scores[i].toFixed(3)}`,
        lines: [{values: scores, colour: 'var(--accent)', dots: i => data.tried[i][0] === data.chosen ? 6.5 : 3}],
      });
    },

    ranks: el => plot(el, {
      names: data.sameLabel.map((_, i) => i + 1), high: 1, text: share,
      columns: [{values: data.sameLabel, colour: () => 'var(--accent)'}],
      above: i => el.clientWidth >= 560 && data.sameLabel.length <= 12 ? percent(data.sameLabel[i]) : '',
      tip: i => `neighbour ${i + 1}: ${percent(data.sameLabel[i])}`,
    }),

    issues: el => plot(el, {
      names: data.classes, whole: true, columns: [{values: data.issues, colour: classColour}],
      tip: i => `${escape(data.classes[i])}: ${count(data.issues[i])}`,
    }),

    stages: el => barsAcross(el, data.stages.map(s => s.title), data.stages.map(s => s.seconds),
      v => v < 9.95 ? v.toFixed(1) + ' s' : Math.round(v) + ' s'),
  };

  const present = Object.keys(charts).filter(box);
  present.forEach(name => watch(box(name)));
  // Draws a chart again if the size of its box changes.
  const sized = new ResizeObserver(entries => entries.forEach(({target}) => {
    const svg = target.querySelector('svg');
    if (target.clientWidth > 0 && (!svg || +svg.getAttribute('width') !== target.clientWidth || +svg.getAttribute('height') !== target.clientHeight)) {
      charts[target.id.slice('chart-'.length)](target);
    }
  }));
  present.forEach(name => {
    charts[name](box(name));
    sized.observe(box(name));
  });
  document.addEventListener('ways', () => box('clusters') && charts.clusters(box('clusters')));
})();
