// Progressive enhancement only: every page works without it.
"use strict";

// Copy a sentence.
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1600);
  });
}

// Search as you type; "/" goes to the box, arrows and Enter choose, Escape closes.
const box = document.querySelector("[data-search]");
if (box) {
  const root = box.dataset.root;
  const ending = box.dataset.ending;
  const list = document.createElement("ul");
  list.className = "hits";
  list.id = "hits";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Search results");
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-controls", "hits");
  box.setAttribute("aria-expanded", "false");
  box.setAttribute("aria-autocomplete", "list");
  box.after(list);
  let entries = null;
  let chosen = -1;

  const load = async () => {
    if (!entries) {
      entries = fetch(root + "search.json").then((answer) => answer.json());
    }
    return entries;
  };
  const choose = (place) => {
    const items = [...list.children];
    chosen = items.length ? (place + items.length) % items.length : -1;
    items.forEach((item, i) => item.setAttribute("aria-selected", String(i === chosen)));
    if (chosen >= 0) {
      box.setAttribute("aria-activedescendant", items[chosen].id);
      items[chosen].scrollIntoView({ block: "nearest" });
    }
  };
  const close = () => {
    list.hidden = true;
    chosen = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };
  const fold = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  const show = async () => {
    const words = fold(box.value).split(/\s+/).filter(Boolean);
    if (!words.length) { close(); return; }
    const every = await load();
    const found = every.filter((e) => {
      const text = fold(e.label + " " + e.words);
      return words.every((w) => text.includes(w));
    });
    const rank = (e) => (fold(e.words) === words[0] ? 0 : fold(e.label).startsWith(words[0]) ? 1 : 2);
    found.sort((a, b) => rank(a) - rank(b));
    list.replaceChildren(...found.slice(0, 9).map((e, i) => {
      const item = document.createElement("li");
      item.id = "hit-" + i;
      item.setAttribute("role", "option");
      const link = document.createElement("a");
      link.href = (e.path ? root + e.path + ending : root + (ending ? "index" + ending : "") || "./") + (e.at ? "#" + e.at : "");
      link.tabIndex = -1;
      link.append(e.label);
      const kind = document.createElement("small");
      kind.textContent = e.kind;
      link.append(kind);
      item.append(link);
      return item;
    }));
    list.hidden = !list.children.length;
    box.setAttribute("aria-expanded", String(!list.hidden));
    chosen = -1;
  };

  box.addEventListener("input", show);
  box.addEventListener("focus", load, { once: true });
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); choose(chosen + 1); }
    if (event.key === "ArrowUp") { event.preventDefault(); choose(chosen - 1); }
    if (event.key === "Escape") { close(); }
    if (event.key === "Enter" && list.children.length && !list.hidden) {
      event.preventDefault();
      list.children[Math.max(0, chosen)].querySelector("a").click();
    }
  });
  document.addEventListener("click", (event) => { if (!box.parentElement.contains(event.target)) close(); });
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
    if (event.key === "/" && !typing) { event.preventDefault(); box.focus(); }
  });
}
