// The list of moments, the evidence of the one chosen, and the way it has gone so far.
import { clock, left, span } from "./clock.js";
import { el, icon, life, meter } from "./draw.js";
import { labelOf } from "./teaching.js";
import { leavesAt } from "./sendings.js";
import { OPEN, actor, isHeld, isUrgent, isWeighed, number, pace, stateIcon, stateWord, tone, upside, zoneOf } from "./words.js";

const GOAL_MS = 600_000; // from first post to fired: what the best room has managed
const PHASES = { found: "Unclaimed", claimed: "Claimed", drafted: "Drafting", submitted: "Approval", approved: "To fire", scheduled: "Its time", firing: "Firing", unknown: "Unknown" };
const ENDS = ["fired", "dismissed", "expired"];

export function listOf(groups, chosen, feed, me) {
  const ms = feed.boardMs;
  const empty = { "To do": "Nothing to do.", Fired: "Nothing yet.", "Let go": "" };
  return groups.map(([name, cards]) => {
    if (!cards.length && !empty[name]) return null;
    const lines = cards.map((card) => el("li", { "data-key": card.id }, choice(card, card === chosen, ms, zoneOf(feed), me)));
    const title = el("h2", null, el("span", null, name), el("span", null, `${cards.length || ""}`));
    return el("section", { "data-key": name, "aria-label": name }, title, cards.length ? el("ul", null, lines) : el("p.second", { style: "padding:0 10px" }, empty[name]));
  });
}

function choice(card, isChosen, ms, zone, me) {
  const isOpen = OPEN.includes(card.state);
  const who = actor(card);
  const name = who && who === me?.name ? "you" : who;
  const word = isHeld(card) ? "HELD" : card.is_trial && isOpen ? "Unsure" : isOpen && name ? name : stateWord(card);
  const when = isOpen || card.state === "unknown" ? span(ms - card.since_ms) : clock(card.since_ms, zone, false);
  const leaves = card.state === "scheduled" && leavesAt(card);
  const state = leaves ? el("span", null, stateIcon(card), ` leaves at ${clock(leaves.send_ms, zone, false)}`) : el("span", null, isHeld(card) ? icon("lock") : stateIcon(card), ` ${word}, ${when}`);
  const end = isOpen && el("span.keep", null, isUrgent(card, ms) && icon("bolt", "act"), ` ${left(card.closes_low_ms - ms, card.closes_high_ms - ms).short}`);
  return el(
    "button", { type: "button", "data-card": card.id, "aria-current": isChosen ? "true" : null },
    el("h3", { dir: "auto" }, card.title), el("span.line", null, state, end), isOpen && life(card, ms, tone(card, ms)),
  );
}

export function storyOf(card, feed, labels, mayOpen) {
  const ms = feed.boardMs;
  const zone = zoneOf(feed);
  const isOpen = OPEN.includes(card.state);
  const chip = isHeld(card) ? el("span.chip.held", null, icon("lock"), "HELD") : isUrgent(card, ms) && el("span.chip.act", null, icon("bolt"), "ACT NOW");
  const ends = left(card.closes_low_ms - ms, card.closes_high_ms - ms);
  const reasons = (list) => el("dd", null, list.map((reason) => el("p", { dir: "auto" }, reason)));
  const lead = el(
    "div.lead", { "data-key": card.id },
    el("button.quiet.back", { type: "button", "data-act": "back" }, "All moments"),
    el("h1", { dir: "auto" }, card.title),
    el(
      "p.line", null, chip,
      el("span", null, el("b", null, span(ms - card.opened_ms)), el("span.second", null, " old")),
      el("span", null, el("b", null, number(card.posts)), el("span.second", null, card.posts === 1 ? " post" : " posts")),
      pace(card) && el("span.second", null, pace(card)),
      isOpen && el("span", null, el("b", null, `${ends.number} `), el("span.second", null, ends.unit)),
      card.is_over && el("span.second", null, "nobody speaks of it any more"),
    ),
    card.opened_by && el("p.second", null, `Opened by ${card.opened_by}${card.kind === "complaint" ? " to answer a post" : ""}`),
    card.is_trial && isOpen && el("p.unsure", null, icon("ask"), " Unsure: does this fit? Claim or dismiss teaches rtm."),
    isOpen && life(card, ms, tone(card, ms)),
  );
  const rest = el(
    "div.rest", { "data-key": `${card.id} rest` },
    el(
      "dl.facts", null,
      card.lock !== null && [el("dt", null, isHeld(card) ? "Held for" : "Locked since"), el("dd", { dir: "auto" }, card.lock)],
      el("dt", null, "Why now"), reasons(card.reasons.filter((reason) => !isWeighed(reason))),
      el("dt", null, "Why us"), reasons(card.reasons.filter(isWeighed)),
      el("dt", null, "Upside"), el("dd", null, meter("", upside(card)), ` ${Math.round(card.score)} of 100`),
      el("dt", null, "Risk"), el("dd", null, meter("", card.risk), ` ${Math.round(card.risk * 100)} % of what locks a story`),
    ),
    el("h2", null, "Terms"),
    el("ul.terms", null, card.terms.map((term) => el("li", { dir: "auto" }, term))),
    el("h2", null, "Posts ", el("span.second", null, `${card.quotes.length} of ${number(card.posts)}`)),
    el("ol.quotes", null, card.quotes.map((quote) => quoteOf(quote, zone, labels, mayOpen && isAddress(quote.id) && quote.id !== card.reply_to))),
  );
  return [lead, rest];
}

const revealed = new Set(); // ids of quotes that somebody here chose to read

export function reveal(id) {
  if (!revealed.delete(id)) revealed.add(id);
}

const isAddress = (id) => /^(at|https):\/\//.test(id);

function quoteOf(quote, zone, labels, isAnswerable) {
  const answer = isAnswerable && el("button.quiet.answer", { type: "button", "data-act": "answer", "data-quote": quote.id }, "Answer this post");
  if (quote.rude) return rudeQuoteOf(quote, zone, labels, revealed.has(quote.id), answer);
  return el(
    "li", { "data-key": quote.id },
    el("time.second", null, clock(quote.at_ms, zone)),
    el("span.second", { dir: "auto" }, quote.author ?? "author not told"),
    el("div", null, wordsOf(quote), el("div.line.of-quote", null, quote.text && labelOf(quote, labels), answer)),
  );
}

// A post that somebody named by its address may be one that the stream never told.
function wordsOf({ id, text }) {
  if (text) return el("p", { dir: "auto" }, text);
  const link = /^https?:\/\//.test(id) && el("a", { href: id, target: "_blank", rel: "noopener noreferrer" }, "Look at it");
  return el("p.second", null, "rtm has not read this post. ", link);
}

// Blurred letters are still letters: what is not shown does not stand in the page.
function rudeQuoteOf(quote, zone, labels, isShown, answer) {
  const hidden = (text) => "\u2022".repeat(Math.min(60, [...text].length));
  const veil = isShown ? null : "true";
  return el(
    isShown ? "li.rude" : "li.rude.veiled", { "data-key": quote.id },
    el("time.second", null, clock(quote.at_ms, zone)),
    el("span.second.blur", { dir: "auto", "aria-hidden": veil }, isShown ? quote.author ?? "author not told" : hidden("author")),
    el(
      "div", null,
      el("p.second", null, icon("warn"), ` Not for a public screen: ${quote.rude}. `),
      el("button.quiet", { type: "button", "data-reveal": quote.id, "aria-pressed": `${isShown}` }, "Show the post"),
      el("p.blur", { dir: "auto", "aria-hidden": veil }, isShown ? quote.text : hidden(quote.text)),
      isShown && el("div.line.of-quote", null, labelOf(quote, labels), answer),
    ),
  );
}

// From first post to fired: what each phase has taken, the present one still growing.
export function stepsOf(card, ms) {
  const spans = new Map([["Found", Math.max(0, card.found_ms - card.opened_ms)]]);
  card.steps.forEach((step, at) => {
    if (ENDS.includes(step.state)) return;
    const until = card.steps[at + 1]?.at_ms ?? ms;
    const phase = PHASES[step.state];
    spans.set(phase, (spans.get(phase) ?? 0) + Math.max(0, until - step.at_ms));
  });
  const total = [...spans.values()].reduce((sum, one) => sum + one, 0);
  const whole = Math.max(total, GOAL_MS);
  const present = PHASES[card.state];
  const bars = [...spans].map(([phase, length]) => el(phase === present ? "span.now" : "span", { style: `width:${((length / whole) * 100).toFixed(2)}%` }));
  const longest = [...spans].reduce((most, one) => (one[1] > most[1] ? one : most))[0];
  const words = [...spans].map(([phase, length]) => {
    const said = `${phase} ${span(length)}${spans.size > 2 && phase === longest ? ", longest" : ""}`;
    return phase === present ? el("b.keep", null, icon("wait"), ` ${said}`) : el("span.keep", null, icon("check", "ok"), ` ${said}`);
  });
  return [
    el("div.line", { style: "justify-content:space-between" }, el("b", null, "From first post to fired"), el("span", null, el("b", null, span(total)), el("span.second", null, total > GOAL_MS ? ", longer than 10:00" : " of 10:00"))),
    el("div.bar", { "aria-hidden": "true" }, bars),
    el("div.steps-words", null, words),
  ];
}
