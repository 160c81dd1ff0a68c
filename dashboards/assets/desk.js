// The desk: the list of moments, the one chosen, its composer, and the keys.
import { Actions, get, post } from "./actions.js";
import { Aside } from "./aside.js";
import { Composer } from "./composer.js";
import { el, fill, icon } from "./draw.js";
import { footOf, headOf, paceOf } from "./frame.js";
import { House, STOPPERS, isOneOf } from "./house.js";
import { CrisisSheet, MomentSheet, StopSheet, likeWords } from "./sheets.js";
import { listOf, reveal, storyOf, stepsOf } from "./story.js";
import { Labels } from "./teaching.js";
import { OPEN, mode, modeChip } from "./words.js";
import { wallCards, worth } from "./wall.js";

const FIRING = ["scheduled", "firing", "unknown"];
const OPENERS = ["writer", "approver", "moderator", "responder"];
const BOUNCE_MS = 400; // a second tap so soon is the same tap

export function startDesk(root, feed) {
  const desk = new Desk(root, feed);
  feed.listeners.push(() => desk.draw());
  setInterval(() => desk.draw(), 1000);
  desk.begin();
}

class Desk {
  constructor(root, feed) {
    Object.assign(this, { root, feed, me: null, isAsking: false, firstId: null, sheet: null, sheetAt: 0, opened: "" });
    this.part = (name) => document.getElementById(`desk-${name}`);
    for (const frame of root.querySelectorAll(".area")) frame.replaceChildren(areaOf(frame.dataset));
    this.labels = new Labels(() => this.draw());
    this.aside = new Aside(feed, this.labels, () => this.draw());
    this.house = new House(feed, () => this.draw());
    this.composer = new Composer(this.part, feed, new Actions(feed), this.house, () => this.draw());
  }

  begin() {
    this.root.addEventListener("click", (event) => this.click(event));
    this.root.addEventListener("input", (event) => this.input(event));
    addEventListener("keydown", (event) => this.key(event));
    this.part("sheet").addEventListener("close", () => this.shut());
    addEventListener("hashchange", () => this.draw());
    this.aside.ask();
    this.draw();
  }

  async learnWho() {
    if (this.me || this.isAsking || this.feed.gone) return;
    this.isAsking = true;
    this.me = await get("/api/me");
    this.isAsking = false;
    if (this.me) this.draw();
  }

  groups() {
    const ms = this.feed.boardMs ?? 0;
    const cards = [...this.feed.cards.values()];
    const isToDo = (card) => OPEN.includes(card.state) || FIRING.includes(card.state);
    const shown = wallCards(cards.filter(isToDo), ms);
    const over = cards.filter((card) => isToDo(card) && !shown.includes(card)).sort((a, b) => worth(b, ms) - worth(a, ms));
    const latest = (a, b) => b.since_ms - a.since_ms || (a.id < b.id ? -1 : 1);
    const letGo = cards.filter((card) => card.state === "dismissed" || card.state === "expired").sort(latest);
    return [
      ["To do", shown],
      ["Fired", cards.filter((card) => card.state === "fired").sort(latest)],
      ["Let go", [...over, ...letGo]],
    ];
  }

  get chosenId() {
    try {
      return decodeURIComponent(location.hash.slice(1));
    } catch {
      return "";
    }
  }

  // Without a choice the first one is shown, where there is room beside the list; and it stays,
  // since a more urgent one must not push away what somebody is reading or writing.
  chosen(groups) {
    const { cards } = this.feed;
    if (!cards.has(this.firstId)) this.firstId = groups.flatMap(([, group]) => group)[0]?.id ?? null;
    return cards.get(this.chosenId) ?? cards.get(this.firstId) ?? null;
  }

  choose(id) {
    history.replaceState(null, "", id ? `#${encodeURIComponent(id)}` : location.pathname + location.search);
    this.part("story").scrollTop = 0;
    this.draw();
    if (id) this.part("list").querySelector("[aria-current=true]")?.scrollIntoView({ block: "nearest" });
    if (innerWidth <= 900) scrollTo(0, 0);
  }

  draw() {
    const { feed, part } = this;
    const isReady = feed.setting !== null && feed.tick !== null;
    this.learnWho();
    this.house.watchRules();
    const groups = isReady ? this.groups() : [];
    const card = isReady ? this.chosen(groups) : null;
    this.root.classList.toggle("chosen", feed.cards.has(this.chosenId));
    this.root.classList.toggle("gone", feed.gone !== null);
    fill(part("mode"), [modeChip(feed)]);
    fill(part("head"), headOf(feed, this.me));
    const mayOpen = isOneOf(this.me, OPENERS);
    fill(part("stop"), isReady && isOneOf(this.me, STOPPERS) && !feed.tick.house?.stopped ? [el("button.stop", { type: "button", "data-act": "stop" }, icon("stop", "act"), " Stop everything")] : []);
    fill(part("band"), isReady ? this.house.bands(this.me) : []);
    fill(part("house"), isReady ? this.house.bar(this.me) : []);
    fill(part("list"), isReady ? [...listOf(groups, card, feed, this.me), mayOpen && this.opener(), ...this.aside.drawn(this.me)] : []);
    fill(part("sheet"), this.sheet ? this.sheet.drawn() : []);
    fill(part("story"), card ? storyOf(card, feed, this.labels, mayOpen) : [el("p.second", null, isReady ? "No moment yet. The first one will stand here." : "Connecting to the board.")]);
    fill(part("steps"), card ? stepsOf(card, feed.boardMs) : []);
    this.composer.draw(card, this.me);
    part("pace").hidden = feed.setting?.mode !== "demo" || !feed.tick;
    fill(part("pace"), part("pace").hidden ? [] : paceOf(feed.tick));
    if (isReady) fill(part("foot"), footOf(feed));
    const spoken = `${mode(feed)[0].replace(/ \d+ s$/, "")}. ${card ? `${card.title}: ${card.state}` : ""}`;
    if (part("state").textContent !== spoken) part("state").textContent = spoken;
  }

  opener() {
    return el("div.opener", { "data-key": "opener" }, el("button.quiet", { type: "button", "data-act": "moment" }, "Open a moment…"), this.opened && el("p.second", { role: "status" }, this.opened));
  }

  open(sheet) {
    Object.assign(this, { sheet, sheetAt: performance.now() });
    this.draw();
    const dialog = this.part("sheet");
    dialog.tabIndex = -1;
    dialog.showModal();
    if (sheet.isQuick) dialog.focus();
  }

  shut() {
    this.sheet = null;
    if (this.part("sheet").open) this.part("sheet").close();
    this.draw();
  }

  press(act, data) {
    const { feed } = this;
    const tell = () => this.draw();
    if (this.sheet) {
      if (performance.now() - this.sheetAt < BOUNCE_MS) return;
      if (act === "shut") this.shut();
      else this.sheet.press(act);
    } else if (act === "stop") this.open(new StopSheet(feed, tell));
    else if (act === "crisis") this.open(new CrisisSheet(feed, tell, () => this.shut()));
    else if (act === "moment") this.open(new MomentSheet(feed, tell, (told) => this.came(told)));
    else if (act === "answer") this.answer(data.quote);
    else if (act === "back") this.choose("");
    else if (act === "aside") this.aside.turn();
    else if (!this.house.press(act, data)) this.composer.press(act, data);
  }

  answer(id) {
    const quote = this.composer.card?.quotes.find((one) => one.id === id);
    if (!quote) return;
    const terms = quote.author ? `@${quote.author.replace(/^@/, "")}` : this.composer.card.terms[0] ?? "";
    const title = `Answer ${quote.author ?? "a post"}: ${quote.text}`.slice(0, 120);
    this.open(new MomentSheet(this.feed, () => this.draw(), (told) => this.came(told), { title, terms, reply_to: id }));
  }

  // A moment was opened: it is chosen, once it stands on the board.
  came({ card, like }) {
    this.opened = likeWords(like);
    this.shut();
    if (card?.id) this.feed.put(card);
    this.choose(card?.id ?? card ?? "");
  }

  input(event) {
    const name = event.target.dataset?.in;
    if (!name) return;
    if (this.sheet) this.sheet.input(name, event.target);
    else this.composer.input(name, event.target);
    this.draw();
  }

  click(event) {
    const button = event.target.closest("button");
    if (!button || button.disabled) return;
    const { card, pace, speed, act, reveal: quote, label, so, forget } = button.dataset;
    if (card) this.choose(card);
    else if (quote) {
      reveal(quote);
      this.draw();
    }
    else if (label) this.labels.say(label, so === "true");
    else if (forget) this.aside.forgetting.press(forget);
    else if (pace) post("/api/pace", JSON.stringify(speed ? { do: pace, speed: Number(speed) } : { do: pace }));
    else if (act) this.press(act, button.dataset);
  }

  key(event) {
    const dialog = this.part("keys");
    const isTyping = event.target.closest?.("textarea, input, select");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !this.sheet) {
      event.preventDefault();
      this.composer.press("submit");
    } else if (event.key === "Escape" && isTyping) event.target.blur();
    if (isTyping || this.sheet || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === "?") dialog.open ? dialog.close() : dialog.showModal();
    if (dialog.open) return;
    const letter = event.key.toLowerCase();
    if (letter === "j") this.step(1);
    else if (letter === "k") this.step(-1);
    else if (letter === "c") this.composer.press("claim");
    else if (letter === "t" && this.composer.focusText()) event.preventDefault();
    else if (letter === "a" && this.composer.focusAlt()) event.preventDefault();
    else if (/^[1-9]$/.test(letter)) this.composer.press("kit", { at: `${Number(letter) - 1}` });
  }

  step(by) {
    const groups = this.groups();
    const cards = groups.flatMap(([, list]) => list);
    const at = cards.indexOf(this.chosen(groups)) + by;
    if (cards[at]) this.choose(cards[at].id);
  }
}

function areaOf({ area, rows, describedby }) {
  return el("textarea", { id: area, rows, "aria-describedby": describedby ?? null, spellcheck: "true", dir: "auto" });
}
