(() => {
  // Decisions about items: taken by click or key, kept in the browser under the data and their labels, exported as CSV.
  const bar = document.getElementById('decisions');
  const cases = [...document.querySelectorAll('.case')];
  if (!bar || cases.length === 0) {
    return;
  }
  const {data, escape, lightbox, safe, field} = globalThis.heddle;
  const key = 'heddle-audit-' + data.hash + '-' + data.labels;
  const decided = new Map();
  const steps = [];
  const byId = id => document.getElementById(id);
  let kept = true;
  try {
    JSON.parse(localStorage.getItem(key) || '[]').forEach(([row, what, label]) => decided.set(row, {what, label}));
  } catch {
    kept = false;
  }
  const save = () => {
    try {
      localStorage.setItem(key, JSON.stringify([...decided].map(([row, d]) => [row, d.what, d.label])));
    } catch {
      kept = false;
    }
    byId('unsaved').hidden = kept;
  };
  const rowOf = element => data.rows[element.dataset.item];
  const listed = new Map();
  cases.forEach(c => listed.set(rowOf(c), [...listed.get(rowOf(c)) || [], c]));

  const show = element => {
    const decision = decided.get(rowOf(element));
    element.dataset.decision = decision ? decision.what : '';
    element.querySelectorAll('[data-do]').forEach(b => {
      const own = decision && (decision.what === b.dataset.do
        ? decision.what !== 'relabel' || decision.label === data.classes[element.dataset.suggested]
        : b.dataset.do === 'other' && decision.what === 'relabel' && decision.label !== data.classes[element.dataset.suggested]);
      b.setAttribute('aria-pressed', !!own);
      if (b.dataset.do === 'other') {
        b.textContent = own ? '→ ' + decision.label : 'Other…';
      }
    });
  };
  const showAll = row => {
    (row === undefined ? cases : listed.get(row) || []).forEach(show);
    byId('decided').textContent = [...decided.keys()].filter(r => listed.has(r)).length;
    byId('undo').disabled = steps.length === 0;
    byId('export').disabled = decided.size === 0;
    byId('after').hidden = decided.size === 0;
  };
  const set = (row, decision) => {
    if (decision) {
      decided.set(row, decision);
    } else {
      decided.delete(row);
    }
    save();
    showAll(row);
  };
  // The same decision again undoes it.
  const decide = (element, what, label) => {
    const row = rowOf(element);
    const before = decided.get(row);
    const same = before && before.what === what && before.label === label;
    steps.push({row, before});
    set(row, same ? null : {what, label});
  };

  // The tab key reaches one item; arrow keys move to the others.
  let current = cases[0];
  const focus = element => {
    current.tabIndex = -1;
    current = element;
    current.tabIndex = 0;
    current.focus({preventScroll: true});
    current.scrollIntoView({block: 'nearest'});
  };
  const step = by => {
    const seen = cases.filter(c => c === current || c.checkVisibility());
    return seen[seen.indexOf(current) + by];
  };
  const undo = () => {
    const last = steps.pop();
    if (last) {
      set(last.row, last.before);
      focus(listed.get(last.row).find(c => c.checkVisibility()) || current);
    }
  };

  const labels = byId('labels');
  const filter = byId('labels-filter');
  let asked = null;
  const listLabels = () => {
    const text = filter.value.toLowerCase();
    byId('labels-list').innerHTML = data.classes.map((name, c) => ({name, c}))
      .filter(({name, c}) => c !== +asked.dataset.given && name.toLowerCase().includes(text))
      .map(({name, c}) => `<button type="button" data-label="${c}">${escape(name)}</button>`).join('');
  };
  const ask = element => {
    asked = element;
    filter.value = '';
    listLabels();
    labels.showModal();
    filter.focus();
  };
  const choose = c => {
    labels.close();
    decide(asked, 'relabel', data.classes[c]);
    if (!lightbox.box.open) {
      focus(asked);
    }
  };
  filter.addEventListener('input', listLabels);
  filter.addEventListener('keydown', e => {
    const first = byId('labels-list').querySelector('button');
    if (e.key === 'Enter' && first) {
      e.preventDefault();
      choose(+first.dataset.label);
    }
  });
  byId('labels-list').addEventListener('click', e => {
    const button = e.target.closest('[data-label]');
    if (button) {
      choose(+button.dataset.label);
    }
  });
  byId('labels-close').addEventListener('click', () => labels.close());

  const act = (element, what) => {
    const suggested = +element.dataset.suggested;
    if (what === 'other' || what === 'relabel' && suggested < 0) {
      ask(element);
      return false;
    }
    decide(element, what, what === 'relabel' ? data.classes[suggested] : undefined);
    return true;
  };
  cases.forEach(element => {
    const controls = byId('decide').content.cloneNode(true);
    const relabel = controls.querySelector('[data-do=relabel]');
    if (+element.dataset.suggested >= 0) {
      relabel.textContent = '→ ' + data.classes[element.dataset.suggested];
    } else {
      relabel.remove();
    }
    element.append(controls);
    element.addEventListener('click', e => {
      const button = e.target.closest('[data-do]');
      if (button) {
        act(element, button.dataset.do);
        focus(element);
      }
    });
    element.addEventListener('focus', () => {
      if (element !== current) {
        focus(element);
      }
    });
  });
  const words = {k: 'keep', r: 'relabel', d: 'drop', l: 'other'};
  document.addEventListener('keydown', e => {
    if (e.target.closest('input, select, textarea') || labels.open || e.altKey) {
      return;
    }
    const letter = e.key.toLowerCase();
    if (letter === 'u' && !e.ctrlKey && !e.metaKey || letter === 'z' && (e.ctrlKey || e.metaKey)) {
      e.preventDefault();
      undo();
      return;
    }
    const looking = lightbox.box.open;
    const element = looking
      ? cases.find(c => c.dataset.item === lightbox.box.dataset.item)
      : e.target.closest('.case');
    if (!element || e.ctrlKey || e.metaKey) {
      return;
    }
    if (words[letter]) {
      e.preventDefault();
      if (act(element, words[letter])) {
        if (looking) {
          lightbox.move(1);
        } else {
          focus(step(1) || element);
        }
      }
    } else if (!looking && e.target === element && e.key === 'Enter') {
      // Otherwise the key would press the first button of the dialog that opens.
      e.preventDefault();
      element.querySelector('.look')?.click();
    } else if (!looking) {
      const next = {ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1}[e.key];
      if (next && step(next)) {
        e.preventDefault();
        focus(step(next));
      }
    }
  });

  // A pinned pair of labels, and a selection on the map, filter the lists.
  let pinned = null;
  let chosen = null;
  const filterCases = () => {
    cases.forEach(c => c.classList.toggle('elsewhere', !!chosen && !chosen.has(rowOf(c))
      || !!pinned && +c.dataset.suggested >= 0 && (c.dataset.given !== pinned.truth || c.dataset.suggested !== pinned.predicted)));
    byId('filtered').hidden = !pinned && !chosen;
    byId('filtered').textContent = pinned ? ` Only ${data.classes[pinned.truth]} → ${data.classes[pinned.predicted]} is listed, as pinned in the table.`
      : chosen ? ` Only what is chosen on the map is listed: ${chosen.what}.` : '';
    const seen = cases.find(c => c.checkVisibility());
    if (seen) {
      current.tabIndex = -1;
      current = seen;
      current.tabIndex = 0;
    }
  };
  document.addEventListener('pinned', e => {
    pinned = e.detail;
    filterCases();
  });
  document.addEventListener('chosen', e => {
    chosen = e.detail;
    filterCases();
  });

  const csv = () => {
    const lines = ['index,file,decision,label,given,data'];
    [...decided.keys()].sort((a, b) => a - b).forEach(row => {
      const {what, label} = decided.get(row);
      const element = (listed.get(row) || [])[0];
      const item = element ? +element.dataset.item : -1;
      lines.push([row, item < 0 ? '' : safe(data.names[item]), what, safe(label || ''),
        item < 0 ? '' : safe(data.classes[data.given[item]]), data.hash].map(v => field(String(v))).join(','));
    });
    return lines.join('\n') + '\n';
  };
  byId('export').addEventListener('click', () => {
    globalThis.heddle.save('decisions.csv', csv());
  });
  byId('undo').addEventListener('click', undo);
  byId('open-only').addEventListener('click', e => {
    const only = e.target.getAttribute('aria-pressed') !== 'true';
    e.target.setAttribute('aria-pressed', only);
    document.body.classList.toggle('open-only', only);
  });
  globalThis.heddle.decisions = csv;
  current.tabIndex = 0;
  bar.hidden = false;
  save();
  showAll();
})();
