// A thread of its own that runs one corridor: one run at a time, or simulations of a setting beside its baseline, those
// of `members`, from one up to another.
import {Inputs} from "./inputs.js";
import {Kernel} from "./kernel.js";
import {Runs} from "./runs.js";
import {unpacked} from "./packing.js";

const LANES = 4;
let corridor = null, kernel = null, runs = null, baseline = null, asked = 0;

// The parameters of some members, cell by cell, lane by lane; a lane that is left over repeats the last member.
function parameters(members) {
  const {draws, alone} = corridor, places = kernel.frozen.places, cells = new Float64Array(kernel.places.parameters.bytes / 8);
  places.forEach((place, cell) => {
    const column = draws.column_of.get(Number(place));
    for (let lane = 0; lane < LANES; lane++) {
      const member = members[Math.min(lane, members.length - 1)];
      cells[cell * LANES + lane] = column === undefined ? alone[cell * LANES] : draws.values[column * draws.members + member];
    }
  });
  return cells;
}

function futures(members) {
  const {factors, knots, origins} = corridor.draws;
  return Array.from({length: LANES}, (_, lane) => {
    if (!factors) return null;
    const first = members[Math.min(lane, members.length - 1)] * origins * knots;
    return Array.from({length: origins}, (_, origin) => factors.subarray(first + origin * knots, first + (origin + 1) * knots));
  });
}

const breath = () => new Promise((go) => setTimeout(go, 0));

// The totals of the members from one on, up to another, under a setting, a few at a time; null where something else has
// been asked for meanwhile.
async function simulated(changes, [from, to], told, is_asked) {
  const found = [], laid = runs.inputs.laid(changes, Boolean(corridor.draws.factors));
  for (let first = from; first < to; first += LANES) {
    const some = Array.from({length: Math.min(LANES, to - first)}, (_, lane) => first + lane);
    const ready = () => kernel.set("parameters", parameters(some));
    found.push(...runs.run(laid, {of: some.join(), futures: futures(some), live: some.length, ready}));
    told(found.length);
    await breath();
    if (!is_asked()) return null;
  }
  return found;
}

async function open({packed, lanes}) {
  corridor = unpacked(packed.kernels[lanes]);
  const run = {...unpacked(packed.shared).run, ...corridor.run};
  kernel = await Kernel.of(await WebAssembly.compile(corridor.code), corridor.data_end, run);
  runs = new Runs(kernel, new Inputs(run));
  corridor.alone = kernel.doubles("parameters").slice();
  const {draws} = corridor;
  if (draws) draws.column_of = new Map(Array.from(draws.places, (place, at) => [Number(place), Number(draws.which[at])]));
  return {times: run.saved.times, outcomes: run.saved.names.map((place) => place.name)};
}

async function simulate({id, changes, members}) {
  const is_asked = () => id === asked, of = String(members), count = members[1] - members[0];
  const tell = (done) => postMessage({id, done});
  if (baseline?.of !== of) baseline = {of, found: await simulated([], members, tell, is_asked)};
  if (!baseline.found) baseline = null; // it was given up
  const policy = baseline && await simulated(changes, members, (done) => tell(count + done), is_asked);
  if (!policy) return null;
  const pairs = policy.map((each, member) => [each, baseline.found[member]]).filter(([one, other]) => one && other);
  return {members: pairs.length, broke: count - pairs.length, policy: pairs.map(([each]) => each), baseline: pairs.map(([, each]) => each)};
}

// The structure's own numbers, or nothing where the run broke; and whether moves had to be cut since policy starts.
function one({changes}) {
  const [values] = runs.run(runs.inputs.laid(changes));
  return {values, is_cut: kernel.is_cut_from(runs.inputs.run.grid.policy_step)};
}

onmessage = async ({data}) => {
  asked = data.id;
  try {
    const work = {open, simulate, rest: () => null, run: one};
    postMessage({id: data.id, found: await work[data.kind](data)});
  } catch (fault) {
    postMessage({id: data.id, fault: String(fault?.message ?? fault)});
  }
};
