// What a person may do with a card now, and why the rest has to wait. The server decides; this is so
// that nobody is offered what it would refuse.
import { isLeft, needed, toReach } from "./counting.js";
import { conditions } from "./house.js";
import { OPEN, isHeld, listed, sentence } from "./words.js";

export const FROM = {
  claim: ["found", "expired"], release: ["claimed", "drafted"], draft: ["claimed", "drafted", "submitted", "approved"],
  submit: ["drafted", "claimed"], return: ["submitted", "approved"], approve: ["submitted"], fire: ["approved", "fired"],
  recall: ["scheduled", "firing"], settle: ["unknown"], withdraw: ["fired", "unknown"], dismiss: OPEN, unlock: [...OPEN, "expired"],
};
const WHILE_LOCKED = ["release", "dismiss", "unlock", "recall", "settle", "withdraw"];
const OWNERS = ["release", "draft", "submit"];
const ANSWERING = ["claim", "release", "draft", "submit", "dismiss"];
const NEEDS_SIGHT = ["approve", "fire"]; // never on a board that may be old

const answers = (card) => card.draft.reply_to !== null || card.kind === "complaint";

export class Allowed {
  constructor(card, me, feed, house, isUnsaved) {
    Object.assign(this, { card, me, feed, house, isUnsaved });
  }

  get isMine() {
    return this.me !== null && this.card.owner === this.me.name;
  }

  has(step) {
    if (!this.me) return false;
    return this.me.may.includes(step) || (answers(this.card) && this.me.roles.includes("responder") && ANSWERING.includes(step));
  }

  can(step) {
    const { card } = this;
    if (!this.has(step) || !FROM[step].includes(card.state)) return false;
    if (card.lock !== null ? !WHILE_LOCKED.includes(step) : step === "unlock") return false;
    if (NEEDS_SIGHT.includes(step) && (this.feed.gone || this.isUnsaved)) return false;
    if (step === "approve" && card.approvals.includes(this.me.name)) return false;
    if (step === "fire" && !isLeft(card, this.feed.setting.channels)) return false;
    return !OWNERS.includes(step) || this.isMine;
  }

  // The channels that a firing would reach now.
  get reach() {
    return toReach(this.card, this.feed.setting.channels);
  }

  // Why a step that is this person's has to wait for the house, else "".
  blocked(step) {
    const { card, me, feed, house } = this;
    if (house.unread !== null) return `You have not acknowledged version ${house.unread} of the rules.`;
    if (step === "submit") return "";
    const now = conditions(feed);
    if (now && !now.onDuty.some((one) => one.name === me.name)) return "You are not on duty: go on duty first.";
    if (step === "approve") return feed.setting.own_approval || card.written_by !== me.name ? "" : "Nobody approves their own words here.";
    if (!now) return "";
    if (now.crisis && !answers(card)) return `A crisis is open (${now.crisis.why}): promotions are held.`;
    const shut = this.reach.map((one) => now.why(one.name));
    return shut.length && shut.every(Boolean) ? `Nothing can leave: ${shut[0]}.` : "";
  }

  get agreed() {
    const { card, feed } = this;
    return { have: card.approvals.length, need: needed(card, feed.setting.channels) };
  }

  // Why the next step waits, or what it will do.
  waits() {
    const { card, me, feed } = this;
    if (!me) return "Waits for your login to be known.";
    if (isHeld(card)) return `Held: ${sentence(card.lock)} ${this.can("unlock") ? "You may release the lock, and say why." : "Only a moderator may release the lock."}`;
    if (feed.gone) return "The board may be old: approving and firing wait for the connection.";
    const waits = card.waits_on ? sentence(`waits for ${card.waits_on}`) : "";
    switch (card.state) {
      case "found": return this.has("claim") ? "Nobody has it yet." : waits;
      case "claimed":
      case "drafted":
        if (!this.isMine) return `${card.owner} is writing.`;
        return this.has("draft") ? "" : "Waits for a writer: your roles do not write.";
      case "submitted": return this.approving() || waits;
      case "approved": return this.can("fire") ? this.blocked("fire") || `Fires once, at once, to ${reached(this.reach)}.` : waits;
      case "fired": return this.can("fire") ? `Not on ${listed(this.reach.map((one) => one.name))} yet.` : "";
      case "unknown": return "Nobody knows yet whether the network has it. It is being read back and will not be sent again by itself.";
      default: return waits;
    }
  }

  approving() {
    const { card, me, agreed } = this;
    if (!this.has("approve")) return "";
    if (card.approvals.includes(me.name)) return `You have agreed; ${agreed.need - agreed.have} more must.`;
    return this.blocked("approve") || "Approve it as it stands. Nothing is sent yet.";
  }
}

function reached(channels) {
  const isDry = channels.some((one) => one.is_dry);
  return `${listed(channels.map((one) => `${one.name} as ${one.account}`))}${isDry ? " (dry: kept, not sent)" : ""}`;
}
