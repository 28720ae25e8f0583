(() => {
  // Writes the items of an audit. As HTML, hundreds of items would be most of the page.
  const {data, escape, thumb, called, said, classColour} = globalThis.heddle;
  const VALUES = 6;
  const lists = document.querySelectorAll('.cases[data-list]');
  if (!lists.length) {
    return;
  }
  const tabled = data.pictured === false;
  const className = c => escape(data.classes[c]);
  // A neighbour is the position of an item or, if the page does not contain the item, its name and label.
  const near = n => {
    const shown = typeof n === 'number';
    const label = className(shown ? data.given[n] : n[1]);
    if (shown && !tabled) {
      return `<button type="button" class="look" tabindex="-1" data-item="${n}" aria-label="Open ${escape(said(n))}">${thumb(n)}<span aria-hidden="true">${label}</span></button>`;
    }
    return shown
      ? `<span class="chip" data-near="${n}" title="${escape(said(n))}">${label}</span>`
      : `<span class="chip" title="${escape(n[0])}, ${label}">${label}</span>`;
  };
  const written = ([i, suggested, note, nearest]) => {
    const given = data.given[i];
    return `<li class="case" tabindex="-1" data-item="${i}" data-given="${given}" data-suggested="${suggested}" style="--c:${classColour(suggested < 0 ? given : suggested)}">
      ${tabled ? '' : `<button type="button" class="look" tabindex="-1" aria-label="Open ${escape(called(i))}">${thumb(i)}</button>`}
      <div class="told">
        <p class="verdict">${suggested < 0 ? `<strong>${className(given)}</strong>`
          : `<del>${className(given)}</del> <span aria-hidden="true">→</span><span class="hidden">, rather</span> <strong>${className(suggested)}</strong>`}</p>
        <p class="caption"><span>${escape(called(i))}</span>${note ? ` <span>${escape(note)}</span>` : ''}</p>
        ${data.values ? '<p class="values"></p>' : ''}
        ${nearest.length ? `<div class="near"><small>nearest</small> ${nearest.map(near).join(' ')}</div>` : ''}
      </div>
    </li>`;
  };
  lists.forEach(list => {
    list.innerHTML = data.lists[list.dataset.list].map(written).join('');
  });

  // The values of a table are unpacked asynchronously.
  document.addEventListener('values', () => {
    lists.forEach(list => list.querySelectorAll('.case').forEach(element => {
      const i = +element.dataset.item;
      const row = globalThis.heddle.row(i);
      element.querySelector('.values').innerHTML = row.slice(0, VALUES)
        .map((value, j) => `<span><small>${escape(data.columns[j])}</small> ${escape(value)}</span>`).join(' ')
        + (data.columns.length > VALUES ? ` <button type="button" class="look text" tabindex="-1">all ${data.columns.length} values<span class="hidden"> of ${escape(called(i))}</span></button>` : '');
      element.querySelectorAll('[data-near]').forEach(chip => {
        chip.title = said(+chip.dataset.near);
      });
    }));
  });
})();
