// What stands above the draft: that it changed, came back, was refused by a rule, or that rules are unread.
import { ruleLink } from "./complaints.js";
import { clock } from "./clock.js";
import { el } from "./draw.js";
import { actor, sentence, stateWord, zoneOf } from "./words.js";

export const NOTES = { return: "What to change", dismiss: "Why we let it go", unlock: "Why the lock may be released", withdraw: "Why it is deleted" };
export const SAY = { return: "Return it", dismiss: "Let it go", unlock: "Release the lock", withdraw: "Delete it" };

const HEAD = { drafted: "To change", approved: "Not sent", fired: "Already out", unknown: "Unknown", dismissed: "Let go", submitted: "Note" };

export function toldOf(composer) {
  const { card, feed, house, changed, me } = composer;
  const isDone = ["fired", "dismissed", "expired"].includes(card.state);
  const box = (key, head, words, ...more) => el("div.told", { "data-key": key }, el("b", null, head), el("p", { dir: "auto" }, words), more);
  const unread = house.unread !== null && !isDone && el("div.told", { "data-key": "rules" }, el("b", null, `You have not acknowledged version ${house.unread}: `), el("a", { href: "/rules", target: "_blank", rel: "noopener" }, "read it"));
  const { release, breach } = card;
  const again = release && card.lock !== null ? ", and it got worse since" : "";
  return [
    unread,
    changed && changedOf(composer),
    breach && el("div.told", { "data-key": "breach" }, el("b", null, breach.who === me?.name ? "Refused by rule " : `${breach.who} was refused by rule `, ruleLink(breach.rule), ": "), el("p", { dir: "auto" }, sentence(breach.words.replace(/^\w+: /, "")))),
    release && box("unlocked", `${release.who} released the lock at ${clock(release.at_ms, zoneOf(feed))}${again}. `, release.reason),
    card.note && !isSaidBelow(card) && box("note", HEAD[card.state] ?? "Note", card.note),
  ];
}

// The line of a channel says it already.
const isSaidBelow = (card) => card.sendings.some((one) => one.reason === card.note);

function changedOf({ card, drafts, allowed, changed }) {
  const who = actor(card);
  const isMine = drafts.isUnsaved(card.id);
  const now = `Now: ${stateWord(card)}${who ? ` by ${who}` : ""}${isMine ? `, with the text “${card.text || "none"}”. What you typed is kept.` : "."}`;
  const press = (act, words) => el("button.quiet", { type: "button", "data-act": act }, words);
  return el(
    "div.told", { "data-key": "changed" },
    el("b", null, "It changed meanwhile. "), `${sentence(changed)} ${now} `,
    isMine && allowed.can("draft") && press("mine", "Save mine"), " ", isMine && press("theirs", "Take what stands"),
  );
}
