// The administration. Select2 draws a search field without a name: a reader would hear "edit, blank".
(() => {
  const { search } = document.currentScript.dataset;
  const jquery = window.django && window.django.jQuery;
  if (!jquery) return;
  jquery(document).on("select2:open", () => {
    for (const field of document.querySelectorAll(".select2-search__field")) field.setAttribute("aria-label", search);
  });
})();
