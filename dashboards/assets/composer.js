// The composer: what may be done with a card now, by this person, and why the rest has to wait.
import { clock, span } from "./clock.js";
import { el, fill, icon } from "./draw.js";
import { Drafts, bytes, count } from "./drafts.js";
import { actor, isHeld, number, result, stateIcon, stateWord, zoneOf } from "./words.js";

const ARMED_MS = 5000;
const BOUNCE_MS = 400; // a second tap so soon is the same tap
const FROM = {
  claim: ["found", "expired"], release: ["claimed", "drafted"], draft: ["claimed", "drafted", "submitted", "approved"],
  submit: ["drafted", "claimed"], return: ["submitted", "approved"], approve: ["submitted"], fire: ["approved"],
  dismiss: ["found", "claimed", "drafted", "submitted", "approved"],
  unlock: ["found", "claimed", "drafted", "submitted", "approved", "expired"],
};
const WHILE_LOCKED = ["release", "dismiss", "unlock"];
const OWNERS = ["release", "draft", "submit"];
const NEEDS_SIGHT = ["approve", "fire"]; // never on a board that may be old
const NOTES = { return: "What to change", dismiss: "Why we let it go", unlock: "Why the lock may be released" };
const SAY = { return: "Return it", dismiss: "Let it go", unlock: "Release the lock" };

export class Composer {
  constructor(part, feed, actions, tell) {
    Object.assign(this, { part, feed, actions, tell, card: null, me: null });
    this.area = part("text");
    this.note = document.getElementById("desk-note-text");
    this.drafts = new Drafts(this.area, feed, actions, tell, (id, answer) => id === this.id && this.heed(answer));
    this.reset(null);
  }

  reset(id) {
    Object.assign(this, { id, armedAt: null, noting: null, busy: null, error: "", changed: null, isEditing: false });
  }

  draw(card, me) {
    Object.assign(this, { card, me });
    if ((card?.id ?? null) !== this.id) {
      this.reset(card?.id ?? null);
      this.note.value = "";
    }
    const { part } = this;
    part("do").parentElement.hidden = card === null;
    part("write").hidden = !card || !this.isWriting;
    fill(part("changed"), card ? this.told() : []);
    fill(part("shown"), card ? this.shown() : []);
    if (!card) return;
    if (this.noting !== null && !this.can(this.noting) && !this.busy) this.noting = null;
    if (this.armedAt !== null && (!this.can("fire") || this.armedLeft <= 0)) this.armedAt = null;
    if (this.isWriting) {
      this.drafts.show(card);
      fill(part("count"), this.counted());
    }
    part("note").hidden = this.noting === null;
    part("note").querySelector("label").textContent = NOTES[this.noting] ?? "";
    fill(part("say"), this.error ? [el("p.told", null, this.error)] : []);
    fill(part("do"), this.buttons());
  }

  get text() {
    return this.isWriting ? this.area.value : (this.card.post?.text ?? this.card.text);
  }

  get isMine() {
    return this.me !== null && this.card.owner === this.me.name;
  }

  get isWriting() {
    const { card } = this;
    if (this.drafts.unsaved(card.id) !== null) return true;
    const isOpen = ["claimed", "drafted"].includes(card.state) || (this.isEditing && FROM.draft.includes(card.state));
    return isOpen && this.isMine && this.has("draft") && !isHeld(card);
  }

  get armedLeft() {
    return Math.ceil((ARMED_MS - (performance.now() - this.armedAt)) / 1000);
  }

  has(step) {
    return this.me !== null && this.me.may.includes(step);
  }

  can(step) {
    const { card } = this;
    if (!this.has(step) || !FROM[step].includes(card.state)) return false;
    if (card.lock !== null ? !WHILE_LOCKED.includes(step) : step === "unlock") return false;
    if (NEEDS_SIGHT.includes(step) && (this.feed.gone || this.drafts.unsaved(card.id) !== null)) return false;
    return !OWNERS.includes(step) || this.isMine;
  }

  // Why the next step waits, or what it will do.
  waits() {
    const { card, me, feed } = this;
    const { channel } = feed.setting;
    if (!me) return "Waits for your login to be known.";
    if (isHeld(card)) return `Held: ${sentence(card.lock)} ${this.can("unlock") ? "You may release the lock, and say why." : "Only a moderator may release the lock."}`;
    if (feed.gone) return "The board may be old: approving and firing wait for the connection.";
    switch (card.state) {
      case "found": return this.has("claim") ? "Nobody has it yet." : "Waits for a writer to claim it.";
      case "claimed":
      case "drafted":
        if (!this.isMine) return `${card.owner} is writing.`;
        if (!this.has("draft")) return "Waits for a writer: your roles do not write.";
        return this.over() || (this.text.trim() ? "Ready to submit." : "Write it, then submit.");
      case "submitted": return this.has("approve") ? "Approve it as it stands. Nothing is sent yet." : "Waits for an approver.";
      case "approved": return this.has("fire") ? `Fires once, at once, to ${channel.name} as ${channel.account}${channel.is_dry ? " (dry: kept, not sent)" : ""}.` : "Waits for an approver to fire it.";
      case "firing": return "On its way; it is sent once.";
      case "unknown": return "Nobody knows yet whether the network has it. It is being read back and will not be sent again by itself.";
      default: return "";
    }
  }

  over() {
    const { limit, limit_bytes: most, name } = this.feed.setting.channel;
    const [letters, size] = [count(this.text), bytes(this.text)];
    if (letters > limit) return `${number(letters - limit)} letters too many for ${name}.`;
    return most !== null && size > most ? `${number(size - most)} bytes too many for ${name}.` : "";
  }

  counted() {
    const { limit, limit_bytes: most } = this.feed.setting.channel;
    const kind = this.over() ? "span.over" : "span";
    const size = most === null ? "" : ` · ${number(bytes(this.text))} of ${number(most)} bytes`;
    const saved = this.drafts.saved(this.card.id);
    return [el(kind, null, el("b", null, number(count(this.text))), ` of ${number(limit)}${size}`), el(saved === "NOT saved" ? "span.over" : "span", null, saved && ` · ${saved}`)];
  }

  told() {
    const { card, changed } = this;
    const boxes = [];
    if (changed) {
      const who = actor(card);
      const mine = this.drafts.unsaved(card.id) !== null;
      const now = `Now: ${stateWord(card)}${who ? ` by ${who}` : ""}${mine ? `, with the text “${card.text || "none"}”. What you typed is kept.` : "."}`;
      const keep = mine && this.can("draft") && el("button.quiet", { type: "button", "data-act": "mine" }, "Save mine");
      const drop = mine && el("button.quiet", { type: "button", "data-act": "theirs" }, "Take what stands");
      boxes.push(el("div.told", { "data-key": "changed" }, el("b", null, "It changed meanwhile. "), `${sentence(changed)} ${now} `, keep, " ", drop));
    }
    if (card.release) boxes.push(el("div.told", { "data-key": "unlocked" }, el("b", null, `${card.release.who} released the lock at ${clock(card.release.at_ms, zoneOf(this.feed))}${card.lock === null ? "" : ", and it got worse since"}. `), el("p", { dir: "auto" }, card.release.reason)));
    if (card.note) boxes.push(el("div.told", { "data-key": "note" }, el("b", null, NOTE[card.state] ?? "Note"), el("p", { dir: "auto" }, card.note)));
    return boxes;
  }

  shown() {
    const { card, feed } = this;
    const { channel, brand } = feed.setting;
    const text = this.text;
    const zone = zoneOf(feed);
    const paper = text && el("div.paper", { "data-key": "paper" }, el("div.who", null, el("b", null, brand), el("span", null, card.post?.account ?? channel.account)), el("p", { dir: "auto" }, text));
    const says = text && el("p.shown-words", { "data-key": "says" }, this.isWriting || !card.written_by ? `As ${channel.name} shows it` : `${card.written_by} wrote it${card.approved_by ? `, ${card.approved_by} approved it` : ""}`);
    const end = ["fired", "dismissed", "expired", "firing", "unknown"].includes(card.state) && this.outcome(zone, channel);
    return [end, says, paper];
  }

  outcome(zone, channel) {
    const { card } = this;
    const who = actor(card);
    const url = card.post?.url;
    const link = url && /^https?:\/\//.test(url) && el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, "Look at it");
    const told = card.state === "fired" && result(card, channel);
    return el("p.line.outcome", { "data-key": "outcome", style: "margin-bottom:12px" }, stateIcon(card), el("b", null, stateWord(card)), `${who ? `by ${who} ` : ""}at ${clock(card.since_ms, zone)}`, link, told && el("span", null, told));
  }

  buttons() {
    const { card } = this;
    const button = (act, kind, word, on = true) => el(`button${kind}`, { type: "button", "data-act": act, "data-key": act, disabled: !on || this.busy !== null }, this.busy === act ? "…" : word);
    const small = [];
    if (this.can("release")) small.push(button("release", ".quiet", "Give it back"));
    if (this.can("dismiss") && this.noting === null) small.push(button("dismiss", ".quiet", "Let it go…"));
    if (this.can("draft") && !this.isWriting) small.push(button("edit", ".quiet", "Edit again"));
    const row = [];
    if (this.noting) row.push(button("cancel", "", "Back"), button(`say-${this.noting}`, ".main", SAY[this.noting]));
    else if (this.armedAt !== null) {
      // the one that fires stands where the first tap was not
      row.push(button("fire-now", ".fire", `Fire now, ${this.armedLeft} s`), button("disarm", "", "Not yet"));
    } else {
      if (this.can("unlock")) row.push(button("unlock", "", "Release the lock…"));
      if (this.can("claim")) row.push(button("claim", ".main", card.state === "expired" ? "Claim it, late" : "Claim it"));
      if (this.can("return")) row.push(button("return", "", "Return…"));
      if (this.can("approve")) row.push(button("approve", ".main", [icon("check"), " Approve"]));
      if (this.can("fire")) row.push(button("fire", ".main", [icon("send"), " Fire…"]));
      if (this.can("submit") || (this.isWriting && this.can("draft"))) row.push(button("submit", ".main", "Submit", this.isFit));
    }
    const step = this.armedAt !== null ? "Second tap, at the other end, fires. It cannot be taken back." : this.waits();
    return [row.length ? el("div.row", { "data-key": "row" }, row) : null, el("p", { "data-key": "waits" }, step), small.length && !this.armedAt ? el("div.row.end", { "data-key": "small" }, small) : null];
  }

  get isFit() {
    return this.text.trim() !== "" && !this.over();
  }

  focusText() {
    if (!this.card || !this.isWriting) return false;
    this.area.focus();
    return true;
  }

  press(act) {
    if (!this.card || this.busy) return;
    if (act === "fire" && this.can("fire")) this.armedAt = performance.now();
    else if (act === "disarm") this.armedAt = null;
    else if (act === "fire-now") {
      if (this.armedAt === null || performance.now() - this.armedAt < BOUNCE_MS || this.armedLeft <= 0) return;
      this.armedAt = null;
      this.take("fire");
    } else if (act in NOTES) this.noting = act;
    else if (act === "cancel") this.noting = null;
    else if (act.startsWith("say-")) this.say(act.slice(4));
    else if (act === "edit") this.isEditing = true;
    else if (act === "mine") this.drafts.saveAnyway(this.id);
    else if (act === "theirs") this.takeTheirs();
    else if (act === "submit") this.submit();
    else if (FROM[act] && this.can(act)) this.take(act);
    this.tell();
    if (act in NOTES) this.note.focus();
  }

  async take(step, text = "") {
    const { id } = this;
    this.busy = step;
    this.error = "";
    this.tell();
    const answer = await this.actions.take(id, step, text);
    if (this.id !== id) return false;
    this.busy = null;
    this.heed(answer);
    this.tell();
    return answer.status === 200;
  }

  heed(answer) {
    if (answer.status === 200) Object.assign(this, { changed: null, error: "" });
    else if (answer.status === 409) this.changed = answer.error;
    else this.error = answer.error;
  }

  async say(step) {
    const said = this.note.value.trim();
    if (!said) {
      this.error = "Say why, in a few words.";
    } else if (await this.take(step, said)) {
      this.note.value = "";
      this.noting = null;
      this.tell();
    }
  }

  async submit() {
    if (!this.isWriting || !this.isFit) return;
    const { id } = this;
    this.busy = "submit";
    if (this.drafts.unsaved(id) !== null && !(await this.drafts.save(id))) {
      if (this.id === id) this.busy = null;
      this.tell();
      return;
    }
    if (this.id !== id) return;
    if (await this.take("submit")) this.isEditing = false;
    this.tell();
  }

  takeTheirs() {
    this.drafts.drop(this.id);
    this.changed = null;
  }
}

const sentence = (said) => `${said.charAt(0).toUpperCase()}${said.slice(1).replace(/[.\s]+$/, "")}.`;

const NOTE = { drafted: "To change", approved: "Not sent", fired: "Already out", unknown: "Unknown", dismissed: "Let go", submitted: "Note" };
