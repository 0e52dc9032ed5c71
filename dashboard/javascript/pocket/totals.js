// A variable over time, as `Result.total` has it: what adds up is summed over origins, populations and routes, all else
// is averaged with the traffic of each as weight.

const size = ([origins, populations, routes]) => origins * populations * routes;

// A weight of each origin and route in each state, added up over populations and over what is not told apart: `origins`
// and `routes` are how many of each are left, all or one.
function weights(out, first, [all_origins, populations, all_routes], times, origins, routes) {
  const found = new Float64Array(times * origins * routes);
  let at = first;
  for (let time = 0; time < times; time++) {
    for (let origin = 0; origin < all_origins; origin++) {
      for (let population = 0; population < populations; population++) {
        for (let route = 0; route < all_routes; route++) {
          found[(time * origins + (origins > 1 ? origin : 0)) * routes + (routes > 1 ? route : 0)] += out[at++];
        }
      }
    }
  }
  return found;
}

function sums(out, first, width, times) {
  const found = new Float64Array(times);
  for (let time = 0, at = first; time < times; time++) {
    for (let place = 0; place < width; place++) found[time] += out[at++];
  }
  return found;
}

// Averages over origins and routes; `over` holds the weight of each in each state, over as many origins as it has.
function averages(out, first, [origins, populations, routes], times, over, over_origins) {
  const found = new Float64Array(times), alike = 1 / (origins * routes);
  for (let time = 0; time < times; time++) {
    const weight = (origin, route) => over[(time * over_origins + (over_origins > 1 ? origin : 0)) * routes + route];
    let whole = 0;
    for (let origin = 0; origin < origins; origin++) for (let route = 0; route < routes; route++) whole += weight(origin, route);
    for (let origin = 0; origin < origins; origin++) {
      for (let route = 0; route < routes; route++) {
        let own = 0;
        for (let population = 0; population < populations; population++) {
          own += out[first + ((time * origins + origin) * populations + population) * routes + route];
        }
        found[time] += own / populations * (whole > 0 ? weight(origin, route) / whole : alike);
      }
    }
  }
  return found;
}

// Every kept variable of one member over all saved times.
export function totals(out, saved, member) {
  const times = saved.times.length, traffic = saved.names.find((place) => place.name === saved.weight);
  const begins = (place) => place.first + member * times * size(place.shape);
  const known = new Map();
  function weight(origins, routes) {
    const key = `${origins} ${routes}`;
    if (!known.has(key)) known.set(key, weights(out, begins(traffic), traffic.shape, times, origins, routes));
    return known.get(key);
  }
  return Object.fromEntries(saved.names.map((place) => {
    const {name, shape, adds_up} = place, [origins, , routes] = shape;
    if (adds_up) return [name, sums(out, begins(place), size(shape), times)];
    const over_origins = Math.min(origins, traffic.shape[0]);
    return [name, averages(out, begins(place), shape, times, weight(over_origins, routes), over_origins)];
  }));
}
