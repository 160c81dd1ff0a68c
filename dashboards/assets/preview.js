// A post as its network will show it: name, words with what is a link in them, pictures, a poll.
import { slotsOf } from "./counting.js";
import { el } from "./draw.js";
import { plural } from "./words.js";

const MARKED = /(https?:\/\/[^\s<>]*[^\s<>.,;:!?'")\]])|(?<![\w@.])(@[\w.-]*\w)|(?<![\w&])(#[\p{L}\p{N}_]*\p{L}[\p{L}\p{N}_]*)|(\{[^{}\n]{1,40}\})/gu;

// The words of a post; links, names, tags and slots still open stand out.
function wordsOf(text) {
  const found = [];
  const slots = slotsOf(text);
  let from = 0;
  for (const match of text.matchAll(MARKED)) {
    const [whole, , , , slot] = match;
    if (slot && !slots.includes(slot)) continue;
    found.push(text.slice(from, match.index), el(slot ? "mark" : "span.facet", null, whole));
    from = match.index + whole.length;
  }
  return [...found, text.slice(from)];
}

// The messages that would leave: channels that show the same thing share one.
export function messagesOf(draft, channels) {
  const found = new Map();
  for (const channel of channels) {
    const text = draft.own[channel.name] ?? draft.text;
    found.set(text, [...(found.get(text) ?? []), channel]);
  }
  return [...found].map(([text, names]) => ({ text, channels: names }));
}

export function paperOf({ draft, text, brand, account, key, quotes = [] }) {
  const who = (handle) => el("div.who", null, el("span.face", { "aria-hidden": "true" }, brand.slice(0, 1)), el("b", null, brand), el("span", null, handle));
  const post = (words, ...rest) => el("div.post", null, who(account), words && el("p", { dir: "auto" }, wordsOf(words)), rest);
  return el(
    "div.paper", { "data-key": key },
    draft.reply_to && replyOf(draft.reply_to, quotes),
    post(text, picturesOf(draft.pictures), pollOf(draft.poll)),
    draft.more.map((more) => post(more)),
  );
}

// The post that is answered: in its own words where it stands on the card and may be read.
function replyOf(address, quotes) {
  const quote = quotes.find((one) => one.id === address && !one.rude && one.text);
  const said = quote ? [el("b", null, quote.author ?? "a post"), `: ${quote.text}`] : el("span.facet", null, address);
  return el("p.reply", { dir: "auto" }, "Answers ", said);
}

function picturesOf(pictures) {
  if (!pictures.length) return null;
  const shown = pictures.map(({ id, alt }) => el("figure", { "data-key": id }, el("img", { src: `/api/pictures/${encodeURIComponent(id)}`, alt, loading: "lazy" }), el(alt.trim() ? "span.alt" : "span.alt.none", { "aria-hidden": "true" }, alt.trim() ? "ALT" : "NO ALT")));
  return el(`div.pictures.of-${pictures.length}`, null, shown);
}

function pollOf(poll) {
  if (!poll) return null;
  const options = poll.options.map((option) => el("li", { dir: "auto" }, option));
  return el("div.poll", null, el("ul", null, options), el("p", null, `${poll.takes_many ? "Several may be chosen, o" : "O"}pen for ${lasts(poll.lasts_s)}`));
}

export function lasts(seconds) {
  const hours = Math.round(seconds / 3600);
  return hours < 48 ? plural(hours, "hour") : plural(Math.round(hours / 24), "day");
}

// What the pictures show, in words, for whoever approves them.
export function altsOf(pictures) {
  return pictures.map(({ id, alt }, at) => el("p.alt-words", { "data-key": `alt ${id}`, dir: "auto" }, el("b", null, pictures.length > 1 ? `Alt ${at + 1} ` : "Alt "), alt.trim() || "none"));
}
