// The administration. Select2 draws its parts without names: a reader would hear "edit, blank".
(() => {
  const { search } = document.currentScript.dataset;
  const jquery = window.django && window.django.jQuery;
  if (!jquery) return;
  const name = (node, words) => node && node.setAttribute("aria-label", words);

  const named = (field) => {
    const label = document.querySelector(`label[for="${field.id}"]`);
    const drawn = field.nextElementSibling;
    if (!label || !drawn || !drawn.classList.contains("select2")) return;
    const words = label.textContent.trim().replace(/:$/, "");
    name(drawn.querySelector(".select2-selection"), words);
    name(drawn.querySelector(".select2-selection__rendered"), words);
    name(drawn.querySelector(".select2-search__field"), words);
  };

  // Rows that are wider than a phone are scrolled by keyboard too.
  document.querySelectorAll(".inline-group, #changelist .results").forEach((box) => {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  });

  // Select2 is drawn once the page is there, and anew for each row that is added.
  jquery(() => setTimeout(() => document.querySelectorAll("select.admin-autocomplete").forEach(named)));
  document.addEventListener("formset:added", (event) =>
    setTimeout(() => event.target.querySelectorAll("select.admin-autocomplete").forEach(named)));

  jquery(document).on("select2:open", () => {
    const box = document.querySelector("body > .select2-container--open");
    if (box) box.setAttribute("role", "region");
    name(box, search);
    document.querySelectorAll(".select2-dropdown .select2-search__field").forEach((field) => name(field, search));
    document.querySelectorAll(".select2-results__options").forEach((list) => name(list, search));
  });
})();
