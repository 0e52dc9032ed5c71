// Quantiles over simulations, linear between them, as `pushpull.analysis.quantile_ranges` takes them.

export function quantile(ordered, share) {
  const place = share * (ordered.length - 1), below = Math.floor(place), above = Math.min(below + 1, ordered.length - 1);
  return ordered[below] + (ordered[above] - ordered[below]) * (place - below);
}

export function median_and_ranges(values) {
  const ordered = Float64Array.from(values).sort();
  const [low, quarter, median, three_quarters, high] = [0.05, 0.25, 0.5, 0.75, 0.95].map((share) => quantile(ordered, share));
  return {median, half: [quarter, three_quarters], most: [low, high]};
}

// The same at every time, of rows over simulations: lines to draw.
export function ranges_over_time(rows, places) {
  const found = places.map((place) => median_and_ranges(rows.map((row) => row[place])));
  const line = (read) => found.map(read);
  return {
    middle: line((each) => each.median),
    half: {low: line((each) => each.half[0]), high: line((each) => each.half[1])},
    most: {low: line((each) => each.most[0]), high: line((each) => each.most[1])},
  };
}
