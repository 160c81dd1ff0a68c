// Drawing: elements from words (always as text, never as markup), and their change in place.
const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  dot: "M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3Z",
  ring: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm0 2.6a3.9 3.9 0 1 1 0 7.8 3.9 3.9 0 0 1 0-7.8Z",
  person: "M8 1.2a3.6 3.6 0 1 1 0 7.2 3.6 3.6 0 0 1 0-7.2ZM1.6 15c0-3.6 2.6-5.4 6.4-5.4s6.4 1.8 6.4 5.4Z",
  pen: "M11.6 1.2 14.8 4.4 5.4 13.8 1 15l1.2-4.4Z",
  wait: "M3 1h10v2.2L9.6 8l3.4 4.8V15H3v-2.2L6.4 8 3 3.2Z",
  check: "M13.4 2.6 15.2 4.4 6 13.8.9 8.7l1.8-1.8L6 10.2Z",
  send: "M1 2 15.4 8 1 14l1.6-5L9 8 2.6 7Z",
  lock: "M4 7V5a4 4 0 0 1 8 0v2h1.2v8H2.8V7Zm2 0h4V5a2 2 0 0 0-4 0Z",
  bolt: "M9.6 0 2.6 9h4L5.6 16l7.4-9.6H8.6Z",
  warn: "M8 .8 15.8 15H.2ZM7 5.6v4.8h2V5.6Zm0 5.9v2h2v-2Z",
  ask: "M8 .8a7.2 7.2 0 1 1 0 14.4A7.2 7.2 0 0 1 8 .8ZM5.2 6h1.9c0-.6.4-.9.9-.9s.9.3.9.8c0 .9-1.8 1-1.8 3h1.8c0-1.1 1.9-1.3 1.9-3.2 0-1.5-1.2-2.4-2.8-2.4S5.2 4.3 5.2 6Zm1.8 4.2v2h2v-2Z",
  no: "M8 .8a7.2 7.2 0 1 1 0 14.4A7.2 7.2 0 0 1 8 .8Zm0 2.4a4.8 4.8 0 0 0-3 8.5l6.8-6.7A4.8 4.8 0 0 0 8 3.2Zm4.2 2.6-6.6 6.6a4.8 4.8 0 0 0 6.6-6.6Z",
  pause: "M3.4 2h3.4v12H3.4Zm5.8 0h3.4v12H9.2Z",
  stop: "M5 1h6l4 4v6l-4 4H5l-4-4V5Z",
  clock: "M8 .8a7.2 7.2 0 1 1 0 14.4A7.2 7.2 0 0 1 8 .8Zm0 2a5.2 5.2 0 1 0 0 10.4A5.2 5.2 0 0 0 8 2.8ZM7.1 4.4h1.8v3.2l2.4 1.7-1 1.5-3.2-2.3Z",
  cross: "M3.2 1.4 8 6.2l4.8-4.8 1.8 1.8L9.8 8l4.8 4.8-1.8 1.8L8 9.8l-4.8 4.8-1.8-1.8L6.2 8 1.4 3.2Z",
};

// el("b.keep", {id: "x"}, "text", node, ...): null and false children are left out.
export function el(what, attributes, ...children) {
  const [tag, ...classes] = what.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  said(node, node);
  return node;
}

// What stands in a field is a property, not an attribute: `data-value` and `data-on` say it.
function said(node, fresh) {
  const { value, on } = fresh.dataset;
  if (value !== undefined && node.value !== value) node.value = value;
  if (on !== undefined && node.checked !== (on === "true")) node.checked = on === "true";
}

export function icon(name, tone = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon ${tone}`.trim());
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  path.setAttribute("fill-rule", "evenodd");
  svg.append(path);
  return svg;
}

export function meter(word, share) {
  const on = Math.max(1, Math.min(5, Math.ceil(share * 5)));
  const steps = [1, 2, 3, 4, 5].map((step) => el(step <= on ? "i.on" : "i"));
  const label = `${word} ${on} of 5`;
  return el("span.meter", { role: "img", "aria-label": label }, word, el("span.steps", null, steps));
}

export function life(card, ms, tone) {
  const whole = Math.max(1, card.closes_high_ms - card.opened_ms, ms - card.opened_ms);
  const part = (name, length) => {
    const width = `width:${((Math.max(0, length) / whole) * 100).toFixed(2)}%`;
    return length > 0 && el(`span.${name}`, { style: width });
  };
  if (card.state === "fired") return el("div.life.tone-ok", null, el("span.sure", { style: "width:100%" }));
  return el(
    `div.life.tone-${tone}`,
    null,
    part("age", ms - card.opened_ms),
    part("sure", card.closes_low_ms - ms),
    part("perhaps", card.closes_high_ms - Math.max(ms, card.closes_low_ms)),
  );
}

// Make `old` look like `fresh` while its nodes, focus and a finger on a button stay where they are.
export function morph(old, fresh) {
  for (const { name } of [...old.attributes]) fresh.hasAttribute(name) || old.removeAttribute(name);
  for (const { name, value } of [...fresh.attributes]) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  fill(old, [...fresh.childNodes]);
  if (old.dataset) said(old, fresh);
}

// Nodes with a `data-key` are found again wherever they stand among their siblings.
export function fill(parent, children) {
  const wanted = children.flat(9).filter((child) => child !== null && child !== undefined && child !== false && child !== "");
  const fresh = wanted.map((child) => (typeof child === "string" ? document.createTextNode(child) : child));
  const keys = new Set(fresh.map(keyOf));
  const kept = new Map([...parent.childNodes].map((node) => [keyOf(node), node]));
  let at = parent.firstChild;
  for (const node of fresh) {
    while (at && keyOf(at) !== null && !keys.has(keyOf(at))) at = gone(at);
    const key = keyOf(node);
    const old = key === null ? at : kept.get(key);
    if (old && isSame(old, node)) {
      kept.delete(key);
      // rather lose what has no key than move what may have the focus
      while (key !== null && at && at !== old && !keys.has(keyOf(at) ?? "")) at = gone(at);
      if (old === at) at = at.nextSibling;
      else parent.insertBefore(old, at);
      if (old.nodeType !== Node.TEXT_NODE) morph(old, node);
      else if (old.data !== node.data) old.data = node.data;
    } else if (at && key === null && keyOf(at) === null) {
      const next = at.nextSibling;
      at.replaceWith(node);
      at = next;
    } else parent.insertBefore(node, at);
  }
  while (at) at = gone(at);
}

const keyOf = (node) => (node.nodeType === Node.TEXT_NODE ? null : node.getAttribute("data-key"));

function gone(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

const isSame = (old, fresh) => old.nodeName === fresh.nodeName && keyOf(old) === keyOf(fresh);
