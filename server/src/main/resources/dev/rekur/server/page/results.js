// What a model answered: bars where there is one value for each class, numbers otherwise.

const BARS = 10;
const LONGEST_LIST = 1000;

const place = document.getElementById("results");

export function clear() {
  place.replaceChildren();
}

/** Milliseconds in words, in the unit that reads best. */
export function duration(milliseconds) {
  if (milliseconds < 1) {
    const micros = milliseconds * 1000;
    return `${micros < 10 ? micros.toFixed(1) : Math.round(micros)} µs`;
  }
  return `${milliseconds < 100 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
}

/** Shows a row of predictions: a bare value, or an object by name where there are several outputs. */
export function show(outputs, row) {
  clear();
  for (const output of outputs) {
    const values = outputs.length === 1 ? row : row[output.name];
    const section = document.createElement("section");
    section.className = "output";
    if (outputs.length > 1) {
      section.append(element("span", "legend", output.name));
    }
    const flat = Array.isArray(values) && values.every((value) => typeof value === "number");
    if (flat && values.length > 1 && (values.length <= LONGEST_LIST || output.labels.length > 0)) {
      section.append(...bars(output, values));
    } else if (flat && values.length === 1) {
      section.append(single(output, values[0]));
    } else {
      section.append(element("pre", "values", text(values)));
    }
    place.append(section);
  }
}

/** One value; where it is the probability of the second of two classes, the class comes first. */
function single(output, value) {
  const name = output.labels[value >= 0.5 ? 1 : 0];
  return name === undefined ? verdict(round(value), "") : verdict(name, round(value));
}

function bars(output, values) {
  const sum = values.reduce((total, value) => total + value, 0);
  const shares = values.every((value) => value >= 0 && value <= 1) && Math.abs(sum - 1) < 1e-3;
  const ranked = shares || output.labels.length > 0;
  const name = (index) => output.labels[index] ?? (shares ? `class ${index}` : `value ${index}`);
  const order = values.map((_, index) => index);
  if (ranked) {
    order.sort((a, b) => values[b] - values[a] || a - b);
  }
  const scale = scaleOf(values, shares);
  const list = document.createElement("ul");
  list.className = "bars";
  order.slice(0, BARS).forEach((index, position) => {
    const item = element("li", ranked && position === 0 ? "first" : "", "");
    item.dataset.value = String(values[index]);
    item.append(
      element("span", "name", name(index)),
      track(values[index], scale),
      element("span", "value", shares ? percent(values[index]) : round(values[index])),
    );
    list.append(item);
  });
  const shown = [list];
  if (shares) {
    shown.unshift(verdict(name(order[0]), percent(values[order[0]])));
  }
  if (order.length > BARS) {
    shown.push(element("p", "more", `and ${order.length - BARS} more`));
  }
  return shown;
}

/** Shares fill their part of a bar; other values are drawn to the largest, from the middle if some are negative. */
function scaleOf(values, shares) {
  if (shares) {
    return { from: 0, length: 100, largest: 1 };
  }
  const largest = Math.max(...values.map((value) => (Number.isFinite(value) ? Math.abs(value) : 0)), Number.MIN_VALUE);
  return values.some((value) => value < 0) ? { from: 50, length: 50, largest } : { from: 0, length: 100, largest };
}

function track(value, { from, length, largest }) {
  const line = element("span", from > 0 ? "track middle" : "track", "");
  line.setAttribute("aria-hidden", "true");
  const fill = element("span", "fill", "");
  const width = Number.isFinite(value) ? (length * Math.abs(value)) / largest : 0;
  fill.style.left = `${(value < 0 ? from - width : from).toFixed(2)}%`;
  fill.style.width = `${width.toFixed(2)}%`;
  line.append(fill);
  return line;
}

function verdict(text, detail) {
  const line = element("p", "verdict", "");
  line.append(element("strong", "", text), element("span", "", detail));
  return line;
}

function percent(value) {
  const hundred = 100 * value;
  return hundred > 0 && hundred < 0.1 ? "< 0.1 %" : `${hundred.toFixed(1)} %`;
}

function round(value) {
  if (!Number.isFinite(value) || Number.isInteger(value)) {
    return String(value);
  }
  return Math.abs(value) >= 1e5 || Math.abs(value) < 1e-4 ? value.toExponential(3) : String(Number(value.toPrecision(5)));
}

/** Nested lists, one inner list a line, an empty line between blocks. */
function text(values) {
  if (!Array.isArray(values)) {
    return cell(values);
  }
  if (values.some(Array.isArray)) {
    const blocks = values.some((value) => value.some?.(Array.isArray));
    return values.map(text).join(blocks ? "\n\n" : "\n");
  }
  return values.map((value) => cell(value).padStart(10)).join("");
}

function cell(value) {
  return typeof value === "number" ? round(value) : String(value);
}

function element(tag, className, content) {
  const made = document.createElement(tag);
  if (className !== "") {
    made.className = className;
  }
  made.textContent = content;
  return made;
}
