// Times that a person chooses: a local date and time in a zone, and that moment said in others.
import { clock, span, zoneName } from "./clock.js";
import { el } from "./draw.js";

const MINUTE = 60_000;

export const viewerZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

function parts(ms, zone) {
  const options = { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const told = new Intl.DateTimeFormat("en-GB", options).formatToParts(ms);
  return Object.fromEntries(told.map((part) => [part.type, part.value]));
}

// A moment as a field for dates and times has it, in a zone.
export function localOf(ms, zone) {
  const { year, month, day, hour, minute } = parts(ms, zone);
  return `${year}-${month}-${day}T${hour}:${minute}`;
}

// The moment of a local time, or null. An hour that the clocks repeat means its first passing.
export function momentOf(local, zone) {
  const wanted = Date.parse(`${local}:00Z`);
  if (Number.isNaN(wanted)) return null;
  const offset = (ms) => Date.parse(`${localOf(ms, zone)}:00Z`) - ms;
  const tries = [wanted - offset(wanted - 86_400_000), wanted - offset(wanted + 86_400_000)];
  return tries.find((ms) => localOf(ms, zone) === local) ?? tries[0];
}

// The event's zone, the viewer's, UTC; each once.
export function zones(events) {
  const named = [...events.map((event) => [event.zone, "the event"]), [viewerZone(), "here"], ["UTC", ""]];
  const known = named.filter(([zone]) => isZone(zone));
  return known.filter(([zone], at) => known.findIndex(([other]) => other === zone) === at).map(([zone, what]) => ({ zone, what }));
}

function isZone(zone) {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: zone }));
  } catch {
    return false;
  }
}

// When something is: "Sun 3 Feb 20:15 CST, 21:15 here".
export function said(ms, zone) {
  const day = new Intl.DateTimeFormat("en-GB", { timeZone: zone, weekday: "short", day: "numeric", month: "short" }).format(ms).replace(",", "");
  const there = `${day} ${clock(ms, zone, false)} ${zoneName(ms, zone)}`;
  const [own, here] = [localOf(ms, viewerZone()), localOf(ms, zone)];
  if (own === here) return there;
  const otherDay = own.slice(0, 10) === here.slice(0, 10) ? "" : `${new Intl.DateTimeFormat("en-GB", { weekday: "short" }).format(ms)} `;
  return `${there}, ${otherDay}${clock(ms, undefined, false)} here`;
}

export const until = (ms, now) => (ms > now ? `in ${span(ms - now)}` : `${span(now - ms)} ago`);

// The next five minutes that are at least ten away.
export const soon = (now) => Math.ceil((now + 10 * MINUTE) / (5 * MINUTE)) * 5 * MINUTE;

// Two fields, for the time and for its zone; `name` begins the names of what they change.
export function fields(name, label, { local, zone }, choices) {
  const ms = momentOf(local, zone) ?? Date.now();
  const options = choices.map((one) => el("option", { value: one.zone }, `${zoneName(ms, one.zone)}${one.what ? `, ${one.what}` : ""}`));
  return el(
    "div.when", { "data-key": name },
    el("label", null, label, el("input", { type: "datetime-local", "data-in": `${name}-local`, "data-value": local })),
    el("label", null, "Zone", el("select", { "data-in": `${name}-zone`, "data-value": zone }, options)),
  );
}
