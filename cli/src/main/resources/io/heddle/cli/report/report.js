'use strict';
(() => {
  const data = JSON.parse(document.getElementById('chart-data').textContent);
  const root = document.documentElement;
  const count = n => n.toLocaleString('en-US');
  const percent = share => (100 * share).toFixed(1) + '\u00a0%';
  const escape = text => text.replace(/[&<>"]/g, c => ({'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'}[c]));
  // What an item is called, and what is said of it: its file or ID, else its number; its label; values of a table.
  const called = i => data.names ? data.names[i] || `row ${count(data.rows[i])}` : '';
  const labelOf = i => data.given && data.given[i] >= 0 ? data.classes[data.given[i]] : '';
  const values = (i, most) => data.values ? data.values[i].slice(0, most).join(', ') + (data.values[i].length > most ? ', …' : '') : '';
  const said = i => {
    const label = labelOf(i);
    return [called(i), label && !called(i).startsWith(label + '/') ? label : '', values(i, 8)].filter(Boolean).join(', ');
  };
  // A row of a table has no picture; its ID or its first values stand for it.
  const thumb = i => data.pictured === false
    ? `<i class="chip" title="${escape(said(i))}">${escape(data.names[i] || values(i, 3) || called(i))}</i>`
    : `<i class="t" role="img" aria-label="${escape(said(i))}" data-item="${i}" style="--x:${i % data.spriteColumns};--y:${Math.floor(i / data.spriteColumns)}"></i>`;
  const noun = data.noun || 'cluster';
  const labelled = data.classes.length > 0;

  // Where the same points were clustered in more than one way, one of them is shown at a time.
  const show = way => {
    data.clusters = way.clusters;
    data.scatter.forEach((p, i) => {
      p[3] = way.assigned[i];
      p[5] = way.distances[i];
    });
    document.querySelectorAll('.way').forEach(part => part.hidden = part.dataset.way !== way.id);
    document.querySelectorAll('.way-name').forEach(name => name.textContent = way.name);
    document.querySelectorAll('button[data-way]').forEach(b => b.setAttribute('aria-pressed', b.dataset.way === way.id));
  };
  if (data.ways) {
    show(data.ways[0]);
  }

  // Colours come from the style sheet, so that charts follow the theme.
  const css = name => getComputedStyle(root).getPropertyValue(name).trim();
  // Ten colours of the house; of more kinds each has its own, by the golden angle.
  const HOUSE = 10;
  const ofMany = (i, n) => n <= HOUSE
    ? css('--c' + Math.max(0, i) % HOUSE)
    : `hsl(${Math.round(Math.max(0, i) * 137.508 % 360)}, 48%, ${+css('--lightness') + 9 * (i % 3 - 1)}%)`;
  const classColour = c => ofMany(c, data.classes.length);

  const text = () => ({color: css('--ink'), fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12.5});
  const quiet = () => ({...text(), color: css('--quiet')});
  const tooltip = () => ({
    backgroundColor: css('--raised'), borderColor: css('--line'), textStyle: text(), confine: true,
  });
  const category = (names, more) => ({
    type: 'category', data: names, axisTick: {show: false}, axisLine: {lineStyle: {color: css('--line')}},
    axisLabel: {...quiet(), interval: 0}, ...more,
  });
  const value = more => ({
    type: 'value', axisLabel: quiet(), splitLine: {lineStyle: {color: css('--line')}}, nameTextStyle: quiet(), ...more,
  });
  const base = () => ({animation: false, textStyle: text(), tooltip: tooltip()});
  const narrow = el => el.clientWidth < 560;
  const bars = {barMaxWidth: 34, itemStyle: {borderRadius: [3, 3, 0, 0]}};

  const pressed = document.querySelector('[data-colour][aria-pressed="true"]');
  let colourBy = pressed ? pressed.dataset.colour : 'cluster';
  const clusterColour = c => c.colour === undefined ? classColour(c.majority) : ofMany(c.number, data.clusters.length);
  const clusterName = c => c.majority < 0 ? '' : data.classes[c.majority];
  const charts = {
    labels: el => ({
      ...base(),
      tooltip: {...tooltip(), trigger: 'axis', axisPointer: {type: 'shadow'}},
      legend: {top: 0, right: 0, textStyle: quiet(), itemWidth: 14, selectedMode: false},
      grid: {left: 0, right: 0, top: 34, bottom: 8, containLabel: true},
      xAxis: category(data.classes, narrow(el) ? {axisLabel: {...quiet(), rotate: 55, interval: 0}} : {}),
      yAxis: value(),
      series: [
        {name: 'training', type: 'bar', data: data.train, color: css('--accent'), ...bars},
        {name: 'test', type: 'bar', data: data.test, color: css('--study'), ...bars},
      ],
    }),

    variance: el => {
      const cumulate = shares => {
        let sum = 0;
        return shares.map(s => sum += s);
      };
      const names = [...data.featureVariance, ...data.pixelVariance].slice(0, Math.max(data.featureVariance.length, data.pixelVariance.length)).map((_, i) => i + 1);
      const line = (name, shares, colour) => ({
        name, type: 'line', yAxisIndex: 1, data: cumulate(shares), showSymbol: false, color: css(colour), lineStyle: {width: 2.5},
      });
      const share = more => value({axisLabel: {...quiet(), formatter: s => Math.round(100 * s) + ' %'}, ...more});
      return {
        ...base(),
        tooltip: {
          ...tooltip(), trigger: 'axis',
          formatter: rows => `component ${rows[0].axisValue}<br>` + rows.map(r => `${r.marker}${r.seriesName}: ${percent(r.value)}`).join('<br>'),
        },
        legend: {top: 0, left: 0, textStyle: quiet(), itemWidth: 18, selectedMode: false},
        grid: {left: 0, right: 0, top: narrow(el) ? 96 : 58, bottom: 8, containLabel: true},
        xAxis: category(names, {axisLabel: {...quiet(), interval: i => i === 0 || (i + 1) % 10 === 0}}),
        yAxis: [
          share({name: 'each', nameTextStyle: {...quiet(), align: 'left'}}),
          share({name: 'all up to it', min: 0, max: 1, splitLine: {show: false}, nameTextStyle: {...quiet(), align: 'right'}}),
        ],
        series: [
          {name: 'each, of the features', type: 'bar', data: data.featureVariance, color: css('--c7'), barCategoryGap: '25%'},
          line('up to it, of the features', data.featureVariance, '--accent'),
          line('up to it, of the pixels', data.pixelVariance, '--study'),
        ],
      };
    },

    clusters: el => {
      const rest = c => ({value: c.size - c.pure, itemStyle: {color: clusterColour(c), opacity: .32, borderRadius: [3, 3, 0, 0]}});
      const pure = c => ({value: c.pure, itemStyle: {color: clusterColour(c)}});
      // Beyond some number of bars their names would run into one another.
      const crowded = data.clusters.length > 14;
      const name = c => crowded || !clusterName(c) ? String(c.number) : clusterName(c);
      const share = c => clusterName(c) ? `<br>${escape(clusterName(c))}: ${count(c.pure)} (${percent(c.pure / Math.max(1, c.size))})` : '';
      return {
        ...base(),
        tooltip: {
          ...tooltip(), trigger: 'axis', axisPointer: {type: 'shadow'},
          formatter: rows => {
            const c = data.clusters[rows[0].dataIndex];
            return `${noun} ${c.number}: ${count(c.size)}${share(c)}`;
          },
        },
        grid: {left: 0, right: 0, top: 12, bottom: 8, containLabel: true},
        xAxis: category(data.clusters.map(c => name(c) === String(c.number) ? name(c) : `${name(c)}\n${c.number}`), narrow(el)
          ? {data: data.clusters.map(name), axisLabel: {...quiet(), rotate: labelled && !crowded ? 55 : 0, interval: crowded ? 'auto' : 0}}
          : {axisLabel: {...quiet(), lineHeight: 17, interval: crowded ? 'auto' : 0}}),
        yAxis: value(),
        series: [
          {name: 'majority', type: 'bar', stack: 'size', data: data.clusters.map(pure), barMaxWidth: 54},
          {name: 'others', type: 'bar', stack: 'size', data: data.clusters.map(rest), barMaxWidth: 54},
        ],
      };
    },

    scatter: el => {
      const byLabel = colourBy === 'label';
      const groups = byLabel
        ? data.classes.map((name, c) => ({name, colour: classColour(c), has: p => p[2] === c}))
        : data.clusters.map((c, i) => ({
          name: `${noun} ${c.number}`, colour: ofMany(c.colour === undefined ? i : c.number, data.clusters.length), has: p => p[3] === c.number,
        }));
      return {
        ...base(),
        tooltip: {
          ...tooltip(),
          formatter: p => `<div class="tip">${thumb(p.value[4])}<span>${escape(data.names ? said(p.value[4]) : data.classes[p.value[2]])}<br>${noun} ${p.value[3]}</span></div>`,
        },
        legend: {top: 0, textStyle: quiet(), itemWidth: 10, itemHeight: 10, icon: 'circle', type: groups.length > 12 ? 'scroll' : 'plain'},
        grid: {left: 4, right: 8, top: narrow(el) && groups.length <= 12 ? 116 : 66, bottom: 28, containLabel: true},
        xAxis: value({name: 'component 1', nameLocation: 'middle', nameGap: 28, scale: true, axisLine: {onZero: false}}),
        yAxis: value({name: 'component 2', scale: true, axisLine: {onZero: false}, nameTextStyle: {...quiet(), align: 'left'}}),
        series: groups.map(g => ({
          name: g.name, type: 'scatter', symbolSize: narrow(el) ? 4.5 : 6.5, color: g.colour, itemStyle: {opacity: .75},
          emphasis: {focus: 'series', itemStyle: {opacity: 1}}, data: data.scatter.filter(g.has),
        })),
      };
    },

    tried: () => ({
      ...base(),
      tooltip: {...tooltip(), trigger: 'axis', formatter: rows => `${rows[0].value[0]} groups: ${rows[0].value[1].toFixed(3)}`},
      grid: {left: 0, right: 12, top: 30, bottom: 8, containLabel: true},
      xAxis: {...value({scale: true, minInterval: 1, min: 'dataMin', max: 'dataMax', splitLine: {show: false}})},
      yAxis: value({name: 'silhouette', scale: true, nameTextStyle: {...quiet(), align: 'left'}}),
      series: [{
        // The first point stands on the axis, where there is no room above it.
        type: 'line', data: data.tried.map((value, i) => ({value, label: {position: i === 0 ? 'right' : 'top'}})), color: css('--accent'), lineStyle: {width: 2.5}, symbol: 'circle', symbolSize: p => p[0] === data.chosen ? 13 : 6,
        label: {show: true, ...text(), formatter: p => p.value[0] === data.chosen ? `${data.chosen} groups` : ''},
      }],
    }),

    ranks: el => ({
      ...base(),
      tooltip: {...tooltip(), trigger: 'axis', formatter: rows => `neighbour ${rows[0].axisValue}: ${percent(rows[0].value)}`},
      grid: {left: 0, right: 0, top: 24, bottom: 8, containLabel: true},
      xAxis: category(data.sameLabel.map((_, i) => i + 1), {axisLabel: {...quiet(), interval: data.sameLabel.length > 20 ? 'auto' : 0}}),
      yAxis: value({min: 0, max: 1, axisLabel: {...quiet(), formatter: s => Math.round(100 * s) + ' %'}}),
      series: [{
        type: 'bar', data: data.sameLabel, color: css('--accent'), ...bars,
        label: {show: !narrow(el) && data.sameLabel.length <= 12, position: 'top', ...quiet(), formatter: p => percent(p.value)},
      }],
    }),

    issues: el => ({
      ...base(),
      tooltip: {...tooltip(), trigger: 'axis', axisPointer: {type: 'shadow'}},
      grid: {left: 0, right: 0, top: 16, bottom: 8, containLabel: true},
      xAxis: category(data.classes, {axisLabel: {...quiet(), rotate: narrow(el) || data.classes.length > 12 ? 55 : 0, interval: 0}}),
      yAxis: value({minInterval: 1}),
      series: [{type: 'bar', data: data.issues.map((n, c) => ({value: n, itemStyle: {color: classColour(c), borderRadius: [3, 3, 0, 0]}})), barMaxWidth: 54}],
    }),

    stages: () => ({
      ...base(),
      tooltip: {...tooltip(), valueFormatter: s => s.toFixed(2) + ' s'},
      grid: {left: 0, right: 46, top: 0, bottom: 8, containLabel: true},
      xAxis: value({splitNumber: 3}),
      yAxis: category(data.stages.map(s => s.title), {inverse: true}),
      series: [{
        type: 'bar', data: data.stages.map(s => s.seconds), color: css('--accent'), barMaxWidth: 18, itemStyle: {borderRadius: [0, 3, 3, 0]},
        label: {show: true, position: 'right', ...quiet(), formatter: p => p.value < 9.95 ? p.value.toFixed(1) + ' s' : Math.round(p.value) + ' s'},
      }],
    }),
  };

  // What a click on a chart does.
  const clicks = {
    clusters: p => showMembers(data.clusters[p.dataIndex].number),
    scatter: p => showMembers(p.value[3]),
  };

  const box = name => document.getElementById('chart-' + name);
  const present = Object.keys(charts).filter(box);
  const drawn = new Map();
  const draw = name => {
    let chart = drawn.get(name);
    if (!chart) {
      chart = echarts.init(box(name), null, {renderer: name === 'scatter' ? 'canvas' : 'svg'});
      drawn.set(name, chart);
      if (clicks[name]) {
        chart.on('click', clicks[name]);
      }
    }
    chart.setOption(charts[name](box(name)), true);
  };
  const drawAll = () => present.forEach(draw);

  // A chart follows its box, whatever makes that change: the window, a turned phone, a print.
  const sized = new ResizeObserver(entries => entries.forEach(({target}) => {
    const name = target.id.slice('chart-'.length);
    const chart = drawn.get(name);
    if (chart && (chart.getWidth() !== target.clientWidth || chart.getHeight() !== target.clientHeight)) {
      chart.resize();
      draw(name);
    }
  }));
  present.forEach(name => sized.observe(box(name)));

  // Theme: the system's until the reader chooses.
  const systemDark = matchMedia('(prefers-color-scheme: dark)');
  const toggle = document.getElementById('theme');
  const isDark = () => root.dataset.theme ? root.dataset.theme === 'dark' : systemDark.matches;
  const paint = () => {
    toggle.querySelector('.theme-text').textContent = isDark() ? 'Light' : 'Dark';
    drawAll();
  };
  toggle.hidden = false;
  toggle.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    paint();
  });
  systemDark.addEventListener('change', paint);

  // Charts hold the colours that they were drawn with; paper is white.
  let onScreen;
  addEventListener('beforeprint', () => {
    onScreen = root.dataset.theme;
    root.dataset.theme = 'light';
    drawAll();
  });
  addEventListener('afterprint', () => {
    if (onScreen) {
      root.dataset.theme = onScreen;
    } else {
      delete root.dataset.theme;
    }
    drawAll();
  });

  // Clusters: a click on a card, a bar or a point opens the members. The browser's own dialog holds the focus, closes
  // on Escape and gives the focus back.
  const dialog = document.getElementById('members');
  const showMembers = number => {
    const cluster = data.clusters.find(c => c.number === number);
    const members = data.scatter.filter(p => p[3] === number).sort((a, b) => a[5] - b[5]);
    const name = clusterName(cluster);
    const title = noun[0].toUpperCase() + noun.slice(1);
    const things = data.pictured === false || data.noun ? 'items' : 'images';
    document.getElementById('members-title').textContent = `${title} ${number}${name ? ': mostly ' + name : ''}`;
    document.getElementById('members-note').textContent = (members.length < cluster.size
      ? `${count(members.length)} of ${count(cluster.size)} ${things}`
      : `All ${count(cluster.size)} ${things}`) + `, from the centre of the ${noun} to its edge.`
      + (name ? ' A coloured foot marks those of another class.' : '');
    document.getElementById('members-album').innerHTML = members.map(p => {
      const other = p[2] >= 0 && p[2] !== cluster.majority;
      return `<li title="${escape(data.names ? said(p[4]) : data.classes[p[2]])}"${other ? ` class="other" style="--c:${classColour(p[2])}"` : ''}>${thumb(p[4])}</li>`;
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

  document.querySelectorAll('[data-colour]').forEach(button => button.addEventListener('click', () => {
    colourBy = button.dataset.colour;
    document.querySelectorAll('[data-colour]').forEach(b => b.setAttribute('aria-pressed', b === button));
    draw('scatter');
  }));

  const ways = document.getElementById('ways');
  if (ways) {
    ways.hidden = false;
    ways.querySelectorAll('button').forEach(button => button.addEventListener('click', () => {
      show(data.ways.find(way => way.id === button.dataset.way));
      draw('clusters');
      draw('scatter');
    }));
  }

  // Confusion matrices: a cell shows its images while it is pointed at, and keeps them once it is clicked, page by page;
  // arrow keys walk from cell to cell.
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
      const shown = images.slice(from, from + (pinned ? PAGE : 12));
      const hint = pinned ? '' : images.length > 12 ? ' A click keeps the cell and shows all.' : '';
      peek.innerHTML = `<span class="said"><strong>${escape(data.classes[truth])}</strong> ${what}: ${count(+n)}${held}</span>${hint}`
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
    // Begin with the most frequent mistake.
    const misses = cells.filter(c => c.classList.contains('miss'));
    look(misses.reduce((a, b) => +b.dataset.count > +a.dataset.count ? b : a));

    peek.addEventListener('click', e => {
      const button = e.target.closest('[data-step]');
      if (button) {
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

  if (navigator.clipboard) {
    document.querySelectorAll('.copy').forEach(button => {
      button.hidden = false;
      button.addEventListener('click', async () => {
        await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
        button.textContent = 'Copied';
      });
    });
  }

  globalThis.heddle = {data, escape, thumb, count, called, labelOf, said};
  paint();
})();
