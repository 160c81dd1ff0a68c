// Drafts: what a person writes is theirs. It is saved when the typing stops; nothing overwrites it.
const REST_MS = 600;
const AGAIN_MS = 3000;

export class Drafts {
  constructor(feed, actions, tell, heed) {
    Object.assign(this, { feed, actions, tell, heed });
    this.kept = new Map(); // by card: {draft, rev (of the work it was written on), savedAt, error, timer, isSaving}
  }

  // A card's draft: the one written here while it is not saved, else the server's.
  of(card) {
    return this.kept.get(card.id)?.draft ?? card.draft;
  }

  change(card, changes) {
    const kept = this.kept.get(card.id) ?? { draft: null, savedAt: null, timer: 0 };
    if (kept.draft === null) kept.rev = this.rev(card.id);
    kept.draft = { ...(kept.draft ?? card.draft), ...changes };
    this.kept.set(card.id, kept);
    this.rest(card.id, REST_MS);
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
    if (!kept || kept.draft === null) return true;
    clearTimeout(kept.timer);
    if (kept.isSaving) return kept.isSaving.then(() => this.save(id));
    if (kept.error?.status === 409) return false; // until a person has chosen
    const { draft, rev } = kept;
    kept.isSaving = this.actions.take(id, "draft", { draft }, rev);
    this.tell();
    const answer = await kept.isSaving;
    kept.isSaving = null;
    this.heed(id, answer, rev);
    if (answer.status === 200) {
      kept.savedAt = performance.now();
      kept.error = null;
      kept.rev = answer.card?.work_rev ?? this.rev(id);
      if (kept.draft === draft) kept.draft = null;
    } else {
      kept.error = answer;
      if (answer.status === 0 || answer.status >= 500) this.rest(id, AGAIN_MS);
    }
    this.tell();
    return answer.status === 200 && (kept.draft === null || this.save(id));
  }

  // Whether something is written here and not saved.
  isUnsaved(id) {
    return (this.kept.get(id)?.draft ?? null) !== null;
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
    if (kept.draft !== null) return "not saved yet";
    return kept.savedAt === null ? "" : `saved ${Math.max(0, Math.floor((performance.now() - kept.savedAt) / 1000))} s ago`;
  }
}
