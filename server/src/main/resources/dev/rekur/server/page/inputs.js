// The form: one field for each input of the model.

const SHORT_ROW = 16; // values that fit a low field

export class Inputs {
  constructor(place, inputs) {
    this.inputs = inputs;
    this.examplesUsed = 0;
    this.fields = inputs.map((input, index) => field(input, index));
    place.replaceChildren(...this.fields.map((made) => made.element));
  }

  hasExamples() {
    return this.inputs.some((input) => input.examples.length > 0);
  }

  /** Fills in the next example. */
  fill() {
    this.inputs.forEach((input, index) => {
      if (input.examples.length > 0) {
        const example = input.examples[this.examplesUsed % input.examples.length];
        const area = this.fields[index].area;
        area.value = input.kind === "text" ? [example].flat(Infinity)[0] : write(example);
        area.scrollTop = 0;
        area.setSelectionRange(0, 0);
      }
    });
    this.examplesUsed++;
    this.fields[0].area.focus({ preventScroll: true });
  }

  /** The row to predict: a bare value, or an object where the model has several inputs. */
  row() {
    const values = this.inputs.map((input, index) => read(input, this.fields[index].area.value));
    if (values.length === 1) {
      return values[0];
    }
    return Object.fromEntries(this.inputs.map((input, index) => [input.name, values[index]]));
  }
}

function field(input, index) {
  const element = document.createElement("div");
  element.className = "field";
  const line = document.createElement("div");
  line.className = "line";
  const label = document.createElement("label");
  label.htmlFor = `input-${index}`;
  label.textContent = input.name;
  const hint = document.createElement("span");
  hint.className = "hint";
  hint.id = `hint-${index}`;
  hint.textContent = expectation(input);
  line.append(label, hint);
  const area = document.createElement("textarea");
  area.id = `input-${index}`;
  area.setAttribute("aria-describedby", hint.id);
  area.spellcheck = false;
  area.rows = input.kind !== "text" && sizeOf(input) <= SHORT_ROW ? 2 : 5;
  if (input.kind !== "text") {
    area.className = "numbers";
    area.inputMode = "text";
  }
  area.placeholder = input.kind === "text" ? "Type or paste a text" : "Paste numbers, separated by spaces or commas";
  element.append(line, area);
  return { element, area };
}

/** Number of values in a row, as far as the model fixes it. */
function sizeOf(input) {
  return input.shape.slice(1).reduce((size, extent) => size * (extent ?? Infinity), 1);
}

/** What a row looks like, in words. */
function expectation(input) {
  const row = input.shape.slice(1);
  if (input.kind === "text") {
    return "";
  }
  const noun = input.kind === "float" ? "numbers" : "whole numbers";
  if (row.length === 0) {
    return input.kind === "float" ? "one number" : "one whole number";
  }
  const extents = row.map((extent) => (extent === null ? "any" : String(extent)));
  return row.length === 1 && row[0] === null ? `any number of ${noun}` : `${extents.join(" × ")} ${noun}`;
}

function read(input, text) {
  if (input.kind === "text") {
    return text;
  }
  const row = input.shape.slice(1);
  const trimmed = text.trim();
  if (trimmed === "") {
    throw new Error(`"${input.name}" is empty. Paste ${expectation(input)}, or fill in an example.`);
  }
  if (trimmed.startsWith("[[")) {
    return json(input, trimmed);
  }
  const numbers = trimmed
    .replace(/[[\],;]/g, " ")
    .trim()
    .split(/\s+/)
    .map((word) => {
      const value = Number(word);
      if (word === "" || Number.isNaN(value)) {
        throw new Error(`"${word}" in "${input.name}" is not a number.`);
      }
      return value;
    });
  return row.length === 0 ? numbers[0] : nest(input, numbers, row);
}

function json(input, text) {
  try {
    return JSON.parse(text);
  } catch (malformed) {
    throw new Error(`"${input.name}" looks like nested lists, but the brackets or commas do not match.`);
  }
}

/** Folds a flat list into rows of the shape; one extent at most may be open. */
function nest(input, numbers, row) {
  if (row.length === 1) {
    return numbers;
  }
  const inner = row.slice(1);
  const size = inner.reduce((product, extent) => product * (extent ?? NaN), 1);
  if (Number.isNaN(size) || numbers.length % size !== 0) {
    throw new Error(
      `"${input.name}" expects ${expectation(input)}; ${numbers.length} numbers do not make full rows of ${inner.join(" × ")}.`,
    );
  }
  const rows = [];
  for (let from = 0; from < numbers.length; from += size) {
    rows.push(nest(input, numbers.slice(from, from + size), inner));
  }
  return rows;
}

/** Nested lists one row a line, flat ones as plain numbers. */
function write(example) {
  if (!Array.isArray(example)) {
    return String(example);
  }
  if (!Array.isArray(example[0])) {
    return example.join(" ");
  }
  return `[${example.map((part) => JSON.stringify(part)).join(",\n ")}]`;
}
