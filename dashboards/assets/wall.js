// The wall: what the room needs to see, in order, and how far it may be trusted.
import { Chart } from "./chart.js";
import { bandsOf, conditions } from "./house.js";
import { leavesAt } from "./sendings.js";
import { clock, eventAt, left, span } from "./clock.js";
import { el, fill, icon, life, meter } from "./draw.js";
import {
  OPEN, TEACH, actor, clocks, costSoFar, heard, isHeld, isPromotion, isUrgent, mode, modeChip, moodLine, number, plural, shortResult, sourceLine,
  stateIcon, stateWord, tone, upside, volumeWords, why, zoneOf,
} from "./words.js";

const FIRED_MS = 30 * 60_000; // a fired card stays so long, with what came of it
const NEAR = 5;
const FAR = 2; // what stands at five metres with headlines of two lines

export function startWall(root, feed) {
  const isFar = new URLSearchParams(location.search).get("at") === "5m";
  const part = (name) => document.getElementById(`wall-${name}`);
  const parts = { head: part("head"), band: part("band"), main: part("main"), chart: part("chart"), words: part("chart-words"), mood: part("mood"), foot: part("foot"), state: part("state") };
  const chart = new Chart(part("plot"), parts.chart.dataset.plotly);
  root.classList.toggle("far", isFar);
  const draw = () => drawWall(root, parts, chart, feed, isFar);
  feed.listeners.push(draw);
  setInterval(draw, 1000);
  draw();
  keepAwake();
  setInterval(() => shift(root), 60_000);
}

// Fitting first, and what runs out first: two hours from now a moment is worth a third.
export function worth(card, ms) {
  const middle = (card.closes_low_ms + card.closes_high_ms) / 2 - ms;
  return card.score / (1 + Math.max(0, middle) / 3_600_000);
}

function rank(card) {
  if (card.state === "unknown") return 0; // somebody has to look
  if (card.is_trial) return 4; // at the desk, behind all else
  if (isHeld(card)) return 2;
  return card.state === "fired" ? 3 : 1;
}

function isShown(card, ms) {
  if (card.state === "dismissed" || card.state === "expired") return false;
  if (card.state === "fired") return ms - card.since_ms < FIRED_MS;
  return !(card.state === "found" && (card.is_over || card.closes_high_ms <= ms));
}

export function wallCards(cards, ms) {
  const shown = [...cards].filter((card) => isShown(card, ms));
  return shown.sort((a, b) => rank(a) - rank(b) || worth(b, ms) - worth(a, ms) || (a.id < b.id ? -1 : 1));
}

function drawWall(root, parts, chart, feed, isFar) {
  const { tick, setting } = feed;
  const isReady = tick !== null && setting !== null;
  const ms = feed.boardMs;
  const isWarm = isReady && tick.warm >= 1;
  const all = isWarm ? wallCards([...feed.cards.values()].filter((card) => !card.is_trial), ms) : [];
  const bands = isReady ? bandsOf(feed).filter(Boolean) : [];
  const room = (isFar ? FAR : NEAR) - bands.length; // a band takes the place of a card
  const cards = all.slice(0, Math.max(1, room));
  const isCrisis = Boolean(tick?.house?.crisis);
  const view = { ms, isCrisis, zone: zoneOf(feed), setting, isFar, isGone: feed.gone !== null };
  root.classList.toggle("gone", view.isGone || feed.isLoggedOut);
  root.classList.toggle("full", cards.length === NEAR);
  root.classList.toggle("alone", cards.length === 1);
  root.classList.toggle("few", cards.length === 0);
  root.classList.toggle("bare", !isWarm);
  parts.main.className = cards.length === NEAR ? "full" : "";
  parts.band.hidden = !bands.length;
  root.classList.toggle("banded", !parts.band.hidden);
  fill(parts.band, bands);
  fill(parts.head, head(root, feed, all.length, cards.length, isFar));
  fill(parts.main, isWarm && cards.length ? cards.map((card, at) => cardOf(card, at === 0, view)) : [words(feed, isReady, isWarm)]);
  parts.chart.hidden = !isWarm || isFar;
  if (isWarm) {
    fill(parts.words, volumeLine(tick.volume, view.isGone));
    const mood = moodLine(tick.mood, setting.brand, view.isGone);
    parts.mood.hidden = mood === null;
    fill(parts.mood, mood ? [el("span.second", null, `${TEACH.mood}: `), ...mood] : []);
    if (!isFar && cards.length < NEAR) chart.show(tick.volume, view.zone, view.isGone);
  }
  fill(parts.foot, isReady ? foot(feed, view, cards.length, isWarm) : []);
  const spoken = `${mode(feed)[0].replace(/ \d+ s$/, "")}. ${cards.length ? `${plural(all.length, "moment")}, first: ${cards[0].title}` : ""}`;
  if (parts.state.textContent !== spoken) parts.state.textContent = spoken;
}

function head(root, feed, all, shown, isFar) {
  const [, , , note] = mode(feed);
  const some = shown < all && !feed.gone ? `${shown} of ${all} moments` : "";
  return [
    el("strong.brand", null, root.dataset.brand),
    modeChip(feed),
    el("span.note.second", null, note || some),
    el("span.clocks", null, clocks(feed, isFar)),
  ];
}

function cardOf(card, isTop, { ms, zone, setting, isFar, isGone, isCrisis }) {
  const isKept = isHeld(card) || (isCrisis && isPromotion(card));
  const reason = el("p.why", null, el("span.second", null, isHeld(card) ? "Held for" : "Why us"), el("span", { dir: "auto" }, isHeld(card) ? card.lock : why(card)));
  const meters = el("span.meters", null, meter("Upside", upside(card)), meter("Risk", card.risk));
  const age = el("span.keep.age", null, el("b", null, span(ms - card.opened_ms)), el("span.second", null, " old"));
  const posts = el("span.second.cut", null, "· ", plural(card.posts, "post"));
  const frame = el(`article.card${isTop ? ".top" : ""}${isKept ? ".held" : ""}`, { "data-card": card.id, "data-state": card.state });
  const title = el("h2", { dir: "auto" }, card.title);
  const bar = life(card, ms, tone(card, ms));
  const ends = until(card, ms, isGone);
  const state = stateOf(card, ms, zone, isKept);
  const act = !isKept && isUrgent(card, ms) && el("span.chip.act", null, icon("bolt"), "ACT NOW");
  if (isTop) {
    const closes = OPEN.includes(card.state) && el("span.second.keep", null, `closes ${clock(card.closes_low_ms, zone, false)} to ${clock(card.closes_high_ms, zone, false)}`);
    const came = card.state === "fired" && el("span.keep", null, shortResult(card, setting.channels));
    const last = el("div.row.apart", null, el("span.cut", null, age, " ", posts), closes || came);
    const heading = el("div.head", null, title, ends);
    if (isFar) frame.append(heading, el("div.row", null, reason, meters), el("div.row", null, act, state, age), bar);
    else frame.append(heading, reason, el("div.row", null, act, state, meters), last, bar);
  } else if (isFar) {
    frame.append(el("div.head", null, title, ends), el("div.row.apart", null, state, age, meters), bar);
  } else {
    const came = card.state === "fired" && el("span.keep", null, shortResult(card, setting.channels));
    const end = came || (ends && el("span.keep", null, el("b", null, left(card.closes_low_ms - ms, card.closes_high_ms - ms).short), el("span.second", null, " left")));
    frame.append(title, reason, meters, el("div.row", null, act, state), el("div.row.apart", null, el("span.cut", null, age, !came && [" ", posts]), end), bar);
  }
  return frame;
}

function until(card, ms, isGone) {
  if (!OPEN.includes(card.state)) return null;
  const { number, unit } = left(card.closes_low_ms - ms, card.closes_high_ms - ms);
  return el("div.left", null, el("b", null, number), `${unit}${isGone ? " then" : ""}`);
}

function stateOf(card, ms, zone, isKept) {
  const since = el("b.keep", null, span(ms - card.since_ms));
  if (isKept) {
    const by = card.owner ? `${stateWord(card).toLowerCase()} by ${card.owner}` : stateWord(card).toLowerCase();
    return el("span.state", null, el("span.chip.held", null, icon("lock"), "HELD"), el("span.cut", null, `${by}, ${isHeld(card) ? "no jokes" : "until the crisis is over"}`));
  }
  const who = actor(card);
  const by = who ? ` by ${who}` : "";
  if (card.state === "fired") {
    const told = el("span.cut", null, el("b", null, "Fired"), `${by} at `, el("b", null, clock(card.since_ms, zone, false)));
    return el("span.state", null, stateIcon(card), told);
  }
  const leaves = leavesAt(card);
  if (card.state === "scheduled" && leaves) {
    return el("span.state", null, stateIcon(card), el("span.cut", null, el("b", null, stateWord(card)), `${by}, leaves at `, el("b", null, clock(leaves.send_ms, zone, false))));
  }
  const more = card.state === "unknown" ? " whether it was sent, read back for " : " for ";
  return el("span.state", null, stateIcon(card), el("span.cut", null, el("b", null, stateWord(card)), by, more, since));
}

function volumeLine(volume, isGone) {
  const said = volumeWords(volume);
  return [said.about, el("span.second", null, ` ${said.per}: `), el("span.keep", null, el("b", null, `${said.now} ${isGone ? "then" : "now"}, `), el("span.second", null, said.expected))];
}

function words(feed, isReady, isWarm) {
  const { tick, setting } = feed;
  if (!isReady) return el("section.words", null, el("h1", null, "Connecting to the board"));
  if (!isWarm) {
    const done = Math.floor(tick.warm * 100);
    return el(
      "section.words", null,
      el("h1", null, `${done} % warm`),
      el("progress", { max: "100", value: `${done}`, "aria-label": "Warm-up" }),
      el("p.big", null, tick.warm_note),
      el("p.second", null, "No moment is shown before the usual is known: else the usual would look like one."),
    );
  }
  const ms = feed.boardMs;
  const next = eventAt(setting.events, ms);
  const plan = next && next.start_ms > ms && el("p.second", null, `Next on the plan: ${next.title}, ${clock(next.start_ms, next.zone, false)}.`);
  const fact = (name, value) => el("div", { style: "display:contents" }, el("dd", null, value), el("dt", null, name));
  return el(
    "section.words", null,
    el("h1", null, "Nothing worth your time"),
    el("p.big", null, el("b", null, number(tick.posts)), " posts read, every one weighed."),
    plan,
    el("dl", null, fact(tick.rate_per_s < 1 ? "posts a minute" : "posts a second", number(rate(tick.rate_per_s))), fact(tick.stories === 1 ? "story followed" : "stories followed", number(tick.stories))),
  );
}

const rate = (perS) => (perS < 1 ? Math.round(perS * 60) : Math.round(perS));

function foot(feed, { ms, isFar, isGone, setting }, shown, isWarm) {
  const { tick } = feed;
  const sorted = [...tick.sources].sort((a, b) => heard(b, ms, tick.speed).age - heard(a, ms, tick.speed).age);
  const sources = (isFar ? sorted.slice(0, 1) : sorted.slice(0, 4)).map((source) => sourceLine(source, ms, tick.speed));
  const block = (name, ...figures) => el("div", { "data-key": name }, !isFar && el("div.second", null, name), el("div", null, figures, isFar && name === "Posts read" && el("span.second", null, " posts read")));
  const figure = (text) => el("b.figure.keep", null, text);
  const perS = tick.rate_per_s < 1 ? `${rate(tick.rate_per_s)} a minute` : `${number(rate(tick.rate_per_s))} a second`;
  const cost = costSoFar(feed, ms);
  const said = volumeWords(tick.volume);
  const isBusy = shown > 0 || !isWarm;
  const now = conditions(feed);
  return [
    isBusy && block("Posts read", figure(number(tick.posts)), !isFar && ` ${perS}`),
    isBusy && !isFar && isWarm && !(now && shown === NEAR) && block("Stories followed", figure(number(tick.stories))),
    shown === NEAR && block(`${said.about} ${said.per}`, figure(`${said.now} ${isGone ? "then" : "now"}`), `, ${said.expected}`),
    block(isGone ? "Last heard from, then" : "Last heard from", el("ul", null, sources)),
    now && onDuty(now, isFar),
    cost !== null && block(isGone ? "Cost then" : "Cost so far", figure(`EUR ${number(Math.floor(cost))}`)),
  ];
}

// Without a moderator nothing can leave: the one thing of the rota that a room must see.
function onDuty({ onDuty: people }, isFar) {
  const moderator = people.find((one) => one.roles.includes("moderator"));
  const words = moderator ? [icon("check", "ok"), el("b", null, " Moderator"), " on duty"] : [icon("no", "act"), el("b", null, " No moderator"), " on duty"];
  return el("div", { "data-key": "duty" }, !isFar && el("div.second", null, "House"), el("div.line-of", null, words));
}

async function keepAwake() {
  const ask = () => navigator.wakeLock?.request("screen").catch(() => null);
  await ask();
  document.addEventListener("visibilitychange", () => document.hidden || ask());
}

// One or two pixels a minute, around in a ring, so that nothing burns in.
function shift(root) {
  const turn = (Math.floor(Date.now() / 60_000) % 8) * (Math.PI / 4);
  root.style.setProperty("--shift-x", `${Math.round(Math.cos(turn) * 2)}px`);
  root.style.setProperty("--shift-y", `${Math.round(Math.sin(turn) * 2)}px`);
}
