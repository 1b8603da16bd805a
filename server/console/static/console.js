// What every page gains from scripts: keys, theme, menus. Nothing here is needed to use a page.

const csrf = document.querySelector('meta[name="csrf-token"]')?.content ?? "";

/** Asks the API of this origin as the person who is signed in. */
export function ask(path, options = {}) {
  const headers = { "X-CSRF-Token": csrf, ...options.headers };
  return fetch(path, { credentials: "same-origin", ...options, headers });
}

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/" && !typing(event.target)) {
    const field = document.querySelector("main input[type=search]") ?? document.querySelector("#search");
    event.preventDefault();
    field?.focus();
    field?.select();
  }
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.querySelector("#theme")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  document.cookie = `headwater_theme=${root.dataset.theme}; path=/console; max-age=31536000; samesite=strict`;
});

// A table that is wider than its place can be scrolled by keys.
const widths = new ResizeObserver((found) => {
  for (const { target } of found) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const wrap of document.querySelectorAll(".table-wrap")) widths.observe(wrap);

// Filters apply at once where a person changes one.
for (const form of document.querySelectorAll("form[data-at-once]")) {
  form.addEventListener("change", () => form.requestSubmit());
}

// A form is sent once.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  const button = event.submitter;
  setTimeout(() => { if (button) button.disabled = true; });
  addEventListener("pageshow", () => { if (button) button.disabled = false; }, { once: true });
});
