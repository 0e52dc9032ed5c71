// The compiled model in a memory of its own, laid out field by field as `FrozenRun` of the engine says.

const PAGE = 65536, LINE = 64, STACK = 1 << 20, FIRST_PAGES = 64;
const NOT_BROKEN = -1n;

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

  // One march with what is set: whether every lane that counts came to its end with numbers.
  run(live = 1) {
    this.number("live", live);
    this.doubles("off").fill(0);
    this.number("usual", this.frozen.numbers.usual);
    for (const name of ["broke", "told"]) this.set(name, this.frozen.given[name]);
    this.entries.begin(this.fields);
    this.entries.march(this.fields);
    const broke = this.integers("broke"), lanes = broke.length / 2;
    return Array.from({length: live}, (_, lane) => broke[lane] === NOT_BROKEN && broke[lanes + lane] === NOT_BROKEN);
  }

  _point(name, bytes) { this._put(name, this._claim(bytes), bytes); }

  _put(name, at, bytes) {
    this.places[name] = {at, bytes};
    this.view.setBigInt64(this.fields + 8 * this.frozen.fields.indexOf(name), BigInt(at), true);
  }

  _claim(bytes) {
    const at = this.next;
    this.next = up(at + Math.max(bytes, 8));
    const missing = this.next - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE));
    return at;
  }
}
