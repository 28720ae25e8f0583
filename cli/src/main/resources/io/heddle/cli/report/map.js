(() => {
  // The map of all items, with colours, search, zoom and selection. It is linked with the lists of the page.
  const canvas = document.getElementById('map-canvas');
  if (!canvas) {
    return;
  }
  const {data, escape, thumb, count, called, noun, ofMany, classColour, say, showMembers, MapView, NONE} = globalThis.heddle;
  const byId = id => document.getElementById(id);
  const PAGE = 60;
  const SHADES = 24;
  // The zoom from which a map of a density shows its points.
  const POINTS_FROM = 4;
  const HERE = 9;
  const view = new MapView(canvas);
  const tip = byId('map-tip');
  const search = byId('map-search');
  let points;
  let layout;
  let colouring;
  // The selected points, and the reason; null without a selection.
  let chosen = null;
  let shown = PAGE;
  let lassoing = false;

  const labelName = i => points.label && points.label[i] !== NONE && points.label[i] >= 0 ? data.classes[points.label[i]] : '';
  const groupOf = i => points.group ? points.group()[i] : -1;
  const nameOf = i => points.name(i) || (points.item(i) >= 0 && called(points.item(i))) || `row ${count(points.row(i))}`;
  const suggestionOf = i => points.suggested && points.suggested[i] !== NONE ? data.classes[points.suggested[i]] : '';
  const words = i => [
    nameOf(i), labelName(i) && !nameOf(i).startsWith(labelName(i) + '/') ? labelName(i) : '', suggestionOf(i) && `rather ${suggestionOf(i)}`,
    groupOf(i) >= 0 ? `${noun} ${groupOf(i)}` : '',
  ].filter(Boolean).join(', ');
  const everything = () => true;
  const takes = () => chosen ? i => chosen.has[i] === 1 : everything;

  // The categories of the colours: names, and the category of each point.
  const shade = s => `color-mix(in srgb, var(--negative) ${Math.round(100 * s / (SHADES - 1))}%, var(--positive))`;
  const shadeOf = v => v === NONE ? SHADES : Math.min(SHADES - 1, Math.floor(v * SHADES / 65535));
  const colourings = {
    cluster: () => ({
      kind: points.group(), cells: cells => cells.group, key: 'cluster', name: k => `${noun} ${k}`,
      colours: data.clusters.map(c => c.number).sort((a, b) => a - b).map(k => ofMany(k, data.clusters.length)),
    }),
    label: () => ({kind: points.label, cells: cells => cells.label, key: 'label', name: k => data.classes[k], colours: data.classes.map((_, c) => classColour(c))}),
    issue: () => ({
      kind: points.suggested.map(s => s === NONE ? 0 : 1), cells: () => null, over: points.suggested.map(s => s === NONE ? 0 : 1), key: 'issue', name: k => ['label not in doubt', 'found'][k],
      colours: ['var(--quiet)', 'var(--negative)'],
    }),
    value: () => ({
      kind: points.value.map(shadeOf), cells: cells => cells.value.map(shadeOf), key: null,
      name: k => k === 0 ? `low ${points.valueName}` : k === SHADES - 1 ? `high ${points.valueName}` : '',
      colours: [...Array.from({length: SHADES}, (_, s) => shade(s)), 'var(--line)'],
    }),
  };

  const dense = () => layout.density && view.zoom < POINTS_FROM;
  const draw = () => {
    const cells = dense() ? {...layout.density, kind: colouring.cells(layout.density)} : null;
    view.draw(colouring.kind, colouring.colours, chosen ? chosen.has : cells && colouring.over || null, cells);
    canvas.dataset.drawn = points.n;
    canvas.dataset.dense = !!cells;
  };
  // The tooltip of a cell of a density.
  const crowd = cell => {
    const rows = cell < 0 ? 0 : layout.density.counts[cell];
    const kinds = rows > 0 && colouring.cells(layout.density);
    const most = kinds && colouring.name(kinds[cell]);
    return rows === 0 ? '' : `${count(rows)} items here${most ? `${rows > 1 ? ', mostly' : ','} ${most}` : ''}`;
  };
  let due = false;
  const redraw = () => {
    if (!due) {
      due = true;
      requestAnimationFrame(() => {
        due = false;
        draw();
      });
    }
  };
  const legend = () => {
    const kinds = colouring.colours.map((colour, k) => ({colour, k, name: colouring.name(k) || ''})).filter(e => e.name);
    byId('map-legend').innerHTML = kinds.map(({colour, k, name}) => colouring.key
      ? `<li><button type="button" data-kind="${k}" aria-pressed="${!!chosen && chosen.key === colouring.key && chosen.value === k}"><i style="--c:${colour}"></i>${escape(name)}</button></li>`
      : `<li><i style="--c:${colour}"></i>${escape(name)}</li>`).join('');
  };

  // The address of the page in its current state: the selection, and settings other than the defaults.
  const link = () => {
    const parts = new URLSearchParams();
    if (chosen && chosen.value !== null && chosen.key !== 'issue') {
      parts.set(chosen.key, chosen.key === 'label' ? data.classes[chosen.value] : chosen.value);
    }
    if (layout !== points.layouts[0]) {
      parts.set('map', layout.id);
    }
    if (colouring.id !== usual) {
      parts.set('colour', colouring.id);
    }
    const hash = parts.size ? '#' + parts : location.hash.includes('=') ? '#map' : '';
    if (hash && hash !== location.hash) {
      history.replaceState(null, '', hash);
    }
  };

  const album = () => {
    const rows = chosen.pictured.slice(0, shown);
    byId('map-album').innerHTML = rows.map(i => `<li title="${escape(words(i))}">${points.item(i) >= 0 && data.pictured !== false
      ? thumb(points.item(i)) : `<i class="chip">${escape(nameOf(i))}</i>`}</li>`).join('');
    byId('map-more').hidden = shown >= chosen.list.length;
  };
  const state = text => byId('map-state').textContent = text;
  const choose = (has, what, key = null, value = null) => {
    chosen = null;
    shown = PAGE;
    if (has) {
      const list = [];
      for (let i = 0; i < points.n; i++) {
        if (has[i]) {
          list.push(i);
        }
      }
      // Items with a picture come first.
      const pictured = data.pictured === false ? list : [...list.filter(i => points.item(i) >= 0), ...list.filter(i => points.item(i) < 0)];
      chosen = {has, list, pictured, what, key, value};
      state(`${count(list.length)} of ${count(points.n)} ${layout.density ? 'points ' : ''}chosen: ${what}`);
      album();
    } else {
      state(layout.density ? `${count(points.placed)} items, ${count(points.n)} points` : `${count(points.n)} items`);
      search.value = '';
    }
    byId('map-chosen').hidden = !chosen;
    // The lists of the page show the same selection.
    const groups = new Map();
    const groupsBy = way => {
      if (!groups.has(way)) {
        groups.set(way, new Set(chosen.list.map(i => points.group(way)[i])));
      }
      return groups.get(way);
    };
    document.querySelectorAll('.cluster[data-cluster]').forEach(card =>
      card.classList.toggle('elsewhere', !!chosen && !groupsBy(card.parentElement.closest('[data-way]')?.dataset.way).has(+card.dataset.cluster)));
    const rows = chosen && new Set(chosen.list.map(points.row));
    const pairs = table => points.pairs(table) && new Set(chosen.list.filter(i => points.pairs(table)[i] !== NONE)
      .map(i => points.label[i] * data.classes.length + points.pairs(table)[i]));
    say('chosen', rows && {has: row => rows.has(row), what, key, pairs});
    legend();
    link();
    redraw();
  };
  const where = test => Uint8Array.from({length: points.n}, (_, i) => test(i) ? 1 : 0);
  const chooseKind = (key, value) => {
    const kind = {cluster: () => points.group(), label: () => points.label, issue: () => points.suggested.map(s => s === NONE ? 0 : 1)}[key]();
    const name = key === 'cluster' ? `${noun} ${value}`
      : key === 'label' ? data.classes[value] : 'found';
    choose(where(i => kind[i] === value), name, key, value);
  };
  const find = text => {
    const wanted = text.trim().toLowerCase();
    if (!wanted) {
      choose(null);
      return;
    }
    // A number is a row. Other text is searched in names and labels.
    const row = /^(row )?\d+$/.test(wanted) && !points.name(0) ? +wanted.replace('row ', '') : -1;
    const labels = data.classes.map(name => name.toLowerCase().includes(wanted));
    choose(where(i => row >= 0 ? points.row(i) === row
      : points.name(i).toLowerCase().includes(wanted) || points.label && points.label[i] !== NONE && labels[points.label[i]]), `“${text.trim()}”`, 'search', text.trim());
  };

  const setLayout = id => {
    layout = points.layouts.find(l => l.id === id) || points.layouts[0];
    view.place(layout.x, layout.y);
    document.querySelectorAll('[data-layout]').forEach(b => b.setAttribute('aria-pressed', b.dataset.layout === layout.id));
  };
  const setColour = id => {
    colouring = {...colourings[id](), id};
    document.querySelectorAll('[data-colour]').forEach(b => b.setAttribute('aria-pressed', b.dataset.colour === id));
    legend();
  };
  const setLasso = on => {
    lassoing = on;
    byId('map-lasso').setAttribute('aria-pressed', on);
    canvas.classList.toggle('lassoing', on);
    grip();
  };
  // One finger scrolls the page unless the map is enlarged.
  const grip = () => canvas.style.touchAction = lassoing || view.zoom > 1 ? 'none' : 'pan-y';

  const openPoint = i => {
    const item = points.item(i);
    if (item >= 0) {
      globalThis.heddle.lightbox.open([item], 0);
    } else if (groupOf(i) >= 0) {
      showMembers(groupOf(i));
    } else {
      state(words(i));
    }
  };
  // Opens a point or, on a density, selects the points around a position.
  const openAt = (px, py, i) => {
    if (i >= 0) {
      showTip(-1);
      openPoint(i);
    } else if (dense() && crowd(view.cell(px, py, layout.density.side))) {
      const ring = Array.from({length: 12}, (_, k) => [px + HERE * Math.cos(k * Math.PI / 6), py + HERE * Math.sin(k * Math.PI / 6)]);
      showTip(-1);
      choose(view.within(ring), 'at one place');
    }
  };
  const pointAt = (px, py) => dense() && !chosen ? -1 : view.point(px, py, takes());
  const showTip = (i, px, py) => {
    const cell = i < 0 && px !== undefined && dense() ? crowd(view.cell(px, py, layout.density.side)) : '';
    tip.hidden = i < 0 && !cell;
    if (!tip.hidden) {
      const item = i < 0 ? -1 : points.item(i);
      tip.innerHTML = `${item >= 0 && data.pictured !== false ? thumb(item) : ''}<span>${escape(cell || words(i))}</span>`;
      tip.style.left = Math.max(0, Math.min(canvas.clientWidth - tip.offsetWidth, px + 12)) + 'px';
      tip.style.top = Math.max(0, py - tip.offsetHeight - 10) + 'px';
    }
  };

  const place = e => {
    const area = canvas.getBoundingClientRect();
    return [e.clientX - area.left, e.clientY - area.top];
  };
  const fingers = new Map();
  let line = null;
  let moved = 0;
  canvas.addEventListener('pointerdown', e => {
    canvas.setPointerCapture(e.pointerId);
    fingers.set(e.pointerId, place(e));
    moved = 0;
    line = fingers.size === 1 && (lassoing || e.shiftKey) ? [place(e)] : null;
  });
  canvas.addEventListener('pointermove', e => {
    const [x, y] = place(e);
    const before = fingers.get(e.pointerId);
    if (!before) {
      const i = pointAt(x, y);
      showTip(i, x, y);
      canvas.style.cursor = !tip.hidden && !lassoing ? 'pointer' : '';
      return;
    }
    const [dx, dy] = [x - before[0], y - before[1]];
    moved += Math.abs(dx) + Math.abs(dy);
    if (moved > 4) {
      showTip(-1);
    }
    if (line) {
      line.push([x, y]);
      view.over(line, -1);
    } else if (fingers.size === 2) {
      const other = [...fingers].find(([id]) => id !== e.pointerId)[1];
      const far = ([ax, ay], [bx, by]) => Math.hypot(ax - bx, ay - by) || 1;
      view.enlarge(far([x, y], other) / far(before, other), (x + other[0]) / 2, (y + other[1]) / 2);
      redraw();
    } else {
      view.shift(dx, dy);
      redraw();
    }
    fingers.set(e.pointerId, [x, y]);
  });
  const lift = e => {
    const [x, y] = place(e);
    const own = fingers.delete(e.pointerId);
    if (line) {
      const closed = line;
      line = null;
      if (closed.length > 2 && moved > 8) {
        setLasso(false);
        choose(view.within(closed), 'by lasso');
      } else {
        redraw();
      }
    } else if (own && moved <= 4 && e.type === 'pointerup') {
      openAt(x, y, pointAt(x, y));
    }
    grip();
  };
  canvas.addEventListener('pointerup', lift);
  canvas.addEventListener('pointercancel', lift);
  canvas.addEventListener('pointerleave', () => showTip(-1));
  // A wheel scrolls the page unless the map has the focus or a key is held.
  canvas.addEventListener('wheel', e => {
    if (e.ctrlKey || e.metaKey || document.activeElement === canvas) {
      e.preventDefault();
      view.enlarge(Math.exp(-e.deltaY * (e.deltaMode === 1 ? .05 : .0025)), ...place(e));
      grip();
      redraw();
    }
  }, {passive: false});

  // The point nearest to the middle of the canvas.
  const nearMiddle = () => {
    if (dense() && !chosen) {
      return -1;
    }
    const [x, y] = view.at(canvas.clientWidth / 2, canvas.clientHeight / 2);
    for (const reach of [1000, 6000, 24000, 92000]) {
      const i = view.grid.nearest(x, y, reach, takes());
      if (i >= 0) {
        return i;
      }
    }
    return -1;
  };
  const acts = {
    whole: () => {
      view.zoom = 1;
      view.look(32768, 32768);
    },
    closer: () => view.enlarge(1.5),
    farther: () => view.enlarge(1 / 1.5),
    view: () => {
      const [w, h] = [canvas.clientWidth, canvas.clientHeight];
      choose(view.within([[0, 0], [w, 0], [w, h], [0, h]]), 'in view');
    },
  };
  const keys = {
    ArrowLeft: () => view.shift(60, 0), ArrowRight: () => view.shift(-60, 0), ArrowUp: () => view.shift(0, 60), ArrowDown: () => view.shift(0, -60),
    '+': acts.closer, '=': acts.closer, '-': acts.farther, 0: acts.whole, v: acts.view, l: () => setLasso(!lassoing), Escape: () => choose(null),
  };
  canvas.addEventListener('keydown', e => {
    if (e.ctrlKey || e.metaKey || e.altKey) {
      return;
    }
    if (e.key === 'Enter') {
      e.preventDefault();
      openAt(canvas.clientWidth / 2, canvas.clientHeight / 2, nearMiddle());
      return;
    }
    const act = keys[e.key] || keys[e.key.toLowerCase()];
    if (!act) {
      return;
    }
    e.preventDefault();
    e.stopPropagation();
    act();
    grip();
    draw();
    if (!chosen || e.key.startsWith('Arrow')) {
      const i = nearMiddle();
      view.over(null, i);
      if (i >= 0) {
        state(words(i));
      } else if (dense()) {
        state(crowd(view.cell(canvas.clientWidth / 2, canvas.clientHeight / 2, layout.density.side)) || 'no items here');
      }
    }
  });

  // The cell of a table of pairs that a link refers to: the table, the class of the row and that of the column.
  const cellOf = pair => {
    const [, table, truth, predicted] = /^([\w-]+),(\d+),(\d+)$/.exec(pair || '') || [];
    const cell = table && document.querySelector(`:is(.confusion[data-classifier="${table}"], .listed-pairs) [data-truth="${truth}"][data-predicted="${predicted}"]`);
    return cell && +cell.dataset.count > 0 ? cell : null;
  };
  let usual;
  const read = () => {
    const wanted = new URLSearchParams(location.hash.slice(1));
    if (wanted.get('map')) {
      setLayout(wanted.get('map'));
    }
    if (Object.hasOwn(colourings, wanted.get('colour')) && document.querySelector(`[data-colour="${wanted.get('colour')}"]`)) {
      setColour(wanted.get('colour'));
    }
    const number = +wanted.get('cluster');
    if (wanted.get('cluster') !== null && points.group && data.clusters.some(c => c.number === number)) {
      chooseKind('cluster', number);
    } else if (points.label && data.classes.includes(wanted.get('label'))) {
      chooseKind('label', data.classes.indexOf(wanted.get('label')));
    } else if (cellOf(wanted.get('pair'))) {
      cellOf(wanted.get('pair')).click();
    } else if (wanted.get('search')) {
      search.value = wanted.get('search');
      find(wanted.get('search'));
    } else {
      return false;
    }
    return true;
  };
  const start = async () => {
    try {
      points = await globalThis.heddle.points();
    } catch {
      state('This browser cannot unpack the points of the map. Open the page in a newer one.');
      return;
    }
    usual = document.querySelector('[data-colour][aria-pressed="true"]').dataset.colour;
    setLayout();
    setColour(usual);
    // A pinned pair of labels is also selected on the map.
    document.addEventListener('pinned', e => {
      const kinds = e.detail && points.pairs(e.detail.table);
      if (kinds) {
        const {table, truth, predicted} = e.detail;
        choose(where(i => points.label[i] === +truth && kinds[i] === +predicted),
          truth === predicted ? `${data.classes[truth]}, recognised` : `${data.classes[truth]} → ${data.classes[predicted]}`,
          'pair', [table, truth, predicted].join());
      } else if (chosen && chosen.key === 'pair') {
        choose(null);
      }
    });
    if (read()) {
      byId('map').scrollIntoView();
    } else {
      choose(null);
    }
    draw();
    grip();
    new ResizeObserver(() => view.fit() && draw()).observe(canvas);
    document.querySelectorAll('[data-layout]').forEach(b => b.addEventListener('click', () => {
      setLayout(b.dataset.layout);
      acts.whole();
      link();
      redraw();
    }));
    document.querySelectorAll('[data-colour]').forEach(b => b.addEventListener('click', () => {
      setColour(b.dataset.colour);
      link();
      draw();
    }));
    document.querySelectorAll('[data-act]').forEach(b => b.addEventListener('click', () => {
      acts[b.dataset.act]();
      grip();
      redraw();
    }));
    byId('map-lasso').addEventListener('click', () => setLasso(!lassoing));
    byId('map-clear').addEventListener('click', () => choose(null));
    byId('map-more').addEventListener('click', () => {
      shown += 4 * PAGE;
      album();
    });
    byId('map-legend').addEventListener('click', e => {
      const button = e.target.closest('[data-kind]');
      if (button) {
        const k = +button.dataset.kind;
        if (chosen && chosen.key === colouring.key && chosen.value === k) {
          choose(null);
        } else {
          chooseKind(colouring.key, k);
        }
        byId('map-legend').querySelector(`[data-kind="${k}"]`).focus();
      }
    });
    let pause;
    search.addEventListener('input', () => {
      clearTimeout(pause);
      pause = setTimeout(() => find(search.value), 120);
    });
    byId('map-export').addEventListener('click', () => globalThis.heddle.save('chosen.csv', csv()));
    addEventListener('hashchange', () => location.hash.includes('=') && (read() || choose(null)));
    document.addEventListener('theme', draw);
    document.addEventListener('ways', () => {
      setColour(colouring.id);
      if (chosen && chosen.key === 'cluster') {
        choose(null);
      }
      draw();
    });
    Object.assign(globalThis.heddle, {map: {view, points, csv, chosen: () => chosen, choose}});
    canvas.dataset.ready = 'true';
    performance.mark('map');
  };
  const csv = () => {
    const {field, safe} = globalThis.heddle;
    const heading = ['index', ...points.name(0) ? [data.trained === undefined ? 'file' : 'image'] : [], ...points.label ? ['label'] : [], ...points.group ? [noun] : []];
    const lines = [heading.join(',')];
    (chosen ? chosen.list : []).forEach(i => lines.push([
      points.row(i), ...points.name(0) ? [safe(points.name(i))] : [], ...points.label ? [safe(labelName(i))] : [], ...points.group ? [groupOf(i)] : [],
    ].map(v => field(String(v))).join(',')));
    return lines.join('\n') + '\n';
  };
  start();
})();
