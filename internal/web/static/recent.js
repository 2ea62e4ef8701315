// The reader's last queries. They are kept in this browser and sent nowhere.

const key = "queries";
const most = 12;

function read() {
  try {
    const all = JSON.parse(localStorage.getItem(key));
    return Array.isArray(all) ? all.filter((q) => typeof q === "string" && q) : [];
  } catch {
    return []; // nothing may be kept, or what was kept is damaged
  }
}

function keep(q) {
  try {
    localStorage.setItem(key, JSON.stringify([q, ...read().filter((old) => old !== q)].slice(0, most)));
  } catch {
    // Nothing may be kept.
  }
}

const query = document.querySelector("[data-query]")?.dataset.query;
if (query) keep(query);

const section = document.querySelector("[data-recent]");
const all = section ? read() : [];
if (all.length > 0) {
  section.querySelector("ul").append(...all.map((q) => {
    const item = document.createElement("li");
    item.append(Object.assign(document.createElement("a"), { href: `/papers?${new URLSearchParams({ q })}`, textContent: q }));
    return item;
  }));
  section.querySelector("button").addEventListener("click", () => {
    localStorage.removeItem(key);
    section.hidden = true;
  });
  section.hidden = false;
}
