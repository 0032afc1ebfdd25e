/* Small conveniences; every page works without this file. No words here: texts come from data attributes. */
(() => {
  "use strict";
  const doc = document;
  const root = doc.documentElement;
  root.classList.add("js");
  const all = (selector, from = doc) => Array.from(from.querySelectorAll(selector));
  const typing = (element) => element && element.matches("input, textarea, select, [contenteditable]");
  const user = doc.body.dataset.user || "";
  const store = {
    // Private windows and full disks refuse storage; typing must go on then.
    get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* see above */ } },
    drop(test) {
      try { Object.keys(localStorage).filter((key) => key.startsWith("portal:") && test(key)).forEach((key) => localStorage.removeItem(key)); } catch { /* see above */ }
    },
  };
  // What one person typed is never left for the next one at the same machine.
  if (user) store.drop((key) => !key.startsWith(`portal:${user}:`));

  /* keys, menus, notices --------------------------------------------- */
  const closeMenus = (except) => all("details.drop[open]").forEach((menu) => { if (menu !== except) menu.open = false; });
  const closeSheet = () => {
    if (location.hash !== "#menu") return false;
    location.hash = "";
    history.replaceState(null, "", location.pathname + location.search);
    return true;
  };
  doc.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = doc.activeElement && doc.activeElement.closest("details.drop[open]");
      closeMenus();
      if (menu) menu.querySelector("summary").focus();
      closeSheet();
      if (doc.activeElement && doc.activeElement.id === "search") doc.activeElement.blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(doc.activeElement) || doc.querySelector(".modal.show, dialog[open]")) return;
    const target = all("[data-key]").find((element) => element.dataset.key === event.key && !element.disabled && element.offsetParent);
    if (target) { event.preventDefault(); target.click(); }
  });
  doc.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details.drop"));
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) dismiss.closest(".notice").remove();
    if (event.target.closest(".sheet-close, .side-back") && closeSheet()) event.preventDefault();
    if (event.target.closest("[data-print]")) window.print();
    // The browser still holds the form as it was filled in; the address alone would bring an empty one.
    if (event.target.closest("[data-back]") && history.length > 1) { event.preventDefault(); history.back(); }
    const copy = event.target.closest("[data-copy]");
    if (copy && navigator.clipboard) navigator.clipboard.writeText(copy.dataset.copy).then(() => {
      if (copy.dataset.copied) copy.textContent = copy.dataset.copied;
    });
  });
  window.addEventListener("hashchange", () => {
    if (location.hash === "#menu") { const first = doc.querySelector("#menu .sheet-close"); if (first) first.focus(); }
  });

  /* The server says what is wrong in the language of the page, on the field and in a summary; the browser
     would say it in its own language, one field at a time. Without script the browser's words remain. */
  doc.addEventListener("click", (event) => {
    const button = event.target.closest("button, input[type=submit]");
    if (button && button.form && button.form.method === "post") button.form.noValidate = true;
  }, true);

  /* what was sent, as it was read: labels and chosen words -------------- */
  // A form that is refused before its page is asked (the session has ended) comes back as what was sent, with keys
  // in place of words. The words are kept in this tab for the one answer and forgotten with it.
  const SENT = "portal:sent";
  const SECRET = /password|code|token|secret/;
  const named = (label) => {
    if (!label) return "";
    const bare = label.cloneNode(true);
    bare.querySelectorAll(".optional").forEach((mark) => mark.remove());
    return bare.textContent.replace(/\s+/g, " ").trim();
  };
  // 30.12.2026: not every browser knows the months of Azerbaijani.
  const spoken = (field) => (field.matches("[type=date], [type=datetime-local]") ? field.value.replace(/^(\d{4})-(\d\d)-(\d\d)T?/, "$3.$2.$1 ") : field.value || "").trim();
  const inWords = (field) => {
    if (!field.name || field.disabled || SECRET.test(field.name) || field.matches("[type=hidden], [type=password], [type=file], button, [type=submit]")) return "";
    const label = named(field.labels && field.labels[0]).replace(/[.:]+$/, "");
    if (field.matches("[type=checkbox], [type=radio]")) {
      const group = field.closest("fieldset");
      return field.checked ? [named(group && group.querySelector("legend")), label].filter(Boolean).join(": ") : "";
    }
    const said = field.matches("select") ? Array.from(field.selectedOptions).filter((option) => option.value).map(named).join(", ") : spoken(field);
    return said && [label, said].filter(Boolean).join(": ");
  };
  const sent = (() => {
    try { const kept = JSON.parse(sessionStorage.getItem(SENT)); sessionStorage.removeItem(SENT); return kept; } catch { return null; }
  })();
  const typedAgain = doc.querySelector("details.typed textarea");
  if (typedAgain && sent && sent.address === location.href && sent.lines.length) typedAgain.value = sent.lines.join("\n");
  doc.addEventListener("submit", (event) => {
    if (event.target.method !== "post") return;
    const lines = Array.from(event.target.elements).map(inWords).filter(Boolean);
    const address = (event.submitter && event.submitter.hasAttribute("formaction") ? event.submitter : event.target).getAttribute("formaction") || event.target.getAttribute("action");
    try { sessionStorage.setItem(SENT, JSON.stringify({ address: new URL(address || "", location.href).href, lines })); } catch { /* the server's list remains */ }
  });

  /* one submit at a time ----------------------------------------------- */
  const unlock = (form) => all("[data-locked]", form || doc).forEach((button) => {
    button.disabled = false; button.removeAttribute("aria-busy"); delete button.dataset.locked;
  });
  doc.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.hasAttribute("data-signout")) store.drop(() => true);
    // Filters change the list and the address without the page around them.
    if (form.hasAttribute("data-address")) form.elements.address.value = location.pathname + location.search;
    // After the event, so that the name and value of the pressed button are still sent.
    setTimeout(() => {
      if (event.defaultPrevented || form.hasAttribute("data-no-lock") || form.method === "get" || form.target) return;
      const outside = form.id ? all(`button[form="${CSS.escape(form.id)}"]`) : [];
      [...all("button:not([type=button]), input[type=submit]", form), ...outside].forEach((button) => {
        if (button.disabled) return;
        button.dataset.locked = ""; button.disabled = true; button.setAttribute("aria-busy", "true");
      });
      setTimeout(() => unlock(form), 12000);
    });
  });
  window.addEventListener("pageshow", () => unlock());

  /* what a part of a page needs, also after htmx put it there ----------- */
  const kilo = (size) => (size < 1048576 ? `${Math.ceil(size / 1024)} kB` : `${(size / 1048576).toFixed(1).replace(".", doc.documentElement.lang === "az" ? "," : ".")} MB`);

  function dropZone(zone) {
    const input = zone.querySelector("input[type=file]");
    const names = zone.querySelector("[data-drop-names]");
    if (!input) return;
    const show = () => {
      if (!names) return;
      names.textContent = "";
      Array.from(input.files).forEach((file) => {
        const line = doc.createElement("span");
        line.textContent = `${file.name} · ${kilo(file.size)}`;
        line.className = "d-block";
        names.append(line);
      });
    };
    input.addEventListener("change", show);
    ["dragenter", "dragover"].forEach((name) => zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("over"); }));
    ["dragleave", "drop"].forEach((name) => zone.addEventListener(name, () => zone.classList.remove("over")));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!event.dataTransfer.files.length) return;
      const kept = new DataTransfer();
      Array.from(event.dataTransfer.files).slice(0, input.multiple ? undefined : 1).forEach((file) => kept.items.add(file));
      input.files = kept.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  // What a character and a word are is said in partnerships/calls/counting.py; the server counts by the same rules.
  const BLANK = "\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff";
  const ends = new RegExp(`^[${BLANK}]+|[${BLANK}]+$`, "gu");
  const runs = new RegExp(`[^${BLANK}]+`, "gu");
  const settled = (text) => text.replace(/\r\n?/g, "\n").normalize("NFC").replace(ends, "");
  const count = {
    characters: (text) => Array.from(settled(text)).length,
    words: (text) => (settled(text).match(runs) || []).filter((run) => /[\p{L}\p{N}]/u.test(run)).length,
  };
  window.portalCount = count;

  function counter(field) {
    const limit = field.maxLength > 0 ? field.maxLength : Number(field.dataset.count);
    if (!limit) return;
    field.removeAttribute("maxlength"); // cuts what is pasted, and counts 👍 twice: the counter says how much is too much
    const counted = count[field.dataset.countIn] || count.characters;
    const unit = field.dataset.countUnit ? ` ${field.dataset.countUnit}` : "";
    const line = doc.createElement("span");
    line.className = "count-left num";
    const show = () => {
      const n = counted(field.value);
      line.textContent = `${n} / ${limit}${unit}`;
      line.classList.toggle("over", n > limit);
    };
    field.addEventListener("input", show);
    field.after(line);
    show();
  }

  /* A part of a form that is asked only after certain answers; without script it stands there with the words
     that say when. What decides may itself be hidden: then this is too. */
  function when(block) {
    const form = block.closest("form") || doc;
    const values = new Set(block.dataset.whenValues.split(" "));
    const before = doc.getElementById(block.dataset.when);
    const show = () => {
      const chosen = all(`[name="${CSS.escape(block.dataset.when)}"]`, form).some((field) =>
        values.has(field.value) && (field.checked || !["checkbox", "radio"].includes(field.type)));
      block.toggleAttribute("data-off", !chosen || Boolean(before && before.hasAttribute("data-off")));
    };
    form.addEventListener("change", show);
    form.addEventListener("portal:put", show);
    show();
  }

  function bulk(area) {
    const head = area.querySelector("[data-bulk-all]");
    const bar = area.querySelector("[data-bulk-bar]");
    const ones = () => all("[data-bulk-one]", area);
    const show = () => {
      const chosen = ones().filter((box) => box.checked).length;
      if (bar) bar.hidden = chosen === 0;
      all("[data-bulk-count]", area).forEach((place) => { place.textContent = chosen; });
      if (head) { head.checked = chosen > 0 && chosen === ones().length; head.indeterminate = chosen > 0 && chosen < ones().length; }
    };
    area.addEventListener("change", (event) => {
      if (event.target === head) ones().forEach((box) => { box.checked = head.checked; });
      show();
    });
    show();
  }

  /* save as typed -------------------------------------------------------- */
  const NEVER_KEPT = new Set(["csrfmiddlewaretoken", "version"]);

  function autosave(form) {
    const line = form.querySelector("[data-autosave-status]") || doc.createElement("p");
    const key = `portal:${user}:${form.id || form.dataset.autosave}`;
    const versionField = form.elements.namedItem("version");
    let timer = 0;
    let running = false;
    let dirty = false;
    // What was put back is saved within a second: that it is back stays told beside it until something is typed.
    let back = false;

    const say = (name, values = {}) => {
      let text = line.dataset[name] || "";
      Object.entries(values).forEach(([place, value]) => { text = text.replace(`{${place}}`, value); });
      line.textContent = back && name !== "restored" ? `${line.dataset.restored} · ${text}` : text;
      line.classList.toggle("warn", name === "offline" || name === "failed" || name === "gone" || name === "differs");
    };
    const data = () => {
      const fields = new FormData(form);
      Array.from(fields.entries()).forEach(([name, value]) => { if (value instanceof File) fields.delete(name); });
      return fields;
    };
    // `submitted`: gone by the button, from this page; the page that it leads to shows that the server got it.
    const keep = (submitted = false) => store.set(key, {
      submitted,
      page: location.pathname,
      version: versionField ? versionField.value : "",
      fields: Array.from(data().entries()).filter(([name]) => !NEVER_KEPT.has(name)),
    });
    const forget = () => store.drop((name) => name === key);

    function put(fields) {
      const values = new Map();
      fields.forEach(([name, value]) => values.set(name, [...(values.get(name) || []), value]));
      Array.from(form.elements).forEach((field) => {
        if (!field.name || NEVER_KEPT.has(field.name) || field.type === "file" || field.tagName === "BUTTON") return;
        const given = values.get(field.name) || [];
        if (field.type === "checkbox" || field.type === "radio") field.checked = given.includes(field.value);
        else if (field.multiple) Array.from(field.options).forEach((option) => { option.selected = given.includes(option.value); });
        else if (given.length) field.value = given.shift();
      });
      form.dispatchEvent(new Event("portal:put"));
    }

    // data-keep: nothing goes to the server before the button; the copy on this device is all there is.
    const address = form.dataset.autosave;
    async function send() {
      if (running || !dirty || !address) return;
      running = true;
      dirty = false;
      say("saving");
      try {
        const answer = await fetch(address, {
          method: "POST", body: data(), credentials: "same-origin", redirect: "manual",
          headers: { "X-Requested-With": "fetch", Accept: "application/json" },
        });
        const json = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : {};
        if (answer.ok) {
          if (json.version !== undefined && versionField) versionField.value = json.version;
          if (!dirty) forget();
          const now = new Date();
          say("saved", { time: json.saved || now.toTimeString().slice(0, 5) });
        } else if (answer.status >= 500 || answer.status === 429) {
          dirty = true;
          say("offline");
        } else {
          say(answer.status === 403 || answer.status === 404 ? "gone" : "failed");
          if (json.detail) line.textContent = json.detail;
        }
      } catch {
        // fetch throws when there is no way to the server; the copy on this device stays until there is.
        dirty = true;
        say("offline");
      }
      running = false;
      if (dirty) { clearTimeout(timer); timer = setTimeout(send, 15000); }
    }
    const touched = () => {
      back = false;
      dirty = true; keep(); clearTimeout(timer);
      if (address) timer = setTimeout(send, 900); else say("kept");
    };

    form.addEventListener("input", (event) => { if (event.target.type !== "file") touched(); });
    form.addEventListener("change", (event) => { if (event.target.type !== "file" && !dirty) touched(); });
    // The server answers the button itself; what it refuses comes back in the form.
    form.addEventListener("submit", (event) => {
      clearTimeout(timer);
      // The browser knows that it has no connection: leaving would only show its own page of failure.
      if (navigator.onLine === false) {
        event.preventDefault();
        dirty = true;
        keep();
        say("offline");
        line.scrollIntoView({ block: "nearest" });
        return;
      }
      if (!store.get(key) && !dirty) return;
      dirty = false;
      keep(true);
    });
    window.addEventListener("online", send);

    const kept = store.get(key);
    if (!kept || !Array.isArray(kept.fields)) return;
    const present = JSON.stringify(Array.from(data().entries()).filter(([name]) => !NEVER_KEPT.has(name)));
    const arrived = kept.submitted && versionField && kept.version !== versionField.value;
    if (arrived || JSON.stringify(kept.fields) === present) { forget(); return; }
    const restore = () => { put(kept.fields); back = true; say("restored"); dirty = true; keep(); timer = setTimeout(send, 900); };
    if (!versionField || kept.version === versionField.value) { restore(); return; }
    say("differs");
    const button = doc.createElement("button");
    button.type = "button";
    button.className = "btn btn-quiet btn-sm ms-2";
    button.textContent = line.dataset.restore || "";
    button.addEventListener("click", restore);
    line.append(button);
  }

  /* A row of steps or of filters is wider than a phone: the present one stands in the middle. */
  function steps(row) {
    const reached = row.querySelector("[aria-current], .off") || all(".done", row).pop();
    if (!reached) return;
    const at = reached.getBoundingClientRect(), frame = row.getBoundingClientRect();
    row.scrollLeft += at.left - frame.left - (frame.width - at.width) / 2;
  }

  const parts = [[".steps", steps], [".filters", steps], ["[data-drop]", dropZone], ["[data-count], textarea.textarea[maxlength]", counter], ["[data-when]", when], ["[data-bulk]", bulk], ["form[data-autosave], form[data-keep]", autosave]];
  function prepare(from) {
    parts.forEach(([selector, make]) => {
      const found = all(selector, from);
      if (from.matches && from.matches(selector)) found.unshift(from);
      found.forEach((element) => { if (!element.dataset.ready) { element.dataset.ready = "1"; make(element); } });
    });
    all("[data-key]", from).forEach((element) => { if (!element.title) element.title = `[${element.dataset.key}]`; });
  }
  prepare(doc);
  const here = new Set(all("form[data-autosave], form[data-keep]").map((form) => `portal:${user}:${form.id || form.dataset.autosave}`));
  // Only a page that came from the form itself proves that the button arrived: whoever lost the connection
  // while sending and then opens another page has sent nothing, and finds the text again in the form.
  const cameFrom = doc.referrer.startsWith(`${location.origin}/`) ? new URL(doc.referrer).pathname : "";
  store.drop((key) => {
    const kept = store.get(key) || {};
    return key.startsWith(`portal:${user}:`) && !here.has(key) && kept.submitted && kept.page === cameFrom;
  });
  const summary = doc.querySelector("[data-focus]");
  if (summary) summary.focus();

  /* htmx ------------------------------------------------------------------ */
  doc.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
  const failed = () => {
    const notices = doc.getElementById("notices");
    const sample = doc.getElementById("request-failed");
    if (notices && sample) { notices.replaceChildren(sample.content.cloneNode(true)); notices.scrollIntoView({ block: "nearest" }); }
  };
  // Another narrowing than that of the saved view which was marked.
  ["htmx:pushedIntoHistory", "htmx:replacedInHistory"].forEach((name) => doc.addEventListener(name, () => {
    all(".views [aria-current]").forEach((link) => link.removeAttribute("aria-current"));
  }));
  doc.addEventListener("htmx:sendError", failed);
  doc.addEventListener("htmx:responseError", failed);
})();
