(() => {
  // Decisions about groups: accepted as labels, named, merged or excluded; kept in the browser, exported as CSV.
  const bar = document.getElementById('group-decisions');
  if (!bar) {
    return;
  }
  const {data, escape, safe, field, save} = globalThis.heddle;
  const key = 'heddle-group-' + data.hash + '-' + data.clusters.map(c => c.size).join('-');
  const decided = new Map();
  const steps = [];
  const byId = id => document.getElementById(id);
  const cards = new Map([...document.querySelectorAll('.cluster[data-cluster]')].map(c => [+c.dataset.cluster, c]));
  let kept = true;
  try {
    JSON.parse(localStorage.getItem(key) || '[]').forEach(([group, what, label]) => decided.set(group, {what, label}));
  } catch {
    kept = false;
  }
  const cluster = group => data.clusters.find(c => c.number === group);
  const usual = group => cluster(group).majority >= 0 ? data.classes[cluster(group).majority] : '';
  const words = d => ({accept: d.label ? 'accepted as ' + d.label : 'accepted', rename: 'named ' + d.label,
    merge: 'merged into group ' + d.label, exclude: 'excluded'}[d.what]);
  const show = () => {
    try {
      localStorage.setItem(key, JSON.stringify([...decided].map(([group, d]) => [group, d.what, d.label])));
    } catch {
      kept = false;
    }
    byId('unsaved').hidden = kept;
    cards.forEach((card, group) => {
      const d = decided.get(group);
      card.dataset.decision = d ? d.what : '';
      card.querySelector('.verdict').textContent = d ? words(d) : '';
      card.querySelectorAll('[data-do]').forEach(b => b.setAttribute('aria-pressed', !!d && d.what === b.dataset.do));
    });
    byId('decided').textContent = decided.size;
    byId('undo').disabled = steps.length === 0;
    byId('export').disabled = decided.size === 0;
    byId('after').hidden = decided.size === 0;
  };
  const put = (group, decision) => {
    if (decision) {
      decided.set(group, decision);
    } else {
      decided.delete(group);
    }
    show();
  };
  const decide = (group, what, label) => {
    const before = decided.get(group);
    const same = before && before.what === what && before.label === label;
    steps.push({group, before});
    put(group, same ? null : {what, label});
  };
  const undo = () => {
    const last = steps.pop();
    if (last) {
      put(last.group, last.before);
    }
  };

  const dialog = byId('labels');
  const input = byId('labels-filter');
  let asked = null;
  const list = () => {
    const {group, what} = asked;
    // Only groups that remain can be merged into, so that there are no cycles.
    const choices = what === 'merge'
      ? data.clusters.filter(c => c.number !== group && !['merge', 'exclude'].includes((decided.get(c.number) || {}).what))
        .map(c => ({value: c.number, name: `Group ${c.number}` + (usual(c.number) ? `, mostly ${usual(c.number)}` : '')}))
      : data.classes.map(name => ({value: name, name}));
    byId('labels-list').innerHTML = choices.filter(c => what === 'rename' || c.name.toLowerCase().includes(input.value.toLowerCase()))
      .map(c => `<button type="button" data-value="${escape(String(c.value))}">${escape(c.name)}</button>`).join('');
  };
  const ask = (group, what) => {
    asked = {group, what};
    byId('labels-title').textContent = what === 'merge' ? `Merge group ${group} into` : `Name of group ${group}`;
    const d = decided.get(group);
    input.value = what === 'merge' ? '' : d && d.what === 'rename' ? d.label : usual(group);
    list();
    dialog.showModal();
    input.focus();
    input.select();
  };
  const choose = value => {
    dialog.close();
    decide(asked.group, asked.what, String(value));
  };
  input.addEventListener('input', list);
  input.addEventListener('keydown', e => {
    if (e.key !== 'Enter') {
      return;
    }
    e.preventDefault();
    const first = byId('labels-list').querySelector('button');
    if (asked.what === 'rename' && input.value.trim()) {
      choose(input.value.trim());
    } else if (asked.what === 'merge' && first) {
      choose(first.dataset.value);
    }
  });
  byId('labels-list').addEventListener('click', e => {
    const button = e.target.closest('[data-value]');
    if (button) {
      choose(button.dataset.value);
    }
  });
  byId('labels-close').addEventListener('click', () => dialog.close());

  const act = (group, what) => {
    if (what === 'rename' || what === 'merge') {
      ask(group, what);
    } else {
      decide(group, what, what === 'accept' ? usual(group) : '');
    }
  };
  cards.forEach((card, group) => {
    const verdict = document.createElement('p');
    verdict.className = 'verdict';
    card.append(verdict, byId('decide').content.cloneNode(true));
    card.querySelector('.decide').addEventListener('click', e => {
      // A click on the card shows its members.
      e.stopPropagation();
      const button = e.target.closest('[data-do]');
      if (button) {
        act(group, button.dataset.do);
      }
    });
  });
  const keys = {a: 'accept', n: 'rename', m: 'merge', x: 'exclude'};
  document.addEventListener('keydown', e => {
    if (e.target.closest('input, dialog') || e.ctrlKey || e.metaKey || e.altKey) {
      return;
    }
    const letter = e.key.toLowerCase();
    const card = e.target.closest('.cluster[data-cluster]');
    if (letter === 'u') {
      undo();
    } else if (card && keys[letter]) {
      e.preventDefault();
      act(+card.dataset.cluster, keys[letter]);
    }
  });
  const csv = () => ['group,decision,label,data', ...[...decided.keys()].sort((a, b) => a - b).map(group => {
    const {what, label} = decided.get(group);
    return [group, what, safe(label || ''), data.hash].map(v => field(String(v))).join(',');
  })].join('\n') + '\n';
  byId('export').addEventListener('click', () => {
    save('groups.csv', csv());
  });
  byId('undo').addEventListener('click', undo);
  bar.hidden = false;
  show();
})();
