// The buttons at the foot of the composer: what may be done now, and what the next step waits for.
import { el, icon } from "./draw.js";
import { isReady } from "./panels.js";
import { SAY } from "./told.js";
import { listed, plural } from "./words.js";

export function actsOf(composer) {
  const { card, allowed, busy, noting, panel, armedAt, isWriting, house, feed } = composer;
  const button = (act, kind, word, on = true) => el(`button${kind}`, { type: "button", "data-act": act, "data-key": act, disabled: !on || busy !== null }, busy === act ? "…" : word);
  const row = [];
  const small = [];
  if (noting) row.push(button("cancel", "", "Back"), button(`say-${noting}`, ".main", SAY[noting]));
  else if (panel) row.push(button("cancel", "", "Back"), button("do-panel", ".main", panelWord(panel), isReady(panel, feed)));
  else if (armedAt !== null) {
    // the one that fires stands where the first tap was not
    row.push(button("fire-now", ".fire", `Fire now, ${composer.armedLeft} s`), button("disarm", "", "Not yet"));
  } else {
    if (allowed.can("unlock")) row.push(button("unlock", "", "Release the lock…"));
    if (allowed.can("claim")) row.push(button("claim", ".main", card.state === "expired" ? "Claim it, late" : "Claim it"));
    if (allowed.can("return")) row.push(button("return", "", "Return…"));
    if (allowed.can("approve")) row.push(button("approve", ".main", [icon("check"), " Approve"], !allowed.blocked("approve")));
    if (allowed.can("fire")) {
      const isOpen = !allowed.blocked("fire");
      if (card.state === "approved") row.push(button("schedule", "", [icon("clock"), " At a time…"], isOpen));
      row.push(button("fire", ".main", [icon("send"), card.state === "fired" ? " Fire there, too…" : " Fire…"], isOpen));
    }
    if (allowed.can("recall")) row.push(button("recall", ".main", card.sendings.length > 1 ? "Take all back" : "Take back"));
    if (allowed.can("submit") || (isWriting && allowed.can("draft"))) row.push(button("submit", ".main", "Submit", composer.isFit));
    if (allowed.can("release")) small.push(button("release", ".quiet", "Give it back"));
    if (allowed.can("dismiss")) small.push(button("dismiss", ".quiet", "Let it go…"));
    if (allowed.can("draft") && !isWriting) small.push(button("edit", ".quiet", "Edit again"));
  }
  if (house.version && armedAt === null) small.push(el("a.quiet", { href: "/rules", target: "_blank", rel: "noopener", "data-key": "rules" }, `Rules v${house.version}`));
  const words = wordsOf(composer);
  return [
    row.length ? el("div.row", { "data-key": "row" }, row) : null,
    (words || small.length > 0) && el("div.line.under", { "data-key": "under" }, el("p", { "data-key": "waits" }, words), small.length > 0 && el("div.small", { "data-key": "small" }, small)),
  ];
}

function panelWord({ step, isOut }) {
  if (step === "fire") return "Let it leave then";
  return isOut ? "It is out" : "It is not out";
}

function wordsOf(composer) {
  const { allowed, armedAt, noting, panel, isWriting, isEmpty, stopping } = composer;
  if (armedAt !== null) return `Second tap, at the other end, fires to ${listed(allowed.reach.map((one) => one.name))}. It cannot be taken back.`;
  if (noting || panel) return panel?.step === "fire" ? "It can be taken back until then." : "";
  const told = allowed.waits();
  if (told || !isWriting) return told;
  if (isEmpty) return "Write it, then submit.";
  if (stopping.length) return stopping.length === 1 ? stopping[0].words : `${plural(stopping.length, "check")} fail.`;
  return allowed.blocked("submit") || "Ready to submit.";
}
