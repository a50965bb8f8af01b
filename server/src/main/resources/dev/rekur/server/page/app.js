// The page: choose a model, see its layers, give it a row, see what it answers.

import { draw } from "./graph.js";
import { Inputs } from "./inputs.js";
import { clear, duration, show } from "./results.js";

const byId = (id) => document.getElementById(id);
const picker = byId("model");
const number = new Intl.NumberFormat("en");

let current = null; // { address, graph, inputs } of the chosen model
let runs = 0; // predictions begun; answers to earlier ones than the last are not shown

async function ask(address, options) {
  let response;
  try {
    response = await fetch(address, options);
  } catch (unreachable) {
    throw new Error("The server cannot be reached. Is it still running?");
  }
  const text = await response.text();
  if (!response.ok) {
    throw new Error(errorIn(text) ?? `The server answered ${response.status}.`);
  }
  return { text, headers: response.headers };
}

function errorIn(text) {
  try {
    return JSON.parse(text).error ?? null;
  } catch (notJson) {
    return null;
  }
}

/** JSON as Python and TensorFlow write it, with NaN and Infinity. */
function parse(text) {
  const quoted = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;
  return JSON.parse(
    text.replace(quoted, (token) => (token.startsWith('"') ? token : `"${token}"`)),
    (key, value) => (value === "NaN" ? NaN : value === "Infinity" ? Infinity : value === "-Infinity" ? -Infinity : value),
  );
}

function complain(message) {
  const problem = byId("problem");
  problem.textContent = message;
  problem.hidden = false;
  byId("answer").hidden = true;
  byId("request").hidden = true;
}

function prepareAnswer() {
  clear();
  byId("problem").hidden = true;
  byId("answer").hidden = false;
  byId("times").hidden = true;
  byId("request").hidden = true;
  byId("empty").hidden = false;
}

async function choose(name) {
  const address = `/v1/models/${encodeURIComponent(name)}`;
  prepareAnswer();
  runs++;
  try {
    const graph = JSON.parse((await ask(`${address}/graph`)).text);
    if (picker.value !== name) {
      return; // another one was chosen meanwhile
    }
    current = { address, graph, inputs: new Inputs(byId("inputs"), graph.inputs) };
    byId("facts").textContent = describe(graph);
    byId("description").textContent = graph.description;
    byId("description").hidden = graph.description === "";
    byId("graph-facts").textContent =
      `${number.format(graph.layers)} layers, ${number.format(graph.parameters)} parameters`;
    draw(byId("graph"), byId("layers"), graph);
    byId("example").hidden = !current.inputs.hasExamples();
    document.title = `${name} · Rekur`;
    history.replaceState(null, "", `#${encodeURIComponent(name)}`);
  } catch (failure) {
    current = null;
    complain(failure.message);
  }
}

/** What goes in and what comes out, in a few words. */
function describe(graph) {
  const words = { text: "text", int: "whole numbers", float: "numbers", flag: "truth values" };
  const [input, output] = [graph.inputs[0], graph.outputs[0]];
  const taken = graph.inputs.length === 1 ? words[input.kind] : graph.inputs.map((each) => each.name).join(" and ");
  const size = output.shape.length === 2 ? output.shape[1] : null;
  const values = size === null ? output.name : size === 1 ? "one value" : `${size} values`;
  const given =
    graph.outputs.length > 1
      ? graph.outputs.map((each) => each.name).join(" and ")
      : output.labels.length > 0
        ? `${output.labels.length} classes`
        : values;
  return `${taken} in, ${given} out`;
}

async function predict() {
  if (current === null) {
    return;
  }
  const { address, graph, inputs } = current;
  const run = ++runs;
  const button = byId("predict");
  byId("problem").hidden = true;
  let body;
  try {
    body = JSON.stringify({ instances: [inputs.row()] });
  } catch (unfit) {
    complain(unfit.message);
    return;
  }
  button.setAttribute("aria-disabled", "true");
  try {
    const begun = performance.now();
    const answer = await ask(`${address}:predict`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body,
    });
    const roundTrip = performance.now() - begun;
    if (run !== runs) {
      return;
    }
    const row = parse(answer.text).predictions[0];
    byId("answer").hidden = false;
    byId("empty").hidden = true;
    show(graph.outputs, row);
    byId("model-time").textContent = duration(Number(answer.headers.get("Rekur-Inference-Nanos")) / 1e6);
    byId("round-trip").textContent = duration(roundTrip);
    byId("times").hidden = false;
    byId("curl").textContent = curl(address, body);
    byId("request").hidden = false;
  } catch (failure) {
    if (run === runs) {
      complain(failure.message);
    }
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

function curl(address, body) {
  const quoted = `'${body.replaceAll("'", "'\\''")}'`;
  return `curl -d ${quoted} ${location.origin}${address}:predict`;
}

byId("form").addEventListener("submit", (event) => {
  event.preventDefault();
  predict();
});
byId("form").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    predict();
  }
});
byId("example").addEventListener("click", () => current?.inputs.fill());
picker.addEventListener("change", () => choose(picker.value));

try {
  const names = JSON.parse((await ask("/v1/models")).text).models;
  for (const name of names) {
    const option = document.createElement("option");
    option.value = name;
    option.textContent = name;
    picker.append(option);
  }
  const wanted = decodeURIComponent(location.hash.slice(1));
  picker.value = names.includes(wanted) ? wanted : names[0];
  await choose(picker.value);
} catch (failure) {
  complain(failure.message);
}
