(() => {
  // Tables of numbers sort by a click on a heading and can be saved as CSV.
  // Without text for screen readers only.
  const said = cell => [...cell.childNodes].map(n => n.matches && n.matches('button') ? said(n) : n.matches && n.matches('.hidden') ? '' : n.textContent).join('').trim();
  const value = cell => {
    const text = said(cell);
    const number = parseFloat(text.replaceAll(',', ''));
    return Number.isNaN(number) ? text : number;
  };
  const compare = (a, b) => typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
  document.querySelectorAll('table.numbers:has(thead)').forEach(table => {
    const headings = [...table.querySelectorAll('thead th')];
    headings.forEach((heading, column) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = heading.textContent;
      heading.replaceChildren(button);
      button.addEventListener('click', () => {
        // The first click sorts numbers in descending order.
        const numeric = typeof value(table.tBodies[0].rows[0].cells[column]) === 'number';
        const before = heading.getAttribute('aria-sort');
        const down = before ? before === 'ascending' : numeric;
        headings.forEach(h => h.removeAttribute('aria-sort'));
        heading.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        const rows = [...table.tBodies[0].rows]
          .sort((a, b) => (down ? -1 : 1) * compare(value(a.cells[column]), value(b.cells[column])));
        table.tBodies[0].append(...rows);
      });
    });
    const save = document.createElement('button');
    save.type = 'button';
    save.className = 'csv';
    save.textContent = 'Save as CSV';
    save.addEventListener('click', () => {
      const lines = [...table.rows].map(row => [...row.cells].map(c => globalThis.heddle.field(said(c))).join(','));
      globalThis.heddle.save((table.getAttribute('aria-labelledby') || 'table') + '.csv', lines.join('\n') + '\n');
    });
    table.after(save);
  });
})();
