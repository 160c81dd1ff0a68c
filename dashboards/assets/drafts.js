// Drafts: what a person types is theirs. It is saved when the typing stops; nothing overwrites it.
const REST_MS = 600;
const AGAIN_MS = 3000;
const letters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

export const count = (text) => [...letters.segment(text)].length;
export const bytes = (text) => new TextEncoder().encode(text).length;

export class Drafts {
  constructor(area, feed, actions, tell, heed) {
    Object.assign(this, { area, feed, actions, tell, heed });
    this.kept = new Map(); // by card: {text, rev (of the work it was typed on), savedAt, error, timer, isSaving}
    this.id = null;
    area.addEventListener("input", () => this.typed());
  }

  // Show a card's draft: the typed one while it is not saved, else the server's.
  show(card) {
    const changed = this.id !== card.id;
    this.id = card.id;
    const kept = this.kept.get(card.id);
    const text = kept && kept.text !== null ? kept.text : card.text;
    if (this.area.value !== text) this.area.value = text;
    if (changed) this.tell();
  }

  typed() {
    const kept = this.kept.get(this.id) ?? { text: null, savedAt: null, timer: 0 };
    if (kept.text === null) kept.rev = this.rev(this.id);
    kept.text = this.area.value;
    this.kept.set(this.id, kept);
    this.rest(this.id, REST_MS);
    this.tell();
  }

  rest(id, ms) {
    const kept = this.kept.get(id);
    clearTimeout(kept.timer);
    kept.timer = setTimeout(() => this.save(id), ms);
  }

  rev(id) {
    return this.feed.cards.get(id)?.work_rev ?? 0;
  }

  // Save over whatever stands there by now, because a person said so.
  saveAnyway(id) {
    const kept = this.kept.get(id);
    if (kept) Object.assign(kept, { rev: this.rev(id), error: null });
    return this.save(id);
  }

  // Save what is not saved yet; whether all of it is.
  async save(id) {
    const kept = this.kept.get(id);
    if (!kept || kept.text === null) return true;
    clearTimeout(kept.timer);
    if (kept.isSaving) return kept.isSaving.then(() => this.save(id));
    if (kept.error?.status === 409) return false; // until a person has chosen
    const text = kept.text;
    kept.isSaving = this.actions.take(id, "draft", text, kept.rev);
    this.tell();
    const answer = await kept.isSaving;
    kept.isSaving = null;
    this.heed(id, answer);
    if (answer.status === 200) {
      kept.savedAt = performance.now();
      kept.error = null;
      kept.rev = answer.card?.work_rev ?? this.rev(id);
      if (kept.text === text) kept.text = null;
    } else {
      kept.error = answer;
      if (answer.status === 0 || answer.status >= 500) this.rest(id, AGAIN_MS);
    }
    this.tell();
    return answer.status === 200 && (kept.text === null || this.save(id));
  }

  // What is typed and not saved, else null.
  unsaved(id) {
    return this.kept.get(id)?.text ?? null;
  }

  drop(id) {
    clearTimeout(this.kept.get(id)?.timer);
    this.kept.delete(id);
  }

  saved(id) {
    const kept = this.kept.get(id);
    if (!kept) return "";
    if (kept.isSaving) return "saving";
    if (kept.error) return "NOT saved";
    if (kept.text !== null) return "not saved yet";
    return kept.savedAt === null ? "" : `saved ${Math.max(0, Math.floor((performance.now() - kept.savedAt) / 1000))} s ago`;
  }
}
