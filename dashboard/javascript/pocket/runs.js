// Runs of one kernel under many settings. Until policy starts all of them are the same, so that this part is worked out
// once for every draw of parameters and its future, and each run goes on from there.

import {totals} from "./totals.js";

export class Runs {
  constructor(kernel, inputs) { Object.assign(this, {kernel, inputs, pasts: new Map()}); }

  // Of each lane that is `live` the totals of every kept variable under a setting that is laid out, or null where it
  // broke. `of` names the parameters and futures, which `ready` sets; it is called at every run.
  run(laid, {of = "structure", futures = [null], live = 1, ready = () => {}} = {}) {
    const {kernel, inputs} = this;
    ready();
    kernel.set("bounds", laid.bounds);
    kernel.set("inputs", inputs.spread(laid, futures));
    let past = laid.is_as_ever ? this.pasts.get(of) : null;
    const is_new = !past;
    if (is_new) {
      kernel.begin();
      if (laid.first) kernel.march(0, laid.first, live);
      past = {state: kernel.state, found: null};
    } else {
      kernel.state = past.state;
    }
    const saved = kernel.march(laid.first, laid.moves, live), out = kernel.doubles("out");
    const found = kernel.whole.slice(0, live).map((is_whole, lane) => is_whole ? totals(out, kernel.frozen.saved, lane) : null);
    if (!is_new) {
      found.forEach((run, lane) => {
        for (const [name, values] of Object.entries(run ?? {})) values.set(past.found[lane][name].subarray(0, saved));
      });
    } else if (laid.is_as_ever && found.every(Boolean)) {
      this.pasts.set(of, {...past, found});
    }
    return found;
  }
}
