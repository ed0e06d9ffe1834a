/* The reading view and the review desk: choosing a finding here shows it there, keys press the buttons that are on
   the page, words selected in the text can be added. What is decided, and how, the server says. */
(() => {
  "use strict";

  /* Forms that take a while say so, and cannot be sent twice. */
  document.addEventListener("submit", (event) => {
    const button = event.target.dataset.busy && event.submitter;
    if (!button || event.defaultPrevented || button.hasAttribute("hx-post")) return;
    setTimeout(() => { button.disabled = true; button.textContent = event.target.dataset.busy; });
  });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  /* A form that came back: the first field to mend. */
  document.querySelector("#preview .is-invalid")?.focus();

  const desk = document.querySelector("[data-desk]");
  if (!desk) return;
  const $ = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const reviewing = desk.id === "desk";
  let chosen = null; // id of the chosen card
  let saved = false; // what is being edited has been stored, and its card may change

  const card = () => chosen && document.getElementById(chosen);
  const shown = () => all("[data-card]").filter((each) => !each.hidden);
  const marksOf = (key) => all(`mark[data-keys~="${key}"]`);
  const editor = () => $("#editor");

  function choose(key, { scrollText = true, scrollCard = true } = {}) {
    all(".chosen").forEach((each) => each.classList.remove("chosen"));
    chosen = key;
    if (!card()) return;
    card().classList.add("chosen");
    const marks = marksOf(key);
    marks.forEach((mark) => mark.classList.add("chosen"));
    if (scrollCard) card().scrollIntoView({ block: "nearest" });
    if (scrollText && marks[0]) scrollWithin($(".speech-text"), marks[0]);
  }

  /* Bring an element into the middle of its pane without moving the page around it. */
  function scrollWithin(pane, element) {
    if (pane.scrollHeight <= pane.clientHeight) return;
    const offset = element.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    pane.scrollTop += offset - pane.clientHeight / 3;
  }

  function step(by) {
    const cards = shown();
    const at = cards.findIndex((each) => each.id === chosen);
    const next = cards[at < 0 ? (by > 0 ? 0 : cards.length - 1) : at + by];
    if (next) choose(next.id);
  }

  function nextOpen(key) {
    const cards = shown();
    const at = cards.findIndex((each) => each.id === key);
    const open = (each) => each.dataset.state === "open" && each.id !== key;
    const next = cards.slice(at + 1).find(open) || cards.find(open);
    choose(next ? next.id : key);
  }

  desk.addEventListener("click", (event) => {
    const mark = event.target.closest("mark[data-keys]");
    if (mark && getSelection().isCollapsed) {
      showPane("findings");
      choose(mark.dataset.keys.split(" ").pop(), { scrollText: false });
    } else if (event.target.closest("[data-card]") && !event.target.closest("button, summary, input, textarea, select, a")) {
      choose(event.target.closest("[data-card]").id, { scrollCard: false });
    }
  });

  /* On a narrow screen one pane shows at a time. */
  function showPane(name) {
    const panes = $(".panes");
    if (!panes) return;
    panes.dataset.showing = name;
    all("[data-pane]").forEach((each) => each.classList.toggle("active", each.dataset.pane === name));
  }
  desk.addEventListener("click", (event) => {
    const pane = event.target.closest("[data-pane]");
    if (pane) showPane(pane.dataset.pane);
  });

  if (!reviewing) return;

  /* Filters: they only hide, so that nothing is fetched again. */
  function filter() {
    const wanted = Object.fromEntries(all("[data-filter]").map((each) => [each.dataset.filter, each.value]));
    const settled = { confirmed: ["confirmed", "edited", "merged", "split", "added"] };
    let left = 0;
    for (const each of all("[data-card]")) {
      const { tier, state, confidence } = each.dataset;
      each.hidden =
        (wanted.tier && tier !== wanted.tier) ||
        (wanted.state && !(settled[wanted.state] || [wanted.state]).includes(state)) ||
        (wanted.confidence && Number(confidence) < Number(wanted.confidence));
      left += !each.hidden;
    }
    $("#none-here").hidden = left > 0;
  }
  desk.addEventListener("input", (event) => { if (event.target.dataset.filter) filter(); });

  /* Keys press the button of the chosen finding that bears the key, or the page's own. */
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return escape();
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && editor()) return editor().requestSubmit();
    if (completionKeys(event)) return undefined;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return undefined;
    if (event.target.closest("input, textarea, select, dialog[open], [contenteditable]")) return undefined;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
    else if (key === "?" || key === "？") $("#help").showModal();
    else if (key === "w") { const why = card() && $(".why", card()); if (why) why.open = !why.open; }
    else if (key === "a" && addButton.hidden) selectSentence(0);
    else if (!addButton.hidden && !event.shiftKey && ["arrowdown", "arrowup"].includes(key)) selectSentence(key === "arrowdown" ? 1 : -1);
    else {
      const pressed = `[data-key="${CSS.escape(key)}"]`;
      const button = (card() && $(pressed, card())) || $(`.desk-filters ${pressed}, #add-selection${pressed}`);
      if (!button || button.hidden) return undefined;
      button.click();
    }
    event.preventDefault();
    return undefined;
  });
  desk.addEventListener("click", (event) => { if (event.target.closest("[data-close-editor]")) close(); });
  all("[data-help]").forEach((each) => each.addEventListener("click", () => $("#help").showModal()));

  function close() {
    editor()?.remove();
    document.activeElement?.blur();
  }
  function escape() {
    const suggestions = $(".suggestions");
    if (suggestions) suggestions.remove();
    else if (editor()) close();
    else getSelection().removeAllRanges();
  }

  /* Words selected in the text: offsets are counted in characters, as the server counts them. */
  const addButton = $("#add-selection");
  const text = $("#text");
  const length = (string) => [...string].length;

  function offset(node, at) {
    const paragraph = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("p[data-start]");
    if (!paragraph) return null;
    const range = document.createRange();
    range.setStart(paragraph, 0);
    range.setEnd(node, at);
    return Number(paragraph.dataset.start) + length(range.toString());
  }

  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    const within = !selection.isCollapsed && text.contains(selection.anchorNode) && text.contains(selection.focusNode);
    addButton.hidden = !within;
  });
  addButton.addEventListener("mousedown", (event) => event.preventDefault());
  addButton.addEventListener("click", () => {
    const range = getSelection().getRangeAt(0);
    const start = offset(range.startContainer, range.startOffset);
    const end = offset(range.endContainer, range.endOffset);
    if (start === null || end === null) return;
    showPane("findings");
    htmx.ajax("GET", `${text.dataset.add}?start=${start}&end=${end}`, { target: "#adding", swap: "innerHTML" });
  });

  /* Without a mouse: the sentence after the chosen finding, from there the one before or after. */
  function selectSentence(by) {
    const found = all("p[data-start]", text).flatMap(sentencesOf);
    const selection = getSelection();
    let at = found.findIndex((each) => selection.rangeCount && each.comparePoint(selection.anchorNode, selection.anchorOffset) === 0);
    if (by) at = Math.min(Math.max(at + by, 0), found.length - 1);
    else {
      const mark = chosen && marksOf(chosen).pop();
      at = mark ? found.findIndex((each) => each.comparePoint(mark, mark.childNodes.length) < 0) : 0;
    }
    if (!found[at]) return;
    selection.removeAllRanges();
    selection.addRange(found[at]);
    showPane("text");
    scrollWithin(text, found[at]);
  }
  function sentencesOf(paragraph) {
    const nodes = [];
    const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    for (let start = 0; walker.nextNode(); start += walker.currentNode.length) nodes.push([start, walker.currentNode]);
    const place = (offset) => {
      const [start, node] = nodes.findLast(([from]) => from <= offset);
      return [node, offset - start];
    };
    return [...paragraph.textContent.matchAll(/[^\s。！？；][^。！？；]*/g)].map((sentence) => {
      const range = document.createRange();
      range.setStart(...place(sentence.index));
      range.setEnd(...place(sentence.index + sentence[0].length));
      return range;
    });
  }

  /* Completing the name of a unit: arrows choose, Enter or Tab takes, a click too. */
  function complete(option) {
    const input = document.getElementById(option.closest("[data-for]").dataset.for);
    const before = input.value.replace(/[^、，,]*$/, "");
    input.value = before + option.dataset.complete;
    option.closest(".suggestions").remove();
    input.focus();
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function completionKeys(event) {
    const list = event.target.matches?.("[data-units]") && $(`.suggestions[data-for="${event.target.id}"]`);
    if (!list || event.isComposing || !["ArrowDown", "ArrowUp", "Enter", "Tab"].includes(event.key)) return false;
    const options = all("[data-complete]", list);
    const at = options.findIndex((each) => each.classList.contains("active"));
    if (event.key === "Enter" && at < 0) return false;
    if (event.key === "Enter" || event.key === "Tab") complete(options[Math.max(at, 0)]);
    else {
      const next = (at + (event.key === "ArrowDown" ? 1 : options.length - 1) + (at < 0 && event.key === "ArrowUp" ? 1 : 0)) % options.length;
      options.forEach((each, index) => each.classList.toggle("active", index === next));
    }
    event.preventDefault();
    return true;
  }
  desk.addEventListener("click", (event) => {
    const option = event.target.closest("[data-complete]");
    if (option) complete(option);
  });

  /* What htmx is about to send: which field is being typed in, and the unit that a name is to be an alias of. */
  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, parameters } = event.detail;
    if (elt.hasAttribute("data-reading")) parameters.typing = document.activeElement?.name || "";
    if (elt.hasAttribute("data-with-params")) {
      for (const field of elt.parentElement.querySelectorAll("[data-param]")) parameters[field.dataset.param] = field.value;
    }
  });
  /* What is chosen for an unknown unit is no part of the finding: reading the form again would take it away. */
  document.addEventListener("input", (event) => {
    if (event.target.matches?.("[data-param]")) event.stopPropagation();
  }, true);

  /* A card that is being edited is not replaced under the user's hands, and one that is the same already is left alone. */
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    const coming = fragment.querySelector?.("[data-card]") || fragment.firstElementChild;
    if (!target?.matches?.("[data-card]") || !coming) return;
    if ((target.contains(editor()) && !saved) || (coming.dataset.stamp && coming.dataset.stamp === target.dataset.stamp)) {
      event.detail.shouldSwap = false;
    }
  });
  document.addEventListener("saved", () => { saved = true; });
  document.addEventListener("decided", (event) => {
    if (saved) close();
    saved = false;
    settle();
    nextOpen(event.detail.key);
  });
  document.addEventListener("reopened", (event) => { settle(); if (event.detail.key) choose(event.detail.key); });
  document.addEventListener("added", (event) => { getSelection().removeAllRanges(); choose(event.detail.key); });
  /* Many at once are confirmed some at a time, so that each answer comes soon; the question is asked only once. */
  const bulk = $(".desk-bulk");
  document.addEventListener("more", (event) => {
    bulk.done.value = event.detail.done;
    bulk.requestSubmit();
  });
  bulk.addEventListener("htmx:confirm", (event) => {
    if (bulk.done.value === "0") return;
    event.preventDefault();
    event.detail.issueRequest(true);
  });
  bulk.addEventListener("htmx:beforeRequest", () => { bulk.done.value = "0"; });
  document.addEventListener("htmx:afterSettle", (event) => {
    settleSoon();
    const first = event.detail.target.matches?.(".slot, #adding") && $("[data-first]", event.detail.target);
    if (first) { first.focus(); event.detail.target.scrollIntoView({ block: "nearest" }); }
  });
  document.addEventListener("htmx:responseError", (event) => say(event.detail.xhr.status === 403 ? desk.dataset.forbidden : desk.dataset.failed));
  document.addEventListener("htmx:sendError", () => say(desk.dataset.offline));

  function say(words) {
    const alert = document.createElement("div");
    alert.className = "alert alert-danger";
    alert.textContent = words;
    $("#notice").replaceChildren(alert);
  }

  /* After cards have changed: each once and in order, the marks in the text as the cards say, the filters applied. */
  let due = 0;
  function settleSoon() { due ||= requestAnimationFrame(settle); }
  function settle() {
    cancelAnimationFrame(due);
    due = 0;
    const cards = new Map();
    for (const each of all("[data-card]")) {
      cards.get(each.id)?.remove();
      cards.set(each.id, each);
    }
    const order = [...cards.values()];
    const late = order.find((each, at) => at && Number(each.dataset.start) < Number(order[at - 1].dataset.start));
    if (late) {
      const after = order.find((each) => Number(each.dataset.start) > Number(late.dataset.start));
      if (after) after.before(late);
    }
    for (const mark of all("mark[data-keys]")) {
      const top = cards.get(mark.dataset.keys.split(" ").pop());
      if (top && mark.dataset.state !== top.dataset.state) mark.dataset.state = top.dataset.state;
    }
    filter();
    if (card()) { card().classList.add("chosen"); marksOf(chosen).forEach((mark) => mark.classList.add("chosen")); }
  }

  step(1);
})();
