// Sorting, searching and folding of tables. Without script every row is shown and everything can be read.
(() => {
  const words = { search: {{ say('page.search') | tojson }}, verdict: {{ say('page.verdict_filter') | tojson }},
    all: {{ say('page.show_all') | tojson }}, sort: {{ say('page.sort') | tojson }} };
  // A number alone, not one that a date, a name or a code begins with.
  const number = (text) => /^[<-]?[\d,]*\.?\d+%?$/.test(text) ? parseFloat(text.replace(/[,%<]/g, '')) : null;
  const missing = (text) => text === '\u2013';
  const compare = (a, b, down) => {
    if (missing(a) || missing(b)) return missing(a) - missing(b);
    const [x, y] = [number(a), number(b)];
    const order = x !== null && y !== null ? x - y : a.localeCompare(b, document.documentElement.lang);
    return down ? -order : order;
  };
  const open = (table) => table.classList.add('opened');
  document.querySelectorAll('.table table').forEach((table) => {
    const button = table.querySelector('button.open');
    if (button) {
      table.classList.add('folds');
      button.hidden = false;
      button.addEventListener('click', () => open(table));
    }
    const bodies = () => [...table.tBodies].filter((body) => !body.className || body.className === 'others');
    table.querySelectorAll('thead th').forEach((heading, index) => {
      const label = heading.textContent;
      heading.innerHTML = '';
      const control = document.createElement('button');
      control.type = 'button';
      control.className = 'sort';
      control.title = words.sort;
      control.textContent = label;
      heading.append(control);
      control.addEventListener('click', () => {
        const down = heading.getAttribute('aria-sort') === 'ascending';
        table.querySelectorAll('th').forEach((other) => other.removeAttribute('aria-sort'));
        heading.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        open(table);
        const parts = bodies();
        const rows = parts.flatMap((body) => [...body.rows]);
        rows.sort((a, b) => compare(a.cells[index].textContent, b.cells[index].textContent, down));
        rows.forEach((row) => parts[0].append(row));
      });
    });
    const holder = table.closest('.table');
    const filter = (wanted) => {
      open(table);
      const rows = bodies().flatMap((body) => [...body.rows]);
      rows.forEach((row) => { row.hidden = !wanted(row); });
      table.classList.toggle('filtered', rows.some((row) => row.hidden));
    };
    if (bodies().flatMap((body) => [...body.rows]).length > 15) {
      const field = document.createElement('input');
      field.type = 'search';
      field.className = 'search';
      field.placeholder = words.search;
      field.setAttribute('aria-label', words.search + ': ' + table.caption.textContent);
      field.addEventListener('input', () => {
        const text = field.value.toLowerCase();
        filter((row) => row.textContent.toLowerCase().includes(text));
      });
      holder.prepend(field);
    }
    const verdicts = [...new Set([...table.querySelectorAll('td.verdict')].map((cell) => cell.textContent))];
    if (verdicts.length > 1) {
      const label = document.createElement('label');
      label.className = 'filter';
      label.textContent = words.verdict + ' ';
      const select = document.createElement('select');
      [words.all, ...verdicts].forEach((name) => select.add(new Option(name)));
      select.addEventListener('change', () => filter((row) => select.selectedIndex === 0
        || row.querySelector('td.verdict').textContent === select.value));
      label.append(select);
      holder.prepend(label);
    }
  });
  const mark = () => document.querySelectorAll('.scroll').forEach((area) => {
    area.parentElement.classList.toggle('wider', area.scrollWidth > area.clientWidth + 1);
  });
  mark();
  addEventListener('resize', mark);
  // A long table prints its first rows in the order it has now; one that is filtered, every row that is left.
  const limit = (table) => [...table.tBodies].filter((body) => !body.className || body.className === 'others')
    .flatMap((body) => [...body.rows]).forEach((row, place) => row.classList.toggle('unprinted',
      !table.classList.contains('filtered') && place >= Number(table.dataset.printed)));
  addEventListener('beforeprint', () => {
    document.querySelectorAll('details').forEach((part) => { part.open = true; });
    document.querySelectorAll('table[data-printed]').forEach(limit);
  });
})();
