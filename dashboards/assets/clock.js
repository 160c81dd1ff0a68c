// Clocks: the event's own zone, the viewer's, and spans of time in few letters.
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const made = new Map();

function format(zone, seconds) {
  const key = `${zone} ${seconds}`;
  if (!made.has(key)) {
    const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    if (seconds) options.second = "2-digit";
    if (zone) options.timeZone = zone;
    try {
      made.set(key, new Intl.DateTimeFormat("en-GB", options));
    } catch {
      made.set(key, new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" }));
    }
  }
  return made.get(key);
}

export const clock = (ms, zone, seconds = true) => format(zone, seconds).format(ms);

// The letters people use for a zone (CST, EET), which one English or the other knows.
export function zoneName(ms, zone) {
  const names = ["en-US", "en-GB", "en-AU"].map((locale) => {
    try {
      const made = new Intl.DateTimeFormat(locale, { timeZone: zone || undefined, timeZoneName: "short" });
      return made.formatToParts(ms).find((part) => part.type === "timeZoneName").value;
    } catch {
      return "UTC";
    }
  });
  if (names[0] === "GMT") return "UTC"; // an offset of nothing
  return names.find((name) => /^[A-Z]{2,5}$/.test(name) && name !== "GMT") ?? names[0];
}

// The event that is on; else the next one; else none.
export function eventAt(events, ms) {
  const on = events.find((event) => event.start_ms <= ms && ms < event.end_ms);
  const next = events.filter((event) => event.start_ms > ms).sort((a, b) => a.start_ms - b.start_ms)[0];
  return on ?? next ?? null;
}

export function span(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 600) return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
  const minutes = Math.floor(s / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

// Time left as an interval: its number and its unit, so that they may differ in size.
export function left(lowMs, highMs) {
  if (highMs <= 0) return { number: "Over", unit: `since ${span(-highMs)}`, short: "over" };
  const [low, high] = [Math.max(0, lowMs), highMs];
  if (high < 2 * HOUR) {
    const [from, to] = [Math.floor(low / MINUTE), Math.ceil(high / MINUTE)];
    const number = from === to ? `${to}` : `${from}–${to}`;
    return { number, unit: to === 1 ? "minute left" : "minutes left", short: `${number} min` };
  }
  const to = Math.ceil(high / HOUR);
  if (low < HOUR) {
    const number = `${Math.floor(low / MINUTE)} min–${to} h`;
    return { number, unit: "left", short: number };
  }
  const from = Math.floor(low / HOUR);
  const number = from === to ? `${to}` : `${from}–${to}`;
  return { number, unit: "hours left", short: `${number} h` };
}
