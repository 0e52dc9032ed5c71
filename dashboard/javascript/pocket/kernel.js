// The compiled model in a memory of its own, laid out field by field as `FrozenRun` of the engine says.

const PAGE = 65536, LINE = 64, STACK = 1 << 20, FIRST_PAGES = 64;
const NOT_BROKEN = -1n;
const STATE = ["settled", "values", "levels", "broke", "told"]; // what a march goes on from

const up = (place, to = LINE) => Math.ceil(place / to) * to;

export class Kernel {
  // `module`: a compiled WebAssembly.Module; `data_end`: the first byte behind its own constants.
  static async of(module, data_end, frozen) {
    const memory = new WebAssembly.Memory({initial: FIRST_PAGES});
    const top = up(data_end) + STACK;
    const stack = new WebAssembly.Global({value: "i32", mutable: true}, top);
    const made = await WebAssembly.instantiate(module, {env: {__linear_memory: memory, __stack_pointer: stack}});
    return new Kernel(made.exports, memory, top, frozen);
  }

  constructor(entries, memory, first, frozen) {
    Object.assign(this, {entries, memory, frozen, places: {}, next: up(first)});
    this.fields = this._claim(8 * frozen.fields.length);
    for (const [name, doubles] of Object.entries(frozen.room)) {
      if (name !== "levels") this._point(name, 8 * (doubles + (name === "values" ? frozen.room.levels : 0)));
    }
    this._put("levels", this.places.values.at + 8 * frozen.room.values, 8 * frozen.room.levels);  // right behind values
    for (const [name, array] of Object.entries(frozen.given)) this.set(name, array);
    for (const [name, number] of Object.entries(frozen.numbers)) this.number(name, number);
  }

  // The bytes of the memory; made anew, as a memory that grows leaves its views empty.
  get view() { return new DataView(this.memory.buffer); }

  // A field that is a number: whole where the frozen run does not say otherwise.
  number(name, value) {
    const at = this.fields + 8 * this.frozen.fields.indexOf(name);
    if (this.frozen.doubles.includes(name)) this.view.setFloat64(at, value, true);
    else this.view.setBigInt64(at, BigInt(value), true);
  }

  // An array of a field, a Float64Array or a BigInt64Array; it may be longer than the one before.
  set(name, array) {
    if (!(this.places[name]?.bytes >= array.byteLength)) this._point(name, array.byteLength);
    new array.constructor(this.memory.buffer, this.places[name].at, array.length).set(array);
  }

  // What stands in an array now; to be copied by whoever keeps it.
  doubles(name, length = this.places[name].bytes / 8) { return new Float64Array(this.memory.buffer, this.places[name].at, length); }
  integers(name) { return new BigInt64Array(this.memory.buffer, this.places[name].at, this.places[name].bytes / 8); }

  // Ready to march: what is settled once a run, and the levels at the start.
  begin() {
    for (const name of ["broke", "told"]) this.set(name, this.frozen.given[name]);
    this.entries.begin(this.fields);
  }

  // The moves from `first` (0, or the one with which policy starts) up to `last`; of the states that are saved, those of
  // these moves are written, for as many lanes as are `live`.
  march(first, last, live = 1) {
    const {every, skipped, usual} = this.frozen.numbers, row = 8 * this.frozen.numbers.columns;
    const before = this.integers("bounds").subarray(0, first).filter((step) => step % BigInt(every) === 0n).length;
    this.doubles("off").fill(0);
    for (const [name, value] of Object.entries({usual, live, skipped: skipped - before, moves: last - first})) this.number(name, value);
    this._aim("bounds", 8 * first);
    this._aim("inputs", 2 * row * first);
    this.entries.march(this.fields);
    for (const name of ["bounds", "inputs"]) this._aim(name);
    return before;
  }

  // Of each lane, whether all its moves came to their ends with numbers.
  get whole() {
    const broke = this.integers("broke"), lanes = broke.length / 2;
    return Array.from({length: lanes}, (_, lane) => broke[lane] === NOT_BROKEN && broke[lanes + lane] === NOT_BROKEN);
  }

  // Whether a move from a step on was cut into more than two pieces, as `Halvings.since` has it.
  is_cut_from(step) {
    const {names, parts} = this.frozen.telling, told = this.integers("told"), lanes = told.length / names.length;
    const of = (name) => Number(told[names.indexOf(name) * lanes]);
    return of("halved") > 0 && of("last") >= step && of("smallest") < parts / 2;
  }

  // What a march goes on from, to be put back when another is to go on from there.
  get state() { return Object.fromEntries(STATE.map((name) => [name, this._bytes(name).slice()])); }
  set state(kept) { for (const name of STATE) this._bytes(name).set(kept[name]); }

  _point(name, bytes) { this._put(name, this._claim(bytes), bytes); }

  _put(name, at, bytes) {
    this.places[name] = {at, bytes};
    this._aim(name);
  }

  // Have a field point so many bytes behind the start of its array.
  _aim(name, bytes = 0) {
    this.view.setBigInt64(this.fields + 8 * this.frozen.fields.indexOf(name), BigInt(this.places[name].at + bytes), true);
  }

  _bytes(name) { return new Uint8Array(this.memory.buffer, this.places[name].at, this.places[name].bytes); }

  _claim(bytes) {
    const at = this.next;
    this.next = up(at + Math.max(bytes, 8));
    const missing = this.next - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE));
    return at;
  }
}
