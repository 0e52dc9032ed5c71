// A variable over time, as `Result.total` has it: what adds up is summed over origins, populations and routes, all else
// is averaged with the traffic of each as weight.

// Adds over one of three axes [origin, population, route] of a state, which then has length one.
function summed(block, shape, axis) {
  const after = shape.slice(axis + 1).reduce((all, each) => all * each, 1), length = shape[axis];
  const out = new Float64Array(block.length / length);
  block.forEach((value, at) => { out[Math.floor(at / (after * length)) * after + at % after] += value; });
  return [out, shape.map((each, number) => number === axis ? 1 : each)];
}

const sum = (block) => block.reduce((all, each) => all + each, 0);

// The total of one state; `weight` holds the traffic there, `{block, shape}`.
export function total(block, {shape, adds_up}, weight) {
  if (adds_up) return sum(block);
  const people = shape[1];
  let own = block, around = shape;
  if (people > 1) {
    [own, around] = summed(block, shape, 1);
    own = own.map((value) => value / people);
  }
  if (own.length === 1) return own[0];
  let [shares, over] = summed(weight.block, weight.shape, 1);
  for (const axis of [0, 2]) if (around[axis] === 1 && over[axis] > 1) [shares, over] = summed(shares, over, axis);
  const each = Float64Array.from(own, (_, at) => shares[over[0] === around[0] ? at : at % around[2]]), whole = sum(each);
  return sum(own.map((value, at) => value * (whole > 0 ? each[at] / whole : 1 / own.length)));
}

// Every kept variable of one member over all saved times.
export function totals(out, saved, member) {
  const times = saved.times.length;
  const at = (place, time) => {
    const width = place.shape.reduce((all, each) => all * each, 1), first = place.first + (member * times + time) * width;
    return out.subarray(first, first + width);
  };
  const traffic = saved.names.find((place) => place.name === saved.weight);
  return Object.fromEntries(saved.names.map((place) => [place.name, Float64Array.from(saved.times, (_, time) =>
    total(at(place, time), place, {block: at(traffic, time), shape: traffic.shape}))]));
}
