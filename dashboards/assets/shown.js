// The post as its networks will show it, who agreed to it, and what became of it.
import { chosen } from "./counting.js";
import { conditions } from "./house.js";
import { el, icon } from "./draw.js";
import { altsOf, messagesOf, paperOf } from "./preview.js";
import { resultsOf } from "./results.js";
import { outcomeOf, sendingsOf } from "./sendings.js";
import { span } from "./clock.js";
import { listed } from "./words.js";

const ENDS = ["fired", "dismissed", "expired", "firing", "unknown", "scheduled"];

export function shownOf(composer) {
  const { card, feed, allowed, isWriting } = composer;
  return [
    ENDS.includes(card.state) && outcomeOf(card, feed),
    sendingsOf(card, feed, allowed),
    resultsOf(card, composer.impressions, feed, composer.me),
    !isWriting && agreedOf(card, feed, allowed),
    isWriting ? previewOf(composer) : papersOf(card, feed),
  ];
}

// While it is written: as the chosen channel shows it.
function previewOf({ card, writing, draft, feed, isEmpty }) {
  if (isEmpty && !draft.pictures.length && !draft.reply_to) return null;
  const { channel } = writing;
  const text = draft.own[channel.name] ?? draft.text;
  return [el("p.shown-words", { "data-key": "says" }, `As ${channel.name} shows it`), paperOf({ draft, text, brand: feed.setting.brand, account: channel.account, key: "paper", quotes: card.quotes })];
}

// What is approved or was sent, letter by letter: each different message once.
function papersOf(card, feed) {
  const { draft } = card;
  const { brand, channels } = feed.setting;
  if (![draft.text, ...Object.values(draft.own)].some((text) => text.trim())) return null;
  const sent = card.sendings.map((one) => channels.find((channel) => channel.name === one.channel) ?? { name: one.channel, account: one.account });
  const goes = sent.length && card.state !== "approved" ? sent : chosen(draft, channels);
  const messages = messagesOf(draft, goes);
  const by = card.written_by ? `, ${card.written_by} wrote it` : "";
  return messages.map(({ text, channels: names }, at) => [
    el("p.shown-words", { "data-key": `says ${at}` }, el("b", null, listed(names.map((one) => one.name))), messages.length > 1 ? "" : by),
    paperOf({ draft, text, brand, account: names[0].account, key: `paper ${at}`, quotes: card.quotes }),
    at === messages.length - 1 && altsOf(draft.pictures),
  ]);
}

// "1 of 2 have agreed: Noor." and who is asked, for how long, and who comes next.
function agreedOf(card, feed, allowed) {
  if (!["submitted", "approved", "scheduled", "firing", "unknown", "fired"].includes(card.state)) return null;
  const { have, need } = allowed.agreed;
  const names = have ? `: ${listed(card.approvals)}` : "";
  const is = have >= need ? icon("check", "ok") : icon("wait");
  const count = el("span", null, is, " ", el("b", null, `${have} of ${need}`), `${need === 1 ? " has agreed" : " have agreed"}${names}`);
  const asked = card.state === "submitted" && card.asked && el("span.second", null, askedWords(card, feed));
  return el("p.line.agreed", { "data-key": "agreed" }, count, asked);
}

function askedWords(card, feed) {
  const { own_approval: own } = feed.setting;
  const on = (conditions(feed)?.onDuty ?? []).filter((one) => one.roles.includes("approver")).map((one) => one.name);
  const able = on.filter((name) => !card.approvals.includes(name) && (own || name !== card.written_by));
  const at = able.indexOf(card.asked);
  const next = able[at + 1] ?? able[0];
  const then = next && next !== card.asked ? `; then ${next}` : "";
  return `${card.asked} is asked, ${span(feed.boardMs - card.asked_ms)}${then}`;
}
