// What else is asked before a step: when a post shall leave, and what somebody saw on the network.
import { el } from "./draw.js";
import { fields, momentOf, said, until, zones } from "./times.js";

export function scheduled({ local, zone }) {
  const ms = momentOf(local, zone);
  return ms === null ? null : new Date(ms).toISOString();
}

export function panelOf({ panel, feed }) {
  if (!panel) return [];
  return panel.step === "fire" ? whenOf(panel, feed) : seenOf(panel);
}

export const isReady = (panel, feed) => panel.step !== "fire" || (momentOf(panel.local, panel.zone) ?? 0) > feed.boardMs;

function whenOf(panel, feed) {
  const ms = momentOf(panel.local, panel.zone);
  const words = ms === null ? "Choose a date and a time." : ms <= feed.boardMs ? `${said(ms, panel.zone)} is over. Choose a later time.` : `Leaves ${said(ms, panel.zone)}, ${until(ms, feed.boardMs)}.`;
  return [fields("panel", "Leaves at", panel, zones(feed.setting.events)), el("p.shown-back", { "data-key": "said", role: "status" }, words)];
}

function seenOf({ isOut, channel, url }) {
  if (!isOut) return [el("p", { "data-key": "says" }, `Look on ${channel} first. What is said not to be out may be fired again.`)];
  return [el("label", { "data-key": "url" }, `Its address on ${channel}, if you have it`, el("input", { type: "url", inputmode: "url", "data-in": "panel-url", "data-value": url, placeholder: "https://…" }))];
}
