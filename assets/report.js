// The page's script: a filter, and how old the report is. Without it the page is complete, only longer. It reads the
// page and writes nothing but attributes and text.

(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const find = (selector) => document.querySelector(selector);
  const bar = find('#filter');
  const box = find('#words');
  const states = all('#filter input[type=checkbox]');
  const pools = all('.pool').map((pool) => ({
    pool,
    name: pool.querySelector('h2').textContent.toLowerCase(),
    wasOpen: pool.open,
    locks: all('[data-state]', pool).map((element) => ({
      element,
      state: element.dataset.state,
      // Read when it is first needed: there may be thousands.
      text: null,
    })),
    rows: all('.row:not(.axis)', pool),
    axes: all('.axis', pool).slice(1),
    parts: all('.locks, .free', pool),
  }));
  const total = pools.reduce((sum, { locks }) => sum + locks.length, 0);

  const textOf = (lock) => {
    lock.text ??= lock.element.textContent.toLowerCase();
    return lock.text;
  };
  const hide = (element, hidden) => {
    if (element.hidden !== hidden) element.hidden = hidden;
  };
  const fold = (pool, open) => {
    if (pool.open !== open) pool.open = open;
  };

  const apply = () => {
    const words = box.value
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    const wanted = new Set(states.filter((state) => state.checked).map((state) => state.value));
    const isFiltered = words.length > 0 || wanted.size < states.length;
    let shown = 0;
    for (const { pool, name, wasOpen, locks, rows, axes, parts } of pools) {
      const rest = words.filter((word) => !name.includes(word));
      const fits = (lock) => wanted.has(lock.state) && rest.every((word) => textOf(lock).includes(word));
      const seen = new Set();
      const seenParts = new Set();
      const fitting = locks.filter(fits);
      for (const { element } of fitting) {
        seen.add(element.id);
        seenParts.add(element.closest('.locks, .free'));
      }
      shown += seen.size;
      // What is inside a hidden pool need not be touched.
      hide(pool, isFiltered && seen.size === 0);
      if (pool.hidden) continue;
      for (const { element } of locks) hide(element, !seen.has(element.id));
      for (const row of rows) hide(row, isFiltered && !seen.has(row.dataset.of));
      for (const axis of axes) hide(axis, isFiltered);
      for (const part of parts) hide(part, !seenParts.has(part));
      fold(pool, words.length > 0 ? true : wasOpen);
    }
    find('#shown').textContent = isFiltered
      ? `${shown} of ${total} locks${shown === 0 ? ': none matches' : ''}`
      : `${total} ${total === 1 ? 'lock' : 'locks'}`;
  };

  bar.hidden = false;
  box.addEventListener('input', apply);
  for (const state of states) state.addEventListener('change', apply);
  for (const one of pools) {
    one.pool.querySelector('summary').addEventListener('click', () => {
      if (box.value.trim() === '') one.wasOpen = !one.pool.open;
    });
  }
  const setAll = (open) => {
    for (const one of pools) {
      one.wasOpen = open;
      fold(one.pool, open);
    }
  };
  find('#open-all').addEventListener('click', () => setAll(true));
  find('#close-all').addEventListener('click', () => setAll(false));
  document.addEventListener('keydown', (event) => {
    const typing = event.target instanceof HTMLInputElement && event.target.type === 'search';
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      box.focus();
    }
    if (event.key === 'Escape' && typing) {
      box.value = '';
      apply();
    }
  });
  // A link into a pool that is closed opens it.
  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    const pool = target?.closest('.pool');
    if (!pool) return;
    if (target.hidden || pool.hidden) {
      box.value = '';
      for (const state of states) state.checked = true;
      apply();
    }
    pool.open = true;
    target.scrollIntoView({ block: 'center' });
  };
  addEventListener('hashchange', reveal);
  apply();
  reveal();

  // On a narrow screen the style makes blocks of rows, and some browsers then no longer take a table for one.
  const ROLES = { TABLE: 'table', THEAD: 'rowgroup', TBODY: 'rowgroup', TR: 'row', TD: 'cell' };
  const giveRoles = ({ matches }) => {
    if (!matches) return;
    for (const element of all('table, thead, tbody, tr, td'))
      element.setAttribute('role', ROLES[element.tagName]);
    for (const head of all('th'))
      head.setAttribute('role', head.scope === 'row' ? 'rowheader' : 'columnheader');
  };
  const narrow = matchMedia('(max-width: 760px)');
  narrow.addEventListener('change', giveRoles);
  giveRoles(narrow);

  const age = find('#age');
  const made = Date.parse(find('#made').dateTime);
  const tell = () => {
    const minutes = Math.floor((Date.now() - made) / 60000);
    const hours = Math.floor(minutes / 60);
    const days = Math.floor(hours / 24);
    const [many, unit] = days > 1 ? [days, 'day'] : hours > 1 ? [hours, 'hour'] : [minutes, 'minute'];
    age.textContent = minutes < 1 ? '' : `(${many} ${unit}${many === 1 ? '' : 's'} ago)`;
    age.classList.toggle('old', minutes >= 60);
  };
  tell();
  setInterval(tell, 30000);
})();
