// The one chart: bars of what came, in the band of what was to be expected.
import { clock } from "./clock.js";

let loading = null;

function library(address) {
  loading ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => done(window.Plotly);
    script.onerror = () => {
      loading = null;
      failed(new Error("no drawing library"));
    };
    document.head.append(script);
  });
  return loading;
}

export class Chart {
  constructor(node, address) {
    this.node = node;
    this.address = address;
    this.drawn = null;
    new ResizeObserver(() => this.drawn && this.draw(...this.last)).observe(node);
  }

  show(volume, zone, isGone) {
    const shape = `${volume.start_ms} ${volume.posts} ${volume.low} ${volume.high} ${volume.unusual} ${zone} ${isGone}`;
    if (shape === this.drawn || !this.node.clientWidth || !volume.posts.length) return;
    this.drawn = shape;
    this.draw(volume, zone, isGone).catch(() => (this.drawn = null));
  }

  async draw(...last) {
    this.last = last;
    const plotly = await library(this.address);
    if (this.last === last) await plotly.react(this.node, traces(this.node, ...last), this.layout(...last), { staticPlot: true, displayModeBar: false });
  }

  layout(volume, zone) {
    const colour = tokens(this.node);
    const style = getComputedStyle(this.node);
    const size = Number.parseFloat(style.fontSize);
    const font = { family: style.fontFamily, size, color: colour.second };
    const last = volume.posts.length - 1;
    const top = Math.max(4, ...volume.posts, ...volume.high.map((high) => high ?? 0));
    const step = niceStep(top / 2);
    const ticks = [0, Math.floor(last / 2), last];
    return {
      width: this.node.clientWidth,
      height: this.node.clientHeight,
      margin: { l: size * Math.max(1.7, 0.7 + 0.6 * `${2 * step}`.length), r: size * 1.4, t: size * 0.6, b: size * 2 },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      showlegend: false,
      font,
      bargap: 0.25,
      shapes: band(volume, colour),
      annotations: unusual(volume, size, colour),
      xaxis: {
        showgrid: false, zeroline: false, fixedrange: true, range: [-0.6, last + 0.6],
        tickvals: ticks, tickangle: 0, ticklabelstandoff: Math.round(size * 0.4),
        ticktext: ticks.map((at) => clock(volume.start_ms + at * volume.bucket_s * 1000, zone, false)),
      },
      yaxis: {
        gridcolor: colour.line, zeroline: false, fixedrange: true, range: [0, 2.06 * step],
        tickvals: [0, step, 2 * step],
      },
    };
  }
}

function niceStep(least) {
  const ten = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 4, 5, 10].map((factor) => factor * ten).find((step) => step >= least);
}

function tokens(node) {
  const style = getComputedStyle(node);
  const token = (name) => style.getPropertyValue(`--${name}`).trim();
  return { second: token("text-second"), line: token("line"), band: token("band"), know: token("know"), bar: token("drained-bar"), age: token("age"), watch: token("watch"), ground: token("ground") };
}

const known = (volume) => volume.posts.map((_, at) => at).filter((at) => volume.low[at] != null && volume.high[at] != null);

// A shape, since a filled trace would cover the bars.
function band(volume, colour) {
  const at = known(volume);
  if (at.length < 2) return [];
  const there = at.map((x) => `${x},${volume.high[x]}`);
  const back = at.toReversed().map((x) => `${x},${volume.low[x]}`);
  const path = `M${[...there, ...back].join("L")}Z`;
  return [{ type: "path", path, layer: "below", fillcolor: colour.band, line: { width: 0 } }];
}

// A colour is never alone: the latest bar that was an alarm says so.
function unusual(volume, size, colour) {
  const at = volume.unusual.lastIndexOf(true);
  if (at < 0) return [];
  const xanchor = at < volume.posts.length / 2 ? "left" : "right";
  return [{ x: at, y: volume.posts[at], text: "unusual", showarrow: false, yshift: size * 0.8, xanchor, bgcolor: colour.ground, font: { color: colour.watch } }];
}

function traces(node, volume, _zone, isGone) {
  const colour = tokens(node);
  const at = known(volume);
  const line = { shape: "linear", width: 2, dash: "dash", color: colour.age };
  const edge = { type: "scatter", mode: "lines", x: at, line, hoverinfo: "skip" };
  const last = volume.posts.length - 1;
  const bars = volume.posts.map((_, at) => (isGone ? colour.bar : volume.unusual[at] ? colour.watch : colour.know));
  return [
    { ...edge, y: at.map((x) => volume.low[x]) },
    { ...edge, y: at.map((x) => volume.high[x]) },
    {
      type: "bar", x: volume.posts.map((_, at) => at), y: volume.posts, hoverinfo: "skip",
      marker: { color: bars, opacity: volume.posts.map((_, at) => (at === last ? 1 : 0.72)) },
    },
  ];
}
