// Counting: how long a text is on a channel, by that channel's own counting, and where it goes.
import { number, plural } from "./words.js";

const LINK = /https?:\/\/[^\s<>]*[^\s<>.,;:!?'")\]]/gi;
const FAR_MENTION = /(?<![\w/])(@\w+(?:[\w.-]*\w)?)@[\w-]+(?:\.[\w-]+)*/g;
const SLOT = /\{\s*[^\W\d_][^{}\n]{0,39}\}/g;
const letters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

export const count = (text) => [...letters.segment(text)].length;
export const bytes = (text) => new TextEncoder().encode(text).length;

// Letters as the channel counts them: on some, every link is as long as any other, and a mention
// counts without its domain.
export function counted(text, channel) {
  const each = channel.link_letters;
  return count(each === null ? text : text.replace(LINK, "x".repeat(each)).replace(FAR_MENTION, "$1"));
}

export function tooLong(text, channel) {
  const [over, size, most] = [counted(text, channel) - channel.limit, bytes(text), channel.limit_bytes];
  if (over > 0) return `${plural(over, "letter")} too many for ${channel.name}.`;
  return most !== null && size > most ? `${number(size - most)} bytes too many for ${channel.name}.` : "";
}

// What of a draft does not fit on a channel, in a sentence, else "".
export function misfit(draft, channel) {
  const { name } = channel;
  const texts = [textOn(draft, name), ...draft.more];
  const long = texts.map((text) => tooLong(text, channel)).find(Boolean);
  if (long) return long;
  if (texts.length > channel.thread) return channel.thread < 2 ? `${name} takes no thread.` : `${name} takes at most ${plural(channel.thread, "post")} in a thread.`;
  if (draft.pictures.length > channel.pictures) return `${name} takes ${channel.pictures ? `at most ${plural(channel.pictures, "picture")}` : "no picture"}.`;
  if (draft.poll && !channel.poll_options) return `${name} takes no poll.`;
  if (draft.reply_to !== null && !channel.takes_replies) return `${name} takes no answer to a post.`;
  return channel.visibilities.includes(draft.visibility) ? "" : `${name} shows posts to everyone only.`;
}

export const slotsOf = (text) => [...new Set(text.match(SLOT) ?? [])];

// Where a draft goes: to the channels that it names, to all when it names none.
export const chosen = (draft, channels) => (draft.channels.length ? channels.filter((one) => draft.channels.includes(one.name)) : channels);
export const textOn = (draft, name) => draft.own[name] ?? draft.text;

// The channels of a card that a firing would reach now.
export function toReach(card, channels) {
  const done = card.sendings.filter((one) => ["scheduled", "firing", "unknown", "sent"].includes(one.state)).map((one) => one.channel);
  return chosen(card.draft, channels).filter((one) => !done.includes(one.name));
}

// Whether anything is left to fire: what a person deleted is not fired again for its own sake.
export function isLeft(card, channels) {
  const deleted = card.sendings.filter((one) => one.state === "withdrawn").map((one) => one.channel);
  return toReach(card, channels).some((one) => !deleted.includes(one.name));
}

export const needed = (card, channels) => Math.max(1, ...chosen(card.draft, channels).map((one) => one.approvals));
