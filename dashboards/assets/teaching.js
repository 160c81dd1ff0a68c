// What the team teaches: what it is asked, what it says of posts, and what it has forgotten.
import { insist, newKey } from "./actions.js";
import { clock } from "./clock.js";
import { el, icon } from "./draw.js";
import { TEACH, moodLine, zoneOf } from "./words.js";

const ASKED = 3;
const NOTES = 3;
const NAMED = 60; // letters of a post that name it to who cannot see where a button stands
const THANKS_MS = 4000;
const ARMED_MS = 5000;
const BOUNCE_MS = 400; // a second press sooner than this is a finger that trembled

// What was said here of posts; the same answer is sent under one key however often it is tried.
export class Labels {
  constructor(tell) {
    this.tell = tell;
    this.said = new Map(); // by post: {isSo, key, isBusy, notedAt, error}
  }

  of(post) {
    return this.said.get(post) ?? { isSo: null, isBusy: false, notedAt: null, error: "" };
  }

  isNoted(post) {
    return this.of(post).notedAt !== null;
  }

  isThanked(post) {
    return this.isNoted(post) && performance.now() - this.of(post).notedAt < THANKS_MS;
  }

  async say(post, isSo) {
    const before = this.of(post);
    if (before.isBusy || this.isNoted(post)) return;
    const said = { ...before, isSo, key: before.isSo === isSo ? before.key : newKey(), isBusy: true, error: "" };
    this.said.set(post, said);
    this.tell();
    const body = JSON.stringify({ post, what: "negative", is_so: isSo });
    const answer = await insist("/api/labels", body, said.key);
    const isDone = answer.status === 200;
    Object.assign(said, { isBusy: false, notedAt: isDone ? performance.now() : null, error: isDone ? "" : answer.error });
    this.tell();
  }
}

// The first press asks, a second one within five seconds forgets.
export class Forgetting {
  constructor(tell) {
    Object.assign(this, { tell, armed: null, armedAt: 0, said: null });
  }

  isArmed(what) {
    return this.armed === what && performance.now() - this.armedAt < ARMED_MS;
  }

  async press(what) {
    if (!this.isArmed(what)) {
      Object.assign(this, { armed: what, armedAt: performance.now(), said: null });
      this.tell();
    } else if (performance.now() - this.armedAt >= BOUNCE_MS) {
      this.armed = null;
      this.tell();
      const answer = await insist("/api/forget", JSON.stringify({ what }), newKey());
      this.said = answer.status === 200 ? TEACH.forgotten : TEACH.notForgotten(answer.error);
      this.tell();
    }
  }
}

export function moodOf({ tick, setting, gone }, notes) {
  const { mood } = tick;
  if (!mood && !notes.length) return null;
  const line = mood && (moodLine(mood, setting.brand, gone !== null) ?? TEACH.tooFew(mood.posts, setting.brand));
  const zone = zoneOf({ setting, boardMs: tick.at_ms });
  const told = notes.slice(0, NOTES).map((note) => el("li", { "data-key": `${note.at_ms}` }, el("p", { dir: "auto" }, el("time.second", null, clock(note.at_ms, zone, false)), ` ${note.text}`)));
  return el(
    "section.aside.teach", { "data-key": "mood", "aria-label": TEACH.mood },
    el("h2", null, TEACH.mood),
    mood && el("p", null, line),
    mood && el("p", null, TEACH.taughtBy(mood.labels)),
    told.length > 0 && el("ul", null, told),
  );
}

export function questionsOf(questions, labels) {
  const shown = questions.filter((one) => !labels.isNoted(one.id) || labels.isThanked(one.id)).slice(0, ASKED);
  if (!shown.length) return null;
  const lines = shown.map(({ id, text }) => {
    const thanks = labels.isNoted(id) && noted(id, labels, `${TEACH.thanks} `);
    const pair = !thanks && el("div.pair", null, press(id, true, TEACH.negative, text), press(id, false, TEACH.notNegative, text));
    return el("li", { "data-key": id }, el("p", { dir: "auto" }, text), thanks, pair, failed(id, labels));
  });
  return el("section.aside.teach", { "data-key": "questions", "aria-label": TEACH.ask }, el("h2", null, TEACH.ask), el("ul", null, lines));
}

// The small question beside a post that is quoted.
export function labelOf({ id, text }, labels) {
  if (labels.isNoted(id)) return noted(id, labels);
  const name = `${TEACH.quote} ${named(text)}`;
  return el("div.label", { role: "group", "aria-label": name }, el("span", null, TEACH.quote), press(id, true, TEACH.yes, text), press(id, false, TEACH.no, text), failed(id, labels));
}

export function footOf(forgetting, me) {
  const isAdmin = me?.roles.includes("admin") ?? false;
  const button = (what, word) => {
    const isArmed = forgetting.isArmed(what);
    return el(isArmed ? "button.quiet.armed" : "button.quiet", { type: "button", "data-forget": what, "data-key": what }, isArmed ? [icon("warn", "watch"), ` ${TEACH.sure}`] : word);
  };
  const buttons = isAdmin && Object.entries(TEACH.forget).map(([what, word]) => button(what, word));
  const said = isAdmin && forgetting.said && el("p", { role: "status", "data-key": "said" }, forgetting.said);
  return el("section.aside-foot.teach", { "data-key": "learned", "aria-label": TEACH.learned }, el("a", { href: "/api/learned", download: "learned.json" }, TEACH.learned), buttons, said);
}

const noted = (id, labels, before = "") => el("p.label", { role: "status" }, icon("check", "ok"), `${before}${TEACH.noted(labels.of(id).isSo)}`);

function failed(id, labels) {
  const { error } = labels.of(id);
  return error && el("p.told", { role: "alert" }, TEACH.failed(error));
}

function press(id, isSo, word, text) {
  return el("button.quiet", { type: "button", "data-label": id, "data-so": `${isSo}`, "aria-label": `${word}: ${named(text)}` }, word);
}

function named(text) {
  const letters = [...text];
  return letters.length > NAMED ? `${letters.slice(0, NAMED).join("")}…` : text;
}
