/* Ctrl K: a field over the page, its answers walked by the arrow keys. Without script the field in the top bar searches. */
(() => {
  "use strict";
  const palette = document.getElementById("palette");
  const field = document.getElementById("palette-field");
  const hits = document.getElementById("palette-hits");
  const options = () => Array.from(hits.querySelectorAll("[role=option]"));
  const chosen = () => hits.querySelector("[aria-selected=true]");

  const choose = (option) => {
    options().forEach((one) => one.setAttribute("aria-selected", one === option ? "true" : "false"));
    if (option) { field.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); }
    else field.removeAttribute("aria-activedescendant");
  };
  const step = (by) => {
    const all = options();
    if (all.length) choose(all[(all.indexOf(chosen()) + by + all.length) % all.length]);
  };
  const show = () => {
    if (palette.open) { palette.close(); return; }
    field.value = "";
    palette.showModal();
    field.focus();
    field.dispatchEvent(new Event("shown"));
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      show();
    }
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else if (event.key === "Enter" && chosen()) chosen().click();
    else return;
    event.preventDefault();
  });
  // The first answer is chosen, so that typing and Enter is enough.
  hits.addEventListener("htmx:afterSwap", () => choose(field.value.trim() ? options()[0] : null));
  palette.addEventListener("click", (event) => { if (event.target === palette) palette.close(); });
})();
