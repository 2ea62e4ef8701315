// What a search box offers while somebody types: a list below it that arrow keys go
// through. Without this script, the page of results says the same.

const pause = 120; // ms without a key before the site is asked
const least = 2; // characters
const most = 8; // suggestions

const search = (q) => `/papers?${new URLSearchParams({ q })}`;
const path = (id) => id.split("/").map(encodeURIComponent).join("/");

// Where each kind leads, and what it is called beside its text.
const kinds = {
  title: { to: (s) => `/papers/${path(s.id)}`, says: "paper" },
  author: { to: (s) => `/authors/${path(s.id)}`, says: "author" },
  organization: { to: (s) => `/${encodeURIComponent(s.id)}/papers`, says: "organization" },
  category: { to: (s) => search(`cat:${s.id}`), says: "category" },
  term: { to: (s) => search(s.text), says: "" },
};

let boxes = 0;

// attach makes a combobox of the box of a form, once.
export function attach(form) {
  if (form.dataset.offers) return;
  const name = form.dataset.offers = `offers-${++boxes}`;
  const box = form.querySelector("input[name=q]");
  const list = document.createElement("ul");
  const told = document.createElement("p");
  Object.assign(list, { id: name, className: "offers", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  told.className = "unseen";
  told.setAttribute("role", "status");
  form.append(list, told);
  for (const [key, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": name })) {
    box.setAttribute(key, value);
  }

  let asked = "", timer, running, at = -1;

  function show(suggestions) {
    list.replaceChildren(...suggestions.map(option));
    const any = suggestions.length > 0;
    list.hidden = !any;
    box.setAttribute("aria-expanded", String(any));
    told.textContent = any ? `${suggestions.length} suggestion${suggestions.length > 1 ? "s" : ""}` : "";
    mark(-1);
  }

  function option(s, i) {
    const item = document.createElement("li");
    const kind = document.createElement("small");
    item.id = `${name}-${i}`;
    item.setAttribute("role", "option");
    item.dataset.to = kinds[s.kind].to(s);
    kind.textContent = kinds[s.kind].says;
    item.append(Object.assign(document.createElement("span"), { textContent: s.text }), " ", kind);
    return item;
  }

  function mark(i) {
    at = i;
    [...list.children].forEach((item, n) => item.setAttribute("aria-selected", String(n === i)));
    const item = list.children[i];
    if (item) {
      box.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    } else {
      box.removeAttribute("aria-activedescendant");
    }
  }

  function close() {
    clearTimeout(timer);
    running?.abort();
    asked = "";
    show([]);
  }

  async function ask() {
    const q = box.value.trim();
    if (q === asked) return;
    running?.abort();
    if (q.length < least) return close();
    asked = q;
    running = new AbortController();
    try {
      const answer = await fetch(`/api/v1/suggest?${new URLSearchParams({ q, limit: most })}`, { signal: running.signal });
      if (!answer.ok) return show([]);
      const { suggestions } = await answer.json();
      if (asked === q && document.activeElement === box) show(suggestions.filter((s) => kinds[s.kind]).slice(0, most));
    } catch {
      // Stopped, or the site is out of reach: nothing is offered.
    }
  }

  const keys = {
    ArrowDown: () => mark(at + 1 < list.children.length ? at + 1 : -1),
    ArrowUp: () => mark(at < 0 ? list.children.length - 1 : at - 1),
    Escape: close,
    Enter: () => { location.href = list.children[at].dataset.to; },
  };

  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, pause);
  });
  box.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (!act || list.hidden || event.isComposing || (event.key === "Enter" && at < 0)) return;
    event.preventDefault();
    act();
  });
  box.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[data-to]");
    if (item) location.href = item.dataset.to;
  });
  if (document.activeElement === box && box.value !== box.defaultValue) ask(); // typed while this was loading
}
