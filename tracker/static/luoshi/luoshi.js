/* What every page needs: the theme switch, and forms that submit themselves when a choice changes. */
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-toggle-theme]")) return;
  const theme = document.documentElement.dataset.bsTheme === "dark" ? "light" : "dark";
  document.documentElement.dataset.bsTheme = theme;
  localStorage.setItem("theme", theme);
});
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-autosubmit]");
  if (form) form.requestSubmit();
});
/* Trees that fold: a row hides with everything below it. */
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fold]");
  if (!button) return;
  const open = button.getAttribute("aria-expanded") === "true";
  button.setAttribute("aria-expanded", String(!open));
  const table = button.closest("[data-tree]");
  const show = (parent, visible) => {
    for (const row of table.querySelectorAll(`tr[data-parent="${parent}"]`)) {
      row.hidden = !visible;
      const own = row.querySelector("[data-fold]");
      show(row.dataset.unit, visible && own?.getAttribute("aria-expanded") !== "false");
    }
  };
  show(button.dataset.fold, !open);
});
/* Lists whose rows can be picked: all at once, and what is done to them only where some are. */
const picked = (form) => document.querySelectorAll(`input[name="pick"][form="${form}"]:checked`).length;
const showPicked = (form) => {
  const count = picked(form);
  for (const place of document.querySelectorAll(`[data-picked="${form}"]`)) place.textContent = count;
  document.getElementById(form)?.classList.toggle("some-picked", count > 0);
};
document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-pick-all]");
  const form = all ? all.dataset.pickAll : event.target.name === "pick" ? event.target.getAttribute("form") : null;
  if (all) for (const box of document.querySelectorAll(`input[name="pick"][form="${form}"]`)) box.checked = all.checked;
  if (form) showPicked(form);
});
/* The next page is on its way: say so. */
const underWay = (on) => {
  document.documentElement.classList.toggle("under-way", on);
  if (on) setTimeout(underWay, 10000, false); // a download brings no new page
};
addEventListener("submit", (event) => setTimeout(() => event.defaultPrevented || underWay(true)));
addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || link.target || link.hasAttribute("download") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.origin === location.origin && !link.getAttribute("href").startsWith("#")) setTimeout(() => event.defaultPrevented || underWay(true));
});
addEventListener("pageshow", () => underWay(false));
