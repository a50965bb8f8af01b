// Draws plots with uPlot, and draws them anew when values come, the window changes, or the light.

import { plots } from "./plots.js";

const height = 250;
const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const finite = (value) => (typeof value === "number" ? value : null);

/** A number as briefly as it can be read. */
export function brief(value) {
  if (typeof value !== "number") {
    return value ?? "–";
  }
  const size = Math.abs(value);
  const text = size === 0 || (size >= 1e-3 && size < 1e6) ? String(Number(value.toPrecision(4))) : value.toExponential(2).replace(/\.?0+e/, "e");
  return text.replaceAll("-", "−");
}

export class Curves {
  #place;
  #drawn = new Map(); // what is on the page, by plot: { key, plot, box }
  #latest = null;
  #asked = false;

  constructor(place) {
    this.#place = place;
    new ResizeObserver(() => this.#again(false)).observe(place);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#again(true));
  }

  /** Shows points { epoch, values }, the last of which may lie within an epoch. Draws once for all calls of a frame. */
  show(points, names) {
    this.#latest = { points, names };
    if (!this.#asked) {
      this.#asked = true;
      requestAnimationFrame(() => {
        this.#asked = false;
        this.#draw();
      });
    }
  }

  #again(everything) {
    if (everything) {
      this.#drawn.forEach((drawn) => (drawn.key = null));
    }
    if (this.#latest) {
      this.show(this.#latest.points, this.#latest.names);
    }
  }

  #draw() {
    const { points, names } = this.#latest;
    for (const wanted of plots(names)) {
      const columns = wanted.curves.map((curve) => points.map((point) => finite(curve.of(point.values))));
      const data = [points.map((point) => point.epoch), ...columns];
      const logarithmic = Boolean(wanted.logarithmic) && spansDecades(columns);
      const dots = points.length <= 30;
      const key = JSON.stringify([wanted.title, wanted.curves, logarithmic, dots, points.length > 0]);
      const drawn = this.#drawn.get(wanted.id) ?? this.#card(wanted.id);
      if (drawn.key !== key) {
        drawn.plot?.destroy();
        drawn.box.replaceChildren();
        drawn.heading.textContent = wanted.title;
        drawn.plot = wanted.curves.length > 0 ? new uPlot(options(wanted, logarithmic, dots, width(drawn.box)), data, drawn.box) : null;
        if (drawn.plot === null) {
          const none = document.createElement("p");
          none.className = "none";
          none.textContent = points.length > 0 ? "Nothing was logged for this plot." : "Nothing yet.";
          drawn.box.append(none);
        }
        drawn.key = key;
        continue;
      }
      if (drawn.plot !== null) {
        drawn.plot.setData(data);
        if (drawn.plot.width !== width(drawn.box)) {
          drawn.plot.setSize({ width: width(drawn.box), height });
        }
      }
    }
  }

  #card(id) {
    const card = document.createElement("section");
    const heading = document.createElement("h2");
    const box = document.createElement("div");
    card.className = "card";
    card.id = `plot-${id}`;
    card.append(heading, box);
    this.#place.append(card);
    const drawn = { key: null, plot: null, heading, box };
    this.#drawn.set(id, drawn);
    return drawn;
  }
}

const width = (box) => Math.max(200, Math.floor(box.clientWidth));

function spansDecades(columns) {
  const values = columns.flat().filter((value) => value !== null);
  return values.length > 0 && Math.min(...values) > 0 && Math.max(...values) / Math.min(...values) >= 10;
}

function options(wanted, logarithmic, dots, wide) {
  const grid = { stroke: style("--line"), width: 1 };
  const axis = { stroke: style("--muted"), grid, ticks: grid, font: `12px ${style("--sans")}` };
  return {
    width: wide,
    height,
    cursor: { y: false, points: { size: 7 } },
    scales: { x: { time: false, range: (plot, low, high) => [low, high > low ? high : low + 1] }, y: logarithmic ? { distr: 3 } : {} },
    axes: [
      { ...axis, grid: { show: false }, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000], label: "Epoch", labelFont: axis.font, labelSize: 18, size: 32 },
      { ...axis, size: 58, values: (plot, ticks) => ticks.map((tick) => (tick === null ? null : brief(tick))) },
    ],
    series: [
      { label: "Epoch", value: (plot, epoch) => (epoch === null ? "–" : String(Number(epoch.toFixed(2)))) },
      ...wanted.curves.map((curve) => ({
        label: curve.label,
        stroke: style(`--c${curve.color}`),
        width: 2,
        dash: curve.dashed ? [6, 4] : undefined,
        points: { show: dots, size: 5, fill: style(`--c${curve.color}`) },
        value: (plot, value) => brief(value),
      })),
    ],
  };
}
