/* The grid of rooms by time: one stop for Tab, arrow keys from one time, or name, to the next. */
(() => {
  "use strict";
  const table = document.querySelector("[data-slots]");
  if (!table) return;
  const rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("th a, td a")]).filter((links) => links.length);
  const all = rows.flat();
  if (!all.length) return;
  const rest = (link) => { for (const other of all) other.tabIndex = other === link ? 0 : -1; };
  rest(all.find((link) => link.closest("[aria-current]")) || all[0]); // in a month: today
  const middle = (link) => { const box = link.getBoundingClientRect(); return box.left + box.width / 2; };
  const nearest = (links, from) => links.reduce((best, link) => (Math.abs(middle(link) - from) < Math.abs(middle(best) - from) ? link : best));
  table.addEventListener("focusin", (event) => { if (all.includes(event.target)) rest(event.target); });
  table.addEventListener("keydown", (event) => {
    const at = rows.findIndex((links) => links.includes(event.target));
    if (at < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    const links = rows[at];
    const place = links.indexOf(event.target);
    const next = {
      ArrowRight: () => links[place + 1],
      ArrowLeft: () => links[place - 1],
      ArrowDown: () => rows[at + 1] && nearest(rows[at + 1], middle(event.target)),
      ArrowUp: () => rows[at - 1] && nearest(rows[at - 1], middle(event.target)),
      Home: () => links[0],
      End: () => links[links.length - 1],
    }[event.key];
    if (!next) return;
    event.preventDefault();
    const link = next();
    if (link) link.focus();
  });
})();
