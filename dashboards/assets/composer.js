// The composer: what is done with a card, by this person; it holds the state and takes the steps.
import { Allowed, FROM } from "./allowed.js";
import { actsOf } from "./acts.js";
import { Complaints } from "./complaints.js";
import { fill } from "./draw.js";
import { Drafts } from "./drafts.js";
import { panelOf, scheduled } from "./panels.js";
import { ImpressionsForm } from "./results.js";
import { shownOf } from "./shown.js";
import { localOf, soon, zones } from "./times.js";
import { NOTES, toldOf } from "./told.js";
import { isHeld } from "./words.js";
import { Writing } from "./writing.js";

const ARMED_MS = 5000;
const BOUNCE_MS = 400; // a second tap so soon is the same tap

export class Composer {
  constructor(part, feed, actions, house, tell) {
    Object.assign(this, { part, feed, actions, house, tell, card: null, me: null });
    this.drafts = new Drafts(feed, actions, tell, (id, answer, rev) => id === this.id && this.heed(answer, rev));
    this.writing = new Writing(part, part("text"), feed, this.drafts, tell);
    this.complaints = new Complaints(tell);
    this.impressions = new ImpressionsForm(feed, tell);
    this.note = document.getElementById("desk-note-text");
    this.reset(null);
  }

  // `noting` is the step whose reason is asked for, `panel` what else is asked, `channel` of which.
  reset(id) {
    Object.assign(this, { id, armedAt: null, noting: null, panel: null, channel: "", busy: null, error: "", changed: null, isEditing: false });
  }

  draw(card, me) {
    Object.assign(this, { card, me });
    if ((card?.id ?? null) !== this.id) {
      this.reset(card?.id ?? null);
      this.note.value = "";
      this.complaints.rest();
    }
    const { part } = this;
    part("do").parentElement.hidden = card === null;
    if (!card) {
      part("write").hidden = true;
      for (const name of ["changed", "tabs", "shown", "checks", "kits", "panel"]) fill(part(name), []);
      return;
    }
    this.allowed = new Allowed(card, me, this.feed, this.house, this.drafts.isUnsaved(card.id));
    this.settle();
    const { isWriting } = this;
    part("write").hidden = !isWriting;
    part("do").closest(".composer").classList.toggle("writing", isWriting);
    fill(part("changed"), toldOf(this));
    if (isWriting) this.writing.show(card);
    else for (const name of ["tabs", "kits"]) fill(part(name), []);
    fill(part("checks"), this.checks());
    fill(part("shown"), shownOf(this));
    part("note").hidden = this.noting === null;
    part("note").querySelector("label").textContent = NOTES[this.noting] ?? "";
    fill(part("panel"), panelOf(this));
    fill(part("say"), this.error ? [this.error] : []);
    fill(part("do"), actsOf(this));
    part("do").parentElement.hidden = !part("do").hasChildNodes() && !this.error;
  }

  // What was begun and is not possible any more is given up.
  settle() {
    const { allowed, panel } = this;
    if (this.noting !== null && !allowed.can(this.noting) && !this.busy) this.noting = null;
    if (panel && !allowed.can(panel.step) && !this.busy) this.panel = null;
    if (this.armedAt !== null && (!allowed.can("fire") || this.armedLeft <= 0)) this.armedAt = null;
  }

  get draft() {
    return this.drafts.of(this.card);
  }

  get isWriting() {
    const { card, allowed } = this;
    if (this.drafts.isUnsaved(card.id)) return true;
    const isOpen = ["claimed", "drafted"].includes(card.state) || (this.isEditing && FROM.draft.includes(card.state));
    return isOpen && allowed.isMine && allowed.has("draft") && !isHeld(card);
  }

  get isFit() {
    return !this.isEmpty && !this.stopping.length && !this.allowed.blocked("submit");
  }

  get isEmpty() {
    return ![this.draft.text, ...Object.values(this.draft.own)].some((text) => text.trim());
  }

  get stopping() {
    return this.complaints.stopping(this.card, this.draft, this.feed.setting.channels);
  }

  get armedLeft() {
    return Math.ceil((ARMED_MS - (performance.now() - this.armedAt)) / 1000);
  }

  // Looked over while something is written, or set for a time.
  checks() {
    const { card, draft, panel, feed } = this;
    const isDue = (this.isWriting && !this.isEmpty) || panel?.step === "fire";
    if (!isDue || feed.gone) return [];
    this.complaints.look(card, draft, panel?.step === "fire" ? scheduled(panel) : null);
    return this.complaints.drawn(card, draft, feed.setting.channels);
  }

  focusText() {
    if (!this.card || !this.isWriting) return false;
    this.part("text").focus();
    return true;
  }

  focusAlt() {
    const fields = [...this.part("more").querySelectorAll("[data-in^=alt-]")];
    (fields.find((one) => !one.value.trim()) ?? fields[0])?.focus();
    return fields.length > 0;
  }

  input(name, field) {
    if (!this.card) return;
    const [kind, what] = name.split("-");
    if (this.panel && kind === "panel") this.panel = { ...this.panel, [what]: field.value };
    else if (!this.impressions.input(this.card, kind, what, field)) this.writing.input(name, field);
    this.tell();
  }

  press(act, more = {}) {
    if (!this.card || this.busy) return;
    const { allowed } = this;
    const { channel = "" } = more;
    if (act === "fire" && allowed.can("fire") && !allowed.blocked("fire")) Object.assign(this, { armedAt: performance.now(), panel: null, noting: null });
    else if (act === "disarm") this.armedAt = null;
    else if (act === "fire-now") {
      if (this.armedAt === null || performance.now() - this.armedAt < BOUNCE_MS || this.armedLeft <= 0) return;
      this.armedAt = null;
      this.take("fire");
    } else if (act === "schedule") this.schedule();
    else if (act === "is-out" || act === "is-not-out") this.panel = { step: "settle", isOut: act === "is-out", channel, url: "", at: performance.now() };
    else if (act === "do-panel") this.doPanel();
    else if (act in NOTES && allowed.can(act)) Object.assign(this, { noting: act, channel, panel: null });
    else if (act === "cancel") Object.assign(this, { noting: null, panel: null });
    else if (act.startsWith("say-")) this.say(act.slice(4));
    else if (act === "edit") this.isEditing = true;
    else if (act === "mine") this.drafts.saveAnyway(this.id);
    else if (act === "theirs") this.takeTheirs();
    else if (act === "submit") this.submit();
    else if (act === "recall" && allowed.can(act)) this.take(act, { channel });
    else if (FROM[act] && allowed.can(act) && !(act === "approve" && allowed.blocked(act))) this.take(act);
    else if (!this.impressions.press(this.card, act, more) && this.isWriting) this.writing.press(act, more);
    this.tell();
    if (act in NOTES) this.note.focus();
  }

  schedule() {
    const [{ zone }] = zones(this.feed.setting.events);
    this.panel = { step: "fire", zone, local: localOf(soon(this.feed.boardMs), zone) };
    Object.assign(this, { noting: null, armedAt: null });
  }

  async doPanel() {
    const { panel } = this;
    if (!panel) return;
    let wish;
    if (panel.step === "fire") wish = { send_at: scheduled(panel), zone: panel.zone };
    else {
      if (performance.now() - panel.at < BOUNCE_MS) return;
      const url = panel.url.trim();
      wish = { channel: panel.channel, is_out: panel.isOut, ...(url ? { url } : {}) };
    }
    if (await this.take(panel.step, wish)) {
      this.panel = null;
      this.tell();
    }
  }

  async take(step, wish = {}) {
    const { id } = this;
    const rev = this.card.work_rev;
    this.busy = step;
    this.error = "";
    this.tell();
    const answer = await this.actions.take(id, step, wish);
    if (this.id !== id) return false;
    this.busy = null;
    this.heed(answer, rev);
    this.tell();
    return answer.status === 200;
  }

  // A refusal says that the work went on, or which rule forbids it: that one stands on the card.
  heed(answer, rev) {
    const isOld = answer.status === 409 && !answer.rule && (answer.card?.work_rev ?? rev) !== rev;
    if (answer.status === 200) Object.assign(this, { changed: null, error: "" });
    else if (isOld) this.changed = answer.error;
    else this.error = answer.rule && answer.card?.breach ? "" : answer.error;
    if (answer.rule === "rules") this.house.askRules();
  }

  async say(step) {
    const said = this.note.value.trim();
    if (!said) {
      this.error = "Say why, in a few words.";
    } else if (await this.take(step, { text: said, ...(this.channel ? { channel: this.channel } : {}) })) {
      this.note.value = "";
      this.noting = null;
      this.tell();
    }
  }

  async submit() {
    if (!this.isWriting || !this.isFit) return;
    const { id } = this;
    this.busy = "submit";
    if (this.drafts.isUnsaved(id) && !(await this.drafts.save(id))) {
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
