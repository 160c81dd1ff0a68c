// What is wrong with a draft: what the screen sees for itself, and what the server's checks say.
import { post } from "./actions.js";
import { chosen, misfit, slotsOf, textOn } from "./counting.js";
import { el, icon } from "./draw.js";

const REST_MS = 600;

export class Complaints {
  constructor(tell) {
    Object.assign(this, { tell, wanted: "", told: null, timer: 0 });
  }

  // Ask once the writing rests; the answer belongs to the very draft that was asked about.
  look(card, draft, sendAt = null) {
    const body = JSON.stringify({ draft, send_at: sendAt });
    const asked = `${card.id} ${body}`;
    if (asked === this.wanted) return;
    this.wanted = asked;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(card.id, body, asked), REST_MS);
  }

  async ask(id, body, asked) {
    const answer = await post(`/api/cards/${encodeURIComponent(id)}/check`, body);
    if (this.wanted !== asked) return;
    const found = answer.status === 200 ? answer.told.complaints ?? [] : [];
    this.told = { asked, id, found, isAnswered: answer.status === 200 };
    this.tell();
  }

  rest() {
    clearTimeout(this.timer);
    this.wanted = "";
  }

  // All complaints of a draft; what the server said of an older one stands until it is asked anew.
  of(card, draft, channels) {
    const own = ownOf(draft, channels);
    const told = this.told?.id === card.id ? this.told.found : [];
    const all = this.isFresh(card)
      ? [...told, ...own.filter((mine) => !told.some((one) => one.rule === mine.rule))]
      : [...own, ...told.filter((one) => !OURS.includes(one.rule))];
    return all.sort((one, other) => other.stops - one.stops);
  }

  isFresh(card) {
    return this.told !== null && this.told.id === card.id && this.told.asked === this.wanted && this.told.isAnswered;
  }

  // Why it cannot be submitted: what the screen sees, and what was said of this very draft.
  stopping(card, draft, channels) {
    const isFresh = this.isFresh(card);
    return this.of(card, draft, channels).filter((one) => one.stops && (isFresh || OURS.includes(one.rule)));
  }

  drawn(card, draft, channels) {
    const found = this.of(card, draft, channels);
    const isFresh = this.isFresh(card);
    const state = isFresh ? "live" : this.told && !this.told.isAnswered && this.told.asked === this.wanted ? "no answer yet" : "looking";
    const lines = found.map((one, at) => complaintOf(one, at));
    const fine = isFresh && !found.length && el("p.fine", { "data-key": "fine" }, icon("check", "ok"), " Nothing is wrong with it.");
    return [el("h2", { "data-key": "title" }, "Checks ", el("span.second", null, state)), fine, lines.length > 0 && el("ul", { "data-key": "list" }, lines)];
  }
}

const OURS = ["length", "alt", "slot"];

function ownOf(draft, channels) {
  const goes = chosen(draft, channels);
  const found = goes.map((one) => [one.name, misfit(draft, one)]);
  const misfits = found.filter(([, words]) => words).map(([name, words]) => ({ rule: "length", words, channel: name, stops: true }));
  const bare = draft.pictures.flatMap((picture, at) => (picture.alt.trim() ? [] : [at + 1]));
  const alts = bare.map((at) => ({ rule: "alt", words: `Picture ${at} has no alt text. Write it to submit.`, channel: null, stops: true }));
  const open = [...new Set([...goes.map((one) => textOn(draft, one.name)), ...draft.more].flatMap(slotsOf))];
  const slots = open.map((slot) => ({ rule: "slot", words: `${slot} is still to be filled in.`, channel: null, stops: true }));
  return [...misfits, ...alts, ...slots];
}

function complaintOf({ rule, words: said, channel, stops }, at) {
  const words = channel && !said.includes(channel) ? `${channel}: ${said}` : said;
  const key = rule === "alt" && el("kbd", null, "A");
  return el(stops ? "li.stops" : "li", { "data-key": `${rule} ${at}` }, icon(stops ? "warn" : "ask", stops ? "watch" : ""), el("span", { dir: "auto" }, words), ruleLink(rule), key);
}

export const ruleLink = (rule) => el("a.rule", { href: `/rules#${encodeURIComponent(rule)}`, target: "_blank", rel: "noopener" }, rule);
