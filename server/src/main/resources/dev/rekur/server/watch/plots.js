// Which plots a training has, from what it logs: as dev.rekur.charts has them for a training that is over.

const falling = /(loss|error|crossentropy|hinge|poisson|divergence)$|^(mae|mse|mape|msle|bce)$/;
const isLoss = (name) => name === "loss" || name.endsWith("_loss");
const isAccuracy = (name) => name.endsWith("accuracy") || /(^|_)acc$/.test(name);
const isRate = (name) => name === "learning_rate" || name === "lr";

/** Curves { name, label, color, dashed, of(values) } of the four plots, from the names in a training's logs. */
export function plots(names) {
  const own = names.filter((name) => !name.startsWith("val_"));
  const outputs = own.filter((name) => name.endsWith("_loss")).map((name) => name.slice(0, -5));
  const plain = (name) => name.slice((outputs.find((output) => name.startsWith(`${output}_`)) ?? "").length).replace(/^_/, "");
  const metrics = own.filter((name) => !isLoss(name) && !isRate(name));
  const first = metrics.find(isAccuracy) ?? metrics[0];
  const chosen = first === undefined ? [] : metrics.filter((name) => plain(name) === plain(first));
  const losses = own.filter((name) => name === "loss" || (outputs.length > 1 && isLoss(name)));
  losses.sort((a, b) => (b === "loss") - (a === "loss"));
  return [
    { id: "loss", title: "Loss", curves: pairs(losses, names) },
    { id: "metric", title: title(first, plain), curves: pairs(chosen, names) },
    { id: "rate", title: "Learning rate", logarithmic: true, curves: own.filter(isRate).slice(0, 1).map(rate) },
    { id: "gap", title: "Train-validation gap", curves: gaps(losses.slice(0, 1), chosen, names) },
  ];
}

function title(metric, plain) {
  if (metric === undefined || isAccuracy(metric)) {
    return "Accuracy";
  }
  const words = plain(metric).replaceAll("_", " ");
  return words.length <= 4 ? words.toUpperCase() : words[0].toUpperCase() + words.slice(1);
}

const value = (name) => (values) => values[name];

function pairs(shown, names) {
  const several = shown.length > 1;
  return shown.slice(0, 6).flatMap((name, i) => {
    const validation = `val_${name}`;
    const train = { label: several ? name : "train", color: i, dashed: false, of: value(name) };
    return names.includes(validation)
      ? [train, { label: several ? validation : "validation", color: several ? i : 1, dashed: several, of: value(validation) }]
      : [train];
  });
}

function rate(name) {
  return { label: "learning rate", color: 2, dashed: false, of: value(name) };
}

/** How much worse validation is. */
function gaps(losses, metrics, names) {
  return [...losses, ...metrics]
    .filter((name) => names.includes(`val_${name}`))
    .slice(0, 6)
    .map((name, i) => {
      const [more, less] = falling.test(name) ? [`val_${name}`, name] : [name, `val_${name}`];
      return {
        label: `${more} − ${less}`,
        color: i,
        dashed: false,
        of: (values) => (typeof values[more] === "number" && typeof values[less] === "number" ? values[more] - values[less] : null),
      };
    });
}
