// Bytes that Python's `lzma` packed, raw and with these properties (`pocket/packing.py` has the same): three bits of the
// byte before choose how a byte is read, the place of it none. As the specification of LZMA by Igor Pavlov has it.

const STATES = 12, OF_BYTE = 3, ALIGN = 4, LAST_LITERAL = 7, LENGTHS = 4, SLOTS = 64, SHORT = 14, SHORTEST = 2;
const HALF = 1024, ALL = 2048, LEARNS = 5, TOP = 2 ** 24;

const chances = (count) => new Uint16Array(count).fill(HALF);

// What says how likely a bit is, and the bits that a stream holds.
class Bits {
  constructor(bytes) {
    Object.assign(this, {bytes, at: 5, range: 0xffffffff, code: new DataView(bytes.buffer, bytes.byteOffset).getUint32(1)});
  }

  _next() {
    this.range = (this.range << 8) >>> 0;
    this.code = ((this.code << 8) | this.bytes[this.at++]) >>> 0;
  }

  bit(known, at) {
    const chance = known[at], bound = (this.range >>> 11) * chance, is_one = this.code >= bound;
    if (is_one) {
      this.range -= bound;
      this.code -= bound;
      known[at] = chance - (chance >>> LEARNS);
    } else {
      this.range = bound;
      known[at] = chance + ((ALL - chance) >>> LEARNS);
    }
    if (this.range < TOP) this._next();
    return is_one ? 1 : 0;
  }

  // A number of so many bits, the highest first; each bit is as likely as those above it say.
  tree(known, from, count) {
    let found = 1;
    for (let place = 0; place < count; place++) found = 2 * found + this.bit(known, from + found);
    return found - (1 << count);
  }

  // The lowest first.
  tree_upward(known, from, count) {
    let node = 1, found = 0;
    for (let place = 0; place < count; place++) {
      const bit = this.bit(known, from + node);
      node = 2 * node + bit;
      found += bit * 2 ** place;
    }
    return found;
  }

  // Bits that are as likely as not.
  plain(count) {
    let found = 0;
    for (let place = 0; place < count; place++) {
      this.range >>>= 1;
      const is_one = this.code >= this.range;
      if (is_one) this.code -= this.range;
      if (this.range < TOP) this._next();
      found = 2 * found + (is_one ? 1 : 0);
    }
    return found;
  }
}

class Length {
  constructor() { Object.assign(this, {choice: chances(2), low: chances(8), middle: chances(8), high: chances(256)}); }

  read(bits) {
    if (!bits.bit(this.choice, 0)) return SHORTEST + bits.tree(this.low, 0, 3);
    return bits.bit(this.choice, 1) ? SHORTEST + 16 + bits.tree(this.high, 0, 8) : SHORTEST + 8 + bits.tree(this.middle, 0, 3);
  }
}

// The `size` bytes that were packed.
export function expanded(packed, size) {
  const out = new Uint8Array(size), bits = new Bits(packed);
  const literals = chances(0x300 << OF_BYTE), slots = chances(LENGTHS * SLOTS), near = chances(128), align = chances(1 << ALIGN);
  const is_match = chances(STATES), is_repeat = chances(STATES), repeats = [0, 1, 2].map(() => chances(STATES)), is_long = chances(STATES);
  const lengths = new Length(), lengths_of_repeats = new Length();
  let at = 0, state = 0, back = [1, 1, 1, 1];

  function literal() {
    const from = 0x300 * ((at ? out[at - 1] : 0) >>> (8 - OF_BYTE));
    let found = 1, match = state < LAST_LITERAL ? -1 : out[at - back[0]];
    while (found < 0x100) {
      if (match < 0) { found = 2 * found + bits.bit(literals, from + found); continue; }
      const expected = (match >>> 7) & 1, bit = bits.bit(literals, from + 0x100 + 0x100 * expected + found);
      match = bit === expected ? (match << 1) & 0xff : -1;
      found = 2 * found + bit;
    }
    out[at++] = found & 0xff;
    state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
  }

  // How far back a match begins.
  function distance(length) {
    const slot = bits.tree(slots, SLOTS * Math.min(length - SHORTEST, LENGTHS - 1), 6);
    if (slot < 4) return slot + 1;
    const count = (slot >>> 1) - 1, first = (2 + (slot & 1)) * 2 ** count;
    if (slot < SHORT) return 1 + first + bits.tree_upward(near, first - slot, count);
    return 1 + first + bits.plain(count - ALIGN) * 2 ** ALIGN + bits.tree_upward(align, 0, ALIGN);
  }

  // Which of the last four distances is meant comes first among them; true where it stands for one byte alone.
  function repeated() {
    if (!bits.bit(repeats[0], state)) return !bits.bit(is_long, state);
    const which = !bits.bit(repeats[1], state) ? 1 : !bits.bit(repeats[2], state) ? 2 : 3, [chosen] = back.splice(which, 1);
    back.unshift(chosen);
    return false;
  }

  const damaged = () => { throw new Error("the bytes are damaged"); };
  while (at < size) {
    if (bits.at > packed.length) damaged();
    if (!bits.bit(is_match, state)) { literal(); continue; }
    const after = state < LAST_LITERAL;
    let length = 1;
    if (!bits.bit(is_repeat, state)) {
      length = lengths.read(bits);
      back = [distance(length), back[0], back[1], back[2]];
      state = after ? 7 : 10;
    } else if (repeated()) state = after ? 9 : 11;
    else {
      length = lengths_of_repeats.read(bits);
      state = after ? 8 : 11;
    }
    if (back[0] > at || at + length > size) damaged();
    for (const end = at + length; at < end; at++) out[at] = out[at - back[0]];
  }
  return out;
}
