'use strict';
(() => {
  const data = JSON.parse(document.getElementById('chart-data').textContent);
  const root = document.documentElement;
  const count = n => n.toLocaleString('en-US');
  const percent = share => (100 * share).toFixed(1) + '\u00a0%';
  const escape = text => text.replace(/[&<>"]/g, c => ({'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'}[c]));
  if (data.names && !data.rows) {
    data.rows = data.names.map((_, i) => i);
  }
  // Long lists of the page are compressed.
  const unpack = async text => {
    const raw = atob(text);
    const bytes = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) {
      bytes[i] = raw.charCodeAt(i);
    }
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate')));
  };
  // The values of a table are unpacked asynchronously.
  let rows = null;
  const read = async () => {
    rows = (await (await unpack(data.values)).json()).map(row => row.split('\t'));
    say('values');
  };
  if (data.assigned) {
    data.members = data.assigned.map((group, i) => [i, data.given[i], group, data.distances[i]]);
  }
  // The images of a study are numbered: training images first.
  const imageName = i => data.trained === undefined ? '' : i < data.trained ? `training image ${i}` : `test image ${i - data.trained}`;
  if (data.trained !== undefined) {
    data.names = data.rows.map(imageName);
  }
  // The name of an item (its file or ID, otherwise its number), its label, and the values of a row of a table.
  const called = i => data.names ? data.names[i] || `row ${count(data.rows[i])}` : '';
  const labelOf = i => data.given && data.given[i] >= 0 ? data.classes[data.given[i]] : '';
  const values = (i, most) => rows ? rows[i].slice(0, most).join(', ') + (rows[i].length > most ? ', …' : '') : '';
  const said = i => {
    const label = labelOf(i);
    return [called(i), label && !called(i).startsWith(label + '/') ? label : '', values(i, 8)].filter(Boolean).join(', ');
  };
  // A row of a table has no picture; its ID or its first values are shown instead.
  const thumb = i => data.pictured === false
    ? `<i class="chip" title="${escape(said(i))}">${escape(data.names[i] || values(i, 3) || called(i))}</i>`
    : `<i class="t" role="img" aria-label="${escape(said(i))}" data-item="${i}" style="--x:${i % data.spriteColumns};--y:${Math.floor(i / data.spriteColumns)}"></i>`;
  const noun = data.noun || 'cluster';

  // If there are several clusterings of the same points, one is shown at a time.
  const show = way => {
    data.way = way.id;
    data.clusters = way.clusters;
    data.members = data.shown.map((item, i) => [item, data.given[item], way.assigned[i], way.distances[i]]);
    document.querySelectorAll('.way').forEach(part => part.hidden = part.dataset.way !== way.id);
    document.querySelectorAll('.way-name').forEach(name => name.textContent = way.name);
    document.querySelectorAll('button[data-way]').forEach(b => b.setAttribute('aria-pressed', b.dataset.way === way.id));
  };
  if (data.ways) {
    show(data.ways[0]);
  }

  // Ten fixed colours, or for more categories hues at steps of the golden angle. They are variables of the style sheet,
  // so they change with the theme.
  const FIXED = 10;
  const ofMany = (i, n) => n <= FIXED
    ? `var(--c${Math.max(0, i) % FIXED})`
    : `hsl(${Math.round(Math.max(0, i) * 137.508 % 360)} 48% calc(1% * var(--lightness) + ${9 * (i % 3 - 1)}%))`;
  const classColour = c => ofMany(c, data.classes.length);
  const clusterColour = c => c.colour === undefined ? classColour(c.majority) : ofMany(c.number, data.clusters.length);
  const clusterName = c => c.majority < 0 ? '' : data.classes[c.majority];
  // Charts, the map and the lists react to one another's events.
  const say = (name, detail) => document.dispatchEvent(new CustomEvent(name, {detail}));

  // Theme: that of the system, until the reader selects one.
  const systemDark = matchMedia('(prefers-color-scheme: dark)');
  const toggle = document.getElementById('theme');
  const isDark = () => root.dataset.theme ? root.dataset.theme === 'dark' : systemDark.matches;
  const paint = () => {
    toggle.querySelector('.theme-text').textContent = isDark() ? 'Light' : 'Dark';
    say('theme');
  };
  toggle.hidden = false;
  toggle.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    paint();
  });
  systemDark.addEventListener('change', paint);

  // The canvas of the map keeps its colours. It is drawn in light colours for printing.
  let onScreen;
  addEventListener('beforeprint', () => {
    onScreen = root.dataset.theme;
    root.dataset.theme = 'light';
    say('theme');
  });
  addEventListener('afterprint', () => {
    if (onScreen) {
      root.dataset.theme = onScreen;
    } else {
      delete root.dataset.theme;
    }
    say('theme');
  });

  // Clusters: a click on a card, a bar or a point opens the members. The dialog element keeps the focus, closes on
  // Escape and then restores the focus.
  const dialog = document.getElementById('members');
  const showMembers = number => {
    const cluster = data.clusters.find(c => c.number === number);
    const members = data.members.filter(m => m[2] === number).sort((a, b) => a[3] - b[3]);
    const name = clusterName(cluster);
    const title = noun[0].toUpperCase() + noun.slice(1);
    const things = data.pictured === false || data.noun ? 'items' : 'images';
    document.getElementById('members-title').textContent = `${title} ${number}${name ? ': mostly ' + name : ''}`;
    document.getElementById('members-note').textContent = (members.length < cluster.size
      ? `${count(members.length)} of ${count(cluster.size)} ${things}`
      : `All ${count(cluster.size)} ${things}`) + `, from the centre of the ${noun} to its edge.`
      + (name ? ' A coloured foot marks those of another class.' : '');
    document.getElementById('members-album').innerHTML = members.map(([item, label]) => {
      const other = label >= 0 && label !== cluster.majority;
      return `<li title="${escape(data.names ? said(item) : data.classes[label])}"${other ? ` class="other" style="--c:${classColour(label)}"` : ''}>${thumb(item)}</li>`;
    }).join('');
    dialog.style.setProperty('--c', clusterColour(cluster));
    dialog.showModal();
    document.getElementById('members-album').scrollTop = 0;
  };
  document.getElementById('members-close').addEventListener('click', () => dialog.close());
  dialog.addEventListener('click', e => {
    if (e.target === dialog) {
      dialog.close();
    }
  });
  document.querySelectorAll('.cluster[data-cluster]').forEach(card => {
    card.querySelector('.open').hidden = false;
    card.addEventListener('click', () => showMembers(+card.dataset.cluster));
  });

  const ways = document.getElementById('ways');
  if (ways) {
    ways.hidden = false;
    ways.querySelectorAll('button').forEach(button => button.addEventListener('click', () => {
      show(data.ways.find(way => way.id === button.dataset.way));
      say('ways');
    }));
  }

  // Confusion matrices: a cell shows its images under the pointer. A click pins them, page by page. Arrow keys move
  // between cells.
  const PAGE = 48;
  document.querySelectorAll('.confusion').forEach(table => {
    const id = table.dataset.classifier;
    const peek = document.querySelector(`.peek[data-for="${id}"]`);
    const cells = [...table.querySelectorAll('tbody td')];
    const size = data.classes.length;
    let current = null;
    let pinned = null;
    let from = 0;
    const look = cell => {
      if (current) {
        current.classList.remove('looked');
      }
      if (cell !== current) {
        from = 0;
      }
      current = cell;
      cell.classList.add('looked');
      const {truth, predicted, count: n} = cell.dataset;
      const other = `<strong>${escape(data.classes[predicted])}</strong>`;
      const what = table.dataset.words === 'audit' ? `given, rather ${other}` : truth === predicted ? 'recognised' : `taken for ${other}`;
      const images = data.cells[id][truth][predicted];
      const held = images.length < +n ? `, ${count(images.length)} of them here` : '';
      const pages = images.length > PAGE && pinned
        ? `<span class="choice"><button type="button" data-step="${-PAGE}"${from === 0 ? ' disabled' : ''}>← Previous</button>`
          + `<button type="button" data-step="${PAGE}"${from + PAGE >= images.length ? ' disabled' : ''}>Next →</button>`
          + `<span>${count(from + 1)} to ${count(Math.min(images.length, from + PAGE))}</span></span>`
        : '';
      const onMap = pinned && document.getElementById('map') ? ' <button type="button" data-on-map>On the map</button>' : '';
      const shown = images.slice(from, from + (pinned ? PAGE : 12));
      const hint = pinned ? '' : images.length > 12 ? ' A click keeps the cell and shows all.' : '';
      peek.innerHTML = `<span class="said"><strong>${escape(data.classes[truth])}</strong> ${what}: ${count(+n)}${held}</span>${hint}${onMap}`
        + `<span class="row">${shown.map(thumb).join('')}</span>${pages}`;
    };
    const pin = cell => {
      if (pinned) {
        pinned.removeAttribute('aria-current');
      }
      pinned = pinned === cell || !cell ? null : cell;
      from = 0;
      if (pinned) {
        pinned.setAttribute('aria-current', 'true');
      }
      look(cell || current);
      document.dispatchEvent(new CustomEvent('pinned', {detail: pinned && {...pinned.dataset, table: id}}));
    };
    // One cell of the page is pinned at a time, until there is another selection on the map.
    document.addEventListener('pinned', e => {
      if (pinned && e.detail && e.detail.table !== id) {
        pinned.removeAttribute('aria-current');
        pinned = null;
        look(current);
      }
    });
    document.addEventListener('chosen', e => {
      // The table of a pinned cell is marked well enough.
      const pairs = e.detail && !(pinned && e.detail.key === 'pair') && e.detail.pairs(id);
      cells.forEach(c => c.classList.toggle('faint', !!pairs && !pairs.has(c.dataset.truth * size + +c.dataset.predicted)));
      if (pinned && !(e.detail && e.detail.key === 'pair')) {
        pin(null);
      }
    });
    // Start with the most frequent error.
    const misses = cells.filter(c => c.classList.contains('miss'));
    look(misses.reduce((a, b) => +b.dataset.count > +a.dataset.count ? b : a));
    document.addEventListener('values', () => look(current));

    peek.addEventListener('click', e => {
      const button = e.target.closest('[data-step]');
      if (e.target.closest('[data-on-map]')) {
        document.getElementById('map').scrollIntoView();
      } else if (button) {
        from += +button.dataset.step;
        look(current);
      }
    });
    table.addEventListener('click', e => {
      const cell = e.target.closest('tbody td');
      if (cell && +cell.dataset.count > 0) {
        pin(cell);
      }
    });
    table.addEventListener('pointerover', e => {
      const cell = e.target.closest('tbody td');
      if (cell && !pinned) {
        look(cell);
      }
    });
    table.addEventListener('focusin', e => {
      if (e.target.matches('tbody td') && !pinned) {
        look(e.target);
      }
    });
    table.addEventListener('keydown', e => {
      const at = cells.indexOf(e.target);
      if (at >= 0 && (e.key === 'Enter' || e.key === ' ') && +e.target.dataset.count > 0) {
        e.preventDefault();
        pin(e.target);
      } else if (e.key === 'Escape' && pinned) {
        pin(null);
      }
      const step = {ArrowLeft: -1, ArrowRight: 1, ArrowUp: -size, ArrowDown: size}[e.key];
      if (at < 0 || !step) {
        return;
      }
      e.preventDefault();
      const next = cells[at + step];
      const sameRow = next && Math.floor(at / size) === Math.floor((at + step) / size);
      if (next && (Math.abs(step) === size || sameRow)) {
        e.target.tabIndex = -1;
        next.tabIndex = 0;
        next.focus();
      }
    });
  });

  // For too many classes for a matrix, the pairs are a list.
  const pairs = [...document.querySelectorAll('.listed-pairs [data-truth]')];
  document.addEventListener('pinned', e => pairs.forEach(b => b.setAttribute('aria-pressed',
    !!e.detail && e.detail.truth === b.dataset.truth && e.detail.predicted === b.dataset.predicted)));
  document.addEventListener('chosen', e => {
    if (!(e.detail && e.detail.key === 'pair') && pairs.some(b => b.getAttribute('aria-pressed') === 'true')) {
      say('pinned', null);
    }
  });
  pairs.forEach(b => b.addEventListener('click', () =>
    say('pinned', b.getAttribute('aria-pressed') === 'true' ? null : {...b.dataset, table: 'audit'})));

  if (navigator.clipboard) {
    document.querySelectorAll('.copy').forEach(button => {
      button.hidden = false;
      button.addEventListener('click', async () => {
        await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
        button.textContent = 'Copied';
      });
    });
  }

  // A spreadsheet would run such text as a formula. The apostrophe is removed when decisions are applied.
  const safe = text => /^[=+\-@\t\r]/.test(text) && !/^[+-]?\d[\d.,]*([eE][+-]?\d+)?$/.test(text) ? "'" + text : text;
  const field = text => /[",\r\n]/.test(text) || text !== text.trim() ? '"' + text.replaceAll('"', '""') + '"' : text;
  const save = (name, text) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], {type: 'text/csv'}));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  };

  globalThis.heddle = {
    data, escape, thumb, count, percent, called, labelOf, said, noun, ofMany, classColour, clusterColour, clusterName, showMembers, say, safe, field, save, imageName, unpack,
    row: i => rows ? rows[i] : [],
  };
  paint();
  if (data.values) {
    read().catch(() => {});
  }
})();
