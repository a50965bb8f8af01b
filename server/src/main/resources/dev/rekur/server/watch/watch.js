// Listens to a training and shows how it goes.

import { brief, Curves } from "./curves.js";

const byId = (id) => document.getElementById(id);
const curves = new Curves(byId("plots"));

let training = begin();
let ended = false;

function begin() {
  return { epochs: 0, points: [], names: [], running: null };
}

function say(text, kind) {
  byId("state").textContent = text;
  byId("state").className = kind;
}

/** Seconds as people say them. */
function duration(seconds) {
  if (typeof seconds !== "number") {
    return "–";
  }
  const whole = Math.round(seconds);
  if (whole < 60) {
    return `${whole} s`;
  }
  return whole < 3600 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

function remember(values) {
  training.names.push(...Object.keys(values).filter((name) => !training.names.includes(name)));
  byId("values").textContent = Object.entries(values)
    .filter(([name]) => name !== "learning_rate")
    .map(([name, value]) => `${name} ${brief(value)}`)
    .join("   ·   ");
}

function draw() {
  const points = training.running === null ? training.points : [...training.points, training.running];
  curves.show(points, training.names);
}

const on = {
  reset() {
    training = begin();
    ended = false;
    for (const id of ["epoch", "batch", "speed", "left", "rate"]) {
      byId(id).textContent = "–";
    }
    byId("values").textContent = "";
    byId("progress").value = 0;
    byId("findings").replaceChildren();
    byId("diagnosis").hidden = true;
    say("Waiting for the training to begin", "live");
    draw();
  },
  run({ epochs }) {
    training.epochs = epochs;
    say("Running", "live");
  },
  epoch({ epoch, values }) {
    training.points.push({ epoch, values });
    training.running = null;
    remember(values);
    byId("epoch").textContent = `${epoch} of ${training.epochs}`;
    byId("progress").value = training.epochs > 0 ? epoch / training.epochs : 0;
    byId("rate").textContent = brief(values.learning_rate);
    draw();
  },
  batch({ epoch, batch, steps, stepsPerSecond, secondsLeft, learningRate, values }) {
    const last = training.points.at(-1);
    if (ended || (last && last.epoch >= epoch)) {
      return; // the last batch of an epoch that is over
    }
    const part = steps > 0 ? batch / steps : 0;
    training.running = { epoch: epoch - 1 + part, values };
    remember(values);
    byId("epoch").textContent = `${epoch} of ${training.epochs}`;
    byId("batch").textContent = steps > 0 ? `${batch} of ${steps}` : String(batch);
    byId("speed").textContent = brief(stepsPerSecond);
    byId("left").textContent = duration(secondsLeft);
    byId("rate").textContent = brief(learningRate);
    byId("progress").value = training.epochs > 0 ? (epoch - 1 + part) / training.epochs : 0;
    draw();
  },
  finding({ kind, evidence, advice }) {
    const finding = document.createElement("article");
    finding.className = "finding";
    const heading = document.createElement("h3");
    heading.textContent = kind[0].toUpperCase() + kind.slice(1);
    const words = document.createElement("p");
    words.textContent = evidence;
    const what = document.createElement("p");
    what.className = "advice";
    what.textContent = advice;
    finding.append(heading, words, what);
    byId("findings").append(finding);
    byId("diagnosis").hidden = false;
  },
  end({ epochs }) {
    ended = true;
    training.running = null;
    byId("left").textContent = "–";
    say(epochs < training.epochs ? `Ended after ${epochs} of ${training.epochs} epochs` : "Done", "");
    draw();
  },
};

const events = new EventSource("/events");
for (const [name, listener] of Object.entries(on)) {
  events.addEventListener(name, (event) => listener(JSON.parse(event.data)));
}
events.addEventListener("error", () => {
  if (events.readyState === EventSource.CLOSED) {
    say("This page is not fed: too many pages watch the training", "lost");
  } else if (!ended) {
    say("The training cannot be reached; trying again", "lost");
  }
});
