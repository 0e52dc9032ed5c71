// Levers and drivers on the grid of a run, as `pushpull.scenario.resolve` and `Task.bounds` work them out: what a
// setting changes, where the march is cut because of it, and what each move begins and ends with.

const BEND = 1, LEAP = 2, STRAIGHT = 1e-9, ROUNDING = 1e-13, SEASONS = 4;

// Linear between points, held before the first and after the last.
export function between(time, times, values) {
  const last = times.length - 1;
  if (time <= times[0]) return values[0];
  if (time >= times[last]) return values[last];
  let low = 0, high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (times[middle] <= time) low = middle; else high = middle;
  }
  const slope = (values[high] - values[low]) / (times[high] - times[low]);
  return slope * (time - times[low]) + values[low];
}

// The steps of a run: each has its start, middle and end.
export class Grid {
  constructor({start, steps, steps_per_year}) { Object.assign(this, {start, steps, rate: steps_per_year}); }

  // The time of a part (start, middle, end) of a step.
  time(step, part) { return this.start + (2 * step + part) / (2 * this.rate); }

  // The boundary nearest a year (or just before it), kept inside the run; no year is one without end.
  index(year, nearest = true) {
    if (!Number.isFinite(year)) return year < 0 ? 0 : this.steps;
    const position = (year - this.start) * this.rate;
    return Math.min(Math.max(Math.floor(nearest ? position + 0.5 : position + 1e-9), 0), this.steps);
  }

  // The steps on which a span acts, and for what share of their time.
  reach(span) {
    const length = (span.stop - span.start) * this.rate;
    if (span.jump && length < 1 - 1e-9) {
      const middle = Math.floor(((span.start + span.stop) / 2 - this.start) * this.rate);
      return middle >= 0 && middle < this.steps ? [middle, middle + 1, length] : [0, 0, 0];
    }
    return [this.index(span.start, span.jump), this.index(span.stop), 1];
  }

  // Steps, from the second on, at whose start the path may turn because of a span.
  around(span) {
    const marks = this.reach(span).slice(0, 2);
    for (const time of span.values.length > 1 ? span.times : []) {
      const before = this.index(time, false);
      marks.push(before, before + 1);
    }
    return [...new Set(marks.filter((mark) => mark > 0 && mark < this.steps))];
  }
}

// Write a span into a column of three numbers a step.
function fill(column, span, grid, [first, last, share]) {
  for (let step = first; step < last; step++) {
    for (let part = 0; part < 3; part++) {
      const place = 3 * step + part;
      if (share < 1) column[place] += share * (span.values[0] - column[place]);
      else if (span.values.length === 1) column[place] = span.values[0];
      else column[place] = between(grid.time(step, part), span.times, span.values);
    }
  }
}

// How a column turns at the start of a step.
function turn(column, step) {
  const here = 3 * step, first = column[here], last = column[here - 1];
  const rise = column[here + 2] - first, before = last - column[here - 3];
  const size = Math.max(Math.abs(first), Math.abs(last)), steepest = Math.max(Math.abs(rise), Math.abs(before));
  if (Math.abs(first - last) > STRAIGHT * size) return LEAP;
  return Math.abs(rise - before) > STRAIGHT * steepest + ROUNDING * size ? BEND : 0;
}

// Times that a file cannot hold are written as nothing.
const unended = ({start, stop, ...span}) => ({...span, start: start ?? -Infinity, stop: stop ?? Infinity});

export class Inputs {
  // `run`: what `pushpull.exporting.browser_run` writes of a corridor.
  constructor(run) {
    this.run = run;
    this.grid = new Grid(run.grid);
    this.turns = Int8Array.from(run.turns);
    this.columns = run.paths.map((path) => {
      const column = new Float64Array(3 * this.grid.steps);
      for (const span of path.map(unended)) {
        fill(column, span, this.grid, [this.grid.index(span.start, span.jump), this.grid.index(span.stop), 1]);
      }
      return column;
    });
  }

  // What a setting makes of a run: where its moves begin, the end, and what levers and drivers are at the start and the
  // end of each (move, 2, column); with which move policy starts, and whether all is as ever before it. Spans (`{name, member, span}`) are laid over the columns of a lever or driver; a run
  // in a future of its own is cut where departures turn too.
  laid(changes, is_shocked = false) {
    const changed = new Map(), turns = this.turns.slice(), policy_step = Math.max(this.run.grid.policy_step, 0);
    let is_as_ever = true;
    const mark = (step, kind) => { turns[step] = Math.max(turns[step], kind); };
    for (const {name, member, span} of changes) {
      for (const number of this.run.columns[name]?.[member ?? ""] ?? []) {
        const column = this.columns[number].slice(), own = unended(span), reach = this.grid.reach(own), turned = this.grid.around(own);
        fill(column, own, this.grid, reach);
        changed.set(number, column);
        for (const step of turned) mark(step, turn(column, step));
        is_as_ever &&= Math.min(reach[0], ...turned) >= policy_step;
      }
    }
    if (is_shocked) for (const step of this.run.shocks.turns) mark(Number(step), BEND);
    const bounds = this._bounds(turns), places = bounds.slice(1).flatMap((bound, move) => [3 * bounds[move], 3 * bound - 1]);
    const width = this.columns.length, ends = new Float64Array(places.length * width);
    for (let number = 0; number < width; number++) {
      const column = changed.get(number) ?? this.columns[number];
      for (let row = 0; row < places.length; row++) ends[row * width + number] = column[places[row]];
    }
    return {bounds: BigInt64Array.from(bounds, BigInt), moves: bounds.length - 1, places, ends, first: bounds.indexOf(policy_step), is_as_ever};
  }

  // The same for several lanes (move, 2, column, lane), departures on each as a future has them: factors of each origin
  // at the knots, or none.
  spread({places, ends}, futures) {
    const lanes = futures.length, width = this.columns.length, out = new Float64Array(ends.length * lanes);
    for (let at = 0; at < ends.length; at++) for (let lane = 0; lane < lanes; lane++) out[at * lanes + lane] = ends[at];
    futures.forEach((future, lane) => {
      if (!future) return;
      const {knots, columns} = this.run.shocks;
      places.forEach((place, row) => {
        const time = this.grid.time(Math.floor(place / 3), place % 3);
        columns.forEach((column, origin) => { out[(row * width + column) * lanes + lane] *= between(time, knots, future[origin]); });
      });
    });
    return out;
  }

  _bounds(turns) {
    const {policy_step, every, stride} = this.run.grid, steps = this.grid.steps;
    const quarter = Math.max(Math.floor(this.grid.rate / SEASONS), 1);
    turns[0] = LEAP;
    if (policy_step >= 0 && policy_step < steps) turns[policy_step] = LEAP;
    const bounds = [];
    let leap = 0, start = 0;
    for (let step = 1; step <= steps; step++) {
      if (step < steps && step % every && !turns[step]) continue;
      if (turns[start] === LEAP) leap = start;
      const since = start - leap, length = step - start;
      const longest = start < SEASONS * quarter ? stride.first : since < quarter ? stride.soon
        : since < SEASONS * quarter ? stride.later : stride.quiet;
      const pieces = Math.ceil(length / longest);
      for (let piece = 0; piece < pieces; piece++) bounds.push(start + Math.floor(length * piece / pieces));
      start = step;
    }
    return [...bounds, steps];
  }
}
