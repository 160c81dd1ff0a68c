// The house: who is on duty, whether posts may leave and why not, which rules hold; and its bands.
import { get, insist, newKey } from "./actions.js";
import { clock } from "./clock.js";
import { el, icon } from "./draw.js";
import { listed, sentence, zoneOf } from "./words.js";

const RULES_MS = 5000; // between questions whether the rules were acknowledged in another window
const ARMED_MS = 5000;
const BOUNCE_MS = 400; // a second tap so soon is the same tap
const DECLARERS = ["moderator", "approver", "admin"];
const RESUMERS = ["moderator", "admin"];
export const STOPPERS = ["writer", "approver", "moderator", "responder", "admin"];

export const isOneOf = (me, roles) => me?.roles.some((role) => roles.includes(role)) ?? false;

// How the house is, or null where nobody told.
export function conditions({ tick }) {
  const house = tick?.house;
  if (!house?.channels.length && !house?.on_duty.length) return null;
  const { on_duty: onDuty, channels, stopped, crisis } = house;
  return { onDuty, channels, stopped, crisis, why: (name) => channels.find((one) => one.name === name)?.why ?? null };
}

// Across the whole screen: that all is stopped, that there is a crisis.
export function bandsOf(feed, more = () => null) {
  const house = feed.tick?.house;
  if (!house) return [];
  const at = (one) => clock(one.at_ms, zoneOf(feed), false);
  const band = (kind, sign, head, words) => el(`div.band.${kind}`, { "data-key": kind }, icon(sign), el("p", { dir: "auto" }, el("b", null, head), ` ${words}`), more(kind));
  return [
    house.stopped && band("stopped", "stop", "STOPPED", `by ${house.stopped.who} at ${at(house.stopped)}: ${sentence(house.stopped.why)} Nothing leaves.`),
    house.crisis && band("crisis", "warn", `CRISIS: ${sentence(house.crisis.why)}`, `Declared by ${house.crisis.who} at ${at(house.crisis)}; promotions are held.`),
  ];
}

export class House {
  constructor(feed, tell) {
    Object.assign(this, { feed, tell, rules: null, askedAt: -Infinity, askedFor: null, busy: null, error: "", armed: null, armedAt: 0 });
    addEventListener("focus", () => this.unread !== null && this.askRules());
  }

  // The version of the rules that this person has not acknowledged, or null.
  get unread() {
    return this.rules?.version && !this.rules.is_acknowledged ? this.rules.version : null;
  }

  get version() {
    return this.feed.tick?.house?.rules ?? this.rules?.version ?? null;
  }

  async askRules() {
    this.askedAt = performance.now();
    this.askedFor = this.feed.tick?.house?.rules ?? null;
    this.rules = (await get("/api/rules")) ?? this.rules;
    this.tell();
  }

  // Asked when there are other rules, and again until they are acknowledged in another window.
  watchRules() {
    const version = this.feed.tick?.house?.rules ?? null;
    if (version === null || this.feed.gone) return;
    const isOpen = this.unread !== null && performance.now() - this.askedAt > RULES_MS;
    if (version !== this.askedFor || isOpen) this.askRules();
  }

  bar(me) {
    const now = conditions(this.feed);
    if (!now) return [];
    const isOn = now.onDuty.some((one) => one.name === me?.name);
    const person = (one) => {
      const name = el("b", { dir: "auto" }, one.name === me?.name ? "you" : one.name);
      return el("span.keep", { "data-key": one.name }, icon("person"), name, one.roles.includes("moderator") && el("span.second", null, " moderator"));
    };
    const duty = me && el("button.quiet", { type: "button", "data-act": "duty", "data-key": "duty", disabled: this.busy === "duty", "data-on-duty": `${isOn}` }, isOn ? "Go off duty" : "Go on duty");
    return [
      el("div.duty", { "data-key": "on" }, el("span.second", null, now.onDuty.length ? "On duty" : "Nobody is on duty"), now.onDuty.map(person), duty),
      shutOf(now),
      leakOf(this.feed),
      (this.feed.tick.house.rota ?? []).map((words, at) => el("p.rota", { "data-key": `rota ${at}` }, icon("warn", "watch"), el("span", null, sentence(words)))),
      this.error && el("p.shut", { "data-key": "error", role: "alert" }, icon("warn", "watch"), el("span", null, this.error)),
      isOneOf(me, DECLARERS) && !now.crisis && el("button.quiet.crisis", { type: "button", "data-act": "crisis", "data-key": "crisis" }, "Crisis…"),
    ];
  }

  bands(me) {
    const end = (act, words, sure) => el("button.on-band", { type: "button", "data-act": act }, this.isArmed(act) ? sure : words);
    return bandsOf(this.feed, (kind) => {
      if (kind === "stopped") return isOneOf(me, RESUMERS) && end("resume", "Let posts leave again", "Really let them leave?");
      return isOneOf(me, DECLARERS) && end("crisis-over", "It is over", "Really over?");
    });
  }

  isArmed(act) {
    return this.armed === act && performance.now() - this.armedAt < ARMED_MS;
  }

  // Whether it was ours to press.
  press(act, { onDuty }) {
    if (act === "duty") this.send("duty", "/api/duty", { on: onDuty !== "true" });
    else if (act === "resume" || act === "crisis-over") this.twice(act);
    else return false;
    return true;
  }

  twice(act) {
    if (!this.isArmed(act)) Object.assign(this, { armed: act, armedAt: performance.now() });
    else if (performance.now() - this.armedAt >= BOUNCE_MS) {
      this.armed = null;
      if (act === "resume") this.send(act, "/api/resume", {});
      else this.send(act, "/api/crisis", { is_open: false });
    }
    this.tell();
  }

  async send(act, address, body) {
    if (this.busy) return;
    Object.assign(this, { busy: act, error: "" });
    this.tell();
    const answer = await insist(address, JSON.stringify(body), newKey());
    Object.assign(this, { busy: null, error: answer.status === 200 ? "" : answer.error });
    this.tell();
  }
}

// The latest of strangers' posts that give a secret away.
function leakOf(feed) {
  const [leak, ...more] = feed.tick.house.leaks ?? [];
  if (!leak) return null;
  const link = /^https?:\/\//.test(leak.post) && el("a", { href: leak.post, target: "_blank", rel: "noopener noreferrer" }, "Look at it");
  const words = [el("b", null, `LEAK of ${leak.label}, ${clock(leak.at_ms, zoneOf(feed), false)}: `), `“${leak.text}” `, link, more.length > 0 && el("span.second", null, ` and ${more.length} more`)];
  return el("p.shut", { "data-key": "leak", role: "alert" }, icon("warn", "act"), el("span", { dir: "auto" }, words));
}

// Why nothing, or not everything, can leave; all-stopped has its band.
function shutOf({ channels, stopped }) {
  const shut = channels.filter((one) => one.why !== null);
  if (!shut.length || stopped) return null;
  const isAll = shut.length === channels.length && shut.every((one) => one.why === shut[0].why);
  const words = isAll ? [el("b", null, "Nothing can leave: "), `${shut[0].why}.`] : shut.map((one) => [el("b", null, `${one.name}: `), `${sentence(one.why)} `]);
  return el("p.shut", { "data-key": "shut", title: isAll ? null : listed(shut.map((one) => one.name)) }, icon("no", "act"), el("span", null, words));
}
