// The interface's words, and what a card's numbers mean in them.
import { clock, eventAt, span, zoneName } from "./clock.js";
import { el, icon } from "./draw.js";

const ACT_MS = 15 * 60_000; // surely left, from which it is now or never
const LATE_S = 10;
const SILENT_S = 30;
const WEIGHT = /\s*\([+-][\d.]+\)\.?$/;

export const OPEN = ["found", "claimed", "drafted", "submitted", "approved"];
const HOLDS = [...OPEN, "scheduled"];

const STATES = {
  found: ["ring", "Unclaimed"],
  claimed: ["person", "Claimed"],
  drafted: ["pen", "Drafting"],
  submitted: ["wait", "Submitted"],
  approved: ["check", "Approved"],
  scheduled: ["clock", "Scheduled"],
  firing: ["send", "Firing"],
  fired: ["check", "Fired"],
  unknown: ["ask", "UNKNOWN"],
  dismissed: ["cross", "Let go"],
  expired: ["cross", "Too late"],
};

export const stateIcon = (card) => icon(STATES[card.state][0], card.state === "fired" ? "ok" : "");
export const stateWord = (card) => STATES[card.state][1];
export const number = (value) => value.toLocaleString("en");
export const sentence = (said) => (said ? `${said.charAt(0).toUpperCase()}${said.slice(1).replace(/[.\s]+$/, "")}.` : "");
export const listed = (names) => new Intl.ListFormat("en-GB").format(names);
export const plural = (count, word) => `${number(count)} ${word}${count === 1 ? "" : "s"}`;

export const whoTook = (card, state) => card.steps.findLast((step) => step.state === state)?.who ?? null;

export function actor(card) {
  if (card.state === "fired") return whoTook(card, "firing") ?? whoTook(card, "scheduled");
  if (card.state === "scheduled") return whoTook(card, "scheduled");
  if (card.state === "approved") return card.approvals.at(-1) ?? null;
  if (card.state === "dismissed") return whoTook(card, "dismissed");
  return card.state === "found" ? null : card.owner;
}

export const isHeld = (card) => card.lock !== null && HOLDS.includes(card.state);

// Whether a crisis holds it: whatever does not answer somebody, as far as a wall is told.
export const isPromotion = (card) => card.kind !== "complaint" && HOLDS.includes(card.state);

export const isUrgent = (card, ms) => OPEN.includes(card.state) && !isHeld(card) && card.closes_low_ms - ms < ACT_MS;

export function tone(card, ms) {
  if (card.state === "fired") return "ok";
  if (isHeld(card) || card.state === "dismissed" || card.state === "expired") return "held";
  return isUrgent(card, ms) ? "act" : "watch";
}

export const upside = (card) => Math.max(card.score / 100, 0);

// A source's word: how long ago it was heard, and how bad that is. Its seconds are the board's.
export function heard(source, ms, speed) {
  const age = source.heard_ms === null ? null : Math.max(0, ms - source.heard_ms) / 1000 / Math.max(1, speed);
  const isLost = source.state === "lost" || (age !== null && age >= SILENT_S);
  const isLate = source.state !== "live" || age === null || age >= LATE_S;
  const words = age === null ? "not yet" : age < 120 ? `${Math.floor(age)} s` : span(age * 1000);
  return { words, level: isLost ? "act" : isLate ? "watch" : "ok", age: age ?? Infinity };
}

export function sourceLine(source, ms, speed) {
  const { words, level } = heard(source, ms, speed);
  return el("li", { "data-level": level }, icon(level === "ok" ? "check" : "warn", level), el("span", null, source.name), el("b.keep", null, words));
}

// The word in LIVE's place: [word, icon, class, note].
export function mode(feed) {
  const { tick, setting } = feed;
  if (feed.isLoggedOut) return ["LOGGED OUT", "no", "gone", "log in again on this screen"];
  if (feed.gone) {
    const asOf = `board as of ${clock(tick.at_ms, zoneOf(feed))}`;
    return [`${feed.gone.toUpperCase()} ${feed.goneS} s`, "no", "gone", asOf];
  }
  if (!setting || !tick) return ["CONNECTING", "wait", "watch", ""];
  if (tick.speed === 0) return ["PAUSED", "pause", "watch", ""];
  if (tick.warm < 1) return ["WARMING UP", "wait", "watch", ""];
  const levels = tick.sources.map((source) => heard(source, feed.boardMs, tick.speed).level);
  if (levels.length && levels.every((level) => level === "act")) {
    return ["NO SOURCE", "warn", "watch", tick.sources[0].note];
  }
  const behind = tick.sources.find((source) => source.state === "catching up");
  if (behind) return ["CATCHING UP", "wait", "watch", behind.note];
  const note = tick.sources.find((source) => source.state !== "live")?.note ?? "";
  const speed = tick.speed !== 1 ? ` ${number(tick.speed)}x` : "";
  return [`${setting.mode.toUpperCase()}${speed}`, "dot", "", note];
}

export function modeChip(feed) {
  const [word, sign, kind] = mode(feed);
  return el(kind ? `span.mode.${kind}` : "span.mode", null, icon(sign), word);
}

export function zoneOf(feed) {
  const events = feed.setting?.events ?? [];
  return (eventAt(events, feed.boardMs ?? 0) ?? events.at(-1))?.zone;
}

// The event's clock and the viewer's own; while disconnected, this screen's.
export function clocks(feed, isFar = false) {
  if (feed.gone) {
    const next = feed.nextS;
    return [
      el("span.here", { "data-key": "screen" }, el("span.second", null, "this screen"), time(Date.now(), undefined)),
      next !== null && el("span.keep", { "data-key": "next" }, el("span.second", null, "next try in "), el("b", null, `${next} s`)),
    ];
  }
  const ms = feed.boardMs;
  if (ms === null) return [];
  const event = eventAt(feed.setting?.events ?? [], ms);
  const zone = zoneOf(feed);
  const here = el("span.here", { "data-key": "here" }, el("span.second", null, "here"), time(ms, undefined));
  if (isFar) return [el("span", { "data-key": "event" }, time(ms, zone))];
  if (!zone) return [el("span", { "data-key": "event" }, time(ms, undefined))];
  const own = clock(ms, zone) === clock(ms, undefined) ? null : here;
  return [el("span", { "data-key": "event" }, event && el("span.second.event", null, event.title), time(ms, zone)), own];
}

function time(ms, zone) {
  return el("time.keep", null, el("b", null, clock(ms, zone)), " ", zoneName(ms, zone));
}

// What came of a fired post, for a wall: in the place of the time that was left.
export function shortResult(card, channels) {
  const views = card.results?.views;
  if (views) return `${number(views)} views`;
  if (card.sendings.every((one) => channels.find((channel) => channel.name === one.channel)?.is_dry)) return "dry run, not sent";
  const lost = card.sendings.filter((one) => one.state === "refused").length;
  if (lost) return `refused by ${lost} of ${plural(card.sendings.length, "channel")}`;
  return card.sendings.some((one) => one.is_heard) ? "back in the stream" : "not heard back yet";
}

// What the room has cost so far: by the meter where there is one, else by the event's clock.
export function costSoFar({ tick, setting }, ms) {
  const meter = tick.house?.cost;
  if (meter) return meter.since_ms === null ? null : meter.eur;
  const event = setting.events.find((one) => one.start_ms <= ms && ms < one.end_ms);
  return event && setting.eur_per_hour > 0 ? ((ms - event.start_ms) / 3_600_000) * setting.eur_per_hour : null;
}

// The first reason without its weight, which is for the desk.
export function why(card) {
  return (card.reasons[0] ?? "").replace(WEIGHT, "");
}

// Reasons with a weight say why it fits the brand; the others what is known of the moment.
export const isWeighed = (reason) => WEIGHT.test(reason);

// How fast people speak of it, and whether ever faster: what changes in ten minutes, as a share.
export function pace(card) {
  if (card.is_over || !card.per_min) return "";
  const speed = card.per_min >= 1 ? `${number(Math.round(card.per_min))} a minute` : `${Math.max(1, Math.round(card.per_min * 60))} an hour`;
  const change = (10 * card.acceleration) / card.per_min;
  return `${speed}, ${change > 0.25 ? "rising" : change < -0.25 ? "falling" : "steady"}`;
}

const percent = (share, round = Math.round) => round(Number((share * 100).toFixed(6))); // 0.29 * 100 is 28.999…

// How people speak of the brand; bounds are rounded outwards. Null where too few do to tell.
export function moodWords(mood, brand, isGone) {
  if (!mood || mood.negative === null) return null;
  const hour = mood.window_s === 3600 ? "hour" : `${Math.round(mood.window_s / 60)} min`;
  const complain = mood.complaints === null ? "" : `; ${percent(mood.complaints)}\u00a0% complain`;
  return {
    share: `${percent(mood.negative)} % negative`,
    bounds: `(${percent(mood.low, Math.floor)} to ${percent(mood.high, Math.ceil)} %)`,
    rest: `of ${plural(mood.posts, "post")} that name ${brand}, ${isGone ? "that" : "last"} ${hour}${complain}`,
  };
}

export function moodLine(mood, brand, isGone = false) {
  const said = moodWords(mood, brand, isGone);
  if (!said) return null;
  const unusual = mood.is_unusual ? [", ", el("b.keep", null, icon("warn", "watch"), " unusually many"), ","] : [];
  return [el("b.keep", null, said.share), " ", el("span.keep", null, said.bounds), ...unusual, el("span.second", null, ` ${said.rest}`)];
}

// What stands where the team teaches.
export const TEACH = {
  mood: "Mood",
  tooFew: (posts, brand) => `Too few posts name ${brand} to tell: ${number(posts)} in the last hour.`,
  taughtBy: (labels) => (labels ? `learned from ${plural(labels, "label")}` : "by word lists only"),
  ask: "Is this negative?",
  negative: "Negative",
  notNegative: "Not negative",
  thanks: "Thank you.",
  noted: (isSo) => `Noted: ${isSo ? "negative" : "not negative"}`,
  quote: "Negative?",
  yes: "Yes",
  no: "No",
  failed: (error) => `Not noted. ${error}`,
  learned: "What rtm learned",
  forget: { relevance: "Forget what clicks taught", mood: "Forget what labels taught" },
  sure: "Really forget?",
  forgotten: "Forgotten.",
  notForgotten: (error) => `Not forgotten. ${error}`,
};

export function volumeWords(volume) {
  const last = volume.posts.length - 1;
  const [low, high] = [volume.low[last] ?? null, volume.high[last] ?? null];
  const every = volume.bucket_s % 60 ? `${volume.bucket_s} s` : `${volume.bucket_s / 60} min`;
  const expected = low === null || high === null ? "nothing to expect from yet" : `expected ${Math.floor(low)} to ${Math.ceil(high)}`;
  return { about: `Posts about ${volume.title}`, per: `per ${every}`, now: `${number(volume.posts[last] ?? 0)}`, expected };
}
