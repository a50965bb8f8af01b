// Draws a model's layers top to bottom. Layers stand in ranks by their longest way from an input; an edge that passes
// ranks by gets a narrow place of its own in each, so that residual connections run beside what they skip.

const WIDTH = 268;
const HEIGHT = 54;
const LANE = 20;
const GAP_X = 26;
const GAP_Y = 30;
const MARGIN = 10;
const SMALLEST = 0.78;
const SWEEPS = 24;
const LIGHT = 1e-4; // the pull of a long edge, where a layer's is 1
const NAMESPACE = "http://www.w3.org/2000/svg";

const FAMILIES = [
  ["input", /^InputLayer$/],
  ["embedding", /^(Embedding|TextVectorization|StringLookup)$/],
  ["recurrent", /(RNN|LSTM|GRU|Bidirectional)/],
  ["normalization", /Normalization$/],
  ["merging", /^(Add|Average|Concatenate|Multiply|Subtract|Maximum|Minimum|Dot)$/],
  ["dense", /^(Dense|TimeDistributed)$/],
];

/** Draws the graph, and writes the same as a list for those who do not see it. */
export function draw(place, list, graph) {
  const layout = arrange(graph);
  const svg = make("svg", {
    viewBox: `0 0 ${layout.width} ${layout.height}`,
    width: layout.width,
    height: layout.height,
    role: "img",
    "aria-label": `Graph of ${graph.nodes.length} layers; a list follows`,
  });
  for (const edge of layout.edges) {
    svg.append(drawEdge(edge));
  }
  for (const node of graph.nodes) {
    svg.append(drawNode(node, layout.positions[node.id]));
  }
  svg.style.minWidth = `${Math.round(layout.width * SMALLEST)}px`; // smaller would not be read; then it scrolls
  place.replaceChildren(svg);
  list.replaceChildren(
    ...graph.nodes.map((node) => {
      const item = document.createElement("li");
      item.textContent = `${node.name}, ${node.class}, output ${shapes(node)}, ${parameters(node)}`;
      return item;
    }),
  );
}

function arrange(graph) {
  const ranks = rankOf(graph);
  const cells = graph.nodes.map((node) => ({ node, rank: ranks[node.id], width: WIDTH, x: 0, links: [] }));
  const routes = graph.edges.map((edge) => route(edge, ranks, cells));
  const rows = [];
  for (const cell of cells) {
    (rows[cell.rank] ??= []).push(cell);
  }
  // real layers to the left of what passes them by
  rows.forEach((row) => row.sort((a, b) => (a.node ? 0 : 1) - (b.node ? 0 : 1)));
  rows.forEach((row) => spread(row, row.map(() => 0)));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const order = sweep % 2 === 0 ? rows : [...rows].reverse();
    for (const row of order) {
      const wished = new Map(row.map((cell) => [cell, wish(cell)]));
      if (sweep < SWEEPS / 2) {
        row.sort((a, b) => wished.get(a) - wished.get(b) || (a.node ? 0 : 1) - (b.node ? 0 : 1));
      }
      spread(row, row.map((cell) => wished.get(cell)));
    }
  }
  const left = Math.min(...cells.map((cell) => cell.x - cell.width / 2)) - MARGIN;
  const right = Math.max(...cells.map((cell) => cell.x + cell.width / 2)) + MARGIN;
  const top = (cell) => MARGIN + cell.rank * (HEIGHT + GAP_Y);
  const positions = {};
  for (const cell of cells) {
    cell.x -= left;
    cell.y = top(cell);
    if (cell.node) {
      positions[cell.node.id] = { x: cell.x, y: cell.y };
    }
  }
  return {
    width: right - left,
    height: 2 * MARGIN + rows.length * (HEIGHT + GAP_Y) - GAP_Y,
    positions,
    edges: routes.map(({ edge, path }) => ({ edge, path, residual: path.length > 2 })),
  };
}

/** Longest way from an input to each node; nodes come in topological order. */
function rankOf(graph) {
  const ranks = graph.nodes.map(() => 0);
  const incoming = graph.nodes.map(() => []);
  graph.edges.forEach((edge) => incoming[edge.to].push(edge.from));
  graph.nodes.forEach((node) => {
    ranks[node.id] = incoming[node.id].reduce((rank, from) => Math.max(rank, ranks[from] + 1), 0);
  });
  return ranks;
}

/** The cells an edge runs through, with a new narrow one in each rank that it passes. */
function route(edge, ranks, cells) {
  const path = [cells[edge.from]];
  for (let rank = ranks[edge.from] + 1; rank < ranks[edge.to]; rank++) {
    const lane = { node: null, rank, width: LANE, x: 0, links: [] };
    cells.push(lane);
    path.push(lane);
  }
  path.push(cells[edge.to]);
  for (let i = 1; i < path.length; i++) {
    // layers that follow one another stay in line, whatever runs beside them
    const firm = (path[i - 1].node === null) === (path[i].node === null);
    path[i - 1].links.push({ to: path[i], weight: firm ? 1 : LIGHT });
    path[i].links.push({ to: path[i - 1], weight: firm ? 1 : LIGHT });
  }
  return { edge, path };
}

function wish(cell) {
  if (cell.links.length === 0) {
    return cell.x;
  }
  let sum = 0;
  let weight = 0;
  for (const link of cell.links) {
    sum += link.weight * link.to.x;
    weight += link.weight;
  }
  return sum / weight;
}

/** Puts a row's cells, in their order, as near to where they wish as their widths allow. */
function spread(row, wishes) {
  const blocks = [];
  row.forEach((cell, index) => {
    let block = { cells: [cell], width: cell.width, wish: wishes[index] };
    for (;;) {
      const before = blocks[blocks.length - 1];
      if (before === undefined || before.wish + before.width / 2 + GAP_X <= block.wish - block.width / 2) {
        break;
      }
      blocks.pop();
      block = join(before, block);
    }
    blocks.push(block);
  });
  for (const block of blocks) {
    let x = block.wish - block.width / 2;
    for (const cell of block.cells) {
      cell.x = x + cell.width / 2;
      x += cell.width + GAP_X;
    }
  }
}

/** Two blocks that would overlap, as one; layers count more than lanes for where it stands. */
function join(left, right) {
  const heavy = (block) => block.cells.reduce((sum, cell) => sum + (cell.node ? 1 : LIGHT), 0);
  const width = left.width + GAP_X + right.width;
  const leftWish = left.wish + (width - left.width) / 2;
  const rightWish = right.wish - (width - right.width) / 2;
  const [a, b] = [heavy(left), heavy(right)];
  return { cells: [...left.cells, ...right.cells], width, wish: (a * leftWish + b * rightWish) / (a + b) };
}

function drawEdge({ edge, path, residual }) {
  const first = path[0];
  const last = path[path.length - 1];
  // an edge that goes beside others leaves and arrives beside the middle
  const aside = (end, next) => (residual ? Math.max(-WIDTH / 3, Math.min(WIDTH / 3, (next.x - end.x) / 2)) : 0);
  let x = first.x + aside(first, path[1]);
  let y = first.y + HEIGHT;
  let line = `M${x} ${y}`;
  for (const cell of path.slice(1, -1)) {
    line += curve(x, y, cell.x, cell.y) + `L${cell.x} ${cell.y + HEIGHT}`;
    x = cell.x;
    y = cell.y + HEIGHT;
  }
  const end = last.x + aside(last, path[path.length - 2]);
  line += curve(x, y, end, last.y - 6);
  const kind = `${residual ? " residual" : ""}${edge.mask ? " mask" : ""}`;
  const group = make("g", {});
  group.append(
    make("path", { class: `edge${kind}`, d: line }),
    make("path", { class: `head${kind}`, d: `M${end} ${last.y - 1}l-4 -7h8z` }),
  );
  return group;
}

function curve(x, y, toX, toY) {
  const middle = (y + toY) / 2;
  return `C${x} ${middle} ${toX} ${middle} ${toX} ${toY}`;
}

function drawNode(node, { x, y }) {
  const family = FAMILIES.find(([, pattern]) => pattern.test(node.class))?.[0] ?? "other";
  const group = make("g", { class: `node ${family}`, transform: `translate(${x - WIDTH / 2} ${y})` });
  const title = make("title", {});
  title.textContent = `${node.name} (${node.class}), output ${shapes(node)}, ${parameters(node)}`;
  group.append(
    title,
    make("rect", { class: "box", width: WIDTH, height: HEIGHT, rx: 10 }),
    make("rect", { class: "stripe", x: 10, y: 13, width: 4, height: HEIGHT - 26, rx: 2 }),
    words("name", 24, 23, cut(node.name, 20), "start"),
    words("detail", 24, 41, cut(node.class, 24), "start"),
    words("shape", WIDTH - 14, 23, cut(shapes(node), 17), "end"),
    words("detail", WIDTH - 14, 41, node.parameters > 0 ? parameters(node) : "", "end"),
  );
  return group;
}

function words(kind, x, y, content, anchor) {
  const text = make("text", { class: kind, x, y, "text-anchor": anchor });
  text.textContent = content;
  return text;
}

/** Output shapes without the batch; what only the data decides is a dash. */
function shapes(node) {
  return node.shapes
    .map((shape) => (shape.length < 2 ? "1" : shape.slice(1).map((extent) => extent ?? "–").join(" × ")))
    .join(", ");
}

function parameters(node) {
  const count = new Intl.NumberFormat("en").format(node.parameters);
  return node.parameters === 1 ? "1 parameter" : `${count} parameters`;
}

function cut(text, length) {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

function make(tag, attributes) {
  const element = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, String(value));
  }
  return element;
}
