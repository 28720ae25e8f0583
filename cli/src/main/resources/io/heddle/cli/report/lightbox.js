(() => {
  // Shows an item at full size: the original file if there is one, otherwise the picture of the page. For a row of a
  // table, shows all values. Arrow keys show the items beside it.
  const {data, escape, thumb, called, labelOf} = globalThis.heddle;
  const box = document.getElementById('lightbox');
  const body = document.getElementById('lightbox-body');
  let items = [];
  let at = 0;
  const enlarged = i => thumb(i).replace('class="t"', 'class="t full"');
  const table = i => `<div class="scroll" tabindex="0"><table class="numbers"><tbody>${data.columns.map((name, j) =>
    `<tr><th scope="row">${escape(name)}</th><td>${escape(globalThis.heddle.row(i)[j] || '')}</td></tr>`).join('')}</tbody></table></div>`;
  const draw = () => {
    const i = items[at];
    const label = labelOf(i);
    document.getElementById('lightbox-title').innerHTML = `${escape(called(i))}${label ? ` <small>${escape(label)}</small>` : ''}`;
    body.innerHTML = data.values ? table(i) : data.files ? '' : enlarged(i);
    if (data.files) {
      const image = new Image();
      image.alt = called(i);
      // The page may have been moved without the data.
      image.onerror = () => body.innerHTML = enlarged(i);
      image.src = data.files[i];
      body.append(image);
    }
    document.getElementById('lightbox-back').disabled = at === 0;
    document.getElementById('lightbox-on').disabled = at === items.length - 1;
    box.dataset.item = i;
    box.dispatchEvent(new CustomEvent('shown', {detail: i}));
  };
  document.addEventListener('values', () => box.open && draw());
  const move = step => {
    at = Math.max(0, Math.min(items.length - 1, at + step));
    draw();
  };
  const open = (list, index) => {
    items = list;
    at = Math.max(0, index);
    draw();
    if (!box.open) {
      box.showModal();
    }
  };
  document.getElementById('lightbox-close').addEventListener('click', () => box.close());
  document.getElementById('lightbox-back').addEventListener('click', () => move(-1));
  document.getElementById('lightbox-on').addEventListener('click', () => move(1));
  box.addEventListener('click', e => {
    if (e.target === box) {
      box.close();
    }
  });
  box.addEventListener('keydown', e => {
    const step = {ArrowLeft: -1, ArrowRight: 1}[e.key];
    if (step) {
      e.preventDefault();
      move(step);
    }
  });
  // Items in one album, list or row belong together.
  document.addEventListener('click', e => {
    const item = e.target.closest('.t[data-item], .look');
    if (!item || !data.names || box.contains(item)) {
      return;
    }
    e.stopPropagation();
    const own = item.closest('[data-item]');
    const group = item.closest('.near, .members, .album, .row, .cases, .asked') || own;
    const list = group.matches('.cases')
      ? [...group.querySelectorAll(':scope > .case')].filter(c => c.checkVisibility()).map(c => +c.dataset.item)
      : [...group.querySelectorAll('.t[data-item]')].map(t => +t.dataset.item);
    open(list.length ? list : [+own.dataset.item], list.indexOf(+own.dataset.item));
  }, true);
  Object.assign(globalThis.heddle, {lightbox: {open, move, box}});
})();
