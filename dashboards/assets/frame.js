// The desk's frame: its head and foot, and the pace of a recording.
import { el } from "./draw.js";
import { clocks, costSoFar, mode, number, sourceLine } from "./words.js";

const SPEEDS = [1, 10, 60];
const KEYS = [["J", "next"], ["K", "before"], ["C", "claim"], ["T", "text"], ["Ctrl Enter", "submit"], ["?", "keys"]];

export function headOf(feed, me) {
  const note = mode(feed)[3];
  const cost = feed.tick && feed.setting ? costSoFar(feed, feed.boardMs) : null;
  return [
    el("span.event.second", null, note),
    cost !== null && el("span.keep.cost", { "data-key": "cost" }, el("span.second", null, "Cost "), el("b", null, `EUR ${number(Math.floor(cost))}`)),
    el("span.clocks", { "data-key": "clocks" }, clocks(feed)),
    me && el("span.keep", null, el("span.second", null, "You are "), el("b", null, me.name)),
  ];
}

export function footOf({ tick, boardMs }) {
  return [
    el("span.keys", null, KEYS.map(([key, word]) => el("span.keep", null, el("kbd", null, key), ` ${word}`))),
    el("ul", { "aria-label": "Last heard from" }, tick.sources.map((source) => sourceLine(source, boardMs, tick.speed))),
  ];
}

export function paceOf({ speed: now }) {
  const isPaused = now === 0;
  const button = (word, what, speed, pressed) => el("button", { type: "button", "data-pace": what, "data-speed": speed, "aria-pressed": pressed === null ? null : `${pressed}` }, word);
  return [
    el("span.second", null, "Demo"),
    button(isPaused ? "Go on" : "Pause", isPaused ? "resume" : "pause", null, isPaused),
    SPEEDS.map((speed) => button(`${speed}x`, "speed", `${speed}`, now === speed)),
    button("Next moment", "next", null, null),
  ];
}
