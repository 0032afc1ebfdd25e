/* The board: a card is dragged, or taken up with Enter and the arrow keys. Both press the button of the card's
   own menu, so that a move is what the server offers and nothing else. No words here: they stand in the page. */
(() => {
  "use strict";
  const doc = document;
  const all = (selector, from) => Array.from(from.querySelectorAll(selector));
  let picked = null; // { card, at: the column's index }
  let moved = ""; // the card that was last moved: the focus goes back to it

  const board = () => doc.querySelector("[data-board]");
  const lanes = () => all("[data-lane]", board());
  const laneOf = (card) => card.closest("[data-lane]");
  const label = (lane) => lane.querySelector("[data-lane-label]").textContent;
  const step = (card, lane) => card.querySelector(`button[name=to][value="${lane.dataset.lane}"]`);
  const words = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] || whole);

  const say = (text, seen) => {
    const said = doc.getElementById("board-said");
    said.replaceChildren();
    const line = doc.createElement("div");
    line.className = seen ? "notice warning" : "visually-hidden";
    const inside = doc.createElement("div");
    inside.className = "say";
    inside.textContent = text;
    line.append(inside);
    said.append(line);
  };
  const noWay = (card, lane) => words(board().dataset.noWay, {
    name: card.dataset.name, here: label(laneOf(card)), there: label(lane),
  });

  const go = (card, lane) => {
    if (lane === laneOf(card)) return;
    const button = step(card, lane);
    if (!button) say(noWay(card, lane), true);
    else if (button.disabled) say(`${card.dataset.name}: ${button.dataset.why}`, true);
    else { moved = card.dataset.card; button.click(); }
  };

  const mark = (card) => lanes().forEach((lane) => {
    const button = card && step(card, lane);
    lane.classList.toggle("can", Boolean(button && !button.disabled));
    lane.classList.toggle("cannot", Boolean(card && lane !== laneOf(card) && !(button && !button.disabled)));
  });

  /* by keys --------------------------------------------------------------- */
  const letGo = () => {
    if (!picked) return;
    const grip = picked.card.querySelector("[data-grip]");
    if (grip) grip.setAttribute("aria-pressed", "false");
    picked.card.classList.remove("picked");
    picked = null;
    mark(null);
    lanes().forEach((lane) => lane.classList.remove("target"));
  };
  const pick = (card) => {
    letGo();
    picked = { card, at: lanes().indexOf(laneOf(card)) };
    card.classList.add("picked");
    card.querySelector("[data-grip]").setAttribute("aria-pressed", "true");
    mark(card);
    say(words(board().dataset.picked, { name: card.dataset.name, here: label(laneOf(card)) }), false);
  };
  const choose = (by) => {
    const every = lanes();
    picked.at = Math.min(every.length - 1, Math.max(0, picked.at + by));
    const lane = every[picked.at];
    every.forEach((other) => other.classList.toggle("target", other === lane));
    lane.scrollIntoView({ block: "nearest", inline: "nearest" });
    const button = step(picked.card, lane);
    if (lane === laneOf(picked.card)) say(label(lane), false);
    else if (!button) say(noWay(picked.card, lane), false);
    else say(`${label(lane)}: ${button.disabled ? button.dataset.why : button.textContent}`, false);
  };
  doc.addEventListener("click", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip) return;
    const card = grip.closest("[data-card]");
    if (!picked || picked.card !== card) { pick(card); return; }
    const lane = lanes()[picked.at];
    const stays = lane === laneOf(card);
    letGo();
    if (stays) say(words(board().dataset.left, { name: card.dataset.name }), false);
    else go(card, lane);
  });
  doc.addEventListener("keydown", (event) => {
    const grip = event.target.closest && event.target.closest("[data-grip]");
    if (!grip || event.ctrlKey || event.metaKey || event.altKey) return;
    const card = grip.closest("[data-card]");
    const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (picked && picked.card === card) {
      if (side) { event.preventDefault(); choose(side); }
      if (event.key === "Escape") {
        event.preventDefault();
        letGo();
        say(words(board().dataset.left, { name: card.dataset.name }), false);
      }
      return;
    }
    const up = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const grips = all("[data-grip]", up ? laneOf(card) : board());
    let next = up && grips[grips.indexOf(grip) + up];
    if (side) {
      const every = lanes();
      for (let at = every.indexOf(laneOf(card)) + side; every[at] && !next; at += side) {
        next = every[at].querySelector("[data-grip]");
      }
    }
    if (next) { event.preventDefault(); next.focus(); }
  });
  doc.addEventListener("focusout", (event) => {
    if (picked && event.target.matches("[data-grip]") && event.relatedTarget !== event.target) letGo();
  });

  /* by hand --------------------------------------------------------------- */
  const draggable = () => all("[data-cards]", board() || doc).forEach((list) => {
    if (list.dataset.ready) return;
    list.dataset.ready = "1";
    window.Sortable.create(list, {
      group: "board",
      draggable: "[data-card]",
      filter: ".fixed, a, summary, .drop-menu",
      preventOnFilter: false,
      sort: false,
      forceFallback: true, // one way for mouse and finger
      fallbackOnBody: true,
      fallbackTolerance: 4,
      delay: 180,
      delayOnTouchOnly: true, // a finger that moves at once scrolls
      animation: 0,
      onStart: (event) => { letGo(); mark(event.item); },
      onEnd: (event) => {
        const lane = event.to.closest("[data-lane]");
        // The card goes back: where it stands is the server's to say.
        event.from.insertBefore(event.item, event.from.children[event.oldIndex] || null);
        // The policy takes even an empty style attribute for one of ours when the card is cloned again.
        event.item.removeAttribute("style");
        mark(null);
        go(event.item, lane);
      },
    });
  });
  doc.addEventListener("DOMContentLoaded", draggable);
  doc.addEventListener("htmx:afterSettle", () => {
    if (!board()) return;
    draggable();
    if (!moved) return;
    const grip = doc.getElementById(`grip-${moved}`);
    const card = doc.querySelector(`[data-card="${moved}"] a`);
    moved = "";
    if (grip || card) (grip || card).focus();
  });
})();
