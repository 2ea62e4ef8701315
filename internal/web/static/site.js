// What a script adds to pages that are whole without it: the reader's own time,
// a button to copy, suggestions while typing, and keys.

const $$ = (selector) => [...document.querySelectorAll(selector)];

// Moments by the feed clock become the reader's own time, and how long it is until then.
const clock = new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

function untilThen(ms) {
  const minutes = Math.round(ms / 60000);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.round(minutes / 1440)} days`;
}

function localTimes() {
  for (const element of $$("time[data-when]")) {
    const then = new Date(element.dateTime);
    const left = then - Date.now();
    element.title ||= element.textContent;
    element.textContent = left > 0 ? `in ${untilThen(left)}, ${clock.format(then)}` : clock.format(then);
  }
}

localTimes();
setInterval(localTimes, 60000);

for (const button of $$("[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    const label = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}

// The menu of feeds closes like any other menu.
const closeMenus = (except) => $$("details.feeds[open]").forEach((menu) => { menu.open = menu === except; });
document.addEventListener("click", (event) => closeMenus(event.target.closest("details.feeds")));

// Suggestions are a script of their own, which comes when somebody is about to type.
for (const form of $$("form[data-suggest]")) {
  const load = () => import(form.dataset.suggest).then((m) => m.attach(form), () => {});
  form.addEventListener("focusin", load, { once: true });
  if (form.contains(document.activeElement)) load();
}

// Keys: j and k go from paper to paper, o opens an abstract, / leads to the box, ? says so.
const titles = $$("main article h3 a");

function step(by) {
  const here = document.activeElement?.closest("article")?.querySelector("h3 a");
  const at = titles.indexOf(here);
  const next = titles[at < 0 ? (by > 0 ? 0 : titles.length - 1) : at + by];
  next?.focus();
  next?.closest("article").scrollIntoView({ block: "nearest" });
}

function openAbstract() {
  const details = document.activeElement?.closest("article")?.querySelector("details.abstract");
  if (details) details.open = !details.open;
}

function help() {
  let dialog = document.querySelector("dialog.keys");
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.className = "keys";
    dialog.setAttribute("aria-labelledby", "keys-title");
    dialog.innerHTML = `<h2 id="keys-title">Keys</h2><dl>${[
      ["j", "next paper"], ["k", "previous paper"], ["o", "open its abstract"], ["Enter", "read it"], ["/", "to the box"], ["?", "this help"],
    ].map(([key, what]) => `<div><dt>${what}</dt><dd><kbd>${key}</kbd></dd></div>`).join("")}</dl><form method="dialog"><button class="btn">Close</button></form>`;
    document.body.append(dialog);
  }
  dialog.showModal();
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  o: openAbstract,
  "/": () => document.querySelector(".find input").focus(),
  "?": help,
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    document.querySelector("details.feeds[open] summary")?.focus();
    closeMenus(null);
  }
  const typing = event.target.closest("input, textarea, select, dialog, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
