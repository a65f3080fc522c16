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
    name: find(`#${pool.id} h2`).textContent.toLowerCase(),
    wasOpen: pool.open,
    locks: all('[data-state]', pool).map((element) => ({
      element,
      state: element.dataset.state,
      text: element.textContent.toLowerCase(),
    })),
    rows: all('.row:not(.axis)', pool),
    axes: all('.axis', pool).slice(1),
    parts: all('.locks, .free', pool),
  }));
  const total = pools.reduce((sum, { locks }) => sum + locks.length, 0);

  const apply = () => {
    const words = box.value
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    const wanted = new Set(states.filter((state) => state.checked).map((state) => state.value));
    const isFiltered = words.length > 0 || wanted.size < states.length;
    let shown = 0;
    for (const { pool, name, wasOpen, locks, rows, axes, parts } of pools) {
      const seen = new Set();
      for (const { element, state, text } of locks) {
        const fits = wanted.has(state) && words.every((word) => text.includes(word) || name.includes(word));
        element.hidden = !fits;
        if (fits) seen.add(element.id);
      }
      for (const row of rows) row.hidden = isFiltered && !seen.has(row.dataset.of);
      for (const axis of axes) axis.hidden = isFiltered;
      for (const part of parts) part.hidden = !part.querySelector('[data-state]:not([hidden])');
      pool.hidden = isFiltered && seen.size === 0;
      pool.open = words.length > 0 ? seen.size > 0 : wasOpen;
      shown += seen.size;
    }
    find('#shown').textContent = isFiltered
      ? `${shown} of ${total} locks${shown === 0 ? ': none fits' : ''}`
      : total + (total === 1 ? ' lock' : ' locks');
  };

  bar.hidden = false;
  box.addEventListener('input', apply);
  for (const state of states) state.addEventListener('change', apply);
  for (const { pool } of pools) {
    find(`#${pool.id} > summary`).addEventListener('click', () => {
      const one = pools.find((other) => other.pool === pool);
      if (box.value.trim() === '') one.wasOpen = !pool.open;
    });
  }
  find('#open-all').addEventListener('click', () => setAll(true));
  find('#close-all').addEventListener('click', () => setAll(false));
  const setAll = (open) => {
    for (const one of pools) one.pool.open = one.wasOpen = open;
  };
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
  // A link into a pool that is folded away must lead somewhere.
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
