// What became of a post, a line for each channel, and what can still be done about it.
import { clock } from "./clock.js";
import { el, icon } from "./draw.js";
import { said, until } from "./times.js";
import { actor, stateIcon, stateWord, zoneOf } from "./words.js";

const SIGNS = { scheduled: "clock", firing: "send", sent: "check", refused: "warn", unknown: "ask", recalled: "cross", withdrawn: "cross" };
const WEB = /^https?:\/\//;

export function outcomeOf(card, feed) {
  const who = actor(card);
  const leaves = card.state === "scheduled" ? leavesAt(card) : null;
  const when = leaves === null ? `${who ? `by ${who} ` : ""}at ${clock(card.since_ms, zoneOf(feed))}` : `leaves ${said(leaves.send_ms, leaves.zone ?? zoneOf(feed))}, ${until(leaves.send_ms, feed.boardMs)}`;
  return el("p.line.outcome", { "data-key": "outcome" }, stateIcon(card), el("b", null, stateWord(card)), el("span", null, when));
}

// The first of a card's sendings to leave, while it waits for its time.
export function leavesAt(card) {
  return card.sendings.filter((one) => one.state === "scheduled").sort((a, b) => a.send_ms - b.send_ms)[0] ?? null;
}

export function sendingsOf(card, feed, allowed) {
  const { channels } = feed.setting;
  const lines = card.sendings.map((one) => lineOf(one, channels.find((channel) => channel.name === one.channel), feed, allowed, card));
  const isSaid = lines.length === 1 && card.state === "scheduled"; // by the line above
  return lines.length > 0 && !isSaid && el("ul.sendings", { "data-key": "sendings", "aria-label": "Channels" }, lines);
}

function lineOf(one, channel, feed, allowed, card) {
  const first = leavesAt(card);
  const press = (act, words) => el("button.quiet", { type: "button", "data-act": act, "data-channel": one.channel, "data-key": act }, words);
  const link = one.url && WEB.test(one.url) && el("a", { href: one.url, target: "_blank", rel: "noopener noreferrer", "data-key": "link" }, "Look at it");
  const acts = [
    one.state === "sent" && allowed.can("withdraw") && press("withdraw", "Delete it…"),
    one.state === "unknown" && allowed.can("settle") && [press("is-out", "It is out…"), press("is-not-out", "It is not out…")],
    one.state === "scheduled" && card.sendings.length > 1 && allowed.can("recall") && press("recall", "Take back"),
    ["refused", "recalled"].includes(one.state) && allowed.can("fire") && press("fire", "Try again…"),
  ];
  return el(
    "li", { "data-key": one.channel, "data-state": one.state },
    icon(SIGNS[one.state], one.state === "sent" ? "ok" : ["refused", "unknown"].includes(one.state) ? "watch" : ""),
    el("b", null, one.channel), el("span", { dir: "auto" }, ` ${words(one, channel, feed, first)}`), link, el("span.acts-of", null, acts),
  );
}

function words(one, channel, feed, first) {
  const why = one.reason ? `: ${one.reason}` : "";
  switch (one.state) {
    case "scheduled": return one.send_ms === first?.send_ms ? "leaves then" : `leaves ${said(one.send_ms, one.zone ?? zoneOf(feed))}`;
    case "firing": return "on its way";
    case "sent": return sent(one, channel);
    case "refused": return `refused${why}`;
    case "unknown": return `nobody knows yet whether it is out${why}`;
    case "recalled": return `taken back${why}`;
    case "withdrawn": return `deleted${why}`;
    default: return one.state;
  }
}

function sent(one, channel) {
  if (channel?.is_dry) return "dry run: kept, not sent";
  if (one.is_heard) return "is out, came back through the stream";
  return channel?.network === "bluesky" ? "is out, not come back through the stream yet" : "is out";
}
