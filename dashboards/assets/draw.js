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
  cross: "M3.2 1.4 8 6.2l4.8-4.8 1.8 1.8L9.8 8l4.8 4.8-1.8 1.8L8 9.8l-4.8 4.8-1.8-1.8L6.2 8 1.4 3.2Z",
};

// el("b.keep", {id: "x"}, "text", node, ...): null and false children are left out.
export function el(what, attributes, ...children) {
  const [tag, ...classes] = what.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== false && child !== ""));
  return node;
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
}

export function fill(parent, children) {
  const wanted = children.flat().filter((child) => child !== null && child !== false && child !== "");
  wanted.forEach((child, at) => {
    const fresh = typeof child === "string" ? document.createTextNode(child) : child;
    const old = parent.childNodes[at];
    if (!old) parent.append(fresh);
    else if (!isSame(old, fresh)) old.replaceWith(fresh);
    else if (old.nodeType !== Node.TEXT_NODE) morph(old, fresh);
    else if (old.data !== fresh.data) old.data = fresh.data;
  });
  while (parent.childNodes.length > wanted.length) parent.lastChild.remove();
}

function isSame(old, fresh) {
  return (
    old.nodeName === fresh.nodeName &&
    (old.nodeType === Node.TEXT_NODE || old.getAttribute("data-key") === fresh.getAttribute("data-key"))
  );
}
